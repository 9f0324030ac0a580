"""What the controller relies on from any edge; one method per promise."""

from abc import ABC, abstractmethod
from asyncio import run
from collections.abc import Iterator

import pytest

from cdn_router.plan import held, released, routed
from cdn_router.ports import Edge, EdgeState, Gate, Route, RouteTable
from controller.model.ids import Epoch, SlotId
from controller.model.outcomes import Done, Refused
from tests.edge_lab import OTHER_SLOT, SITE, SLOT, A, B, C

FIRST = RouteTable(
    epoch=Epoch(0),
    routes={
        slot: Route(read=A, write=A, gate=Gate.OPEN) for slot in (SLOT, OTHER_SLOT)
    },
)


async def state_of(edge: Edge) -> EdgeState:
    """Return what *edge* says, which it must be able to."""
    state = await edge.read()
    assert isinstance(state, EdgeState), state
    return state


def moved(epoch: int) -> RouteTable:
    """Return the table with everything in zone b."""
    table = routed(FIRST, losing=A, backup=B, epoch=Epoch(epoch))
    return released(table, zone=B, epoch=Epoch(epoch))


class EdgeContract(ABC):
    """Zones a and b answer, c does not; the first table is `FIRST`."""

    @abstractmethod
    def make_edge(self) -> Iterator[Edge]:
        """Yield an edge in its first state and clean up after it."""

    @pytest.fixture
    def edge(self) -> Iterator[Edge]:
        yield from self.make_edge()

    def test_reads_back_the_first_table(self, edge: Edge) -> None:
        assert run(state_of(edge)).table == FIRST

    def test_puts_a_table_in_force(self, edge: Edge) -> None:
        async def story() -> None:
            wanted = held(FIRST, losing=A, backup=B, epoch=Epoch(1))
            outcome = await edge.ensure_routes(wanted)
            assert isinstance(outcome, Done), outcome
            assert (await state_of(edge)).table == wanted

        run(story())

    def test_asking_twice_is_the_same_as_asking_once(self, edge: Edge) -> None:
        async def story() -> None:
            for _ in range(2):
                assert isinstance(await edge.ensure_routes(moved(1)), Done)
                assert (await state_of(edge)).table == moved(1)

        run(story())

    def test_an_old_epoch_is_refused_and_changes_nothing(self, edge: Edge) -> None:
        async def story() -> None:
            await edge.ensure_routes(moved(2))
            old = held(FIRST, losing=A, backup=C, epoch=Epoch(1))
            assert isinstance(await edge.ensure_routes(old), Refused)
            assert (await state_of(edge)).table == moved(2)

        run(story())

    def test_the_same_epoch_may_go_on_to_its_next_step(self, edge: Edge) -> None:
        async def story() -> None:
            for step in (held, routed):
                table = step(FIRST, losing=A, backup=B, epoch=Epoch(3))
                assert isinstance(await edge.ensure_routes(table), Done)
            assert isinstance(await edge.ensure_routes(moved(3)), Done)
            assert (await state_of(edge)).table == moved(3)

        run(story())

    def test_slots_come_and_go_with_the_table(self, edge: Edge) -> None:
        async def story() -> None:
            route = Route(read=B, write=A, gate=Gate.HOLD)
            for slots in (("s1", "s9"), ("s1",)):
                wanted = RouteTable(
                    epoch=Epoch(1), routes={SlotId(slot): route for slot in slots}
                )
                outcome = await edge.ensure_routes(wanted)
                assert isinstance(outcome, Done), outcome
                assert (await state_of(edge)).table == wanted

        run(story())

    def test_a_large_table_is_put_in_force_whole(self, edge: Edge) -> None:
        async def story() -> None:
            route = Route(read=B, write=B, gate=Gate.OPEN)
            names = [SlotId(f"slot-{n}") for n in range(1500)]
            wanted = RouteTable(epoch=Epoch(1), routes=dict.fromkeys(names, route))
            outcome = await edge.ensure_routes(wanted)
            assert isinstance(outcome, Done), outcome
            assert (await state_of(edge)).table == wanted

        run(story())

    def test_proves_which_zone_answers(self, edge: Edge) -> None:
        async def story() -> None:
            assert isinstance(await edge.prove(SITE, zone=A), Done)
            assert isinstance(await edge.prove(SITE, zone=B), Refused)
            await edge.ensure_routes(moved(1))
            assert isinstance(await edge.prove(SITE, zone=B), Done)

        run(story())

    def test_closing_twice_is_safe(self, edge: Edge) -> None:
        async def story() -> None:
            await edge.aclose()
            await edge.aclose()

        run(story())
