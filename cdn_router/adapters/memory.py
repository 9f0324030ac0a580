"""`Edge` in memory, under the same contract; powers rehearsals and tests.

Faults are switches on the edge itself; `late` orders are kept and delivered by
`deliver_late`, as a network would, also after a newer epoch. Several clusters'
doors to one edge stand on one `Board`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from typing_extensions import override

from cdn_router.ports import Edge, EdgeState, Route, RouteTable, ZoneTraffic
from cdn_router.shares import Share, Shares, own_keys, written
from controller.model.ids import EdgeId, SiteId, SlotId, ZoneId
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
    counts: what it has counted of each zone. restarted: told that it begins anew.
    """

    fault: Fault = Fault.NONE
    zones_down: frozenset[ZoneId] = frozenset()
    applied: Applied | None = None
    counts: Callable[[], Mapping[ZoneId, ZoneTraffic]] = dict
    restarted: Callable[[], None] | None = None


@dataclass(slots=True)
class Board:
    """What an edge has in force: every slot's route, and the marks beside them."""

    routes: dict[SlotId, Route] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: RouteTable) -> "Board":
        """Return a board laid out for the first time, before it is shared."""
        marks = written(None, claimed=table.epoch, epoch=table.epoch, slots=())
        return cls(dict(table.routes), dict(marks))

    def shares(self) -> Shares:
        """Return whose which slot is now."""
        return Shares(self.marks, frozenset(self.routes))


class MemoryEdge(Edge):
    """One door to a board, the origins' health, and a way to break both."""

    def __init__(
        self,
        edge: EdgeId,
        first: RouteTable | Board,
        *,
        zones: Iterable[ZoneId],
        sites: Mapping[SiteId, SlotId],
        share: Share | None = None,
    ) -> None:
        """*first*: of its very first day; a board may have other doors, too."""
        self._edge = edge
        self._board = first if isinstance(first, Board) else Board.of(first)
        self._first = Board(dict(self._board.routes), dict(self._board.marks))
        self._share = share
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
        if self._share is None and (words := self._board.shares().shared_words()):
            return NotSeen("body", words)
        try:
            table = self._table()
        except ValueError as error:
            return NotSeen("body", str(error))
        return EdgeState(
            edge=self._edge,
            table=table,
            zones_up={z: z not in self.hooks.zones_down for z in self._zones},
            traffic=self.hooks.counts(),
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
        return self._board.routes.get(slot)

    def forget(self) -> None:
        """Restart with the files of the very first day: old routes, old epoch."""
        self._lay(self._first)

    def wipe(self) -> None:
        """Restart without any files: no slot, no epoch."""
        self._lay(Board(marks={"claimed": "0", "epoch": "0"}))

    def deliver_late(self) -> list[Outcome]:
        """Let delayed orders arrive, oldest first, and return what came of them."""
        waiting, self._late = self._late, []
        return [self._apply(table, late=True) for table in waiting]

    def _lay(self, board: Board) -> None:
        """Begin anew with what *board* says, for every door."""
        if self.hooks.restarted is not None:
            self.hooks.restarted()
        self._board.routes = dict(board.routes)
        self._board.marks = dict(board.marks)

    def _table(self) -> RouteTable:
        board, share = self._board, self._share
        shares = board.shares()
        own = shares.mine(share)
        return RouteTable(
            epoch=shares.in_force(share),
            routes={s: route for s, route in board.routes.items() if s in own},
        )

    def _apply(self, table: RouteTable, *, late: bool = False) -> Outcome:
        board, share = self._board, self._share
        shares = board.shares()
        if why := shares.objection(share, table):
            return Refused(why)
        own = shares.mine(share)
        for slot in own:
            board.routes.pop(slot, None)
        for key in own_keys(share, own):
            board.marks.pop(key, None)
        board.routes.update(table.routes)
        epoch = table.epoch
        board.marks.update(
            written(share, claimed=epoch, epoch=epoch, slots=table.routes)
        )
        if self.hooks.applied is not None:
            self.hooks.applied(self._table(), late=late)
        return Done({"epoch": str(table.epoch), "slots": str(len(table.routes))})

    @override
    async def prove(self, site: SiteId, *, zone: ZoneId) -> Outcome:
        if self.hooks.fault is Fault.UNREACHABLE:
            return Refused(f"cannot connect to edge {self._edge}")
        if self.hooks.fault is not Fault.NONE:
            return Unknown("no complete answer")
        slot = self._sites.get(site)
        route = None if slot is None else self._board.routes.get(slot)
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
