"""What the controller may ask of one edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from controller.model.ids import EdgeId, Epoch, SiteId, SlotId, ZoneId
from controller.model.outcomes import NotSeen, Outcome


class Gate(StrEnum):
    """Whether writes pass."""

    OPEN = "open"
    HOLD = "hold"  # 503 + Retry-After: nothing was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where one slot's requests go. *write* is meaningless while held."""

    read: ZoneId
    write: ZoneId
    gate: Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """Every slot's route, under one epoch."""

    epoch: Epoch
    routes: Mapping[SlotId, Route]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTraffic:
    """What one edge counted of one zone since it began; it only grows.

    requests: what was sent there, or was to be. failures: a server error, no answer,
    no connection. aborts: given up by the client first; among the requests, and no
    failure of anybody.
    """

    requests: int
    failures: int
    aborts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeState:
    """One edge as read back from itself.

    zones_up: what the edge's own health checks say of each zone's origin.
    traffic: its counters of each zone; empty: it keeps none.
    """

    edge: EdgeId
    table: RouteTable
    zones_up: Mapping[ZoneId, bool]
    traffic: Mapping[ZoneId, ZoneTraffic] = field(default_factory=dict)


class Edge(Protocol):
    """One edge; it refuses a table whose epoch is older than its own.

    Of an edge that several clusters share an adapter is one cluster's door: it
    reads and writes that cluster's slots alone, under that cluster's epoch
    (`cdn_router.shares`). Another's slot, and an order that takes the whole edge
    while it is shared, are `Refused`.
    """

    @property
    def edge(self) -> EdgeId:
        """Return the edge this adapter speaks to."""
        ...

    async def read(self) -> EdgeState | NotSeen:
        """Read the routes in force and the edge's view of the zones."""
        ...

    async def ensure_routes(self, table: RouteTable) -> Outcome:
        """Put *table* in force, files first so that a restart keeps it, read back.

        An equal table of the same epoch is `Done`; an older epoch is
        `Refused` and changes nothing.
        """
        ...

    async def prove(self, site: SiteId, *, zone: ZoneId) -> Outcome:
        """Send a read for *site* through this edge; `Done` if *zone* answered."""
        ...

    async def aclose(self) -> None:
        """Close what is open; safe to call twice."""
        ...
