"""What is remembered of a zone that goes down and comes back; plain values. Pure."""

import math
from dataclasses import dataclass

from controller.incident.record import Record

KEPT = 16
"""So many of the latest times are kept a zone; a rule that counts further is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlapPolicy:
    """When a zone is left alone, and for how long; seconds unless said.

    flips: so often down and back within *within_s*; moves: left so often by an
        automatic failover within it; 0: not counted, at most `KEPT`.
    quarantine_s: of calm, the first time; each further time adds as much, up to
        *quarantine_max_s*, and each such span of calm between takes one off
        (Envoy's outlier ejection: base times consecutive, bounded).
    """

    flips: int = 3
    moves: int = 2
    within_s: float = 600.0
    quarantine_s: float = 900.0
    quarantine_max_s: float = 3600.0


FLAPPING = FlapPolicy()
"""What holds where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A moment by both clocks, seconds."""

    mono_s: float
    wall_s: float


def stamp_of(record: Record) -> Stamp:
    """Return when *record* was written."""
    return Stamp(mono_s=record.at_mono_s, wall_s=record.at_wall_s)


def since_s(stamp: Stamp, now_s: float, wall_s: float) -> float:
    """Return seconds since *stamp*, by the monotonic clock.

    After a restart of the machine: by the wall clock, and as long as it has been up
    at least. A wall clock that is set while it runs changes nothing.
    """
    if now_s >= stamp.mono_s:
        return now_s - stamp.mono_s
    return max(now_s, wall_s - stamp.wall_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Left alone until calm for *span_s*, the *times*th time in a row."""

    span_s: float
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaps:
    """One zone's unrest.

    ill: it went down and was not seen back. flips: how often it came back, ever.
    cleared, left: when it came back, and when a failover left it by itself; the
        latest `KEPT`, since the last quarantine. last: the latest sign of unrest.
    times, over: how many quarantines in a row there were, and when the last ended.
    """

    ill: bool = False
    flips: int = 0
    cleared: tuple[Stamp, ...] = ()
    left: tuple[Stamp, ...] = ()
    last: Stamp | None = None
    held: Quarantine | None = None
    times: int = 0
    over: Stamp | None = None


NO_FLAPS = Flaps()


def quarantine_after(
    flaps: Flaps, policy: FlapPolicy, now_s: float, wall_s: float
) -> Quarantine:
    """Return the next quarantine of a zone: longer when the last one was not enough."""
    base_s = policy.quarantine_s
    calm_s = math.inf if flaps.over is None else since_s(flaps.over, now_s, wall_s)
    forgiven = flaps.times if math.isinf(calm_s) else int(max(calm_s, 0.0) // base_s)
    most = math.ceil(policy.quarantine_max_s / base_s)
    times = min(max(flaps.times - forgiven, 0) + 1, most)
    span_s = min(base_s * times, policy.quarantine_max_s)
    return Quarantine(span_s=span_s, times=times)
