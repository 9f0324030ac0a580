"""Questions that stand alone: journeys through an edge, and further services."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from controller.act.answer import NEVER, answer_of
from controller.act.ports import Ports
from controller.act.recorder import Record
from controller.decide.asked import JourneyFact
from controller.model.clock import Clock
from controller.model.ids import ZoneId
from health.detector import Detector, DetectorPolicy, Reading
from health.ports import Probe, Sample
from health.recording import Answer

K = TypeVar("K", bound=Hashable)
Question = tuple[Callable[[], Awaitable[object]], float]
JOURNEY_S_MAX = 30.0


@dataclass(slots=True)
class _Single:
    probe: Probe
    detector: Detector
    latest: Sample = NEVER


@dataclass(slots=True)
class SingleWatch:
    """The latest answer to each."""

    ports: Ports
    clock: Clock
    detector: DetectorPolicy
    record: Record
    awake_since: Callable[[float], bool] = lambda _asked_s: True
    _journeys: dict[str, _Single] = field(init=False)
    _also: dict[tuple[ZoneId, str], _Single] = field(init=False)

    def __post_init__(self) -> None:
        self._journeys = {
            name: self._single(journey.probe, journey.every_s + JOURNEY_S_MAX)
            for name, journey in self.ports.journeys.items()
        }
        self._also = {
            (zone, name): self._single(also.probe, also.every_s + also.bound_s)
            for zone, found in self.ports.also.items()
            for name, also in found.items()
        }

    def _single(self, probe: Probe, round_s: float) -> _Single:
        """Return what is asked so often that two answers lost are no silence."""
        stale_s = max(self.detector.stale_s, 3 * round_s)
        return _Single(probe, Detector(replace(self.detector, stale_s=stale_s)))

    def questions(self) -> list[Question]:
        """Return every question, and how often it is due, seconds."""
        journeys = self.ports.journeys.items()
        found: list[Question] = [
            (partial(self.ask_journey, name), journey.every_s)
            for name, journey in journeys
        ]
        return found + [
            (partial(self.ask_also, zone, name), also.every_s)
            for zone, several in self.ports.also.items()
            for name, also in several.items()
        ]

    def detectors(self) -> list[Detector]:
        """Return who judges them."""
        return [s.detector for s in (*self._journeys.values(), *self._also.values())]

    async def ask_journey(self, name: str) -> None:
        """Ask an edge for one page, as users do."""
        await self._ask(self._journeys, name)

    async def ask_also(self, zone: ZoneId, name: str) -> None:
        """Ask one further service of a zone."""
        sample = await self._ask(self._also, (zone, name))
        self.record(
            Answer(
                at_s=self.clock.monotonic_s(),
                zone=zone,
                service=name,
                phase=sample.phase,
                reason=sample.reason,
                latency_s=sample.latency_s,
            )
        )

    async def _ask(self, among: Mapping[K, _Single], key: K) -> Sample:
        single = among[key]
        asked_s = self.clock.monotonic_s()
        sample = await answer_of(single.probe)
        if sample.phase and not self.awake_since(asked_s):
            return sample  # it says more about us
        single.latest = sample
        single.detector.record(
            self.clock.monotonic_s(), phase=sample.phase, reason=sample.reason
        )
        return sample

    def journeys(self, now_s: float) -> Mapping[str, JourneyFact]:
        """Return each journey as it went last."""
        return {
            name: JourneyFact(
                edge=self.ports.journeys[name].edge,
                reading=single.detector.reading(now_s),
                phase=single.latest.phase,
                latency_s=single.latest.latency_s,
                page=self.ports.journeys[name].page,
                figures=single.latest.figures,
            )
            for name, single in self._journeys.items()
        }

    def also(self, zone: ZoneId, now_s: float) -> dict[str, Reading]:
        """Return the zone's further services as they answered last."""
        return {
            name: self._also[zone, name].detector.reading(now_s)
            for name in self.ports.also.get(zone, ())
        }

    def mandatory(self, zone: ZoneId) -> frozenset[str]:
        """Return those without which nobody is moved to the zone."""
        found = self.ports.also.get(zone, {})
        return frozenset(name for name, also in found.items() if also.mandatory)

    def latest(self, zone: ZoneId) -> dict[str, Sample]:
        """Return the latest answer of each of the zone's further services."""
        names = self.ports.also.get(zone, ())
        return {name: self._also[zone, name].latest for name in names}
