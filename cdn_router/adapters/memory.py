"""`Edge` in memory, under the same contract; powers rehearsals and tests.

Faults are switches on the edge itself; `late` orders are kept and delivered by
`deliver_late`, as a network would, also after a newer epoch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from typing_extensions import override

from cdn_router.plan import stale
from cdn_router.ports import Edge, EdgeState, Route, RouteTable
from controller.model.ids import EdgeId, Epoch, SiteId, SlotId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown


class Fault(StrEnum):
    """What is wrong with the way to the edge."""

    NONE = "none"
    UNREACHABLE = "unreachable"  # nothing arrives, and we are told so
    LOST_BEFORE = "lost-before"  # the order never arrives, no answer
    LOST_AFTER = "lost-after"  # the order takes effect, no answer
    LATE = "late"  # no answer; the order arrives when it is delivered


class Applied(Protocol):
    """Told of a table the moment it is in force."""

    def __call__(self, table: RouteTable, *, late: bool) -> None:
        """Take note; *late*: the order was sent long ago."""
        ...


@dataclass(slots=True)
class MemoryEdgeHooks:
    """What a test or a rehearsal turns while the edge runs.

    applied: told of each table put in force; *late* when its order was.
    """

    fault: Fault = Fault.NONE
    zones_down: frozenset[ZoneId] = frozenset()
    applied: Applied | None = None


class MemoryEdge(Edge):
    """A table, the origins' health, and a way to break both."""

    def __init__(
        self,
        edge: EdgeId,
        table: RouteTable,
        *,
        zones: Iterable[ZoneId],
        sites: Mapping[SiteId, SlotId],
    ) -> None:
        self._edge = edge
        self._first = table
        self._table = table
        self._zones = tuple(zones)
        self._sites = dict(sites)
        self._late: list[RouteTable] = []
        self.hooks = MemoryEdgeHooks()

    @property
    @override
    def edge(self) -> EdgeId:
        return self._edge

    @override
    async def read(self) -> EdgeState | NotSeen:
        if self.hooks.fault is not Fault.NONE:
            return NotSeen("connect", f"edge {self._edge} is {self.hooks.fault}")
        return EdgeState(
            edge=self._edge,
            table=self._table,
            zones_up={z: z not in self.hooks.zones_down for z in self._zones},
        )

    @override
    async def ensure_routes(self, table: RouteTable) -> Outcome:
        match self.hooks.fault:
            case Fault.NONE:
                return self._apply(table)
            case Fault.UNREACHABLE:
                return Refused(f"cannot connect to edge {self._edge}")
            case Fault.LOST_BEFORE:
                return Unknown("no answer")
            case Fault.LOST_AFTER:
                self._apply(table)
                return Unknown("no answer")
            case Fault.LATE:
                self._late.append(table)
                return Unknown("no answer")

    def route(self, slot: SlotId) -> Route | None:
        """Return where users of *slot* are sent, whatever ails the controller's way."""
        return self._table.routes.get(slot)

    def forget(self) -> None:
        """Restart with the files of the very first day: old routes, old epoch."""
        self._table = self._first

    def wipe(self) -> None:
        """Restart without any files: no slot, no epoch."""
        self._table = RouteTable(epoch=Epoch(0), routes={})

    def deliver_late(self) -> list[Outcome]:
        """Let delayed orders arrive, oldest first, and return what came of them."""
        waiting, self._late = self._late, []
        return [self._apply(table, late=True) for table in waiting]

    def _apply(self, table: RouteTable, *, late: bool = False) -> Outcome:
        if why := stale(seen=self._table.epoch, offered=table.epoch):
            return Refused(why)
        self._table = RouteTable(epoch=table.epoch, routes=dict(table.routes))
        if self.hooks.applied is not None:
            self.hooks.applied(self._table, late=late)
        return Done({"epoch": str(table.epoch), "slots": str(len(table.routes))})

    @override
    async def prove(self, site: SiteId, *, zone: ZoneId) -> Outcome:
        if self.hooks.fault is Fault.UNREACHABLE:
            return Refused(f"cannot connect to edge {self._edge}")
        if self.hooks.fault is not Fault.NONE:
            return Unknown("no complete answer")
        slot = self._sites.get(site)
        route = None if slot is None else self._table.routes.get(slot)
        if route is None:
            return Refused(f"status 404 from zone none, expected {zone}")
        seen = self._answering(route.read)
        if seen != zone:
            return Refused(f"answered by zone {seen}, expected {zone}")
        return Done({"zone": seen})

    def _answering(self, wanted: ZoneId) -> ZoneId | None:
        """Return who answers a read: the routed zone, else any that is up."""
        up = [z for z in self._zones if z not in self.hooks.zones_down]
        return wanted if wanted in up else next(iter(up), None)

    @override
    async def aclose(self) -> None:
        """Nothing is open."""
