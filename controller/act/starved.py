"""After our own loop stood still: what was counted meanwhile is counted from zero."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from controller.model.clock import Clock
from health.detector import Detector
from health.loop_lag import Fitness, LoopLag

STARVED = "our own loop stood still: judged anew"


class ServerSigns(Protocol):
    """When something of a server was noticed last."""

    detector: Detector
    sign_at_s: float
    received_at_s: float


class CanarySigns(Protocol):
    """Since when canaries hang, or are refused."""

    hung_since_s: float | None
    refused_since_s: float | None


def begin_anew(
    servers: Iterable[ServerSigns],
    others: Iterable[Detector],
    canary: CanarySigns,
    at_s: float,
) -> None:
    """Let every verdict be earned again, and every silence begin, at *at_s*.

    A receiver nobody looked at was not silent, and an answer nobody read did not hang.
    """
    for server in servers:
        server.detector.forget(STARVED)
        server.sign_at_s = server.received_at_s = at_s
    for detector in others:
        detector.forget(STARVED)
    if canary.hung_since_s is not None:
        canary.hung_since_s = at_s
    if canary.refused_since_s is not None:
        canary.refused_since_s = at_s


@dataclass(frozen=True, slots=True)
class Alertness:
    """Whether we are awake enough to judge; *anew*: forgets what we slept through."""

    lag: LoopLag
    clock: Clock
    anew: Callable[[float], None]

    def tick(self, late_s: float | None = None) -> None:
        """Say that our loop turns; *late_s*: so late by another pace than ours."""
        if self.lag.tick(self.clock.monotonic_s(), late_s=late_s):
            self.anew(self.lag.lagged_at_s)

    def judge(
        self, detector: Detector, asked_s: float, phase: str, reason: str
    ) -> None:
        """Have *detector* count an answer; a failure only if we were awake for it."""
        now_s = self._looked()
        if not phase or not self.lag.spoils(asked_s):
            detector.record(now_s, phase=phase, reason=reason)

    def awake_since(self, asked_s: float) -> bool:
        """Tell whether nothing was slept through since *asked_s*."""
        self._looked()
        return not self.lag.spoils(asked_s)

    def fitness(self) -> Fitness:
        """Return what is known of ourselves now."""
        return self.lag.fitness(self._looked())

    def _looked(self) -> float:
        now_s = self.clock.monotonic_s()
        if self.lag.look(now_s):
            self.anew(now_s)
        return now_s
