"""Fewer acknowledgements or replicas by a reload: nobody leaves that is waited for."""

from dataclasses import replace

from controller.decide.decide import decide
from controller.decide.facts import Facts, ZoneFact
from controller.decide.restore import LEAVE
from controller.decide.saga import Kind, Step
from controller.model.commands import Acker, EnsureProtected, Member
from controller.model.ids import BootId, ServerId, ZoneId
from health.detector import Verdict
from replication.ports import Receiving
from tests.unit.test_k_of_n import ACKERS, ONE_OF_TWO, ledger_with, side
from tests.unit.world_facts import POLICY, A, B, C, a_server, reading, some_facts


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


def test_the_one_that_stays_is_never_the_one_that_leaves() -> None:
    """The newest acker is lost for good: a newer one than those that stay."""
    d = Member(server=ServerId("db-d"), zone=ZoneId("d"))
    newest = Acker(server=d.server, zone=d.zone, boot_id=BootId("boot-db-d"))
    gone = a_server(d, Verdict.DOWN, receiving=Receiving.CONNECTING, silent_s=5.0)
    facts = some_facts(a_server(B), a_server(C), gone)
    answers = ZoneFact(zone=d.zone, services={"redis": reading(Verdict.OK)})
    facts = replace(facts, zones={**facts.zones, d.zone: answers})
    decision = decide(ledger_with(1, (*ACKERS, newest)), facts, ONE_OF_TWO)
    assert decision.start is not None
    plan = decision.start.plan
    assert (plan.kind, plan.lost, plan.spare) == (Kind.LEAVE, d, C)
    order = LEAVE[Step.PROTECT].order(plan)
    assert isinstance(order, EnsureProtected)
    assert [order.acker, *order.ackers] == [C, ACKERS[0]]
