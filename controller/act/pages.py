"""Pages asked for at every zone: the same questions to all, whoever users ask.

Zones are asked in rounds: every page once, side by side, and the next round begins
when all have answered. So a page counts as much as another, though one be slow, and a
zone that is late is not asked faster than it answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from controller.act.answer import NEVER, answer_of
from controller.act.ports import Ports
from controller.act.recorder import Record
from controller.decide.asked import PageFact
from controller.decide.ledger import Ledger
from controller.decide.redundancy import roles
from controller.model.clock import Clock
from controller.model.ids import ZoneId
from health.asked import by_pages, page_detector, page_rates
from health.detector import BLIND_PHASES, Detector, DetectorPolicy
from health.elevated import NO_RATES, RateDetector, RateReading
from health.ports import Sample
from health.recording import Page

Counts = Callable[[ZoneId], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePolicy:
    """every_s: between two rounds at one zone. slow_s: of the slowest allowed page."""

    every_s: float = 1.0
    slow_s: float = 3.0


@dataclass(slots=True)
class PageWatch:
    """The latest answers, and their rates by zone."""

    ports: Ports
    clock: Clock
    policy: PagePolicy
    detector: DetectorPolicy
    record: Record
    awake_since: Callable[[float], bool] = lambda _asked_s: True
    _rates: RateDetector = field(init=False)
    _seen: dict[tuple[ZoneId, str], Detector] = field(init=False)
    _latest: dict[tuple[ZoneId, str], Sample] = field(default_factory=dict)

    def __post_init__(self) -> None:
        every_s, slow_s = self.policy.every_s, self.policy.slow_s
        zones = tuple(self.ports.probes)
        self._rates = RateDetector(page_rates(every_s=every_s, slow_s=slow_s), zones)
        rule = page_detector(self.detector, every_s=every_s, slow_s=slow_s)
        self._seen = {
            (zone, name): Detector(rule)
            for zone, pages in self.ports.pages.items()
            for name in pages
        }

    def detectors(self) -> list[Detector]:
        """Return who judges the pages."""
        return [*self._seen.values()]

    def questions(
        self, counts: Counts
    ) -> list[tuple[Callable[[], Awaitable[object]], float]]:
        """Return every zone's round, and how often it is due, seconds."""
        return [
            (partial(self.ask, zone, counts), self.policy.every_s)
            for zone, pages in self.ports.pages.items()
            if pages
        ]

    async def ask(self, zone: ZoneId, counts: Counts) -> None:
        """Ask *zone* for each page; *counts*: whether a zone has pages to serve."""
        await asyncio.gather(
            *(self._ask_for(zone, name, counts) for name in self.ports.pages[zone])
        )

    async def _ask_for(self, zone: ZoneId, name: str, counts: Counts) -> None:
        asked_s = self.clock.monotonic_s()
        sample = await answer_of(self.ports.pages[zone][name])
        if sample.phase and not self.awake_since(asked_s):
            return  # it says more about us
        now_s, bad = self.clock.monotonic_s(), bool(sample.phase)
        self._latest[zone, name] = sample
        self._seen[zone, name].record(now_s, phase=sample.phase, reason=sample.reason)
        counted = sample.phase not in BLIND_PHASES and counts(zone)
        if counted:
            self._rates.record(zone, now_s, good=not bad, bad=bad)
        self.record(
            Page(
                at_s=now_s,
                zone=zone,
                page=name,
                phase=sample.phase,
                reason=sample.reason,
                counted=counted,
                latency_s=sample.latency_s,
            )
        )

    def facts(self, zone: ZoneId, now_s: float) -> Mapping[str, PageFact]:
        """Return each page of *zone* as it was answered last."""
        return {
            name: PageFact(
                reading=self._seen[zone, name].reading(now_s),
                phase=(latest := self._latest.get((zone, name), NEVER)).phase,
                latency_s=latest.latency_s,
                figures=latest.figures,
            )
            for name in self.ports.pages.get(zone, ())
        }

    def readings(self, now_s: float) -> Mapping[ZoneId, RateReading]:
        """Judge every zone's pages beside the other zones'."""
        if not self._seen:  # nobody wants to know, at every evaluation
            return dict.fromkeys(self.ports.probes, NO_RATES)
        readings = self._rates.readings(now_s)
        return {zone: by_pages(reading) for zone, reading in readings.items()}


def serves_pages(ledger: Ledger, ports: Ports, zone: ZoneId) -> bool:
    """Tell whether *zone* has a copy to serve pages from.

    A spare has none by design; counted, its failing pages would make a failing zone
    look like one of several. The same holds of a zone whose origin does not answer:
    of that more is known already.
    """
    known = roles(ledger)
    return any(
        known.get(server) in {"primary", "replica"}
        for server, seat in ports.databases.items()
        if seat.zone == zone
    )
