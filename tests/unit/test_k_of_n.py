"""k of n in decisions: who is bound, what is a veto, what is mended beside it."""

from dataclasses import replace
from typing import Any

import pytest

from controller.decide.ackers import bound_ackers, plan_ackers
from controller.decide.choice import plan_failover
from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.guards import vetoes
from controller.decide.ledger import Ledger
from controller.decide.saga import Kind, Step
from controller.decide.verify import verify
from controller.model.commands import NO_BOOT, Acker, Verify
from controller.model.ids import BootId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Refused
from health.detector import Verdict
from replication.gtid import covers
from replication.ports import Receiving, SourceSide
from tests.unit.world_facts import (
    LEDGER,
    POLICY,
    A,
    B,
    C,
    a_server,
    a_view,
    a_wish,
    some_facts,
)

DEAF: dict[str, Any] = {"receiving": Receiving.CONNECTING, "silent_s": 2.0}
ACKERS = tuple(
    Acker(server=m.server, zone=m.zone, boot_id=BootId(f"boot-{m.server}"))
    for m in (B, C)
)
ONE_OF_TWO = replace(POLICY, replicas_wanted=2)
TWO_OF_TWO = replace(ONE_OF_TWO, acks=2)


def ledger_with(
    acks: int, ackers: tuple[Acker, ...] = ACKERS, *, protected: bool = True
) -> Ledger:
    durability = replace(LEDGER.durability, acks=acks, protected=protected)
    return replace(LEDGER, ackers=ackers, durability=durability)


def side(acks: int) -> SourceSide:
    return SourceSide(
        required=acks > 0, active=True, receivers=2, waiters=0, acks=acks or 2
    )


def lost(*, told: int, c_answers: bool) -> Facts:
    """Return facts of a lost primary that last said commits wait for *told*."""
    a = replace(
        a_server(A, Verdict.DOWN, source_side=side(told)),
        view=a_view(A, source_side=side(told)),
    )
    c = a_server(C, **DEAF) if c_answers else a_server(C, Verdict.DOWN, **DEAF)
    return some_facts(a, a_server(B, **DEAF), c)


def names(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [v.name for v in found]


@pytest.mark.parametrize(
    ("earned", "told", "c_answers", "bound"),
    [
        (1, 1, True, "bc"),
        (1, 1, False, "bc"),  # all of them, and one is a veto
        (2, 2, True, "bc"),
        (2, 2, False, "b"),
        (2, 1, False, "bc"),  # somebody told the primary to wait for fewer
        (2, 0, False, "bc"),  # or for nobody
        (1, 2, False, "bc"),  # not proven yet: the wish holds nothing
    ],
)
def test_who_must_be_frozen(
    earned: int, told: int, *, c_answers: bool, bound: str
) -> None:
    """The least that was in force counts, never what is wished for."""
    facts = lost(told=told, c_answers=c_answers)
    found = bound_ackers(ledger_with(earned), facts, TWO_OF_TWO)
    assert [a.server for a in found] == [f"db-{z}" for z in bound]


def test_one_of_two_held_by_both_loses_both_but_one_and_goes_on() -> None:
    """Each write is on b and on c: b alone is enough, and c is ended later."""
    facts, ledger = lost(told=2, c_answers=False), ledger_with(2)
    decision = decide(ledger, facts, TWO_OF_TWO)
    assert decision.start is not None
    plan = decision.start.plan
    assert [a.server for a in plan.ackers] == [B.server]
    assert [a.server for a in plan.parted] == [C.server]
    assert (plan.acks, plan.acked_by, plan.acks_revocable) == (2, 2, True)


def test_with_one_required_ack_a_silent_acker_is_a_veto_still() -> None:
    found = vetoes(ledger_with(1), lost(told=1, c_answers=False), ONE_OF_TWO, B)
    assert "acker_unseen" in names(found)
    assert not next(v for v in found if v.name == "acker_unseen").overridable


def test_the_veto_says_how_many_would_be_enough() -> None:
    ledger, facts = ledger_with(2), lost(told=2, c_answers=False)
    gone = dict(facts.servers) | {B.server: a_server(B, Verdict.DOWN, **DEAF)}
    found = vetoes(ledger, replace(facts, servers=gone), TWO_OF_TWO, B)
    (unseen,) = (v for v in found if v.name == "acker_unseen")
    assert "each write is held by 2 of 2, so 1 must answer" in unseen.reason


def test_a_restarted_acker_is_made_up_for_by_one_that_was_not() -> None:
    """And is frozen and compared as it is now, so that OPEN does not refuse it."""
    facts = lost(told=2, c_answers=True)
    again = a_server(C, **DEAF, boot_id=BootId("another"))
    facts = replace(facts, servers=dict(facts.servers) | {C.server: again})
    assert not vetoes(ledger_with(2), facts, TWO_OF_TWO, B)
    assert "acker_restarted" in names(vetoes(ledger_with(1), facts, ONE_OF_TWO, B))
    plan = plan_failover(ledger_with(2), facts, TWO_OF_TWO, B)
    assert [a.boot_id for a in plan.ackers] == ["boot-db-b", "another"]


def test_one_that_joins_is_not_believed_before_it_has_proven_itself() -> None:
    """It may have acknowledged, restarted and lost it, and nobody saw the first."""
    joining = (ACKERS[0], replace(ACKERS[1], boot_id=NO_BOOT))
    ledger = ledger_with(1, ackers=joining)
    facts = lost(told=1, c_answers=True)
    found = vetoes(ledger, facts, ONE_OF_TWO, B)
    assert names(found) == ["acker_unproven"]
    assert found[0].overridable
    known = (ACKERS[0], replace(joining[1], process=ACKERS[1].boot_id))
    assert not vetoes(ledger_with(1, ackers=known), facts, ONE_OF_TWO, B)
    other = (ACKERS[0], replace(joining[1], process=BootId("another")))
    found = vetoes(ledger_with(1, ackers=other), facts, ONE_OF_TWO, B)
    assert names(found) == ["acker_unproven"]


def test_a_copy_in_the_successors_zone_does_not_come_along() -> None:
    """Where zones are to differ: it is frozen and compared, and ended afterwards."""
    beside = Acker(server=ServerId("db-b2"), zone=B.zone, boot_id=BootId("boot-db-b2"))
    there = replace(C, server=beside.server, zone=beside.zone)
    facts = some_facts(a_server(A, Verdict.DOWN), a_server(B, **DEAF))
    servers = dict(facts.servers) | {beside.server: a_server(there, **DEAF)}
    facts = replace(facts, servers=servers)
    ledger = ledger_with(1, ackers=(ACKERS[0], beside))
    for cross_zone, parted in ((True, ["db-b2"]), (False, [])):
        policy = replace(ONE_OF_TWO, cross_zone=cross_zone)
        frozen, left = plan_ackers(ledger, facts, policy, a_wish(), B)
        assert [a.server for a in frozen] == ["db-b", "db-b2"]
        assert [a.server for a in left] == parted


def test_a_copy_beside_the_primary_is_not_enlisted_where_zones_are_to_differ() -> None:
    """It follows and would acknowledge, and dies with the zone."""
    beside = replace(B, server=ServerId("db-a2"), zone=ZoneId("a"))
    facts = some_facts(a_server(beside))
    servers = {A.server: facts.servers[A.server], beside.server: a_server(beside)}
    facts = replace(facts, servers=servers)
    ledger = ledger_with(1, ackers=(), protected=False)
    same_zone = decide(ledger, facts, POLICY)
    assert same_zone.start is not None
    assert same_zone.start.plan.spare == beside
    apart = decide(ledger, facts, replace(POLICY, cross_zone=True))
    assert apart.start is None
    assert names(apart.vetoes) == ["no_spare_zone"]


def test_losing_one_of_two_is_told_and_stalls_nothing() -> None:
    """`protected` stays; with no free zone the lack is named."""
    decision = decide(ledger_with(1), some_facts(a_server(C, Verdict.DOWN)), ONE_OF_TWO)
    assert decision.start is None
    assert "1 of 2 replicas of db-a acknowledge" in decision.trouble
    assert names(decision.vetoes) == ["no_spare_zone"]


def test_a_second_replica_is_brought_while_the_first_acknowledges() -> None:
    ledger = ledger_with(1, ackers=ACKERS[:1])
    decision = decide(ledger, some_facts(), ONE_OF_TWO)
    assert decision.start is not None
    plan = decision.start.plan
    assert (plan.kind, decision.start.step) == (Kind.WIDEN, Step.PROVISION)
    assert (plan.spare, plan.acks) == (C, 1)


def test_a_commit_waits_for_more_only_once_they_are_there() -> None:
    """Asked for two: the second is brought first, then both are waited for."""
    ledger = ledger_with(1, ackers=ACKERS[:1])
    bringing = decide(ledger, some_facts(), TWO_OF_TWO)
    assert bringing.start is not None
    assert (bringing.start.step, bringing.start.plan.acks) == (Step.PROVISION, 2)
    both = decide(ledger_with(1), some_facts(a_server(C)), TWO_OF_TWO)
    assert both.start is not None
    assert (both.start.step, both.start.plan.acks) == (Step.PROTECT, 2)


def test_one_of_two_that_hears_the_primary_excuses_no_stall() -> None:
    """Commits wait for both, one is gone: the one that is left is no reason to wait."""
    waiting = replace(side(2), waiters=1)
    facts = some_facts(a_server(A, source_side=waiting), a_server(C, Verdict.DOWN))
    canary = replace(facts.canary, durable_hung_s=2.0, local_ok_age_s=0.1)
    facts = replace(facts, canary=canary)
    decision = decide(ledger_with(2), facts, TWO_OF_TWO)
    assert decision.start is not None
    assert decision.start.step is Step.DEGRADE
    assert not decision.start.plan.waits  # one alone cannot earn two
    both = replace(facts, servers=dict(facts.servers) | {C.server: a_server(C)})
    assert names(decide(ledger_with(2), both, TWO_OF_TWO).vetoes) == ["acker_alive"]


def test_verify_refuses_to_leave_out_whom_a_write_may_be_on_alone() -> None:
    views = {
        B.server: a_view(
            B,
            receiving=Receiving.STOPPED,
            received="00000001-0000-4000-8000-000000000000:1-9",
            executed="00000001-0000-4000-8000-000000000000:1-9",
        )
    }

    def judged(acked_by: int) -> object:
        order = Verify(
            candidate=B.server,
            ackers=ACKERS[:1],
            epoch=Epoch(5),
            apart=ACKERS[1:],
            acked_by=acked_by,
        )
        return verify(order, views, lambda whole, part: covers(whole, part, "mysql"))

    assert isinstance(judged(1), Refused)
    assert isinstance(judged(2), Done)
