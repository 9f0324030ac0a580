"""Every edge adapter signs the contract."""

import asyncio
import fcntl
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from typing_extensions import override

from cdn_router.adapters.haproxy import HaproxyEdge, HaproxyRuntime
from cdn_router.adapters.haproxy_maps import EPOCH, AdminSocket
from cdn_router.adapters.memory import Board, Fault, MemoryEdge
from cdn_router.ports import Edge, EdgeState
from cdn_router.shares import Share
from controller.model.ids import EdgeId
from controller.model.outcomes import Done, NotSeen, Refused, Unknown
from tests.contract.edge import FIRST, EdgeContract, moved, state_of
from tests.contract.edge_shared import (
    SPOILT,
    Doors,
    MemoryDoors,
    SharedEdgeContract,
)
from tests.edge_lab import SITE, SLOT, A, B, C, EdgeLab, edge_lab
from tests.labs import until


def memory_edge() -> MemoryEdge:
    edge = MemoryEdge(EdgeId("m"), FIRST, zones=(A, B, C), sites={SITE: SLOT})
    edge.hooks.zones_down = frozenset({C})
    return edge


class TestMemoryEdge(EdgeContract):
    """The edge of rehearsals."""

    @override
    def make_edge(self) -> Iterator[Edge]:
        yield memory_edge()


class TestMemoryEdgeShared(SharedEdgeContract):
    """Several doors to one board."""

    @override
    def make_doors(self) -> Iterator[Doors]:
        yield MemoryDoors(Board.of(FIRST))


def settled(lab: EdgeLab) -> Edge:
    """Wait until the edge's checks have found both origins."""
    edge = lab.adapter()
    up = {A: True, B: True, C: False}

    def sees() -> bool:
        state = asyncio.run(edge.read())  # it may not listen yet
        return isinstance(state, EdgeState) and state.zones_up == up

    until(sees, "the edge sees its zones")
    return edge


@dataclass(frozen=True, slots=True)
class HaproxyDoors(Doors):
    """*door* opens one to the edge of *lab*."""

    lab: EdgeLab
    door: Callable[[Share | None], Edge]

    @override
    def __call__(self, share: Share | None) -> Edge:
        return self.door(share)

    @override
    async def spoil(self, mark: str) -> None:
        socket = AdminSocket(self.lab.spec.socket)
        marks = (await socket.map_ids())[EPOCH]
        await socket.order(f"set map {marks} {mark} {SPOILT}")


@pytest.mark.lab
class TestHaproxyEdge(EdgeContract):
    """A real HAProxy on loopback."""

    @override
    def make_edge(self) -> Iterator[Edge]:
        with edge_lab() as lab:
            yield settled(lab)


@pytest.mark.lab
@pytest.mark.slow
class TestHaproxyEdgeShared(SharedEdgeContract):
    """Several doors to a real HAProxy, each as a daemon of its own would have it."""

    @override
    def make_doors(self) -> Iterator[Doors]:
        with edge_lab() as lab:
            settled(lab)
            yield HaproxyDoors(lab, lab.adapter)


@pytest.mark.lab
class TestHaproxyEdgeOfAFleet(SharedEdgeContract):
    """Several doors to a real HAProxy in one process: their orders go together."""

    @override
    def make_doors(self) -> Iterator[Doors]:
        with edge_lab() as lab:
            settled(lab)
            runtime = HaproxyRuntime(socket=lab.spec.socket, maps=lab.spec.maps)

            def door(share: Share | None) -> Edge:
                return HaproxyEdge(
                    EdgeId("edge-1"), url=lab.url, runtime=runtime, share=share
                )

            yield HaproxyDoors(lab, door)


def test_a_lost_answer_is_unknown_whether_or_not_it_took_effect() -> None:
    async def story() -> None:
        for fault, after in ((Fault.LOST_BEFORE, FIRST), (Fault.LOST_AFTER, moved(1))):
            edge = memory_edge()
            edge.hooks.fault = fault
            assert isinstance(await edge.ensure_routes(moved(1)), Unknown)
            edge.hooks.fault = Fault.NONE
            assert (await state_of(edge)).table == after

    asyncio.run(story())


def test_an_unreachable_edge_refuses_and_is_not_seen() -> None:
    async def story() -> None:
        edge = memory_edge()
        edge.hooks.fault = Fault.UNREACHABLE
        assert isinstance(await edge.ensure_routes(moved(1)), Refused)
        assert isinstance(await edge.read(), NotSeen)
        edge.hooks.fault = Fault.NONE
        assert (await state_of(edge)).table == FIRST

    asyncio.run(story())


def test_a_late_order_arriving_after_a_newer_epoch_changes_nothing() -> None:
    async def story() -> None:
        edge = memory_edge()
        edge.hooks.fault = Fault.LATE
        assert isinstance(await edge.ensure_routes(moved(1)), Unknown)
        edge.hooks.fault = Fault.NONE
        assert isinstance(await edge.ensure_routes(moved(2)), Done)
        assert [type(o) for o in edge.deliver_late()] == [Refused]
        assert (await state_of(edge)).table == moved(2)

    asyncio.run(story())


@pytest.mark.lab
def test_who_gives_up_before_the_edge_is_free_has_ordered_nothing() -> None:
    """Another controller writes: what waited is not carried out behind our back."""

    async def story(lab: EdgeLab) -> None:
        edge = lab.adapter()
        with (lab.spec.maps / ".lock").open("w") as theirs:
            fcntl.flock(theirs, fcntl.LOCK_EX)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await edge.ensure_routes(moved(5))
        assert isinstance(await edge.ensure_routes(moved(1)), Done)
        assert (await state_of(edge)).table == moved(1)

    with edge_lab() as lab:
        settled(lab)
        asyncio.run(story(lab))
