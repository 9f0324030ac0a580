"""`sitedr give-up` and `status` about an old primary, on memory adapters."""

from typing import Any

from controller.decide.facts import Mode
from controller.rehearsal.site import A, server_of
from tests.integration.test_operator import Running, is_protected, running
from tests.labs import until


def old(found: Running) -> Any:
    return found.status()["old_primaries"]


def test_what_nobody_can_tell_is_given_up_by_a_person_only() -> None:
    """Named in `status`; exit code 1 for what is not to be given up."""
    with running(Mode.AUTO) as found:
        until(lambda: is_protected(found), "protected")
        found.lose()
        until(lambda: found.status()["primary"] == "db-b", "the failover", 20)
        found.site.world.garble(server_of(A))
        found.loop.call_soon_threadsafe(found.site.heal, A)
        until(lambda: old(found)["db-a"]["known"] == "unknown", "the comparison", 20)
        until(lambda: "old_primary_unknown" in found.vetoes(), "the veto", 20)
        shown = found.sitedr("status").output
        assert "old primary db-a: unknown" in shown
        why = ("--why", "nobody needs it")
        wrong = found.sitedr("give-up", "--server", "db-b", *why)
        assert wrong.exit_code == 1
        assert "old primary" in wrong.output
        right = found.sitedr("give-up", "--server", "db-a", *why)
        assert right.exit_code == 0, right.output
        until(lambda: old(found) == {}, "it is given up")
        until(lambda: "old_primary_unknown" not in found.vetoes(), "no veto")
