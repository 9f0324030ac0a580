"""The daemon stands still: three failures that it slept through are no verdict."""

import asyncio
from dataclasses import dataclass, field, replace

from typing_extensions import override

from controller.act.observe import Observatory, ObservePolicy
from controller.act.ports import Also
from controller.act.virtual import VirtualClock, VirtualLoop, run_virtual
from controller.decide.decide import decide
from controller.decide.guards import quiet, remaining, vetoes
from controller.decide.planned import planned_vetoes
from controller.model.ids import ZoneId
from health.detector import DetectorPolicy, Verdict
from health.loop_lag import TICK_S, Fitness
from health.ports import Probe, Sample
from tests.no_ports import NO_PORTS
from tests.unit.inspections import WANTED
from tests.unit.world_facts import LEDGER, POLICY, A, B, a_server, some_facts

ZONE = ZoneId("a")
UP = Sample(phase="", reason="answers", latency_s=0.0)
TIMEOUT_S = 0.4


@dataclass(slots=True)
class Slow(Probe):
    """Answers after *takes_s*, or says that it took too long."""

    takes_s: float = 0.01
    is_up: bool = True

    @override
    async def probe(self) -> Sample:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await asyncio.sleep(self.takes_s)
        if not self.is_up or loop.time() - began_s > TIMEOUT_S:
            return Sample(phase="read", reason="no answer", latency_s=TIMEOUT_S)
        return UP


@dataclass(slots=True)
class Stage:
    """One probe asked for ever beside the tick, as the daemon does."""

    probe: Slow = field(default_factory=Slow)
    verdicts: list[tuple[float, Verdict]] = field(default_factory=list)

    def watch(self) -> Observatory:
        detector = DetectorPolicy(rounds_down=3, rounds_clear=3, stale_s=9)
        policy = ObservePolicy(
            interval_s=0.1, timeout_s=TIMEOUT_S, detector=detector, wanted=WANTED
        )
        ports = replace(NO_PORTS, probes={ZONE: {"origin": self.probe}})
        return Observatory(ports, VirtualClock(), policy)

    async def play(self, *stalls: tuple[float, float], for_s: float = 3.0) -> None:
        """Watch *for_s*; each of *stalls* is when, and how long, nothing runs."""
        watch, loop = self.watch(), asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        for at_s, stall_s in stalls:
            loop.call_at(at_s, loop.stall, stall_s)

        async def tick() -> None:
            while True:
                watch.alertness.tick()
                await asyncio.sleep(TICK_S)

        async def ask() -> None:
            while True:
                await watch.ask_service(ZONE, "origin")
                facts = watch.facts(lease_held=True)
                reading = facts.zones[ZONE].services["origin"]
                self.verdicts.append((loop.time(), reading.verdict))
                await asyncio.sleep(0.1)

        tasks = [asyncio.ensure_future(tick()), asyncio.ensure_future(ask())]
        await asyncio.sleep(for_s)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def first_down_s(stage: Stage) -> float:
    return min((s for s, v in stage.verdicts if v is Verdict.DOWN), default=-1.0)


def test_stalls_that_spoil_every_answer_are_no_verdict() -> None:
    """Each question was open when nothing ran: three time-outs, and nobody is ill."""
    stage = Stage(Slow(takes_s=0.2))
    run_virtual(stage.play(*((0.25 + 0.5 * n, 0.45) for n in range(6)), for_s=6.0))
    assert first_down_s(stage) == -1.0


def test_a_short_stall_within_the_bound_changes_nothing() -> None:
    stage = Stage(Slow(is_up=False))
    run_virtual(stage.play((0.15, 0.1)))
    assert 0.0 < first_down_s(stage) < 0.5


def test_who_died_meanwhile_is_down_after_its_rounds_are_earned_anew() -> None:
    stage = Stage(Slow(is_up=False))
    run_virtual(stage.play((0.15, 5.0), for_s=8.0))
    assert 5.15 + 3 * 0.1 <= first_down_s(stage) <= 5.15 + 0.6


def test_a_verdict_from_before_the_stall_is_earned_anew_too() -> None:
    """It was down; nobody looked for five seconds: undecided, then down again."""
    stage = Stage(Slow(is_up=False))
    run_virtual(stage.play((1.0, 5.0), for_s=8.0))
    seen = [v for s, v in stage.verdicts if s > 0.5]
    assert seen[0] is Verdict.DOWN
    assert Verdict.UNDECIDED in seen
    assert seen[-1] is Verdict.DOWN


LATE = Fitness(worst_s=5.0, lag_s=5.0, lag_age_s=0.4)
LOST = some_facts(a_server(A, Verdict.DOWN), a_server(B, silent_s=5.0))


def test_nothing_begins_by_itself_while_we_are_unfit_and_no_override_waives_it() -> (
    None
):
    starved = replace(LOST, fitness=LATE)
    assert decide(LEDGER, LOST, POLICY).start is not None
    found = decide(LEDGER, starved, POLICY)
    assert found.start is None
    assert [v.name for v in found.vetoes] == ["unfit_observer"]
    held = remaining(vetoes(LEDGER, starved, POLICY, B), ["unfit_observer"])
    assert [v.name for v in held] == ["unfit_observer"]
    assert "unfit_observer" in {v.name for v in quiet(LEDGER, starved, POLICY)}
    names = {v.name for v in planned_vetoes(LEDGER, starved, POLICY, B)}
    assert "unfit_observer" in names


def test_it_ends_once_all_that_is_fresh_was_asked_afterwards() -> None:
    awake = replace(LOST, fitness=replace(LATE, lag_age_s=POLICY.fresh_s))
    assert decide(LEDGER, awake, POLICY).start is not None


def test_being_unfit_is_told_before_there_is_trouble() -> None:
    found = decide(LEDGER, some_facts(fitness=LATE), POLICY)
    assert not found.trouble
    assert [v.name for v in found.vetoes] == ["unfit_observer"]


def test_what_is_asked_beside_the_databases_is_earned_anew_too() -> None:
    """Pages and further services: failures across a stall are nobody's."""

    async def story() -> None:
        probe = Slow(is_up=False)
        found = Stage(probe).watch()
        watch = Observatory(
            replace(
                NO_PORTS,
                also={ZONE: {"mail": Also(probe=probe, every_s=1.0, bound_s=1.0)}},
            ),
            VirtualClock(),
            found.policy,
        )
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)

        async def asked(stall_s: float) -> Verdict:
            watch.alertness.tick()
            loop.call_later(0.005, loop.stall, stall_s)
            await watch.singles.ask_also(ZONE, "mail")
            return watch.singles.also(ZONE, loop.time())["mail"].verdict

        assert [await asked(5.0) for _ in range(4)] == [Verdict.UNDECIDED] * 4
        assert [await asked(0.01) for _ in range(4)][-1] is Verdict.DOWN

    run_virtual(story())
