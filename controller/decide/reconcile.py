"""Edges off their route: what each should say, who does not, and the repair. Pure.

What an edge has at run time is volatile, and an edge may have been out of reach
when everybody was rerouted. While no run moves routes every slot reads from and
writes to the primary's zone; an edge that says otherwise is put back by a run of
its own, which touches no other edge and waits for no copy to begin.

The repair carries an epoch of its own, newer than any on record: an order that is
still on its way from before is refused, whoever sent it (promise 6). An edge that
has seen an epoch newer than ours is another controller's, and never overwritten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cdn_router.ports import EdgeState, Gate, Route, RouteTable
from controller.decide.facts import EdgeFact, Facts, Policy, Veto, is_seen
from controller.decide.leaving import Upkeep, open_in_doubt
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.restore import COPYING
from controller.decide.saga import End, Kind, Plan, Row, Step, Table
from controller.model.commands import EnsureReleased, EnsureRouted
from controller.model.ids import EdgeId, Epoch, SlotId, ZoneId
from controller.model.outcomes import NotSeen
from health.detector import Verdict

FIRST_EPOCH = Epoch(1)
"""What an edge may be laid out with before any controller ever wrote to it."""


def _edges(plan: Plan) -> tuple[EdgeId, ...]:
    """Return the one edge of *plan*; no edges would mean all of them."""
    assert plan.edge is not None
    return (plan.edge,)


RECONCILE: Table = MappingProxyType(
    {
        Step.REROUTE: Row(
            order=lambda p: EnsureRouted(
                zone=p.target.zone, edges=_edges(p), epoch=p.epoch
            ),
            timeout_s=2.0,
            attempts_max=2,
            done=Step.RELEASE,
            # The other edges are on this route too: held, it would serve nobody.
            refused=Step.RELEASE,
            unknown=Step.RELEASE,
            why="One edge lost its route: held, put back, and proven by a read.",
            patient=True,
            rechecks=True,
        ),
        Step.RELEASE: Row(
            order=lambda p: EnsureReleased(
                read_zone=p.target.zone,
                write_zone=p.target.zone,
                edges=_edges(p),
                epoch=p.epoch,
            ),
            timeout_s=2.0,
            attempts_max=5,
            done=End.COMPLETED,
            refused=End.ABANDONED,
            unknown=End.ABANDONED,
            why="Its writes flow again, where everybody's do.",
            patient=True,
            rechecks=True,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One edge off its route, in words people compare."""

    edge: EdgeId
    seen: str
    wanted: str


def wanted(ledger: Ledger, slots: Iterable[SlotId]) -> RouteTable:
    """Return what every edge should say while no run moves routes.

    The epoch is a floor: that of the latest order to every edge. A repaired edge
    is above it; one below it would still obey a controller that is gone.
    """
    assert ledger.primary is not None
    zone = ledger.primary.zone
    route = Route(read=zone, write=zone, gate=Gate.OPEN)
    return RouteTable(epoch=ledger.routed, routes=dict.fromkeys(slots, route))


def drifts(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[Drift, ...]:
    """Return the edges that surely are off their route, by name.

    Nothing while a run moves them: then they are where it puts them. And nothing
    of an answer that was asked for before the latest order to an edge was.
    """
    if ledger.primary is None or not _at_rest(ledger):
        return ()
    table = wanted(ledger, facts.slots)
    return tuple(
        Drift(edge=fact.edge, seen=seen, wanted=_told(table))
        for fact in _current(ledger, facts, policy.fresh_s)
        if not is_newer(ledger, fact.epoch) and (seen := _off(fact, table))
    )


def _at_rest(ledger: Ledger) -> bool:
    """Tell whether no run moves routes: none is under way, or it makes a copy."""
    if ledger.run is None:
        return True
    moves = ledger.run.plan.kind in {Kind.FAILOVER, Kind.SWITCHOVER, Kind.RECONCILE}
    return not moves or ledger.run.step in COPYING


def is_newer(ledger: Ledger, epoch: Epoch) -> bool:
    """Tell whether another controller must have given *epoch*."""
    return epoch > max(ledger.epoch, FIRST_EPOCH)


def _current(
    ledger: Ledger, facts: Facts, fresh_s: float = float("inf")
) -> list[EdgeFact]:
    """Return the edges whose answer is newer than every order, in name order.

    A clock that began anew counts as long ago.
    """
    since_s = facts.now_s - ledger.routed_at_s
    since_s = since_s if since_s >= 0 else float("inf")
    return [
        fact
        for _, fact in sorted(facts.edges.items())
        if fact.reachable and fact.age_s < since_s and fact.age_s <= fresh_s
    ]


def standing(ledger: Ledger, facts: Facts) -> Mapping[EdgeId, bool | None]:
    """Tell for each edge whether it is on its route; None: nobody can say now."""
    if ledger.primary is None or not _at_rest(ledger):
        return dict.fromkeys(facts.edges)
    table = wanted(ledger, facts.slots)
    known = {
        fact.edge: not is_newer(ledger, fact.epoch) and not _off(fact, table)
        for fact in _current(ledger, facts)
    }
    return {edge: known.get(edge) for edge in facts.edges}


def _off(fact: EdgeFact, table: RouteTable) -> str:
    """Say how *fact* differs from *table*; empty: it does not."""
    if fact.garbled:
        return f"no readable table: {fact.garbled}"
    if words := _astray(fact.routes, table.routes):
        return f"{words}, epoch {fact.epoch}"
    if fact.epoch < table.epoch:
        return f"{_route(_one(fact.routes))}, but epoch {fact.epoch}"
    return ""


def _astray(seen: Mapping[SlotId, Route], table: Mapping[SlotId, Route]) -> str:
    """Name the first slot that is elsewhere, and how many there are."""
    if seen == table:
        return ""
    names = sorted(s for s in {*seen, *table} if seen.get(s) != table.get(s))
    first = names[0]
    told = f"{first} {_route(seen.get(first))}"
    return told if len(names) == 1 else f"{told}, and {len(names) - 1} more slots"


def _told(table: RouteTable) -> str:
    told = _route(_one(table.routes))
    return f"{told}, epoch {table.epoch} or newer" if table.epoch else told


def _one(routes: Mapping[SlotId, Route]) -> Route | None:
    return next(iter(routes.values()), None)


def _route(route: Route | None) -> str:
    if route is None:
        return "has no route"
    return f"reads {route.read}, writes {route.write}, {route.gate.value}"


def off_route(
    states: Mapping[EdgeId, EdgeState | NotSeen], slots: Iterable[SlotId], zone: ZoneId
) -> str:
    """Name the edges that do not send everybody to *zone*, and why; empty: none."""
    route = Route(read=zone, write=zone, gate=Gate.OPEN)
    table = dict.fromkeys(slots, route)
    found = {
        edge: state.reason
        if isinstance(state, NotSeen)
        else _astray(state.table.routes, table)
        for edge, state in sorted(states.items())
    }
    return "; ".join(f"{edge}: {why}" for edge, why in found.items() if why)


def drift_notes(
    ledger: Ledger, facts: Facts, policy: Policy
) -> list[Mapping[str, object]]:
    """Return what the journal should say now: each drift once, and its end once."""
    if ledger.primary is None or not _at_rest(ledger) or ledger.halted:
        return []
    if _primary_trouble(ledger, facts, policy):
        return []  # where they should point is itself in question
    found = {d.edge: d for d in drifts(ledger, facts, policy)}
    table = wanted(ledger, facts.slots)
    began = [d for e, d in found.items() if e not in ledger.adrift]
    over = [
        Drift(edge=f.edge, seen=_route(_one(f.routes)), wanted=_route(_one(f.routes)))
        for f in _current(ledger, facts, policy.fresh_s)
        if f.edge in ledger.adrift and not _off(f, table)
    ]
    return [
        {"edge": d.edge, "drifted": d in began, "seen": d.seen, "wanted": d.wanted}
        for d in (*began, *over)
    ]


def plan_reconcile(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return the repair to begin now, or which edges are in trouble and why not."""
    assert ledger.primary is not None
    silent = [
        fact
        for _, fact in sorted(facts.edges.items())
        if fact.reading.verdict is Verdict.DOWN and not fact.reachable
    ]
    found = drifts(ledger, facts, policy)
    told = [f"edge {f.edge} does not answer" for f in silent]
    told += [f"edge {d.edge} is off its route: {d.seen}" for d in found]
    vetoes = [_unreachable(fact) for fact in silent]
    newer = _newer(ledger, facts)
    told += [f"{name} has seen a newer epoch" for name in newer]
    plan = None
    if newer:
        vetoes.append(_another_acted(ledger, newer))
    elif found:
        held = _why_not(ledger, facts, policy)
        rested = [d for d in found if _rested(ledger, facts, policy, d.edge)]
        if held is None and rested:
            plan = _plan(ledger, rested[0])
        else:
            vetoes.append(held or _resting(policy, found))
    step = None if plan is None else Step.REROUTE
    return Upkeep(plan=plan, step=step, trouble="; ".join(told), vetoes=tuple(vetoes))


def _plan(ledger: Ledger, drift: Drift) -> Plan:
    assert ledger.primary is not None
    return Plan(
        kind=Kind.RECONCILE,
        epoch=Epoch(ledger.epoch + 1),
        lost=None,
        target=ledger.primary,
        edge=drift.edge,
        why=f"edge {drift.edge} is off its route: {drift.seen}; wanted {drift.wanted}",
    )


def _newer(ledger: Ledger, facts: Facts) -> list[str]:
    """Return who has seen an epoch that we never gave: edges, then the primary."""
    assert ledger.primary is not None
    names = [
        f"edge {e}"
        for e, fact in sorted(facts.edges.items())
        if fact.reachable and is_newer(ledger, fact.epoch)
    ]
    primary = facts.servers.get(ledger.primary.server)
    if primary is not None and primary.view is not None:
        names += [ledger.primary.server] * is_newer(ledger, primary.view.epoch)
    return names


def _another_acted(ledger: Ledger, newer: list[str]) -> Veto:
    return Veto(
        name="newer_epoch",
        reason=f"{', '.join(newer)} has seen an epoch newer than {ledger.epoch}:"
        " another controller acted, and no edge is written to",
        overridable=False,
    )


def _unreachable(fact: EdgeFact) -> Veto:
    return Veto(
        name="edge_unreachable",
        reason=f"{fact.edge} does not answer ({fact.reading.reason}): where it sends"
        " users is unknown; a database that is fenced stays fenced",
        overridable=False,
    )


def _why_not(ledger: Ledger, facts: Facts, policy: Policy) -> Veto | None:
    """Say why no edge may be pointed at the primary now, or nothing."""
    if ledger.run is not None:
        reason = f"a {ledger.run.plan.kind.value} run is under way, and ends first"
        return Veto(name="run_under_way", reason=reason, overridable=False)
    if doubted := open_in_doubt(ledger):
        reason = f"{doubted[0].server} may be open too: no edge is moved before it ends"
        return Veto(name="open_in_doubt", reason=reason, overridable=False)
    if reason := _primary_trouble(ledger, facts, policy):
        return Veto(name="primary_unseen", reason=reason, overridable=False)
    return None


def _primary_trouble(ledger: Ledger, facts: Facts, policy: Policy) -> str:
    """Say why the primary is nowhere to send users to; empty: it is."""
    assert ledger.primary is not None
    server = ledger.primary.server
    fact = facts.servers.get(server)
    if fact is None or fact.view is None or not is_seen(fact, policy):
        return f"the primary {server} was not seen just now: no edge is sent to it"
    if not fact.view.writable:
        return f"the primary {server} takes no writes: no edge is sent to it"
    return ""


def _rested(ledger: Ledger, facts: Facts, policy: Policy, edge: EdgeId) -> bool:
    """One repair of one edge at a time, and a pause whatever came of it."""
    ended_s = [
        elapsed_s(e, facts.now_s)
        for e in ledger.endings
        if e.kind is Kind.RECONCILE and e.about == edge
    ]
    return min(ended_s, default=policy.retry_s) >= policy.retry_s


def _resting(policy: Policy, found: tuple[Drift, ...]) -> Veto:
    names = ", ".join(d.edge for d in found)
    return Veto(
        name="recent_attempt",
        reason=f"{names} was written to less than {policy.retry_s:g} s ago",
    )
