"""Routing orders carried out on every edge side by side.

An edge that cannot be reached is named in the evidence and does not hold the
others up; the database fence still stops what it lets through.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cdn_router.ports import Edge, Gate, Route, RouteTable
from controller.act.combine import at_least_one, combine
from controller.act.ports import Ports
from controller.act.within import within
from controller.model.commands import EnsureHeld, EnsureReleased, EnsureRouted
from controller.model.ids import Epoch, ZoneId
from controller.model.outcomes import Done, Outcome, Unknown

EDGE_TIMEOUT_S = 0.4


@dataclass(frozen=True, slots=True)
class RoutingExecutor:
    """Speaks to edges; decides nothing."""

    ports: Ports

    async def held(self, order: EnsureHeld) -> Outcome:
        """Stop writes, send reads to the backup."""
        route = Route(read=order.read_zone, write=order.write_zone, gate=Gate.HOLD)
        return await self._everywhere(self._apply(route, order.epoch))

    async def routed(self, order: EnsureRouted) -> Outcome:
        """Send reads to *zone* with writes held, and prove it by reading pages."""
        route = Route(read=order.zone, write=order.zone, gate=Gate.HOLD)
        apply = self._apply(route, order.epoch)

        async def apply_and_prove(edge: Edge) -> Outcome:
            applied = await apply(edge)
            return await self._prove(edge, order.zone) if _ok(applied) else applied

        return await self._everywhere(apply_and_prove)

    async def released(self, order: EnsureReleased) -> Outcome:
        """Let writes pass."""
        route = Route(read=order.read_zone, write=order.write_zone, gate=Gate.OPEN)
        return await self._everywhere(self._apply(route, order.epoch))

    def _apply(
        self, route: Route, epoch: Epoch
    ) -> Callable[[Edge], Awaitable[Outcome]]:
        table = RouteTable(epoch=epoch, routes=dict.fromkeys(self.ports.slots, route))
        return lambda edge: edge.ensure_routes(table)

    async def _prove(self, edge: Edge, zone: ZoneId) -> Outcome:
        firsts = [sites[0] for sites in self.ports.slots.values() if sites]
        answers = await asyncio.gather(*(edge.prove(s, zone=zone) for s in firsts))
        return combine(dict(zip(firsts, answers, strict=True)))

    async def _everywhere(self, ask: Callable[[Edge], Awaitable[Outcome]]) -> Outcome:
        edges = self.ports.edges
        answers = await asyncio.gather(*(_bounded(ask(e)) for e in edges.values()))
        return at_least_one(dict(zip(edges, answers, strict=True)))


def _ok(outcome: Outcome) -> bool:
    return isinstance(outcome, Done)


async def _bounded(call: Awaitable[Outcome]) -> Outcome:
    try:
        return await within(EDGE_TIMEOUT_S, call)
    except TimeoutError:
        return Unknown(f"no answer within {EDGE_TIMEOUT_S:g} s")
