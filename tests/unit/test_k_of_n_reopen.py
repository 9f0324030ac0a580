"""A primary that restarted in place, with k of n: who makes up for whom."""

from dataclasses import replace

from controller.decide.decide import decide
from controller.decide.facts import Facts, ServerFact
from controller.decide.standing import Serving
from controller.model.ids import BootId
from health.detector import Verdict
from replication.ports import SourceSide
from tests.unit.test_k_of_n import ACKERS, ONE_OF_TWO, TWO_OF_TWO, ledger_with, names
from tests.unit.world_facts import A, B, C, a_server, some_facts

OFF = SourceSide(required=False, active=False, receivers=0, waiters=0)
SERVED = Serving(server=A.server, boot_id=BootId("before"))
C_AGAIN = a_server(C, boot_id=BootId("another"))
C_GONE = a_server(C, Verdict.DOWN)


def restarted(c: ServerFact) -> Facts:
    """Return facts of a primary that came up closed and without semi-sync."""
    return some_facts(a_server(A, writable=False, source_side=OFF), a_server(B), c)


def test_a_restarted_acker_that_another_makes_up_for_holds_no_reopening() -> None:
    """Each write is on b too; the plan holds c to its new process, as OPEN does."""
    ledger = replace(ledger_with(2), serving=SERVED)
    decision = decide(ledger, restarted(C_AGAIN), TWO_OF_TWO)
    assert decision.start is not None
    plan = decision.start.plan
    assert [a.boot_id for a in plan.ackers] == ["boot-db-b", "another"]
    assert plan.acks == 2


def test_a_restarted_acker_that_may_have_been_the_only_one_holds_it() -> None:
    ledger = replace(ledger_with(1), serving=SERVED)
    decision = decide(ledger, restarted(C_AGAIN), ONE_OF_TWO)
    assert decision.start is None
    assert names(decision.vetoes) == ["acker_restarted"]


def test_one_that_is_made_up_for_and_holds_more_holds_it_all_the_same() -> None:
    """It would follow a history it has left."""
    ahead = a_server(C, boot_id=BootId("another"), received="u:1-12")
    decision = decide(
        replace(ledger_with(2), serving=SERVED), restarted(ahead), TWO_OF_TWO
    )
    assert decision.start is None
    assert names(decision.vetoes) == ["acker_ahead"]


def test_no_run_begins_that_would_wait_for_an_acker_nobody_sees() -> None:
    """Nothing is lost by opening, and nothing would commit either."""
    ledger = replace(ledger_with(2), serving=SERVED)
    decision = decide(ledger, restarted(C_GONE), TWO_OF_TWO)
    assert decision.start is None
    assert names(decision.vetoes) == ["too_few_ackers"]
    assert "2 acknowledgements and only db-b answers" in decision.vetoes[0].reason


def test_opened_again_it_waits_for_as_many_as_before_where_no_more_were_brought() -> (
    None
):
    """Two were asked for since; a closed primary would wait for the second for ever."""
    ledger = replace(ledger_with(1, ACKERS[:1]), serving=SERVED)
    decision = decide(ledger, restarted(C_GONE), TWO_OF_TWO)
    assert decision.start is not None
    assert decision.start.plan.acks == 1
