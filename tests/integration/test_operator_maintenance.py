"""`sitedr maintenance` against a real daemon on memory adapters, real sockets."""

import getpass
import json

import pytest
from click.testing import CliRunner, Result

from controller.cli import build_cli
from controller.decide.facts import Mode
from tests.integration.test_operator import Running, is_protected, running
from tests.labs import until


def maintenance(found: Running, act: str, *words: str) -> Result:
    def no_daemon(*_: object) -> None:
        raise AssertionError("not in this test")

    arguments = ["maintenance", act, "-c", str(found.config), *words]
    return CliRunner().invoke(build_cli(no_daemon), arguments)


def test_a_window_holds_by_name_and_its_end_lets_go() -> None:
    """Status, metrics and timeline say whose it is; the loss is acted on afterwards."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        begun = maintenance(
            found, "start", "--zone", "a", "--for", "1h30m", "--reason", "new kernel"
        )
        me = getpass.getuser()
        assert begun.exit_code == 0, begun.output
        assert f"({me}: new kernel)" in begun.output
        until(lambda: "maintenance" in found.vetoes(), "the veto while all is well")
        series = f'sitedr_maintenance_active{{owner="{me}",site="cms",zone="a"}} 1.0'
        assert series in found.metrics()
        found.lose()
        until(lambda: "is lost" in str(found.status()["trouble"]), "the loss")
        assert (
            'sitedr_veto_active{site="cms",veto="maintenance"} 1.0' in found.metrics()
        )
        assert found.status()["primary"] == "db-a"
        assert "veto maintenance: zone a" in found.sitedr("status").output
        tree = json.loads(maintenance(found, "list", "--json").output)
        (window,) = tree["maintenance"]
        assert 5300 < window["left_s"] <= 5400
        assert (
            f"zone a for 1 h 30 min ({me}: new kernel)"
            in found.sitedr("timeline").output
        )
        assert maintenance(found, "end", "--zone", "a").exit_code == 0
        until(lambda: found.status()["primary"] == "db-b", "the failover")
        assert maintenance(found, "list").output == "no maintenance\n"


def test_a_person_is_told_of_the_windows_and_names_the_one_moved_into() -> None:
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        for zone, owner in (("a", "ann"), ("b", "bob")):
            said = (
                "--zone",
                zone,
                "--owner",
                owner,
                "--for",
                "2h",
                "--reason",
                "racks",
            )
            assert maintenance(found, "start", *said).exit_code == 0
        moving = ("switchover", "--to", "b", "--why", "out of a")
        held = found.sitedr(*moving)
        assert held.exit_code == 1
        assert "note: zone a is in maintenance" in held.output
        assert "maintenance: zone b is in maintenance" in held.output
        assert "--override maintenance" in held.output
        done = found.sitedr(*moving, "--override", "maintenance")
        assert done.exit_code == 0, done.output
        until(lambda: found.status()["primary"] == "db-b", "the switchover")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--zone", "a", "--for", "73h"), "at most 259200 s"),
        (("--zone", "a", "--for", "soon"), "say it as 90s"),
        (("--zone", "a", "--for", "0s"), "not above 0"),
        (("--zone", "nowhere", "--for", "1h"), "no zone nowhere: a|b|c"),
        (("--for", "1h"), "one of --zone NAME and --site"),
        (("--zone", "a", "--site", "--for", "1h"), "one of --zone NAME and --site"),
        (("--zone", "a", "--for", "1h", "--owner", "two\nlines"), "need `owner`"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words: tuple[str, ...], told: str) -> None:
    with running(Mode.OBSERVE) as found:
        refused = maintenance(found, "start", *words, "--reason", "racks")
        assert refused.exit_code in {1, 2}
        assert told in refused.output
        assert maintenance(found, "list").output == "no maintenance\n"


def test_each_ends_their_own() -> None:
    """Two people in one zone: the end names whose."""
    with running(Mode.OBSERVE) as found:
        for owner in ("ann", "bob"):
            said = ("--site", "--owner", owner, "--for", "2d", "--reason", "racks")
            assert maintenance(found, "start", *said).exit_code == 0
        assert "windows of ann, bob" in maintenance(found, "end", "--site").output
        assert maintenance(found, "end", "--site", "--owner", "ann").exit_code == 0
        assert "nothing to end" in maintenance(found, "end", "--zone", "a").output
        left = maintenance(found, "list").output
        assert left.startswith("the site is in maintenance until")
        assert "bob" in left
        assert "ann" not in left
