"""What the edges counted of each zone, as rates of the site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cdn_router.ports import EdgeState, ZoneTraffic
from controller.act.recorder import Record
from controller.model.clock import Clock
from controller.model.ids import EdgeId, ZoneId
from controller.model.outcomes import NotSeen
from health.counters import Differences, Totals
from health.elevated import NO_RATES, RateDetector, RatePolicy, RateReading
from health.recording import Traffic


@dataclass(slots=True)
class TrafficWatch:
    """Steps of every edge's counters, added up by zone."""

    clock: Clock
    zones: Iterable[ZoneId]
    record: Record
    policy: RatePolicy = field(default_factory=RatePolicy)
    _rates: RateDetector = field(init=False)
    _steps: dict[tuple[EdgeId, ZoneId], Differences] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.zones = tuple(self.zones)
        self._rates = RateDetector(self.policy, self.zones)

    def seen(self, edge: EdgeId, answer: EdgeState | NotSeen) -> None:
        """Take an edge's answer; who did not answer begins anew with its next one."""
        if isinstance(answer, NotSeen):
            for (of, _), differences in self._steps.items():
                if of == edge:
                    differences.lost()
            return
        for zone, totals in answer.traffic.items():
            if zone in self.zones:
                self._step(edge, zone, totals)

    def _step(self, edge: EdgeId, zone: ZoneId, totals: ZoneTraffic) -> None:
        differences = self._steps.setdefault((edge, zone), Differences())
        step = differences.step(
            Totals(
                requests=totals.requests,
                failures=totals.failures,
                aborts=totals.aborts,
            )
        )
        if step is None or not step.total:
            return
        now_s = self.clock.monotonic_s()
        self._rates.record(zone, now_s, good=step.good, bad=step.bad)
        self.record(
            Traffic(at_s=now_s, zone=zone, edge=edge, good=step.good, bad=step.bad)
        )

    def readings(self, now_s: float) -> Mapping[ZoneId, RateReading]:
        """Judge every zone beside the others."""
        if not self._steps:  # no edge counts
            return dict.fromkeys(self.zones, NO_RATES)
        return self._rates.readings(now_s)
