"""Judge a recording again: every change of a verdict, with its arithmetic. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from controller.model.ids import ZoneId
from health.asked import by_pages, page_detector, page_rates, spoken_for
from health.detector import Detector, DetectorPolicy, Verdict
from health.elevated import Elevation, RateDetector, RatePolicy, RateReading
from health.recording import Answer, Began, Line, Page, Traffic

LOOK_S = 0.1
"""How often rates are judged, and silence is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From *at_s* on a subject is called *verdict*.

    wall_s: the same in Unix time. subject: `origin of zone a`, or `rates of zone a`.
    """

    at_s: float
    wall_s: float
    subject: str
    verdict: str
    why: str


class TuningError(ValueError):
    """Thresholds that were asked for make no sense with the recorded ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Thresholds to judge by; None, or not named: as the daemon that recorded.

    rates: of `RatePolicy`, by name.
    """

    rates: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    rounds_down: int | None = None
    rounds_clear: int | None = None
    stale_s: float | None = None

    def detector(self, began: Began) -> DetectorPolicy:
        """Return the hard-down rule's thresholds."""
        recorded = DetectorPolicy(
            rounds_down=began.rounds_down,
            rounds_clear=began.rounds_clear,
            stale_s=began.stale_s,
        )
        named = {
            name: value
            for name in ("rounds_down", "rounds_clear", "stale_s")
            if (value := getattr(self, name)) is not None
        }
        return replace(recorded, **named)

    def rate_policy(self, began: Began) -> RatePolicy:
        """Return the thresholds of the rates; raises `TuningError`."""
        try:
            return replace(began.rates, **self.rates)
        except ValueError as error:
            raise TuningError(str(error)) from error


@dataclass(slots=True)
class _Service:
    detector: Detector
    said: Verdict | None = None
    answered_s: float = 0.0


@dataclass(slots=True)
class Replay:
    """Takes lines in their order; yields the changes they bring."""

    tuning: Tuning
    lines: int = 0
    _began: Began | None = None
    _looked_s: float = 0.0
    _services: dict[tuple[ZoneId, str], _Service] = field(default_factory=dict)
    _rates: RateDetector | None = None
    _pages: RateDetector | None = None
    _settle_s: float = 0.0
    _elevations: dict[ZoneId, Elevation] = field(default_factory=dict)

    def run(self, lines: Iterable[Line]) -> Iterator[Change]:
        """Yield every change of a verdict."""
        for line in lines:
            self.lines += 1
            if isinstance(line, Began):
                if line != self._began:  # every file of one run begins with it
                    self._begin(line)
            else:
                yield from self._until(line.at_s)
                yield from self._take(line)
        if self._began is not None:
            yield from self._look(self._looked_s + LOOK_S)

    def _begin(self, began: Began) -> None:
        self._began, self._looked_s = began, began.at_s
        self._services.clear()
        self._elevations.clear()
        policy = self.tuning.rate_policy(began)
        self._rates = RateDetector(policy, began.zones)
        rule = page_rates(every_s=began.pages_every_s, slow_s=began.pages_slow_s)
        self._pages = RateDetector(rule, began.zones)
        longest_s = max(rule.long_s + rule.clear_s, policy.long_s)
        self._settle_s = longest_s + self._patience_s

    def _take(self, line: Answer | Page | Traffic) -> Iterator[Change]:
        assert self._began is not None
        assert self._rates is not None
        assert self._pages is not None
        if isinstance(line, Traffic):
            self._rates.record(line.zone, line.at_s, good=line.good, bad=line.bad)
            return
        if isinstance(line, Page) and line.counted:
            bad = int(bool(line.phase))
            self._pages.record(line.zone, line.at_s, good=1 - bad, bad=bad)
        name = f"page {line.page}" if isinstance(line, Page) else line.service
        key = line.zone, name
        if key not in self._services:
            policy = self.tuning.detector(self._began)
            if isinstance(line, Page):
                every_s, slow_s = self._began.pages_every_s, self._began.pages_slow_s
                policy = page_detector(policy, every_s=every_s, slow_s=slow_s)
            self._services[key] = _Service(Detector(policy))
        service = self._services[key]
        service.detector.record(line.at_s, phase=line.phase, reason=line.reason)
        service.answered_s = line.at_s
        yield from self._judge(*key, service, line.at_s)

    def _until(self, now_s: float) -> Iterator[Change]:
        """Look as often as a daemon does, also while nothing was recorded."""
        settled_s = self._looked_s + self._settle_s
        while self._looked_s + LOOK_S < now_s:
            yield from self._look(self._looked_s + LOOK_S)
            if self._looked_s > settled_s:  # nothing changes in longer silence
                self._looked_s = now_s

    @property
    def _patience_s(self) -> float:
        assert self._began is not None
        rates = self.tuning.rate_policy(self._began)
        stale_s = self.tuning.detector(self._began).stale_s
        return rates.long_s + rates.clear_s + stale_s

    def _look(self, now_s: float) -> Iterator[Change]:
        self._looked_s = now_s
        for (zone, name), service in self._services.items():
            yield from self._judge(zone, name, service, now_s)
        for zone, reading in sorted(self._readings(now_s).items()):
            before = self._elevations.get(zone, Elevation.LOW_VOLUME)
            if reading.says is not before:
                self._elevations[zone] = reading.says
                yield self._change(
                    now_s, f"rates of zone {zone}", reading.says, reading.sentence()
                )

    def _readings(self, now_s: float) -> dict[ZoneId, RateReading]:
        assert self._rates is not None
        assert self._pages is not None
        users, pages = self._rates.readings(now_s), self._pages.readings(now_s)
        return {z: spoken_for(users[z], by_pages(pages[z])) for z in users}

    def _judge(
        self, zone: ZoneId, name: str, service: _Service, now_s: float
    ) -> Iterator[Change]:
        reading = service.detector.reading(now_s)
        if reading.verdict is service.said:
            return
        service.said = reading.verdict
        rows = max(reading.bad_in_a_row, reading.good_in_a_row)
        why = f"{rows} in a row: {reading.reason}"
        if now_s - service.answered_s > service.detector.policy.stale_s:
            why = f"no answer for {now_s - service.answered_s:.1f} s"
        yield self._change(now_s, f"{name} of zone {zone}", reading.verdict, why)

    def _change(self, at_s: float, subject: str, verdict: str, why: str) -> Change:
        assert self._began is not None
        wall_s = self._began.wall_s + at_s - self._began.at_s
        return Change(
            at_s=at_s, wall_s=wall_s, subject=subject, verdict=str(verdict), why=why
        )
