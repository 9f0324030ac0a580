"""Routing orders carried out on every edge side by side.

An edge that cannot be reached is named in the evidence and does not hold the
others up; the database fence still stops what it lets through.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from cdn_router.ports import Edge, EdgeState, Gate, Route, RouteTable
from controller.act.combine import at_least_one, combine
from controller.act.ports import Ports
from controller.act.within import within
from controller.model.commands import EnsureHeld, EnsureReleased, EnsureRouted
from controller.model.ids import EdgeId, Epoch, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown

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

        return await self._everywhere(apply_and_prove, order.edges)

    async def released(self, order: EnsureReleased) -> Outcome:
        """Let writes pass."""
        route = Route(read=order.read_zone, write=order.write_zone, gate=Gate.OPEN)
        return await self._everywhere(self._apply(route, order.epoch), order.edges)

    async def seen(self) -> Mapping[EdgeId, EdgeState | NotSeen]:
        """Read every edge back, side by side."""
        edges = self.ports.edges
        answers = await asyncio.gather(*(_read(edge) for edge in edges.values()))
        return dict(zip(edges, answers, strict=True))

    def _apply(
        self, route: Route, epoch: Epoch
    ) -> Callable[[Edge], Awaitable[Outcome]]:
        table = RouteTable(epoch=epoch, routes=dict.fromkeys(self.ports.slots, route))
        return lambda edge: edge.ensure_routes(table)

    async def _prove(self, edge: Edge, zone: ZoneId) -> Outcome:
        firsts = [sites[0] for sites in self.ports.slots.values() if sites]
        answers = await asyncio.gather(*(edge.prove(s, zone=zone) for s in firsts))
        return combine(dict(zip(firsts, answers, strict=True)))

    async def _everywhere(
        self, ask: Callable[[Edge], Awaitable[Outcome]], only: tuple[EdgeId, ...] = ()
    ) -> Outcome:
        """Ask every edge, or only the named ones; one that is gone is a refusal."""
        edges = self.ports.edges
        names = only or tuple(edges)
        answers: dict[str, Outcome] = {
            n: Refused(f"no edge {n} is configured") for n in names if n not in edges
        }
        known = [n for n in names if n in edges]
        told = await asyncio.gather(*(_bounded(ask, edges[n]) for n in known))
        return at_least_one({**answers, **dict(zip(known, told, strict=True))})


def _ok(outcome: Outcome) -> bool:
    return isinstance(outcome, Done)


async def _read(edge: Edge) -> EdgeState | NotSeen:
    try:
        return await within(EDGE_TIMEOUT_S, edge.read())
    except TimeoutError:
        return NotSeen("read", f"no answer within {EDGE_TIMEOUT_S:g} s")


async def _bounded(ask: Callable[[Edge], Awaitable[Outcome]], edge: Edge) -> Outcome:
    try:  # asked for in here: a run that gives way may be cancelled before this begins
        return await within(EDGE_TIMEOUT_S, ask(edge))
    except TimeoutError:
        return Unknown(f"no answer within {EDGE_TIMEOUT_S:g} s")
