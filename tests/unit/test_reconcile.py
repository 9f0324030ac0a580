"""An edge off its route: seen, named, repaired alone, and never against a newer epoch."""

from dataclasses import replace

import pytest

from cdn_router.ports import EdgeState, Gate, Route, RouteTable
from controller.act.metrics import render_metrics
from controller.decide.codec import parse_plan, render_plan
from controller.decide.decide import Decision, decide
from controller.decide.facts import EdgeFact, Facts, Mode
from controller.decide.ledger import Ledger, apply
from controller.decide.reconcile import (
    RECONCILE,
    drift_notes,
    drifts,
    off_route,
    standing,
    wanted,
)
from controller.decide.saga import End, Kind, Plan, Run, Step, advance
from controller.decide.standing import Ending
from controller.decide.status import status_tree
from controller.incident.record import Record, RecordKind
from controller.model.commands import EnsureReleased, EnsureRouted, Member
from controller.model.ids import EdgeId, Epoch, IncidentId, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Refused, Unknown
from health.detector import Verdict
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    SLOT,
    A,
    B,
    C,
    a_server,
    primary_gone,
    reading,
    some_facts,
)

E1, E2 = EdgeId("e1"), EdgeId("e2")
THERE = Route(read=A.zone, write=A.zone, gate=Gate.OPEN)
AWAY = Route(read=B.zone, write=B.zone, gate=Gate.OPEN)
ROUTED = replace(LEDGER, routed=Epoch(3), routed_at_s=NOW_S - 60)


def an_edge(
    edge: EdgeId = E1, route: Route | None = AWAY, **changes: object
) -> EdgeFact:
    fact = EdgeFact(
        edge=edge,
        reachable=True,
        epoch=Epoch(3),
        zones_up={A.zone: True},
        routes={} if route is None else {SLOT: route},
        reading=reading(Verdict.OK, "answers"),
        age_s=0.1,
    )
    return replace(fact, **changes)  # type: ignore[arg-type]


def silent(edge: EdgeId = E1) -> EdgeFact:
    told = reading(Verdict.DOWN, "no answer in time")
    return an_edge(edge, None, reachable=False, epoch=Epoch(0), reading=told)


def seen(*edges: EdgeFact, facts: Facts | None = None) -> Facts:
    known = {e.edge: e for e in (an_edge(E2, THERE), *edges)}
    return replace(facts or some_facts(), edges=known)


def names(decision: Decision) -> set[str]:
    return {v.name for v in decision.vetoes}


def plan_of(decision: Decision) -> Plan:
    assert decision.start is not None
    return decision.start.plan


@pytest.mark.parametrize(
    "fact",
    [
        an_edge(),
        an_edge(route=replace(THERE, gate=Gate.HOLD)),
        an_edge(route=replace(THERE, read=B.zone)),
        an_edge(route=None),
        an_edge(route=THERE, epoch=Epoch(2)),
        an_edge(route=None, epoch=Epoch(0), garbled="the maps disagree"),
    ],
    ids=["away", "held", "reads", "no-route", "old-epoch", "garbled"],
)
def test_an_edge_off_its_route_is_repaired_alone_and_under_a_new_epoch(
    fact: EdgeFact,
) -> None:
    """Only this edge is named; the epoch is newer than any on record."""
    plan = plan_of(decide(ROUTED, seen(fact), POLICY))
    assert (plan.kind, plan.edge, plan.target) == (Kind.RECONCILE, E1, A)
    assert plan.epoch == LEDGER.epoch + 1
    for step, row in RECONCILE.items():
        order = row.order(plan)
        assert isinstance(order, EnsureRouted | EnsureReleased), step
        assert (order.edges, order.epoch) == ((E1,), plan.epoch)
        assert row.rechecks, step


def test_what_is_on_its_route_is_left_alone() -> None:
    """Also one that was repaired before, and so has a newer epoch than the others."""
    for epoch in (3, 4):
        decision = decide(
            ROUTED, seen(an_edge(route=THERE, epoch=Epoch(epoch))), POLICY
        )
        assert decision == Decision()


def test_a_plan_for_one_edge_survives_the_journal() -> None:
    """And a plan written before edges were named can still be read."""
    plan = plan_of(decide(ROUTED, seen(an_edge()), POLICY))
    tree = dict(render_plan(plan))
    assert parse_plan(tree) == plan
    del tree["edge"]
    assert parse_plan(tree).edge is None


def test_a_newer_epoch_is_never_overwritten() -> None:
    """Another controller acted: no edge is written to, not even an older one."""
    facts = seen(an_edge(), an_edge(E2, AWAY, epoch=Epoch(9)))
    decision = decide(ROUTED, facts, POLICY)
    assert decision.start is None
    assert names(decision) == {"newer_epoch"}
    assert "e2" in decision.trouble
    assert not any(v.overridable for v in decision.vetoes)


def test_a_primary_with_a_newer_epoch_is_another_controllers_too() -> None:
    facts = seen(an_edge(), facts=some_facts(a_server(A, epoch=Epoch(9))))
    assert names(decide(ROUTED, facts, POLICY)) == {"newer_epoch"}


def test_a_fresh_site_is_no_drift() -> None:
    """Edges may be laid out with the first epoch before there is any journal."""
    ledger = replace(LEDGER, epoch=Epoch(0))
    edges = (an_edge(E1, THERE, epoch=Epoch(1)), an_edge(E2, THERE, epoch=Epoch(0)))
    assert decide(ledger, seen(*edges), POLICY) == Decision()


def test_an_unreachable_edge_is_trouble_with_a_name() -> None:
    """Promise 4; and it keeps nobody from building a second copy."""
    decision = decide(ROUTED, seen(silent()), POLICY)
    assert decision.start is None
    assert names(decision) == {"edge_unreachable"}
    assert "e1" in decision.trouble
    ledger = replace(ROUTED, durability=replace(LEDGER.durability, protected=False))
    decision = decide(ledger, seen(silent()), POLICY)
    assert plan_of(decision).kind is Kind.RESTORE
    assert names(decision) == {"edge_unreachable"}


def test_one_lost_answer_of_an_edge_is_no_trouble() -> None:
    blip = replace(silent(), reading=reading(Verdict.OK, "no answer in time"))
    assert decide(ROUTED, seen(blip), POLICY) == Decision()


def test_a_repair_comes_before_a_copy() -> None:
    """Users suffer now, the copy takes minutes."""
    ledger = replace(ROUTED, durability=replace(LEDGER.durability, protected=False))
    decision = decide(ledger, seen(an_edge()), POLICY)
    assert plan_of(decision).kind is Kind.RECONCILE
    assert "unprotected" in decision.trouble


@pytest.mark.parametrize(
    ("ledger", "mode", "lease", "veto"),
    [
        (ROUTED, Mode.OBSERVE, True, "observe_mode"),
        (replace(ROUTED, paused="maintenance"), Mode.AUTO, True, "paused"),
        (ROUTED, Mode.AUTO, False, "lease_lost"),
    ],
)
def test_who_may_not_act_only_reports(
    ledger: Ledger, mode: Mode, veto: str, *, lease: bool
) -> None:
    facts = replace(seen(an_edge()), lease_held=lease)
    decision = decide(ledger, facts, replace(POLICY, mode=mode))
    assert decision.start is None
    assert names(decision) == {veto}
    assert "e1" in decision.trouble


def test_no_edge_is_sent_to_a_primary_that_is_lost_closed_or_unseen() -> None:
    """A lost one is a failover's; the edge waits for that."""
    gone = decide(ROUTED, seen(an_edge(), facts=primary_gone()), POLICY)
    assert plan_of(gone).kind is Kind.FAILOVER
    closed = some_facts(a_server(A, writable=False))
    assert names(decide(ROUTED, seen(an_edge(), facts=closed), POLICY)) == {
        "primary_closed"
    }
    blind = some_facts(a_server(A, Verdict.CANNOT_OBSERVE))
    assert "primary_unseen" in names(
        decide(ROUTED, seen(an_edge(), facts=blind), POLICY)
    )


def test_no_edge_is_moved_while_an_open_is_in_doubt() -> None:
    """Two servers may take writes: first one of them ends."""
    ledger = replace(ROUTED, suspects=(B,))
    decision = decide(ledger, seen(an_edge()), POLICY)
    assert plan_of(decision).kind is Kind.RETIRE
    assert "open_in_doubt" in names(decision)


def ending(age_s: float, end: End = End.COMPLETED) -> Ending:
    return Ending(
        kind=Kind.RECONCILE, about=E1, end=end, at_mono_s=NOW_S - age_s, at_wall_s=0.0
    )


@pytest.mark.parametrize("end", [End.COMPLETED, End.ABANDONED])
def test_one_edge_rests_between_repairs_and_another_does_not_wait_for_it(
    end: End,
) -> None:
    """Whatever came of the last one: somebody else may be turning it too."""
    ledger = replace(ROUTED, endings=(ending(5.0, end),))
    decision = decide(ledger, seen(an_edge()), POLICY)
    assert decision.start is None
    assert names(decision) == {"recent_attempt"}
    both = decide(ledger, seen(an_edge(), an_edge(E2)), POLICY)
    assert plan_of(both).edge == E2
    later = replace(ROUTED, endings=(ending(POLICY.retry_s, end),))
    assert plan_of(decide(later, seen(an_edge()), POLICY)).edge == E1


def test_an_answer_from_before_the_latest_order_proves_nothing() -> None:
    """It was asked for while the routes were still being moved."""
    ledger = replace(ROUTED, routed_at_s=NOW_S - 0.05)
    assert drifts(ledger, seen(an_edge()), POLICY) == ()
    assert standing(ledger, seen(an_edge()))[E1] is None
    reborn = replace(ROUTED, routed_at_s=NOW_S + 900)  # of a clock that began anew
    assert drifts(reborn, seen(an_edge()), POLICY)
    old = an_edge(age_s=POLICY.fresh_s + 1)
    assert drifts(ROUTED, seen(old), POLICY) == ()


def running(kind: Kind, step: Step) -> Ledger:
    plan = Plan(kind=kind, epoch=Epoch(4), lost=C, target=A, spare=B, edge=E1)
    return replace(ROUTED, run=Run(plan=plan, step=step))


@pytest.mark.parametrize(
    ("kind", "step"),
    [(Kind.FAILOVER, Step.REROUTE), (Kind.RECONCILE, Step.REROUTE)],
)
def test_a_run_that_moves_routes_is_not_interfered_with(kind: Kind, step: Step) -> None:
    """Edges are where it puts them; nothing is said of them, nothing begun."""
    ledger = running(kind, step)
    assert decide(ledger, seen(an_edge()), POLICY) == Decision()
    assert drift_notes(ledger, seen(an_edge()), POLICY) == []
    assert standing(ledger, seen(an_edge())) == {E1: None, E2: None}


def test_while_a_copy_is_made_a_drift_is_named_and_waits() -> None:
    """One run at a time, and no silence about it."""
    decision = decide(running(Kind.FAILOVER, Step.SEED), seen(an_edge()), POLICY)
    assert decision.start is None
    assert names(decision) == {"run_under_way"}
    assert "e1" in decision.trouble


def test_a_lost_primary_does_not_wait_for_a_repair() -> None:
    ledger = running(Kind.RECONCILE, Step.REROUTE)
    decision = decide(ledger, seen(an_edge(), facts=primary_gone()), POLICY)
    assert plan_of(decision).kind is Kind.FAILOVER
    assert decision.start is not None
    assert decision.start.preempts


def test_a_repair_never_halts_and_never_leaves_an_edge_held() -> None:
    """A proof that fails leads to RELEASE: the other edges are on this route too."""
    plan = plan_of(decide(ROUTED, seen(an_edge()), POLICY))
    row = RECONCILE[Step.REROUTE]
    assert {row.done, row.refused, row.unknown} == {Step.RELEASE}
    last = Run(
        plan=plan, step=Step.RELEASE, attempt=RECONCILE[Step.RELEASE].attempts_max
    )
    assert advance(last, Done(), RECONCILE) is End.COMPLETED
    for answer in (Refused("no"), Unknown("?")):
        assert advance(last, answer, RECONCILE) is End.ABANDONED


def noted(ledger: Ledger, facts: Facts) -> Ledger:
    for body in drift_notes(ledger, facts, POLICY):
        record = Record(
            seq=1,
            at_wall_s=1.0,
            at_mono_s=1.0,
            incident=IncidentId(""),
            epoch=ledger.epoch,
            kind=RecordKind.DRIFT,
            body=body,
        )
        ledger = apply(ledger, record)
    return ledger


def test_a_drift_is_journaled_once_and_its_end_once() -> None:
    """Also by the next process: what was noted is in the ledger."""
    ledger = noted(ROUTED, seen(an_edge()))
    assert set(ledger.adrift) == {E1}
    held = an_edge(route=replace(AWAY, gate=Gate.HOLD))
    for facts in (seen(an_edge()), seen(held), seen(silent())):
        assert drift_notes(ledger, facts, POLICY) == []
    back = seen(an_edge(route=THERE))
    assert [n["drifted"] for n in drift_notes(ledger, back, POLICY)] == [False]
    ledger = noted(ledger, back)
    assert not ledger.adrift
    assert drift_notes(ledger, back, POLICY) == []


def test_a_drift_says_what_was_seen_and_what_is_wanted() -> None:
    (drift,) = drifts(ROUTED, seen(an_edge(epoch=Epoch(2))), POLICY)
    assert drift.seen == "s1 reads b, writes b, open, epoch 2"
    assert drift.wanted == "reads a, writes a, open, epoch 3 or newer"


def test_the_wanted_epoch_is_that_of_the_latest_order_to_every_edge() -> None:
    """A repair of one edge does not make the others look old."""
    table = wanted(ROUTED, (SLOT,))
    assert table == RouteTable(epoch=Epoch(3), routes={SLOT: THERE})
    for kind, expected in ((Kind.FAILOVER, 5), (Kind.RECONCILE, 3)):
        edge = E1 if kind is Kind.RECONCILE else None
        plan = Plan(kind=kind, epoch=Epoch(5), lost=C, target=A, edge=edge)
        ledger = replace(ROUTED, run=Run(plan=plan, step=Step.REROUTE))
        record = Record(
            seq=1,
            at_wall_s=1.0,
            at_mono_s=7.0,
            incident=IncidentId("i1"),
            epoch=Epoch(5),
            kind=RecordKind.INTENT,
            body={"step": "reroute", "attempt": 1},
        )
        ledger = apply(ledger, record)
        assert (ledger.routed, ledger.routed_at_s) == (expected, 7.0)


def test_the_end_of_a_failover_names_edges_off_the_route() -> None:
    zone = ZoneId("a")

    def state(edge: EdgeId, route: Route) -> EdgeState:
        table = RouteTable(epoch=Epoch(3), routes={SLOT: route})
        return EdgeState(edge=edge, table=table, zones_up={})

    good = state(E1, THERE)
    assert off_route({E1: good}, (SLOT,), zone) == ""
    told = off_route({E1: good, E2: NotSeen("connect", "gone")}, (SLOT,), zone)
    assert told == "e2: gone"
    assert "e1: s1 reads b" in off_route({E1: state(E1, AWAY)}, (SLOT,), zone)


def test_status_and_metrics_show_where_each_edge_stands() -> None:
    facts = seen(silent(), an_edge(E2))
    decision = decide(ROUTED, facts, POLICY)
    tree = status_tree(ROUTED, facts, POLICY, decision)
    edges = tree["edges"]
    assert isinstance(edges, dict)
    assert (edges[E1]["reachable"], edges[E1]["on_route"]) == (False, None)
    assert (edges[E2]["reachable"], edges[E2]["on_route"]) == (True, False)
    text = render_metrics("cms", lambda: (ROUTED, facts, decision)).decode()
    assert 'sitedr_edge_up{edge="e1",site="cms"} 0.0' in text
    assert 'sitedr_edge_on_route{edge="e2",site="cms"} 0.0' in text
    assert 'sitedr_edge_on_route{edge="e1"' not in text
    assert 'veto="edge_unreachable"' in text


def test_a_failed_repair_rests_no_server() -> None:
    """An edge may have a server's name; a pause of the one is none of the other."""
    odd = Member(server=ServerId("e1"), zone=C.zone)
    ledger = replace(
        ROUTED,
        suspects=(odd,),
        endings=(ending(1.0, End.ABANDONED),),
    )
    decision = decide(ledger, seen(an_edge(route=THERE)), POLICY)
    assert plan_of(decision).kind is Kind.RETIRE
