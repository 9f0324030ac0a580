"""What users ask of the zones in a story, as the edges' counters show it.

Rates are set by the story, whatever the routes say: it knows who would be served how.
Counters grow with virtual time, and begin at zero when their edge restarts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdn_router.ports import ZoneTraffic
from controller.model.clock import Clock
from controller.model.ids import EdgeId, ZoneId


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second of one zone, of all edges together."""

    good: float = 0.0
    bad: float = 0.0
    aborts: float = 0.0

    @property
    def told(self) -> Mapping[str, str]:
        """Return it as a fact of a history."""
        return {"good": str(self.good), "bad": str(self.bad)}


@dataclass(slots=True)
class _Count:
    rate: Rate
    since_s: float
    good: float = 0.0
    bad: float = 0.0
    aborts: float = 0.0

    def until(self, now_s: float) -> "_Count":
        """Return it as it is at *now_s*."""
        passed_s, rate = now_s - self.since_s, self.rate
        return _Count(
            rate,
            now_s,
            self.good + rate.good * passed_s,
            self.bad + rate.bad * passed_s,
            self.aborts + rate.aborts * passed_s,
        )


@dataclass(slots=True)
class StoryTraffic:
    """All edges' counters of all zones; nothing is counted until a rate is set."""

    clock: Clock
    edges: int
    _zones: dict[ZoneId, _Count] = field(default_factory=dict)
    _zero: dict[EdgeId, dict[ZoneId, _Count]] = field(default_factory=dict)

    @property
    def asked(self) -> Mapping[ZoneId, float]:
        """Return how much is asked of each zone, requests a second."""
        rates = {zone: count.rate for zone, count in self._zones.items()}
        return {z: r.good + r.bad + r.aborts for z, r in rates.items()}

    def flows(self, zone: ZoneId, rate: Rate) -> None:
        """From now on users get this of *zone*."""
        now_s = self.clock.monotonic_s()
        count = self._zones.get(zone, _Count(rate, now_s)).until(now_s)
        count.rate = rate
        self._zones[zone] = count

    def restarted(self, edge: EdgeId) -> None:
        """The edge's counters begin at zero."""
        now_s = self.clock.monotonic_s()
        self._zero[edge] = {z: c.until(now_s) for z, c in self._zones.items()}

    def counted(self, edge: EdgeId) -> Mapping[ZoneId, ZoneTraffic]:
        """Return what *edge* has counted since it began: its share of everything."""
        now_s = self.clock.monotonic_s()
        zero = self._zero.get(edge, {})
        return {
            zone: self._told(count.until(now_s), zero.get(zone))
            for zone, count in self._zones.items()
        }

    def _told(self, count: _Count, zero: _Count | None) -> ZoneTraffic:
        before = zero or _Count(Rate(), 0.0)
        good, bad, aborts = (
            int((now - then) / self.edges)
            for now, then in (
                (count.good, before.good),
                (count.bad, before.bad),
                (count.aborts, before.aborts),
            )
        )
        return ZoneTraffic(requests=good + bad + aborts, failures=bad, aborts=aborts)
