"""`sitedr switchover` against a real daemon on memory adapters, real sockets."""

import json
from functools import partial

from controller.decide.facts import Mode
from controller.rehearsal.site import A, server_of
from tests.integration.test_operator import Running, is_protected, running
from tests.labs import until


def is_primary(found: Running, zone: str) -> bool:
    return found.status()["primary_zone"] == zone


def test_a_dry_run_shows_the_way_and_writes_nothing() -> None:
    """Exit 0: nothing stands against it."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        before = len(found.site.journal.records())
        dry = found.sitedr("switchover", "--to", "b", "--dry-run")
        assert dry.exit_code == 0, dry.output
        assert "nothing stands against it" in dry.output
        assert "writes wait for 5 s at most" in dry.output
        assert "catch_up" in dry.output
        tree = json.loads(
            found.sitedr("switchover", "--to", "b", "--dry-run", "--json").output
        )
        assert (tree["started"], tree["would_act"]) == (False, True)
        assert tree["plan"]["target"]["server"] == "db-b"
        assert len(found.site.journal.records()) == before
        assert found.status()["primary"] == "db-a"


def test_there_and_back_again() -> None:
    """A failback is the same order the other way."""
    with running(Mode.APPROVE) as found:
        until(lambda: is_protected(found), "protected")
        for zone in ("b", "a"):
            done = found.sitedr("switchover", "--to", zone, "--why", "drill")
            assert done.exit_code == 0, done.output
            assert "begun: follow it" in done.output
            until(partial(is_primary, found, zone), "the move")
            until(lambda: is_protected(found), "protected again")
        told = found.sitedr("timeline").output
        assert "switchover epoch" in told
        assert "catch_up done" in told


def test_a_long_transaction_is_named_and_can_be_waived() -> None:
    """By connection and age: nobody's data is in an answer or a journal."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        assert found.daemon is not None
        policy = found.daemon.policy
        found.site.world.begin(server_of(A))
        object.__setattr__(policy, "transaction_max_s", 0.1)
        order = ("switchover", "--to", "b", "--why", "drill")
        dry = (*order, "--dry-run")
        until(lambda: found.sitedr(*dry).exit_code == 1, "the veto")
        refused = found.sitedr(*order)
        assert refused.exit_code == 1
        assert "--override long_transaction" in refused.output
        waived = found.sitedr(*order, "--override", "long_transaction")
        assert waived.exit_code == 0, waived.output
        until(lambda: found.status()["primary"] == "db-b", "the move")


def test_what_cannot_be_moved_is_refused_by_name() -> None:
    """Observe mode, the primary itself, no zone, no reason."""
    with running(Mode.OBSERVE) as found:
        until(lambda: found.status()["primary"] == "db-a", "adoption")
        refused = found.sitedr(
            *("switchover", "--to", "b", "--why", "drill"),
            *("--override", "observe_mode"),
        )
        assert refused.exit_code == 1
        assert "observe_mode: mode is observe: reporting only  (never waived)" in (
            refused.output
        )
        itself = found.sitedr("switchover", "--to", "a", "--dry-run")
        assert "already_primary" in itself.output
        nowhere = found.sitedr("switchover", "--to", "x", "--why", "drill")
        assert (nowhere.exit_code, "no zone x: a|b|c" in nowhere.output) == (1, True)
        unsaid = found.sitedr("switchover", "--to", "b")
        assert (unsaid.exit_code, "--why is missing" in unsaid.output) == (2, True)
