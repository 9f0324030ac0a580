"""When each of many targets is due: spread evenly, never in a burst. Pure.

Target *i* of *n* is due at i/n of every interval, so that the n-th asking since the
beginning has one time and one target, and nothing is stored for either. What could
not be asked in time is left out, not made up for: a stalled process that asked
everything at once would be the stampede it is to warn of.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

LATE_PART = 0.1
LATE_S_MIN = 0.05
"""An asking later than a tenth of the interval, and than this, is left out."""


@dataclass(slots=True)
class Pacer:
    """Turns of *targets*, each once an *interval_s*; times are monotonic seconds."""

    interval_s: float
    targets: int
    began_s: float
    missed: int = 0
    _turn: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.interval_s <= 0 or self.targets < 1:
            raise ValueError("interval_s must be > 0, and there must be a target")

    @property
    def late_s_max(self) -> float:
        """Return how late an asking may be, seconds."""
        return max(LATE_S_MIN, LATE_PART * self.interval_s)

    @property
    def next_s(self) -> float:
        """Return when the next turn is."""
        return self._at_s(self._turn)

    def due(self, now_s: float) -> Iterator[tuple[int, float]]:
        """Yield each target whose turn has come by *now_s*, and when it came."""
        self._leave_out(now_s)
        while (at_s := self._at_s(self._turn)) <= now_s:
            self._turn += 1
            yield (self._turn - 1) % self.targets, at_s

    def _leave_out(self, now_s: float) -> None:
        """Pass over turns that are too old; each is counted as missed."""
        over_s = now_s - self.late_s_max - self.next_s
        if over_s <= 0:
            return
        turns = int(over_s / self.interval_s * self.targets) + 1
        self.missed += turns
        self._turn += turns

    def _at_s(self, turn: int) -> float:
        return self.began_s + turn * self.interval_s / self.targets
