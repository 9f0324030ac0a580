"""Checkers of what edges were told: by whom, where to, and under which epoch. Pure.

They read what each edge put in force. A late order is what it is: that the edge
took it from an epoch it had not yet passed is the edge's contract, not a decision.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from controller.rehearsal.reading import Case, is_intent, kind_of
from replication.adapters.memory.truth import Entry, Fact

Checker = Callable[[Case], list[str]]

ROUTING = ("hold", "reroute", "release", "unhold", "unhold_fenced")
BESIDE = {"edge_unreachable", "primary_unaffected", "no_spare_zone"}
"""Vetoes that explain why something else is not done."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One table put in force by an order that was not late.

    repairs: the edge the run of this epoch is about, when it is a reconcile run.
    floor: the newest epoch that had announced an order to edges.
    zone: where the latest primary stands.
    """

    fact: Fact
    epoch: int
    repairs: str
    floor: int
    zone: str


def _told(case: Case) -> Iterator[_Told]:
    repairs: dict[int, str] = {}
    floor, zone = 0, ""
    for event in case.history:
        if isinstance(event, Entry):
            if event.kind == "started" and kind_of(event) == "reconcile":
                repairs[event.epoch] = _edge_of(event)
            elif is_intent(event, *ROUTING):
                floor = max(floor, event.epoch)
        elif isinstance(event, Fact) and event.kind == "opened":
            zone = case.places.get(event.server, event.server)
        elif isinstance(event, Fact) and _is_order(event):
            epoch = int(event.detail["epoch"])
            repair = repairs.get(epoch) or repairs.get(floor, "")
            yield _Told(event, epoch, repair, floor, zone)


def _is_order(fact: Fact) -> bool:
    return fact.kind == "routed" and "late" not in fact.detail


def _edge_of(entry: Entry) -> str:
    plan = entry.body.get("plan", {})
    return str(plan.get("edge", "")) if isinstance(plan, Mapping) else ""


def reconciled_to_the_primary(case: Case) -> list[str]:
    """An edge is repaired towards the primary of now, never towards an older one."""
    return [
        f"{told.fact.server} was repaired towards {told.fact.detail['write']} at"
        f" {told.fact.at_s:g} s, the primary is in {told.zone}"
        for told in _told(case)
        if told.repairs and told.fact.detail["write"] != told.zone
    ]


def reconcile_touches_one_edge(case: Case) -> list[str]:
    """Repairing one edge holds nobody's writes at another."""
    return [
        f"{told.fact.server} was written to at {told.fact.at_s:g} s, to repair"
        f" {told.repairs}"
        for told in _told(case)
        if told.repairs and told.fact.server != told.repairs
    ]


def old_epoch_changes_no_edge(case: Case) -> list[str]:
    """Promise 6: what is put in force carries the newest epoch announced."""
    return [
        f"{told.fact.server} took epoch {told.epoch} at {told.fact.at_s:g} s, after"
        f" {told.floor} was announced"
        for told in _told(case)
        if told.epoch < told.floor
    ]


def only_the_holder_reconciles(case: Case) -> list[str]:
    """Rule 10: no edge is repaired where another controller holds a lock."""
    return [
        f"{told.fact.server} was repaired at {told.fact.at_s:g} s, against the lock"
        for told in _told(case)
        if told.repairs and "usurped" in told.fact.detail
    ]


def edges_on_the_route(case: Case) -> list[str]:
    """Liveness: in calm, who can be reached sends users to whoever takes writes.

    Unless a person was called, a run is still under way, or a named veto says why.
    """
    if len(case.writable) != 1 or _excused(case):
        return []
    server = case.writable[0]
    zone = case.places.get(server, server)
    return [
        f"{edge} {route or 'has no route'} at the end, {server} takes writes"
        for edge, route in sorted(case.routes.items())
        if route != f"reads {zone}, writes {zone}, open"
    ]


def _excused(case: Case) -> bool:
    vetoes: set[str] = set()
    running = halted = False
    for _, entry in case.entries():
        if entry.kind == "veto":
            found = entry.body.get("vetoes", [])
            assert isinstance(found, list)
            vetoes = {v["name"] for v in found}
        elif entry.kind in {"started", "ended"}:
            running = entry.kind == "started"
            halted = halted or entry.body.get("end") == "halted"
    return running or halted or bool(vetoes - BESIDE)


ROUTES: tuple[Checker, ...] = (
    reconciled_to_the_primary,
    reconcile_touches_one_edge,
    old_epoch_changes_no_edge,
    only_the_holder_reconciles,
)
