"""Binary logs written by MariaDB 10.11 and MySQL 9.7, read without either.

`binlogs/` holds files of a primary that was killed while two commits waited, and
what its replica had executed (`successor`); MariaDB without row metadata, MySQL with.
"""

from pathlib import Path
from typing import Any

import pytest

from replication.binlog.compare import SURVEYS
from replication.binlog.events import MARIADB_GTID, XID, BrokenLogError, Splitter
from replication.binlog.lost import LostReader
from replication.binlog.rows import Change, RowReader
from replication.binlog.survey import Comparison, History, Likeness
from replication.binlog.transactions import Reader

BINLOGS = Path(__file__).parent / "binlogs"
NEWEST, OLDER = "binlog.000003", "binlog.000002"
UUID = "f298df3a-e5ec-11f1-963a-02fc00000001"
EXTRA = {
    "mariadb": ("0-1-10", "0-1-11"),
    "mysql": (f"{UUID}:13", f"{UUID}:14"),
}
ENGINES = pytest.mark.parametrize("engine", sorted(EXTRA))


def data(engine: str, name: str) -> bytes:
    return (BINLOGS / engine / name).read_bytes()


def successor(engine: str) -> str:
    return data(engine, "successor").decode().strip()


def surveyed(
    engine: str, history: History, *files: bytes, step: int = 0, laid: str = ""
) -> Comparison:
    """Compare *files*, newest first, fed in chunks of *step* bytes."""
    survey = SURVEYS[engine](history, laid)
    for number, content in enumerate(files):
        survey.begin(f"binlog.{9 - number:06}")
        size = step or len(content) or 1
        for at in range(0, len(content), size):
            survey.feed(content[at : at + size])
        if survey.end():
            break
    return survey.result()


def changes(engine: str) -> list[Change]:
    splitter, reader = Splitter(), RowReader()
    return [c for e in splitter.feed(data(engine, NEWEST)) for c in reader.take(e)]


@ENGINES
@pytest.mark.parametrize("step", [0, 1, 7, 100])
def test_what_waited_when_it_was_killed_is_extra(engine: str, step: int) -> None:
    """It is in the log though nobody was told OK; chunks may be cut anywhere."""
    found = surveyed(
        engine, History(state=successor(engine)), data(engine, NEWEST), step=step
    )
    assert (found.likeness, tuple(found.extra)) == (Likeness.EXTRA, EXTRA[engine])
    assert len(found.files) == 1
    assert not found.torn


@ENGINES
def test_a_successor_that_has_all_makes_it_clean(engine: str) -> None:
    whole = {"mariadb": "0-1-11,0-2-40", "mysql": f"{UUID}:1-14,aa:1-3"}[engine]
    found = surveyed(engine, History(state=whole), data(engine, NEWEST))
    assert found.likeness is Likeness.CLEAN


@ENGINES
def test_older_files_are_read_until_all_is_common(engine: str) -> None:
    """The successor lacks something of the older file, too: both are kept."""
    early = {"mariadb": "0-1-5", "mysql": f"{UUID}:1-9"}[engine]
    files = data(engine, NEWEST), data(engine, OLDER)
    one = surveyed(engine, History(state=early), files[0])
    assert one.likeness is Likeness.UNKNOWN
    both = surveyed(engine, History(state=early), *files)
    assert both.files == ("binlog.000008", "binlog.000009")
    assert both.extra[0] == {"mariadb": "0-1-6", "mysql": f"{UUID}:10"}[engine]
    assert both.likeness is Likeness.EXTRA


@ENGINES
def test_a_torn_end_is_neither_clean_nor_a_lost_write(engine: str) -> None:
    """Crash recovery takes back what has no end in the log."""
    content = data(engine, NEWEST)
    whole = {"mariadb": "0-1-10", "mysql": f"{UUID}:1-13"}[engine]
    found = surveyed(engine, History(state=whole), content[:-9])
    assert (found.likeness, found.torn, found.extra) == (Likeness.EXTRA, True, ())


@ENGINES
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda d: b"", "it is empty"),
        (lambda d: b"\xfdbin" + d[4:], "encrypted"),
        (lambda d: d[:-40] + bytes([d[-40] ^ 1]) + d[-39:], "wrong checksum"),
        (lambda d: d[:130], "what came before"),
    ],
)
def test_what_cannot_be_read_is_unknown(engine: str, spoil: Any, why: str) -> None:
    """Promise 7: never clean."""
    everything = {"mariadb": "0-1-99", "mysql": f"{UUID}:1-99"}[engine]
    found = surveyed(engine, History(state=everything), spoil(data(engine, NEWEST)))
    assert found.likeness is Likeness.UNKNOWN
    assert why in found.why


@ENGINES
def test_no_log_at_all_is_unknown(engine: str) -> None:
    assert surveyed(engine, History(state="")).likeness is Likeness.UNKNOWN


def test_mariadb_splits_at_the_same_number() -> None:
    """0-2-10 of the successor is not 0-1-10 of the old primary."""
    found = surveyed(
        "mariadb", History(state="0-1-9,0-2-10,0-2-44"), data("mariadb", NEWEST)
    )
    assert tuple(found.extra) == EXTRA["mariadb"]


def test_mariadb_counts_what_the_successor_was_laid_from() -> None:
    """A copy's binary log is empty: its position speaks for what came with it."""
    content = data("mariadb", NEWEST)
    laid = History(state="0-2-44", position="0-1-11")
    assert surveyed("mariadb", laid, content).likeness is Likeness.CLEAN
    short = History(state="0-2-44", position="0-1-10")
    assert surveyed("mariadb", short, content).extra == ("0-1-11",)


def test_mariadb_without_strict_mode_proves_nothing() -> None:
    found = surveyed(
        "mariadb", History(state="0-1-11", strict=False), data("mariadb", NEWEST)
    )
    assert found.likeness is Likeness.UNKNOWN
    assert "gtid_strict_mode" in found.why


def test_mariadb_numbers_that_fall_are_a_split_history() -> None:
    """A transaction that comes again stands for a log without strict mode."""
    newest = data("mariadb", NEWEST)
    events = list(Splitter().feed(newest))
    first = next(n for n, e in enumerate(events) if e.kind == MARIADB_GTID)
    last = next(n for n, e in enumerate(events) if e.kind == XID)
    again = b"".join(e.raw for e in events[first : last + 1])
    found = surveyed("mariadb", History(state="0-1-99"), newest + again)
    assert found.likeness is Likeness.UNKNOWN
    assert "gtid_strict_mode" in found.why


@ENGINES
def test_every_column_type_is_shown_as_it_was_written(engine: str) -> None:
    row = changes(engine)[0]
    assert (row.table, row.kind, row.before) == ("cms.wide", "insert", None)
    assert row.after is not None
    shown = list(row.after.values())
    assert shown[5:16] == [
        1.5,
        -2.25,
        "-12345678901.50001",
        2026,
        "2026-02-28",
        "-12:34:56.789",
        "1999-12-31 23:59:59.123456",
        "2026-01-02 03:04:05.67 UTC",
        "abc",
        "o'ne ### INSERT",
        "",
    ]
    assert shown[16] == "z" * 200 + "… (500 characters)"
    assert shown[17:21] == [2, 5, 0b1000000001, "0x00ff"]
    assert str(shown[21]).endswith("(25 bytes)")


def test_names_and_signs_are_told_when_the_log_has_them() -> None:
    named, bare = changes("mysql")[0].after, changes("mariadb")[0].after
    assert named is not None
    assert bare is not None
    assert (named["id"], named["t"], named["m"]) == (4000000000, -5, -8388608)
    assert bare["@1"] == "-294967296 (or 4000000000, if the column is unsigned)"


@ENGINES
def test_the_report_has_the_lost_rows_and_no_other(engine: str) -> None:
    reader = LostReader(EXTRA[engine])
    reader.next_file()
    reader.feed(data(engine, NEWEST))
    tree = reader.tree()
    assert tree["tables"] == {
        "cms.t": {"insert": 1, "update": 0, "delete": 0},
        "cms.wide": {"insert": 0, "update": 1, "delete": 0},
    }
    assert (tree["transactions"], tree["canaries"], tree["missing"]) == (2, 0, 0)
    lost = tree["lost"]
    assert isinstance(lost, list)
    assert [t["gtid"] for t in lost] == list(EXTRA[engine])
    (row,) = lost[0]["rows"]
    assert list(row["after"].values()) == ["lost-1"]


def test_a_report_of_files_that_were_not_saved_says_what_is_missing() -> None:
    reader = LostReader((*EXTRA["mysql"], f"{UUID}:99"))
    reader.feed(data("mysql", NEWEST))
    assert reader.tree()["missing"] == 1


@ENGINES
def test_every_transaction_of_a_file_is_met_once(engine: str) -> None:
    splitter, reader = Splitter(), Reader()
    numbers = [
        gtid.number
        for event in splitter.feed(data(engine, NEWEST))
        for gtid in reader.take(event)
    ]
    assert numbers == sorted(set(numbers))
    assert (splitter.left, reader.current) == (0, None)


def test_an_event_that_claims_no_size_ends_the_reading() -> None:
    splitter = Splitter()
    with pytest.raises(BrokenLogError, match="an event of 0 bytes"):
        list(splitter.feed(b"\xfebin" + bytes(40)))
