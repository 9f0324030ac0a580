"""Asks many HTTP targets, each once an interval, on one event loop.

Lateness is measured with `time.monotonic()`: uvloop's own clock stands still within a
turn of the loop and would hide an overload.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from health.http_asker import HttpAsker, HttpTarget
from health.pacing import Pacer
from health.ports import Sample

TICK_S = 0.002
"""Turns nearer than this are taken together: a timer each would cost more."""

_BIN_S, _BINS = 0.0005, 2000


@dataclass(slots=True)
class Lateness:
    """How late things were, in half milliseconds up to one second."""

    count: int = 0
    worst_s: float = 0.0
    _bins: list[int] = field(default_factory=lambda: [0] * _BINS)

    def add(self, late_s: float) -> None:
        """Count one."""
        self.count += 1
        self.worst_s = max(self.worst_s, late_s)
        self._bins[min(int(max(late_s, 0.0) / _BIN_S), _BINS - 1)] += 1

    def quantile(self, part: float) -> float:
        """Return what *part* of them were at most, seconds; 0 without any."""
        wanted, seen = part * self.count, 0
        for number, counted in enumerate(self._bins):
            seen += counted
            if counted and seen >= wanted:
                return min((number + 1) * _BIN_S, self.worst_s)
        return 0.0


@dataclass(slots=True, kw_only=True)
class ProberCounts:
    """What a prober did: *still_open* turns were passed over, the answer before is due.

    Together with the pacer's *missed* ones these are the askings that were `late`.
    """

    asked: int = 0
    told: int = 0
    still_open: int = 0


class Prober:
    """Spread, bounded and punctual; *told* gets every sample with its target's number.

    At most one asking of a target is open at a time: who answers slower than it is
    asked is asked less often, and that is counted.
    """

    def __init__(
        self,
        targets: Sequence[HttpTarget],
        *,
        interval_s: float,
        told: Callable[[int, Sample], None],
    ) -> None:
        self._askers = [HttpAsker(target) for target in targets]
        self._tell = [partial(self._told, number) for number in range(len(targets))]
        self._interval_s = interval_s
        self._report = told
        self._timer: asyncio.Handle | None = None
        self._pacer: Pacer | None = None
        self.counts = ProberCounts()
        self.lateness = Lateness()

    @property
    def missed(self) -> int:
        """Return how many turns were left out because the loop was late."""
        return self._pacer.missed if self._pacer is not None else 0

    def start(self) -> None:
        """Begin; the first turn comes at once.

        Raises:
            RuntimeError: it runs already.
        """
        if self._timer is not None:
            raise RuntimeError("it runs already")
        self._pacer = Pacer(self._interval_s, len(self._askers), time.monotonic())
        self._timer = asyncio.get_running_loop().call_soon(self._tick)

    def stop(self) -> None:
        """Ask no more; what is open is given up. Safe to call twice."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for asker in self._askers:
            asker.cancel()

    def _tick(self) -> None:
        assert self._pacer is not None
        try:
            for number, due_s in self._pacer.due(time.monotonic()):
                self.lateness.add(time.monotonic() - due_s)
                self._ask(number)
        finally:  # whatever happened, the others are asked
            wait_s = max(self._pacer.next_s - time.monotonic(), TICK_S)
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._tick)

    def _ask(self, number: int) -> None:
        asker = self._askers[number]
        if asker.busy:
            self.counts.still_open += 1
            return
        self.counts.asked += 1
        asker.ask(self._tell[number])

    def _told(self, number: int, sample: Sample) -> None:
        self.counts.told += 1
        self._report(number, sample)
