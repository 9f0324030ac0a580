"""Orders to one HAProxy, those of several clusters carried out in one go.

An order takes some twenty milliseconds, most of it waiting for the disk. When a
zone takes many primaries, each of their orders would wait for all before it: so
whoever waits while one is carried out goes together with the others in the next.
Every order is judged by itself, under its own epoch; none waits for a free place in
the one under way. Within one cluster the order of orders is kept.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cdn_router.adapters.haproxy_look import WRITE_BACKEND, Look, look, table_of
from cdn_router.adapters.haproxy_maps import (
    EPOCH,
    GATE,
    READ,
    WRITE,
    AdminSocket,
    EdgeError,
    Keys,
    MapFiles,
    apart,
)
from cdn_router.ports import Gate, Route, RouteTable
from cdn_router.shares import Share, Shares, own_keys, written
from controller.model.ids import SlotId
from controller.model.outcomes import Done, Outcome, Refused, Unknown

_FEW = 100  # up to here single edits are quicker than a transaction
_Step: TypeAlias = tuple[str, Mapping[str, str], Keys]


@dataclass(eq=False, slots=True)
class Order:
    """One cluster's table on its way; *answer* is cancelled by who gives up."""

    share: Share | None
    table: RouteTable
    answer: asyncio.Future[Outcome]

    def end(self, outcome: Outcome) -> None:
        """Answer, unless nobody waits any more."""
        if not self.answer.done():
            self.answer.set_result(outcome)


@dataclass(frozen=True, slots=True)
class OrderRoom:
    """Carries out orders at the edge behind *socket* and *files*."""

    socket: AdminSocket
    files: MapFiles

    async def carry_out(self, orders: Sequence[Order], timeout_s: float) -> None:
        """Answer every order; those of one call are of different clusters.

        What was begun and has no end is `Unknown`; what was not, `Refused`.
        """
        begun: list[Order] = []
        try:
            async with asyncio.timeout(timeout_s), self.files.locked() as lock:
                before = await look(self.socket, zones=False)
                begun = self._fit(before, orders)
                if begun:
                    await self._apply(lock, before, begun)
                    after = await look(self.socket, zones=False)
                    for order in begun:
                        order.end(_read_back(after, order))
                return
        except TimeoutError:
            why = "no answer in time"
        except (OSError, EdgeError, ValueError) as error:
            why = f"{type(error).__name__}: {error}"
        for order in orders:
            order.end(Unknown(why) if order in begun else Refused(why))

    def _fit(self, seen: Look, orders: Sequence[Order]) -> list[Order]:
        """Return the orders that may be applied; the others are refused.

        By what is live and by the files: HAProxy starts again from these. Whoever
        gave up while we waited for the edge's lock has ordered nothing.
        """
        kept = Shares(self.files.read(EPOCH), seen.shares.mapped)
        found: list[Order] = []
        taken: set[SlotId] = set()
        for order in orders:
            if order.answer.done():
                continue
            share, table = order.share, order.table
            why = seen.shares.objection(share, table) or kept.objection(share, table)
            if why is None and not taken.isdisjoint(table.routes):
                why = "another cluster takes the same slot at this moment"
            if why is not None:
                order.end(Refused(why))
                continue
            taken.update(table.routes)
            found.append(order)
        return found

    async def _apply(self, lock: int, seen: Look, orders: Sequence[Order]) -> None:
        each = [_steps(seen, order) for order in orders]
        steps = [_joined(parts) for parts in zip(*each, strict=True)]
        await self.files.write(lock, steps)
        for name, entries, own in steps:
            await self._put(seen.ids[name], entries, own)
        _, _, own_slots = steps[1]
        await self._end_writers(seen, orders, apart(seen.write, own_slots).values())

    async def _put(self, map_id: str, wanted: Mapping[str, str], own: Keys) -> None:
        current = await self.socket.show(map_id)
        others = apart(current, own)
        old = {key: value for key, value in current.items() if key not in others}
        changed = sum(old.get(k) != v for k, v in wanted.items())
        if changed + len(old.keys() - wanted.keys()) > _FEW:
            await self.socket.replace(map_id, {**others, **wanted})
        else:
            await self.socket.edit(map_id, old, wanted)

    async def _end_writers(
        self, seen: Look, orders: Sequence[Order], others: Collection[str]
    ) -> None:
        """Answer `unknown` now to writes hanging in a zone no slot writes to.

        *others*: where the slots of other clusters write to. While one does, our
        hanging writes wait for their time-out: they cannot be told from its own.
        """
        before = (table_of(seen, order.share) for order in orders)
        left = {r.write for table in before for r in table.routes.values()}
        now = {r.write for order in orders for r in order.table.routes.values()}
        for zone in sorted(left - now - set(others)):
            await self.socket.ask(
                f"shutdown sessions server {WRITE_BACKEND}{zone}/{zone}"
            )


def _steps(seen: Look, order: Order) -> Sequence[_Step]:
    """Return what one order writes, in order: the claim first, the epoch last."""
    share, table = order.share, order.table
    before = table_of(seen, share)
    slots = {*seen.shares.mine(share), *table.routes}
    marks: Keys = None if share is None else own_keys(share, slots)
    own: Keys = None if share is None else frozenset(map(str, slots))
    claim = written(share, claimed=table.epoch, epoch=before.epoch, slots=slots)
    final = written(share, claimed=table.epoch, epoch=table.epoch, slots=table.routes)
    # Writes are held before anything moves, and let go after everything did.
    shut = _gates(table) | {
        slot: Gate.HOLD.value
        for slot, route in before.routes.items()
        if _moves(route, table.routes.get(SlotId(slot)))
    }
    return (
        (EPOCH, claim, marks),
        (GATE, shut, own),
        (READ, {slot: route.read for slot, route in table.routes.items()}, own),
        (WRITE, {slot: route.write for slot, route in table.routes.items()}, own),
        (GATE, _gates(table), own),
        (EPOCH, final, marks),
    )


def _joined(parts: Sequence[_Step]) -> _Step:
    """Return the same step of several orders as one; who has all keys is alone."""
    name, _, own = parts[0]
    if own is None:
        assert len(parts) == 1
        return parts[0]
    keys = frozenset(key for _, _, some in parts for key in some or ())
    return name, {k: v for _, some, _ in parts for k, v in some.items()}, keys


def _read_back(after: Look, order: Order) -> Outcome:
    try:
        table = table_of(after, order.share)
    except ValueError as error:  # a stranger's edit of its marks: no other order's
        return Unknown(str(error))
    if table != order.table:
        return Unknown("read back something else than what was written")
    return Done({"epoch": str(table.epoch), "slots": str(len(table.routes))})


def _gates(table: RouteTable) -> dict[str, str]:
    return {slot: route.gate.value for slot, route in table.routes.items()}


def _moves(old: Route, new: Route | None) -> bool:
    return new is not None and new.write != old.write
