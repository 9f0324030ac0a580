"""A maintenance window as it was declared, and how much of it is left. Pure.

By two clocks: the monotonic one begins anew with the machine, the wall clock is set.
Time spent is what the one says that says more, so no jump makes a window longer than
was asked for while the machine runs. Set forward, it is over too early: then the
controller acts as it always does, with all its proofs. What was spent is counted
again at every start of the daemon, so a restart gives nothing back either; a machine
that comes up with its wall clock set back may add the time it was off, no more.
"""

from dataclasses import dataclass, replace

from controller.model.ids import ZoneId

WINDOW_MAX_S = 72 * 3600.0
"""Every override expires, within three days at the latest (as AWS zonal shift's)."""

EVERYWHERE = ZoneId("")
"""The zone of a window of the whole site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What *owner* declared for *zone*, for *for_s* seconds; one a zone and owner.

    at_mono_s, at_wall_s: when, or when the daemon last started; spent_s: before that.
    """

    zone: ZoneId
    owner: str
    reason: str
    for_s: float
    at_mono_s: float
    at_wall_s: float
    spent_s: float = 0.0


def spent_s(window: Window, now_s: float, wall_s: float) -> float:
    """Return how much of *window* is over, seconds.

    A monotonic clock that began anew has run for *now_s* at least.
    """
    passed_s = now_s - window.at_mono_s if now_s >= window.at_mono_s else now_s
    return window.spent_s + max(passed_s, wall_s - window.at_wall_s)


def left_s(window: Window, now_s: float, wall_s: float) -> float:
    """Return what is left of *window*, seconds; 0: it is over."""
    whole_s = min(window.for_s, WINDOW_MAX_S)
    return max(whole_s - spent_s(window, now_s, wall_s), 0.0)


def counted_on(window: Window, now_s: float, wall_s: float) -> Window:
    """Return *window* with what is over put down as spent."""
    over_s = spent_s(window, now_s, wall_s)
    return replace(window, at_mono_s=now_s, at_wall_s=wall_s, spent_s=over_s)
