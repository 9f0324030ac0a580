"""Edges that mix up two clusters' epochs: the contract catches each by name."""

import pytest
from typing_extensions import override

from cdn_router.adapters.memory import Board, MemoryEdge
from cdn_router.plan import stale
from cdn_router.ports import RouteTable
from controller.model.ids import Epoch
from controller.model.outcomes import Outcome, Refused
from tests.contract.edge import FIRST
from tests.contract.edge_shared import MemoryDoors, SharedEdgeContract


class FurthestCounts(MemoryEdge):
    """One epoch for the whole edge: that of whichever cluster is furthest."""

    @override
    def _apply(self, table: RouteTable, *, late: bool = False) -> Outcome:
        marks = self._board.marks.items()
        newest = max(int(v) for k, v in marks if k.startswith("epoch"))
        if why := stale(seen=Epoch(newest), offered=table.epoch):
            return Refused(why)
        return MemoryEdge._apply(self, table, late=late)


class LastCounts(MemoryEdge):
    """One epoch for the whole edge: that of whoever wrote last."""

    @override
    def _apply(self, table: RouteTable, *, late: bool = False) -> Outcome:
        last = int(self._board.marks.get("last", "0"))
        if why := stale(seen=Epoch(last), offered=table.epoch):
            return Refused(why)
        for key in list(self._board.marks):
            if key.startswith(("epoch:", "claimed:")):
                del self._board.marks[key]
        done = MemoryEdge._apply(self, table, late=late)
        self._board.marks["last"] = str(table.epoch)
        return done


class OneForAll(MemoryEdge):
    """What cannot be judged of one is refused to all."""

    @override
    def _apply(self, table: RouteTable, *, late: bool = False) -> Outcome:
        marks = self._board.marks.items()
        broken = [k for k, v in marks if not (v.isdecimal() or k.startswith("owner:"))]
        if broken:
            return Refused(f"{broken[0]} is no number")
        return MemoryEdge._apply(self, table, late=late)


class NobodyOwns(MemoryEdge):
    """Whose a slot is is not remembered."""

    @override
    def _apply(self, table: RouteTable, *, late: bool = False) -> Outcome:
        for key in list(self._board.marks):
            if key.startswith("owner:"):
                del self._board.marks[key]
        return MemoryEdge._apply(self, table, late=late)


@pytest.mark.parametrize(
    ("edge_type", "caught_by"),
    [
        (
            FurthestCounts,
            SharedEdgeContract.test_a_high_epoch_of_one_makes_no_order_of_the_other_stale,
        ),
        (
            LastCounts,
            SharedEdgeContract.test_an_old_epoch_is_refused_whatever_the_other_has_done,
        ),
        (NobodyOwns, SharedEdgeContract.test_a_slot_of_another_is_never_taken),
        (
            OneForAll,
            SharedEdgeContract.test_a_broken_mark_of_one_refuses_that_one_alone,
        ),
    ],
)
def test_an_edge_that_mixes_clusters_up_is_caught_by_name(
    edge_type: type[MemoryEdge], caught_by: object
) -> None:
    assert callable(caught_by)
    caught_by(None, MemoryDoors(Board.of(FIRST)))
    with pytest.raises(AssertionError):
        caught_by(None, MemoryDoors(Board.of(FIRST), edge_type))
