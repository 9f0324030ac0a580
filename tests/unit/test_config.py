"""Configuration: every problem at once, each with file, line, key and advice."""

import math
from pathlib import Path

import pytest

from controller.config.budget import (
    detection_worst_s,
    rto_worst_s,
    write_dead_worst_s,
)
from controller.config.load import load_site, parse_site
from controller.config.policy import decide_policy, primary_member
from controller.config.schema import WriteDead
from controller.config.secrets import read_secret
from controller.model.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_site(text, name="site.yaml")
    return list(caught.value.problems)


def changed(*swaps: tuple[str, str]) -> str:
    text = EXAMPLE.read_text()
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def test_the_example_loads_and_every_key_has_a_reason_beside_it() -> None:
    """What we hand out works."""
    site = load_site(EXAMPLE)
    assert primary_member(site).server == "db-a"
    assert decide_policy(site).required_acks
    tops = [
        line
        for line in EXAMPLE.read_text().splitlines()
        if line and not line[0].isspace() and not line.startswith("#")
    ]
    bare = [t for t in tops if "#" not in t and not t.endswith(":")]
    assert not bare


def test_the_doctor_has_safe_defaults_and_no_unknown_key() -> None:
    """Left out it looks and holds; it never looks so often that it is a load."""
    text = changed(("  interval_s: 300 ", "  intervall: 300 "))
    assert "doctor.intervall: unknown key" in "".join(problems(text))
    text = changed(("  interval_s: 300 ", "  interval_s: 1 "))
    assert "doctor.interval_s: " in "".join(problems(text))
    lines = EXAMPLE.read_text().splitlines(keepends=True)
    start = lines.index("doctor:\n")
    policy = decide_policy(
        parse_site("".join(lines[:start] + lines[start + 3 :]), name="site.yaml")
    )
    assert (policy.inspect_s, policy.doctor_holds) == (300.0, True)


COMMAND = ("cooldown_s: 60", "fence_command: {argv: [/bin/off]}\ncooldown_s: 60")
EXTERNAL = ("proofs: [process,", "proofs: [external, process,")


def test_a_fence_command_is_used_and_there_when_it_is_named() -> None:
    """An idle command is a false hope, and a missing one no proof."""
    assert "needs `fence_command`" in "".join(problems(changed(EXTERNAL)))
    assert "never run" in "".join(problems(changed(COMMAND)))
    relative = (COMMAND[0], COMMAND[1].replace("/bin/off", "bin/off"))
    assert "absolute path" in "".join(problems(changed(EXTERNAL, relative)))


def test_the_worst_case_counts_the_fence_command() -> None:
    site = parse_site(changed(EXTERNAL, COMMAND), name="site.yaml")
    assert rto_worst_s(site) == pytest.approx(rto_worst_s(load_site(EXAMPLE)) + 3.5)
    assert decide_policy(site).fence_s == pytest.approx(3.5)


def test_all_problems_come_at_once_with_line_and_key() -> None:
    """Nobody wants to mend one, start, and mend the next."""
    found = problems(
        changed(
            ("mode: observe", "mode: automatic"),
            ("rto_target_s: 30", "rto_target_s: soon"),
            ("  interval_s: 0.1", "  intervall_s: 0.1"),
            ("port: 3306, admin_port: 3307}", "port: 330600, admin_port: 3307}"),
        )
    )
    text = "\n".join(found)
    assert len(found) == 4
    assert "site.yaml:3: mode: " in text
    assert "probe.intervall_s: unknown key" in text
    assert "rto_target_s: " in text
    assert "'soon'" in text
    assert "zones.a.database.port: " in text


@pytest.mark.parametrize(
    ("swap", "told"),
    [
        (("mode: observe", "mode: observe\nmode: auto"), "stands here twice"),
        (("  b:\n", "  no:\n"), "not text for YAML"),
        (("primary: a", "primary: x"), "'x' is no zone; one of: a, b, c"),
        (("engine: mariadb", "engine: [mariadb"), "site.yaml: "),
        (("server: db-b", "server: db-a"), "same `server` name"),
        (("cooldown_s: 60", "cooldown_s: .nan"), "cooldown_s"),
        (("cooldown_s: 60", "cooldown_s: true"), "cooldown_s"),
        (
            ('password: "file:secrets/controller"', 'password: "hunter2"'),
            "accounts.controller.password",
        ),
        (("[process, acks_revoked, sql]", "[]"), "proofs"),
        (("rto_target_s: 30", "rto_target_s: 1"), "the worst case is"),
    ],
)
def test_each_mistake_is_told(swap: tuple[str, str], told: str) -> None:
    """And a typo never becomes a default."""
    assert told in "\n".join(problems(changed(swap)))


def test_a_check_that_spans_keys_names_the_line_of_each() -> None:
    """Two keys that contradict others are two problems, each where it stands."""
    text = changed(("primary: a", "primary: x"), ("server: db-b", "server: db-a"))
    lines = text.splitlines()
    first = 1 + next(n for n, t in enumerate(lines) if t.startswith("primary: x"))
    zones = 1 + lines.index("zones:")
    assert [p.split("; one of")[0] for p in problems(text)] == [
        f"site.yaml:{first}: primary: 'x' is no zone",
        f"site.yaml:{zones}: zones: two databases have the same `server` name",
    ]


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    """One line, not a traceback."""
    with pytest.raises(ConfigError, match="cannot read it"):
        load_site(tmp_path / "none.yaml")


def test_the_worst_case_contains_detection_and_each_step_once() -> None:
    """The number people plan with is arithmetic on the table."""
    site = load_site(EXAMPLE)
    assert detection_worst_s(site) == pytest.approx(0.1 + 3 * 0.35)
    assert rto_worst_s(site) > detection_worst_s(site)


def test_a_primary_that_is_held_for_a_person_is_never_left_by_itself() -> None:
    """Full disks: what the file says, and how old what we know of it may be."""
    site = load_site(EXAMPLE)
    assert site.write_dead.action == "hold"
    assert write_dead_worst_s(site) == math.inf
    leaves = WriteDead(action="failover", after_s=8)
    worst_s = write_dead_worst_s(site.model_copy(update={"write_dead": leaves}))
    assert 8 < worst_s < 9


def test_secrets_come_by_reference_and_never_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """file: and env:, unreadable ones named without their value."""
    (tmp_path / "s").write_text("hunter2\n")
    secret = read_secret("file:s", base=tmp_path)
    assert secret.value == "hunter2"
    assert "hunter2" not in f"{secret} {secret!r}"
    monkeypatch.setenv("SITEDR_TEST_SECRET", "x")
    assert read_secret("env:SITEDR_TEST_SECRET", base=tmp_path).value == "x"
    for reference in ("file:none", "env:SITEDR_TEST_NONE"):
        with pytest.raises(ConfigError, match=reference):
            read_secret(reference, base=tmp_path)
