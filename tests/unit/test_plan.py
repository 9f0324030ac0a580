"""From a table and an intent to the next table; nothing more moves than must."""

import pytest

from cdn_router.plan import (
    BlastRadius,
    difference,
    held,
    released,
    routed,
    stale,
    too_wide,
)
from cdn_router.ports import Gate, Route, RouteTable
from controller.model.ids import Epoch, SlotId, ZoneId

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
HOME = Route(read=A, write=A, gate=Gate.OPEN)
AWAY = Route(read=C, write=B, gate=Gate.OPEN)
SPLIT = Route(read=A, write=B, gate=Gate.OPEN)
FAR = Route(read=C, write=A, gate=Gate.OPEN)


def table(epoch: int, **routes: Route) -> RouteTable:
    return RouteTable(
        epoch=Epoch(epoch), routes={SlotId(k): v for k, v in routes.items()}
    )


BEFORE = table(3, home=HOME, away=AWAY, split=SPLIT, far=FAR)


def test_holding_closes_only_the_writes_of_the_lost_zone() -> None:
    assert held(BEFORE, losing=A, backup=B, epoch=Epoch(4)) == table(
        4,
        home=Route(read=B, write=A, gate=Gate.HOLD),
        away=AWAY,
        split=Route(read=B, write=B, gate=Gate.OPEN),
        far=Route(read=C, write=A, gate=Gate.HOLD),
    )


def test_routing_moves_the_writes_and_keeps_them_held() -> None:
    after = routed(BEFORE, losing=A, backup=B, epoch=Epoch(4))
    assert after.routes[SlotId("home")] == Route(read=B, write=B, gate=Gate.HOLD)
    assert after.routes[SlotId("far")] == Route(read=C, write=B, gate=Gate.HOLD)
    assert after.routes[SlotId("away")] == AWAY


def test_routing_after_holding_equals_routing_at_once() -> None:
    once = routed(BEFORE, losing=A, backup=B, epoch=Epoch(4))
    step = held(BEFORE, losing=A, backup=B, epoch=Epoch(4))
    assert routed(step, losing=A, backup=B, epoch=Epoch(4)) == once
    assert routed(once, losing=A, backup=B, epoch=Epoch(4)) == once


def test_releasing_opens_only_what_writes_to_the_zone() -> None:
    both = table(
        4,
        new=Route(read=B, write=B, gate=Gate.HOLD),
        other=Route(read=B, write=C, gate=Gate.HOLD),
    )
    after = released(both, zone=B, epoch=Epoch(4))
    assert [r.gate for r in after.routes.values()] == [Gate.OPEN, Gate.HOLD]


def test_the_smallest_change_names_only_what_differs() -> None:
    wanted = table(4, home=AWAY, away=AWAY, split=SPLIT)
    change = difference(BEFORE, wanted)
    assert change.set_routes == {SlotId("home"): AWAY}
    assert change.removed == {SlotId("far")}
    assert difference(BEFORE, BEFORE).empty


@pytest.mark.parametrize(("offered", "refused"), [(2, True), (3, False), (4, False)])
def test_only_an_older_epoch_is_stale(offered: int, *, refused: bool) -> None:
    assert (stale(seen=Epoch(3), offered=Epoch(offered)) is not None) is refused


def test_a_lost_zone_explains_the_slots_that_used_it_and_no_others() -> None:
    none = BlastRadius(max_share=0.0)
    moving = difference(BEFORE, routed(BEFORE, losing=A, backup=B, epoch=Epoch(4)))
    assert too_wide(BEFORE, moving, none, lost=A) is None
    assert too_wide(BEFORE, moving, none) is not None
    assert too_wide(BEFORE, moving, none, lost=C) is not None


def test_without_a_lost_zone_the_share_decides() -> None:
    one = difference(BEFORE, table(4, home=AWAY, away=AWAY, split=SPLIT, far=FAR))
    assert too_wide(BEFORE, one, BlastRadius(max_share=0.25)) is None
    assert too_wide(BEFORE, one, BlastRadius(max_share=0.24)) is not None


def test_a_removed_slot_always_counts() -> None:
    gone = difference(BEFORE, table(4, away=AWAY, split=SPLIT, far=FAR))
    assert too_wide(BEFORE, gone, BlastRadius(max_share=0.0), lost=A) is not None


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="max_share"):
        BlastRadius(max_share=share)
