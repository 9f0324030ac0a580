"""Counts of answers in sliding windows, and the two formulas that judge them. Pure.

Wilson's score interval (E. B. Wilson, 1927, "Probable inference") bounds a rate from
below also where few answers were seen; Fisher's exact test (one-sided) says how likely
a zone's failures are if they fell on the zones by chance. A rule by standard deviations
cannot work here: of n zones none is more than the square root of n - 1 of them away
from the mean.
"""

import math
from dataclasses import dataclass, field

Z_95 = 1.959963984540054
"""Two-sided 95 %: the usual interval, and 97.5 % for its lower end alone."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers of one window: *good*, and *bad* as the caller understands it."""

    good: int = 0
    bad: int = 0

    @property
    def total(self) -> int:
        """Return how many there were."""
        return self.good + self.bad

    @property
    def rate(self) -> float:
        """Return the share of bad ones; 0 without any."""
        return self.bad / self.total if self.total else 0.0

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(self.good + other.good, self.bad + other.bad)


@dataclass(slots=True)
class Window:
    """The newest *bins* of a meter, summed as they come and go."""

    bins: int
    good: int = 0
    bad: int = 0


@dataclass(slots=True)
class Meter:
    """Counts in bins of *bin_s* seconds, read for two windows; O(1) a sample.

    A window is the bin under way and the whole ones before it: it reaches back
    between its length less one bin and its length. Time that goes backwards counts
    into the newest bin.
    """

    bin_s: float
    short: Window
    long: Window
    _good: list[int] = field(init=False)
    _bad: list[int] = field(init=False)
    _newest: int = -1

    def __post_init__(self) -> None:
        if self.bin_s <= 0 or not 0 < self.short.bins <= self.long.bins:
            raise ValueError("bins must be positive, and the short window not longer")
        self._good = [0] * self.long.bins
        self._bad = [0] * self.long.bins

    def add(self, at_s: float, *, good: int = 0, bad: int = 0) -> None:
        """Count answers that came at *at_s*, monotonic seconds."""
        self._advance(at_s)
        slot = self._newest % self.long.bins
        self._good[slot] += good
        self._bad[slot] += bad
        for window in (self.short, self.long):
            window.good += good
            window.bad += bad

    def read(self, now_s: float) -> tuple[Counts, Counts]:
        """Return the short and the long window as they are at *now_s*."""
        self._advance(now_s)
        return (
            Counts(self.short.good, self.short.bad),
            Counts(self.long.good, self.long.bad),
        )

    def reset(self) -> None:
        """Forget everything: what was counted is about another time."""
        self.__post_init__()
        for window in (self.short, self.long):
            window.good = window.bad = 0
        self._newest = -1

    def _advance(self, now_s: float) -> None:
        wanted = int(now_s // self.bin_s)
        if self._newest < 0 or wanted - self._newest >= self.long.bins:
            self.reset()
            self._newest = wanted
            return
        while self._newest < wanted:
            self._newest += 1
            for window in (self.short, self.long):
                leaving = (self._newest - window.bins) % self.long.bins
                window.good -= self._good[leaving]
                window.bad -= self._bad[leaving]
            slot = self._newest % self.long.bins
            self._good[slot] = self._bad[slot] = 0


def wilson_lower(counts: Counts, z: float = Z_95) -> float:
    """Return the lower end of Wilson's interval for the rate of bad answers."""
    n = counts.total
    if counts.bad == 0:
        return 0.0  # exactly: rounding would leave a trace of it
    rate, square = counts.rate, z * z
    middle = rate + square / (2 * n)
    spread = z * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + square / n))


def fisher_p(here: Counts, elsewhere: Counts) -> float:
    """Return the chance of as many bad answers *here*, or more, if zones were alike.

    One-sided: a zone better than the others gives a p near 1. Terms fall from the
    first one on where there are more than expected, so that few are summed.
    """
    bad, total = here.bad + elsewhere.bad, here.total + elsewhere.total
    if here.bad == 0 or elsewhere.total == 0:
        return 1.0
    expected = bad * here.total / total
    if here.bad <= expected:
        return 1.0  # no evidence; the exact value is above one half or near it
    most = min(bad, here.total)
    term = math.exp(_log_term(here.bad, bad, here.total, total))
    found = term
    for k in range(here.bad, most):
        term *= (bad - k) * (here.total - k)
        term /= (k + 1) * (total - bad - here.total + k + 1)
        found += term
        if term <= found * 1e-12:
            break
    return min(1.0, found)


def _log_term(k: int, bad: int, drawn: int, total: int) -> float:
    return (
        _log_choose(bad, k)
        + _log_choose(total - bad, drawn - k)
        - _log_choose(total, drawn)
    )


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
