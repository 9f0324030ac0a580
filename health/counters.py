"""Counters that only grow, read now and then: what happened in between. Pure.

An edge that restarted, or whose counters were cleared, begins again at zero: the step
over that is discarded, it is neither no failure nor a negative one (D16). Requests that
the client gave up are neither good nor bad (D17): they are taken out of both.
"""

from dataclasses import dataclass

from health.rates import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What one edge counted of one zone since it began.

    requests: all of them. failures: answered with a server error, by the zone or for
    it. aborts: given up by the client before an answer.
    """

    requests: int
    failures: int
    aborts: int = 0


@dataclass(slots=True)
class Differences:
    """The steps between readings of one edge and zone."""

    _last: Totals | None = None
    _owed: int = 0

    def step(self, now: Totals) -> Counts | None:
        """Return what came since the last reading; None: that cannot be told."""
        last, self._last = self._last, now
        if last is None:
            return None
        requests = now.requests - last.requests
        failures = now.failures - last.failures
        aborts = now.aborts - last.aborts
        if min(requests, failures, aborts) < 0:
            self._owed = 0
            return None
        # A request counts when it comes, its failure or end when that comes: what was
        # taken for good too early is owed to the steps after it.
        left = requests - failures - aborts + self._owed
        self._owed = min(0, left)
        return Counts(good=max(0, left), bad=failures)

    def lost(self) -> None:
        """The edge was not seen: the next reading is a first one again."""
        self._last, self._owed = None, 0
