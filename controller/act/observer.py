"""An observer that is no daemon: asks every zone's services, and votes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.act.caught import caught
from controller.act.ports import VoteSeat
from controller.act.starved import STARVED, Alertness
from controller.act.voting import Voting
from controller.model.clock import Clock
from health.detector import FAULTY, Detector, DetectorPolicy
from health.loop_lag import TICK_S, LoopLag
from health.ports import Probe, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserverPolicy:
    """interval_s between two questions of one kind; lag_max_s: of our own loop."""

    interval_s: float
    lag_max_s: float
    detector: DetectorPolicy


@dataclass(slots=True)
class Observer:
    """probes: by what votes call their subject, as `a/database`."""

    seat: VoteSeat
    probes: Mapping[str, Probe]
    clock: Clock
    policy: ObserverPolicy
    voting: Voting = field(init=False)
    _alertness: Alertness = field(init=False)

    def __post_init__(self) -> None:
        detectors = {name: Detector(self.policy.detector) for name in self.probes}
        lag = LoopLag(bound_s=self.policy.lag_max_s)
        self._alertness = Alertness(lag, self.clock, self._begin_anew)
        self.voting = Voting(self.seat, self._alertness, detectors)

    def _begin_anew(self, at_s: float) -> None:
        del at_s
        for detector in self.voting.detectors.values():
            detector.forget(STARVED)

    async def run(self) -> None:
        """Look and vote until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tick())
            group.create_task(self.voting.run())
            for name in self.probes:
                group.create_task(self._ask_for_ever(name))

    async def ask(self, name: str) -> Sample:
        """Ask one service and count the answer; a mistake of the probe's is ours."""
        asked_s = self.clock.monotonic_s()
        match await caught(self.probes[name].probe()):
            case Sample() as sample:
                found = sample
            case error:
                told = f"the probe failed: {error!r}"
                found = Sample(phase=FAULTY, reason=told, latency_s=0.0)
        detector = self.voting.detectors[name]
        self._alertness.judge(detector, asked_s, found.phase, found.reason)
        return found

    async def _ask_for_ever(self, name: str) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began_s = loop.time()
            await self.ask(name)
            took_s = loop.time() - began_s
            await asyncio.sleep(max(self.policy.interval_s - took_s, 0.001))

    async def _tick(self) -> None:
        while True:
            self._alertness.tick()
            await asyncio.sleep(TICK_S)
