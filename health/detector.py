"""Hard-down rule for one service of one zone: so many failures in a row.

Pure: no clock, no I/O. `CANNOT_OBSERVE` is kept apart from `DOWN`: a rejected
password, an unresolvable name, a server whose version we do not speak or a probe
that fails by itself says something about us, not about the zone.
Silence is not health: without a fresh sample the verdict is `UNDECIDED`.
"""

from dataclasses import dataclass
from enum import StrEnum

FAULTY = "probe"
"""The phase of a question that failed by a mistake of the probe itself."""

BLIND_PHASES = frozenset({"auth", "dns", "version", FAULTY})


class Verdict(StrEnum):
    """What the latest samples say of a service."""

    OK = "ok"
    DOWN = "down"
    UNDECIDED = "undecided"
    CANNOT_OBSERVE = "cannot_observe"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorPolicy:
    """Thresholds.

    rounds_down: failures in a row that make DOWN, >= 2 (one may be a blip).
    rounds_clear: answers in a row that end DOWN, >= 1 (hysteresis).
    stale_s: a newest sample older than this is no knowledge, seconds.
    """

    rounds_down: int
    rounds_clear: int
    stale_s: float

    def __post_init__(self) -> None:
        if self.rounds_down < 2:
            raise ValueError(f"rounds_down must be >= 2, got {self.rounds_down}")
        if self.rounds_clear < 1:
            raise ValueError(f"rounds_clear must be >= 1, got {self.rounds_clear}")
        if self.stale_s <= 0:
            raise ValueError(f"stale_s must be > 0, got {self.stale_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A verdict with its arithmetic.

    since_s: monotonic time of the first sample of the present run.
    """

    verdict: Verdict
    bad_in_a_row: int
    good_in_a_row: int
    since_s: float
    reason: str


NO_READING = Reading(
    verdict=Verdict.UNDECIDED,
    bad_in_a_row=0,
    good_in_a_row=0,
    since_s=0.0,
    reason="no sample yet",
)


@dataclass(slots=True)
class Detector:
    """Counts of the present run of equal answers; O(1) a sample."""

    policy: DetectorPolicy
    _bad: int = 0
    _good: int = 0
    _blind: bool = False
    _down: bool = False
    _since_s: float = 0.0
    _last_s: float | None = None
    _reason: str = "no sample yet"

    def record(self, at_s: float, *, phase: str, reason: str) -> None:
        """Add one sample taken at *at_s*; an empty *phase* means it answered."""
        assert self._last_s is None or self._last_s <= at_s
        self._last_s = at_s
        self._reason = reason
        self._blind = phase in BLIND_PHASES
        if self._blind:
            return
        if not phase:
            self._since_s = at_s if self._good == 0 else self._since_s
            self._good, self._bad = self._good + 1, 0
            self._down = self._down and self._good < self.policy.rounds_clear
            return
        self._since_s = at_s if self._bad == 0 else self._since_s
        self._bad, self._good = self._bad + 1, 0
        self._down = self._down or self._bad >= self.policy.rounds_down

    def forget(self, reason: str) -> None:
        """Begin anew, for *reason*: what was counted is no evidence.

        UNDECIDED until the next sample; DOWN is earned from the first round again.
        """
        self._bad = self._good = 0
        self._blind = self._down = False
        self._reason = reason

    def age_s(self, now_s: float) -> float:
        """Return how old the newest sample is; 0 before the first."""
        return now_s - self._last_s if self._last_s is not None else 0.0

    def reading(self, now_s: float) -> Reading:
        """Judge what is known at *now_s*."""
        return Reading(
            verdict=self._verdict(now_s),
            bad_in_a_row=self._bad,
            good_in_a_row=self._good,
            since_s=self._since_s,
            reason=self._reason,
        )

    def _verdict(self, now_s: float) -> Verdict:
        if self._last_s is None or now_s - self._last_s > self.policy.stale_s:
            return Verdict.UNDECIDED
        if self._blind:
            return Verdict.CANNOT_OBSERVE
        if self._down:
            return Verdict.DOWN
        return Verdict.OK if self._good else Verdict.UNDECIDED
