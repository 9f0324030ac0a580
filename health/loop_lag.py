"""How late the observer's own loop is: an observer that starves sees failures. Pure.

A stopped process (SIGSTOP, a suspended machine) or a busy core lets every open
question run into its time-out, and a receiver look silent: all of it is about us. So
the loop is to tick at a fixed pace, by a monotonic clock that is not its own (uvloop's
stands still within a turn). A tick later than the bound is a lag; the observer is
unfit to vote until nothing it believes is older than that.
"""

import math
from collections import deque
from dataclasses import dataclass, field

TICK_S = 0.05
WINDOW_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """worst_s: the worst lag of the last minute, seconds.

    lag_s: the latest lag above the bound; 0: there was none. lag_age_s: since it ended.
    """

    worst_s: float = 0.0
    lag_s: float = 0.0
    lag_age_s: float = math.inf


FIT = Fitness()


@dataclass(slots=True)
class LoopLag:
    """Measures lags; all times are monotonic seconds of one clock.

    bound_s: a later tick is a lag. tick_s: the pace that was promised.
    """

    bound_s: float = 0.25
    tick_s: float = TICK_S
    lagged_at_s: float = -math.inf
    lag_s: float = 0.0
    _last_s: float | None = None
    _worst: deque[tuple[float, float]] = field(default_factory=deque)

    def tick(self, now_s: float, *, late_s: float | None = None) -> bool:
        """Count one turn; tell whether it came too late.

        late_s: by whoever keeps another pace, and then nothing is overdue by ours;
        None: measured.
        """
        late = self._late_s(now_s) if late_s is None else late_s
        self._last_s = now_s if late_s is None else None
        return self._noted(now_s, late)

    def look(self, now_s: float) -> bool:
        """Tell whether a turn is overdue: who wakes up first may not be the ticker."""
        late = self._late_s(now_s)
        if late <= self.bound_s:
            return False
        self._last_s = now_s  # one stall is one lag, whoever finds it
        return self._noted(now_s, late)

    def spoils(self, asked_s: float) -> bool:
        """Tell whether a question of *asked_s* was open at the latest lag, or older."""
        return asked_s <= self.lagged_at_s

    def fitness(self, now_s: float) -> Fitness:
        """Return what is known of the observer itself at *now_s*."""
        self._forget(now_s)
        return Fitness(
            worst_s=self._worst[0][1] if self._worst else 0.0,
            lag_s=self.lag_s,
            lag_age_s=now_s - self.lagged_at_s,
        )

    def _late_s(self, now_s: float) -> float:
        if self._last_s is None:
            return 0.0
        return max(now_s - self._last_s - self.tick_s, 0.0)

    def _noted(self, now_s: float, late_s: float) -> bool:
        self._forget(now_s)
        while self._worst and self._worst[-1][1] <= late_s:
            self._worst.pop()  # what came before and was better is never the worst
        self._worst.append((now_s, late_s))
        if late_s <= self.bound_s:
            return False
        self.lagged_at_s, self.lag_s = now_s, late_s
        return True

    def _forget(self, now_s: float) -> None:
        while self._worst and now_s - self._worst[0][0] > WINDOW_S:
            self._worst.popleft()
