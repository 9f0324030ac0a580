"""Fewer acknowledgements or replicas by a reload: nobody leaves that is waited for."""

from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.saga import Kind, Step
from tests.unit.test_k_of_n import ledger_with, side
from tests.unit.world_facts import POLICY, A, B, C, a_server, some_facts


def both(told: int) -> Facts:
    return some_facts(a_server(A, source_side=side(told)), a_server(B), a_server(C))


def test_an_acker_that_commits_wait_for_does_not_leave() -> None:
    """Two of two becomes one of one: first commits wait for one, then one leaves."""
    decision = decide(ledger_with(2), both(2), POLICY)
    assert decision.start is not None
    assert (decision.start.plan.kind, decision.start.step) == (Kind.WIDEN, Step.PROTECT)
    assert decision.start.plan.acks == 1
    leaves = decide(ledger_with(1), both(1), POLICY)
    assert leaves.start is not None
    assert leaves.start.plan.kind is Kind.LEAVE


def test_an_unanswered_order_to_wait_for_fewer_is_sent_again() -> None:
    """On record is the least it may wait for; the server says it is still two."""
    decision = decide(ledger_with(1), both(2), POLICY)
    assert decision.start is not None
    assert (decision.start.plan.kind, decision.start.step) == (Kind.WIDEN, Step.PROTECT)
    assert "waited for 2 and shall for 1" in decision.trouble
