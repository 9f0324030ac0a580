"""Every version's words, as they are sent: golden files beside this one.

Rewritten from what is said now by `python -m tests.unit.test_versions`; read the
difference.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest

from replication.doctor.checks import supported
from replication.doctor.inspection import Severity
from replication.versions import ERAS, Era, UnsupportedError, era_of, number_of
from tests.unit.inspections import CLEAN_MARIADB, CLEAN_MYSQL, WANTED

GOLDEN = Path(__file__).with_name("dialects")
TABLE = {f"{e}-{'.'.join(map(str, x.since))}": x for e in ERAS for x in ERAS[e]}
GONE_IN_8_4 = ("MASTER", "SLAVE ", "slave_", "master_", "Master_", "Slave_")


def rendered(era: Era) -> str:
    """Return every word of an era, a line each."""
    told = [_line(f.name, getattr(era.dialect, f.name)) for f in fields(era.dialect)]
    settings = [_line(f"setting {k}", v) for k, v in sorted(era.words.settings.items())]
    plugins = [_line(f"plugin {k}", v) for k, v in sorted(era.words.plugins.items())]
    return "\n".join([*told, *settings, *plugins]) + "\n"


def _line(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return f"{name}:" + "".join(f"\n    {' '.join(v.split())}" for v in value)
    assert isinstance(value, str)
    return f"{name}: {' '.join(value.split())}"


@pytest.mark.parametrize("name", TABLE)
def test_every_version_is_told_what_it_was_told_before(name: str) -> None:
    assert rendered(TABLE[name]) == (GOLDEN / f"{name}.txt").read_text()


def test_no_golden_file_is_left_over() -> None:
    assert {p.stem for p in GOLDEN.iterdir()} == set(TABLE)


@pytest.mark.parametrize(
    ("engine", "greeting", "since"),
    [
        ("mysql", "8.0.22", (8, 0, 22)),
        ("mysql", "8.0.25-15", (8, 0, 22)),
        ("mysql", "8.0.26", (8, 0, 26)),
        ("mysql", "8.0.46-0ubuntu0.22.04.5", (8, 0, 26)),
        ("mysql", "8.1.0", (8, 0, 26)),
        ("mysql", "8.4.7", (8, 2)),
        ("mysql", "9.7.4", (8, 2)),
        ("mariadb", "5.5.5-10.6.23-MariaDB-log", (10, 6)),
        ("mariadb", "10.11.19-MariaDB-0+deb12u1", (10, 6)),
        ("mariadb", "11.8.6-MariaDB", (10, 6)),
    ],
)
def test_the_greeting_tells_which_words(
    engine: str, greeting: str, since: tuple[int, ...]
) -> None:
    assert era_of(engine, greeting).since == since


UNKNOWN: Mapping[str, tuple[str, str]] = {
    "8.0.21": ("mysql", "not supported: 8.0.22 up to, but not with, 10"),
    "5.7.44": ("mysql", "not supported"),
    "10.0.0": ("mysql", "not supported"),
    "what?": ("mysql", "not supported"),
    "5.5.5-10.5.23-MariaDB": ("mariadb", "10.6 up to, but not with, 12"),
    "12.0.2-MariaDB": ("mariadb", "not supported"),
    "8.4.7": ("mariadb", "it is mysql"),
    "11.8.6-MariaDB": ("mysql", "it is mariadb"),
}


@pytest.mark.parametrize("version", UNKNOWN)
def test_what_is_not_known_is_said_not_guessed(version: str) -> None:
    engine, why = UNKNOWN[version]
    with pytest.raises(UnsupportedError, match=why):
        era_of(engine, version)


def test_from_8_4_on_no_word_is_one_that_was_dropped() -> None:
    newest = rendered(TABLE["mysql-8.2"])
    kept = newest.replace("SLAVE_RECEIVED_HEARTBEATS", "")  # a name of our own
    assert not [word for word in GONE_IN_8_4 if word in kept]


def test_versions_compare_by_number() -> None:
    assert number_of("10.11.19") > number_of("10.6.23")
    assert number_of("what?") == ()


def test_the_doctor_names_a_version_nobody_has_tried() -> None:
    (found,) = supported(replace(CLEAN_MYSQL, version="5.7.44-log"), WANTED)
    assert (found.name, found.severity) == ("unsupported_version", Severity.BLOCKER)
    assert not tuple(supported(CLEAN_MARIADB, WANTED))
    assert not tuple(supported(CLEAN_MYSQL, WANTED))
    other = replace(CLEAN_MYSQL, version="10.11.19-MariaDB")
    assert not tuple(supported(other, WANTED)), "`wrong_engine` says that"


if __name__ == "__main__":
    for stem, one in TABLE.items():
        (GOLDEN / f"{stem}.txt").write_text(rendered(one))
