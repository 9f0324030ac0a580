"""A zone takes many primaries with it: so many at once, the important ones first."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from typing_extensions import override

from cdn_router.adapters.memory import MemoryEdge
from cdn_router.plan import stale
from cdn_router.ports import RouteTable
from controller.act.admission import Gate, Turn
from controller.act.ports import Ports
from controller.act.virtual import run_virtual
from controller.decide.admission import Limits
from controller.decide.facts import Veto
from controller.decide.saga import Run
from controller.model.commands import EnsureFenced, Proof
from controller.model.ids import Epoch
from controller.model.outcomes import Done, Outcome, Refused
from controller.rehearsal.checkers import broken_promises
from controller.rehearsal.fleet import FleetSite, FleetStage
from controller.rehearsal.fleet_checkers import FleetCase, broken_in
from controller.rehearsal.site import A, B, Settings
from deploy.ports import FenceProof

NAMES = [f"c{n:02}" for n in range(12)]
PRIORITIES = {name: 10 * (n % 4) for n, name in enumerate(NAMES)}
LIMITS = Limits(promotions_max=3, stuck_s=2.0)
HUNG = "c03"
"""Of the highest priority, so it has a place from the beginning."""

Make = Callable[..., FleetStage]


def case_of(stage: FleetStage) -> FleetCase:
    return FleetCase(
        journals={n: p.site.journal.records() for n, p in stage.plays.items()},
        priorities=stage.priorities,
        limits=stage.limits,
    )


def lose_a_zone(make: Make = FleetStage, *, hang: bool = False) -> FleetStage:
    """Play the loss of zone a; *hang*: one candidate never drains."""

    async def story() -> FleetStage:
        stage = make(PRIORITIES, LIMITS, Settings(timeout_s=0.2))
        await stage.begin()
        if hang:
            stage.hang_in_drain(HUNG, B)
            await stage.run_for(1.0)
        stage.lose(A)
        await stage.run_for(14.0)
        await stage.end()
        return stage

    return run_virtual(story(), horizon_s=600)


def test_all_are_promoted_under_the_limit_and_in_order() -> None:
    stage = lose_a_zone()
    case = case_of(stage)
    assert broken_in(case) == {}
    found = case.promotions()
    assert {p.cluster for p in found if p.opened_s is not None} == set(NAMES)
    assert [p.priority for p in found] == sorted(PRIORITIES.values(), reverse=True)
    assert sum(p.waited_s is not None for p in found) == len(NAMES) - 3
    for play in stage.plays.values():
        assert broken_promises(play.site.case()) == {}


def test_one_that_hangs_in_drain_delays_no_other() -> None:
    stage = lose_a_zone(hang=True)
    case = case_of(stage)
    assert broken_in(case) == {}
    opened = {p.cluster for p in case.promotions() if p.opened_s is not None}
    assert opened == set(NAMES) - {HUNG}


def test_three_that_hang_hold_the_others_up_for_no_longer_than_the_bound() -> None:
    """All places are taken by who gets nowhere; then they count no more."""

    async def story() -> FleetStage:
        stage = FleetStage(PRIORITIES, LIMITS, Settings(timeout_s=0.2))
        await stage.begin()
        for name in ("c03", "c07", "c11"):
            stage.hang_in_drain(name, B)
        await stage.run_for(1.0)
        stage.lose(A)
        await stage.run_for(14.0)
        await stage.end()
        return stage

    case = case_of(run_virtual(story(), horizon_s=600))
    assert broken_in(case) == {}
    assert sum(p.opened_s is not None for p in case.promotions()) == len(NAMES) - 3


PROVEN_AT_S = 15.0
FENCED_LATE = Settings(
    timeout_s=0.2, self_fence_s=6.0, proofs=(Proof.SELF_FENCE,), durability="none"
)


class OneMoment(FenceProof):
    """Proves every fence at one moment: when a power switch answers again."""

    timeout_s = 16.0

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, PROVEN_AT_S - loop.time()))
        return Done()


class LateSite(FleetSite):
    """Nothing else proves that its primary is fenced."""

    @override
    def _ports(self) -> Ports:
        ports = super()._ports()
        return replace(ports, fences={**ports.fences, Proof.SELF_FENCE: OneMoment()})


def fence_late(make: Make = FleetStage) -> FleetCase:
    """Play the loss of a zone whose fences are all proven late, at one moment."""

    async def story() -> FleetStage:
        stage = make(PRIORITIES, LIMITS, FENCED_LATE, site_type=LateSite)
        await stage.begin()
        stage.lose(A)
        await stage.run_for(14.0)
        await stage.end()
        return stage

    return case_of(run_virtual(story(), horizon_s=600))


def test_fences_proven_all_at_once_are_followed_by_no_more_than_the_limit() -> None:
    """They delayed nobody while they waited; to go on they take places anew."""
    case = fence_late()
    assert broken_in(case) == {}
    found = case.promotions()
    assert {p.cluster for p in found if p.opened_s is not None} == set(NAMES)
    assert [len(p.places) for p in found] == [2] * len(NAMES)
    again = sorted(found, key=lambda p: p.places[1].from_s)
    assert [p.priority for p in again] == sorted(PRIORITIES.values(), reverse=True)


# ---- planted bugs: each is caught by name, and the story is clean without it ------


class Open(Gate):
    """The limit is ignored."""

    @override
    def under_way(self, now_s: float) -> int:
        return 0


class Patient(Gate):
    """A stuck promotion holds its place for ever."""

    @override
    def under_way(self, now_s: float) -> int:
        return len(self.holding)


class Rash(Gate):
    """Who was stuck goes on at once, beside as many as there are."""

    @override
    def held_up(self, turn: Turn, run: Run, now_s: float) -> Veto | None:
        return None


class Unordered(Gate):
    """Who asks first begins first."""

    @override
    def turn(self, cluster: str, priority: int) -> Turn:
        return super().turn(cluster, 0)


class Forgetful(Gate):
    """What has moved already counts for nothing."""

    @override
    def _moves(self, now_s: float) -> int:
        return 0


def with_gate(kind: type[Gate]) -> Make:
    class Planted(FleetStage):
        @override
        def make_gate(self) -> Gate:
            return kind(self.limits, self.clock)

    return Planted


@pytest.mark.parametrize(
    ("make", "hang", "caught_by"),
    [
        (with_gate(Open), False, "no_more_than_the_limit"),
        (with_gate(Patient), True, "a_stuck_one_delays_no_other"),
        (with_gate(Unordered), False, "the_important_go_first"),
    ],
)
def test_a_planted_bug_of_the_gate_is_caught_by_name(
    make: Make, caught_by: str, *, hang: bool
) -> None:
    limits = replace(LIMITS, promotions_max=1) if hang else LIMITS

    def planted(priorities: object, _: Limits, settings: Settings) -> FleetStage:
        return make(priorities, limits, settings)

    assert caught_by in broken_in(case_of(lose_a_zone(planted, hang=hang)))


@pytest.mark.parametrize(
    ("kind", "caught_by"),
    [(Rash, "no_more_than_the_limit"), (Patient, "a_stuck_one_delays_no_other")],
)
def test_a_gate_that_keeps_one_promise_at_the_cost_of_the_other_is_caught_by_name(
    kind: type[Gate], caught_by: str
) -> None:
    assert set(broken_in(fence_late(with_gate(kind)))) == {caught_by}


class OneEpoch(MemoryEdge):
    """One epoch for the whole edge: that of whichever cluster is furthest."""

    @override
    def _apply(self, table: RouteTable, *, late: bool = False) -> Outcome:
        newest = max(
            int(value)
            for key, value in self._board.marks.items()
            if key.startswith("epoch")
        )
        if why := stale(seen=Epoch(newest), offered=table.epoch):
            return Refused(why)
        return MemoryEdge._apply(self, table, late=late)


def two_at_different_epochs(edge_type: type[MemoryEdge]) -> dict[str, list[str]]:
    """One cluster moves twice, then the other for the first time."""

    async def story() -> FleetStage:
        settings = Settings(timeout_s=0.2, cooldown_s=1.0)
        stage = FleetStage({"old": 50, "new": 50}, LIMITS, settings)
        for play in stage.plays.values():
            for edge in play.site.edges.values():
                edge.__class__ = edge_type
        await stage.begin()
        for zone in (A, B):
            stage.lose(zone, only=("old",))
            await stage.run_for(6.0)
        stage.lose(A, only=("new",))
        await stage.run_for(12.0)
        await stage.end()
        return stage

    stage = run_virtual(story(), horizon_s=600)
    opened = [p.cluster for p in case_of(stage).promotions() if p.opened_s is not None]
    assert opened == ["old", "old", "new"]
    return broken_in(case_of(stage))


def test_the_epoch_of_one_cluster_applied_to_another_is_caught_by_name() -> None:
    assert two_at_different_epochs(MemoryEdge) == {}
    assert "no_order_stale_by_another" in two_at_different_epochs(OneEpoch)


@pytest.mark.parametrize(("kind", "moved"), [(Gate, 5), (Forgetful, len(NAMES))])
def test_so_many_move_by_themselves_and_forgetting_that_is_caught_by_name(
    kind: type[Gate], moved: int
) -> None:
    limits = replace(LIMITS, moves_max=5)

    def bounded(priorities: object, _: Limits, settings: Settings) -> FleetStage:
        return with_gate(kind)(priorities, limits, settings)

    case = case_of(lose_a_zone(bounded))
    assert len(case.promotions()) == moved
    assert set(broken_in(case)) == (
        {"no_more_moves_than_bounded"} if kind is Forgetful else set()
    )
    held = [p for p in case.promotions() if p.priority == 30]
    assert len(held) == 3  # the most important ones are among those that moved
