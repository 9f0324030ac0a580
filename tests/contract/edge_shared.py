"""What clusters that share an edge rely on; one method per promise."""

from abc import ABC, abstractmethod
from asyncio import gather, run
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pytest
from typing_extensions import override

from cdn_router.adapters.memory import Board, MemoryEdge
from cdn_router.ports import Edge, Gate, Route, RouteTable
from cdn_router.shares import Share
from controller.model.ids import ClusterId, EdgeId, Epoch, SlotId, ZoneId
from controller.model.outcomes import Done, NotSeen, Refused
from tests.contract.edge import FIRST, state_of
from tests.edge_lab import OTHER_SLOT, SITE, SLOT, A, B, C

ONE = Share(cluster=ClusterId("one"), slots=frozenset({SLOT}))
SPOILT = "7x"
TWO = Share(cluster=ClusterId("two"), slots=frozenset({OTHER_SLOT}))


class Doors(Protocol):
    """Opens a door to the edge for one cluster; for None: to the whole edge."""

    def __call__(self, share: Share | None) -> Edge: ...

    async def spoil(self, mark: str) -> None:
        """Make *mark* say what is no number, as a stranger's edit would."""


@dataclass(frozen=True, slots=True)
class MemoryDoors(Doors):
    """Doors to one board, of one kind."""

    board: Board
    kind: type[MemoryEdge] = MemoryEdge

    @override
    def __call__(self, share: Share | None) -> Edge:
        return self.kind(
            EdgeId("m"), self.board, zones=(A, B, C), sites={SITE: SLOT}, share=share
        )

    @override
    async def spoil(self, mark: str) -> None:
        self.board.marks[mark] = SPOILT


def table(slot: SlotId, zone: ZoneId, epoch: int) -> RouteTable:
    """Return *slot* alone in *zone*."""
    route = Route(read=zone, write=zone, gate=Gate.OPEN)
    return RouteTable(epoch=Epoch(epoch), routes={slot: route})


class SharedEdgeContract(ABC):
    """Clusters one (slot s1) and two (slot s2) at an edge laid out with `FIRST`."""

    @abstractmethod
    def make_doors(self) -> Iterator[Doors]:
        """Yield what opens doors to one edge in its first state."""

    @pytest.fixture
    def doors(self) -> Iterator[Doors]:
        yield from self.make_doors()

    def test_each_sees_its_own_slots_under_its_own_epoch(self, doors: Doors) -> None:
        async def story() -> None:
            one, two = doors(ONE), doors(TWO)
            assert isinstance(await one.ensure_routes(table(SLOT, B, 7)), Done)
            assert (await state_of(one)).table == table(SLOT, B, 7)
            assert (await state_of(two)).table == table(OTHER_SLOT, A, 0)
            assert (await state_of(two)).zones_up == (await state_of(one)).zones_up

        run(story())

    def test_a_high_epoch_of_one_makes_no_order_of_the_other_stale(
        self, doors: Doors
    ) -> None:
        async def story() -> None:
            one, two = doors(ONE), doors(TWO)
            assert isinstance(await one.ensure_routes(table(SLOT, B, 900)), Done)
            assert isinstance(await two.ensure_routes(table(OTHER_SLOT, C, 2)), Done)
            assert (await state_of(one)).table == table(SLOT, B, 900)
            assert (await state_of(two)).table == table(OTHER_SLOT, C, 2)

        run(story())

    def test_an_old_epoch_is_refused_whatever_the_other_has_done(
        self, doors: Doors
    ) -> None:
        async def story() -> None:
            one, two = doors(ONE), doors(TWO)
            assert isinstance(await one.ensure_routes(table(SLOT, B, 5)), Done)
            assert isinstance(await two.ensure_routes(table(OTHER_SLOT, B, 2)), Done)
            assert isinstance(await one.ensure_routes(table(SLOT, C, 4)), Refused)
            assert (await state_of(one)).table == table(SLOT, B, 5)

        run(story())

    def test_orders_of_several_at_once_are_each_judged_by_themselves(
        self, doors: Doors
    ) -> None:
        async def story() -> None:
            one, two = doors(ONE), doors(TWO)
            await one.ensure_routes(table(SLOT, B, 5))
            old, new, again = await gather(
                one.ensure_routes(table(SLOT, C, 4)),
                two.ensure_routes(table(OTHER_SLOT, B, 1)),
                one.ensure_routes(table(SLOT, A, 6)),
            )
            assert isinstance(old, Refused)
            assert isinstance(new, Done), new
            assert isinstance(again, Done), again
            assert (await state_of(one)).table == table(SLOT, A, 6)
            assert (await state_of(two)).table == table(OTHER_SLOT, B, 1)

        run(story())

    def test_a_broken_mark_of_one_refuses_that_one_alone(self, doors: Doors) -> None:
        """What cannot be judged is refused; the other is judged all the same."""

        async def story() -> None:
            one, two = doors(ONE), doors(TWO)
            assert isinstance(await two.ensure_routes(table(OTHER_SLOT, A, 1)), Done)
            for mark, epoch in (("epoch:two", 2), ("claimed:two", 3)):
                await doors.spoil(mark)
                theirs, mine = await gather(
                    two.ensure_routes(table(OTHER_SLOT, B, 9)),
                    one.ensure_routes(table(SLOT, B, epoch)),
                )
                assert isinstance(mine, Done), mine
                assert (await state_of(one)).table == table(SLOT, B, epoch)
                assert isinstance(theirs, Refused), theirs
                assert mark in theirs.reason
                assert SPOILT in theirs.reason
                answer = await two.read()
                assert isinstance(answer, NotSeen)
                assert answer.phase == "body"

        run(story())

    def test_a_slot_of_another_is_never_taken(self, doors: Doors) -> None:
        async def story() -> None:
            one, two = doors(ONE), doors(TWO)
            assert isinstance(await two.ensure_routes(table(OTHER_SLOT, B, 1)), Done)
            outcome = await one.ensure_routes(table(OTHER_SLOT, C, 9))
            assert isinstance(outcome, Refused)
            assert "two" in outcome.reason
            assert (await state_of(two)).table == table(OTHER_SLOT, B, 1)

        run(story())

    def test_many_slots_of_one_leave_the_others_alone(self, doors: Doors) -> None:
        """So many that they are put in force in one transaction, and back."""

        async def story() -> None:
            names = frozenset({SLOT, *(SlotId(f"slot-{n}") for n in range(300))})
            one, two = doors(Share(cluster=ONE.cluster, slots=names)), doors(TWO)
            route = Route(read=B, write=B, gate=Gate.OPEN)
            many = RouteTable(epoch=Epoch(3), routes=dict.fromkeys(names, route))
            assert isinstance(await two.ensure_routes(table(OTHER_SLOT, B, 1)), Done)
            for wanted in (many, table(SLOT, B, 3)):
                outcome = await one.ensure_routes(wanted)
                assert isinstance(outcome, Done), outcome
                assert (await state_of(one)).table == wanted
                assert (await state_of(two)).table == table(OTHER_SLOT, B, 1)

        run(story())

    def test_a_slot_that_was_let_go_may_be_taken_by_another(self, doors: Doors) -> None:
        async def story() -> None:
            both = frozenset({SLOT, OTHER_SLOT})
            one = doors(Share(cluster=ONE.cluster, slots=both))
            route = Route(read=B, write=B, gate=Gate.OPEN)
            wide = RouteTable(epoch=Epoch(8), routes=dict.fromkeys(both, route))
            assert isinstance(await one.ensure_routes(wide), Done)
            assert isinstance(await one.ensure_routes(table(SLOT, B, 8)), Done)
            two = doors(TWO)
            assert isinstance(await two.ensure_routes(table(OTHER_SLOT, C, 1)), Done)
            assert (await state_of(one)).table == table(SLOT, B, 8)

        run(story())

    def test_an_edge_from_before_sharing_keeps_its_epoch_for_its_slots(
        self, doors: Doors
    ) -> None:
        """The old single key stands until the slot is ordered by its cluster."""

        async def story() -> None:
            whole = RouteTable(epoch=Epoch(7), routes=table(SLOT, B, 7).routes)
            assert isinstance(await doors(None).ensure_routes(whole), Done)
            one, two = doors(ONE), doors(TWO)
            assert (await state_of(one)).table == whole
            assert isinstance(await one.ensure_routes(table(SLOT, A, 6)), Refused)
            # A slot that is new at the edge has no past: its cluster begins at 1.
            assert (await state_of(two)).table == RouteTable(epoch=Epoch(0), routes={})
            assert isinstance(await two.ensure_routes(table(OTHER_SLOT, A, 1)), Done)
            assert isinstance(await one.ensure_routes(table(SLOT, A, 8)), Done)
            assert isinstance(await one.ensure_routes(table(SLOT, B, 7)), Refused)

        run(story())

    def test_who_believes_to_have_it_alone_changes_nothing_once_it_is_shared(
        self, doors: Doors
    ) -> None:
        async def story() -> None:
            alone = doors(None)
            assert isinstance(
                await doors(TWO).ensure_routes(table(OTHER_SLOT, B, 1)), Done
            )
            outcome = await alone.ensure_routes(
                RouteTable(epoch=Epoch(99), routes=FIRST.routes)
            )
            assert isinstance(outcome, Refused)
            assert "shared" in outcome.reason
            answer = await alone.read()
            assert isinstance(answer, NotSeen)
            assert answer.phase == "body"
            assert (await state_of(doors(TWO))).table == table(OTHER_SLOT, B, 1)

        run(story())
