"""Observers over a real Mosquitto: the count, a restart of the broker, a frozen one."""

import asyncio
import math
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from controller.act.clock import SystemClock
from controller.act.observer import Observer, ObserverPolicy
from controller.act.ports import VoteSeat
from health.detector import DetectorPolicy
from health.ports import Probe, Sample
from health.votes import Tally, VoteBoard, tally
from tests.contract.test_vote_bus import MosquittoBed, mosquitto
from tests.contract.vote_bus import until

DB = "a/database"
EXPECTED = ("daemon", "b", "c")
STALE_S = 1.0
DETECTED_S = 0.5


@dataclass(slots=True)
class Switch(Probe):
    """A database that answers until it is told not to."""

    is_up: bool = True

    @override
    async def probe(self) -> Sample:
        phase = "" if self.is_up else "connect"
        return Sample(phase=phase, reason="told so", latency_s=0.0)


@dataclass(slots=True)
class Place:
    """An observer that runs."""

    observer: Observer
    probe: Switch
    task: "asyncio.Task[None] | None" = field(default=None)

    def count(self) -> Tally:
        return tally(self.observer.voting.electorate().ballots, DB)

    def why(self, who: str) -> str:
        ballots = self.observer.voting.electorate().ballots
        return next(b.why for b in ballots if b.observer == who)

    async def end(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait({self.task})
            self.task = None


async def place(bed: MosquittoBed, name: str, boot: str = "1") -> Place:
    probe = Switch()
    board = VoteBoard(me=name, boot=name + boot, expected=EXPECTED, stale_s=STALE_S)
    seat = VoteSeat(bus=await bed.bus(name), board=board, unfit_s=1.5)
    policy = ObserverPolicy(
        interval_s=0.1,
        lag_max_s=5.0,  # two cores, and a whole test run on them
        detector=DetectorPolicy(rounds_down=3, rounds_clear=3, stale_s=5.0),
    )
    found = Place(Observer(seat, {DB: probe}, SystemClock(), policy), probe)
    found.task = asyncio.create_task(found.observer.run())
    return found


@asynccontextmanager
async def three(bed: MosquittoBed) -> AsyncIterator[list[Place]]:
    found = [await place(bed, name) for name in EXPECTED]
    try:
        await until(lambda: len(found[0].count().up) == 3)
        yield found
    finally:
        for one in found:
            await one.end()


async def took_s(holds: Callable[[], bool]) -> float:
    began_s = time.monotonic()
    await until(holds)
    return time.monotonic() - began_s


async def took_s_to_end(places: list[Place]) -> float:
    began_s = time.monotonic()
    await asyncio.gather(*(one.end() for one in places))
    return time.monotonic() - began_s


@pytest.mark.lab
def test_a_loss_that_two_of_three_see_is_a_majority_within_half_a_second() -> None:
    """The vote adds a hop to detection, no interval of its own: best of three."""

    async def story() -> None:
        async with mosquitto() as bed, three(bed) as (daemon, b, _):
            best_s = math.inf
            for _ in range(3):
                daemon.probe.is_up = b.probe.is_up = False
                best_s = min(best_s, await took_s(lambda: daemon.count().is_down))
                assert daemon.count().up == ("c",)
                daemon.probe.is_up = b.probe.is_up = True
                await until(lambda: len(daemon.count().up) == 3)
            assert best_s <= DETECTED_S

    asyncio.run(story())


@pytest.mark.lab
def test_one_of_three_is_no_majority_and_is_shown() -> None:
    async def story() -> None:
        async with mosquitto() as bed, three(bed) as (daemon, b, _):
            b.probe.is_up = False
            await until(lambda: daemon.count().down == ("b",))
            assert not daemon.count().is_down

    asyncio.run(story())


@pytest.mark.lab
def test_who_stops_is_offline_at_once_and_counts_again_as_another_process() -> None:
    async def story() -> None:
        async with mosquitto() as bed, three(bed) as (daemon, b, _):
            await b.end()
            assert await took_s(lambda: daemon.why("b") == "offline") < STALE_S
            again = await place(bed, "b", boot="2")
            try:
                await until(lambda: "b" in daemon.count().up)
            finally:
                await again.end()

    asyncio.run(story())


@pytest.mark.lab
def test_a_broker_that_restarts_makes_votes_stale_and_then_they_count_again() -> None:
    """What is known meanwhile: nothing, with the reason; our own word goes on."""

    async def story() -> None:
        async with mosquitto() as bed, three(bed) as (daemon, *_):
            await bed.stop_broker()
            await until(lambda: len(daemon.count().missing) == 2)
            found = daemon.observer.voting.electorate()
            assert not found.reachable
            assert found.why
            assert daemon.why("b").startswith("stale")
            assert daemon.count().up == ("daemon",)
            await bed.start_broker()
            assert await took_s(lambda: len(daemon.count().up) == 3) < 4.0
            assert daemon.observer.voting.electorate().reachable

    asyncio.run(story())


@pytest.mark.lab
def test_a_frozen_broker_is_noticed_and_what_it_kept_is_not_counted() -> None:
    """The kernel takes what we send: only our own words not coming back tell."""

    async def story() -> None:
        async with mosquitto() as bed, three(bed) as (daemon, *others):
            assert bed.process is not None
            bed.process.send_signal(signal.SIGSTOP)
            try:
                late_s = await took_s(
                    lambda: not daemon.observer.voting.electorate().reachable
                )
                assert late_s < STALE_S + 0.5
                await until(lambda: len(daemon.count().missing) == 2)
                for other in others:  # said into the frozen broker, then they are gone
                    other.probe.is_up = False
                await asyncio.sleep(1.0)
                ending_s = await took_s_to_end(others)
                assert ending_s < 6.0  # nobody takes their goodbye
            finally:
                bed.process.send_signal(signal.SIGCONT)
            until_s = time.monotonic() + 2.0
            while time.monotonic() < until_s:
                assert not daemon.count().down
                await asyncio.sleep(0.01)

    asyncio.run(story())
