"""From the table in force and an intent to the next table. Pure.

Three intents, always in this order, each repeatable: `held` (writes wait, reads
leave), `routed` (writes point to the new zone, still held), `released` (the
gate opens). A change is then checked against its blast radius and applied.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cdn_router.ports import Gate, Route, RouteTable
from controller.model.ids import Epoch, SlotId, ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The smallest set of entries that turns one table into another."""

    epoch: Epoch
    set_routes: Mapping[SlotId, Route]
    removed: frozenset[SlotId]

    @property
    def empty(self) -> bool:
        """Tell whether nothing has to be moved (the epoch may still rise)."""
        return not self.set_routes and not self.removed


@dataclass(frozen=True, slots=True, kw_only=True)
class BlastRadius:
    """How much one change may move.

    max_share: share of all slots (0 to 1) a change may touch without reason.
    A change that names the lost zone may touch every slot that used it.
    """

    max_share: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.max_share <= 1.0:
            raise ValueError(f"max_share must be within 0..1, not {self.max_share}")


def held(
    table: RouteTable, *, losing: ZoneId, backup: ZoneId, epoch: Epoch
) -> RouteTable:
    """Hold the writes of *losing*'s slots and send its reads to *backup*."""

    def turn(route: Route) -> Route:
        read = backup if route.read == losing else route.read
        gate = Gate.HOLD if route.write == losing else route.gate
        return replace(route, read=read, gate=gate)

    return _turned(table, epoch, turn)


def routed(
    table: RouteTable, *, losing: ZoneId, backup: ZoneId, epoch: Epoch
) -> RouteTable:
    """Point *losing*'s writes to *backup*, held until `released`."""
    table = held(table, losing=losing, backup=backup, epoch=epoch)

    def turn(route: Route) -> Route:
        if route.write != losing:
            return route
        return replace(route, write=backup, gate=Gate.HOLD)

    return _turned(table, epoch, turn)


def released(table: RouteTable, *, zone: ZoneId, epoch: Epoch) -> RouteTable:
    """Open the gate of every slot whose writes go to *zone*."""

    def turn(route: Route) -> Route:
        return replace(route, gate=Gate.OPEN) if route.write == zone else route

    return _turned(table, epoch, turn)


def difference(current: RouteTable, wanted: RouteTable) -> Change:
    """Return what must be written to get from *current* to *wanted*."""
    return Change(
        epoch=wanted.epoch,
        set_routes={
            slot: route
            for slot, route in wanted.routes.items()
            if current.routes.get(slot) != route
        },
        removed=frozenset(current.routes.keys() - wanted.routes.keys()),
    )


def stale(*, seen: Epoch, offered: Epoch) -> str | None:
    """Say why *offered* must be refused by who has seen *seen*, or None."""
    if offered >= seen:
        return None
    return f"epoch {offered} is older than {seen}, which is in force"


def too_wide(
    current: RouteTable,
    change: Change,
    policy: BlastRadius,
    *,
    lost: ZoneId | None = None,
) -> str | None:
    """Say why *change* may not be applied, or None when it may.

    Slots that used *lost* are free to move; the others count against the share.
    Removing a slot always counts.
    """
    unexplained = [
        slot
        for slot in (*change.set_routes, *change.removed)
        if slot in change.removed or not _used(current.routes.get(slot), lost)
    ]
    total = len(current.routes)
    if not unexplained or len(unexplained) <= policy.max_share * total:
        return None
    return (
        f"{len(unexplained)} of {total} slots would move without a lost zone"
        f" behind it; {policy.max_share:.0%} is allowed"
    )


def _used(route: Route | None, zone: ZoneId | None) -> bool:
    return route is not None and zone is not None and zone in {route.read, route.write}


def _turned(
    table: RouteTable, epoch: Epoch, turn: Callable[[Route], Route]
) -> RouteTable:
    return RouteTable(
        epoch=epoch,
        routes={slot: turn(route) for slot, route in table.routes.items()},
    )
