"""How fast a copy goes and how long it will take, from what was read of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.model.copying import CopyPhase, CopyProgress
from controller.model.ids import ServerId

WINDOW_S = 5.0
"""MySQL counts once a second, a copy of files in bursts: a shorter one would jump."""

NOTE_AFTER_S = 2.0
NOTE_EVERY_S = 10.0
"""The timeline tells of a copy that takes longer than a person waits for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFact:
    """A copy under way into *spare*.

    began_s, elapsed_s: when it was first seen (monotonic), and since then.
    rate_b_s: bytes a second lately, None while nothing can be said.
    still_s: how long no byte has been added.
    """

    spare: ServerId
    progress: CopyProgress
    began_s: float
    elapsed_s: float
    rate_b_s: float | None
    still_s: float

    @property
    def left_s(self) -> float | None:
        """Return the seconds until the last byte at this rate; None: unknown."""
        at = self.progress
        if at.phase is not CopyPhase.COPYING or not self.rate_b_s or not at.total_bytes:
            return None
        return max(at.total_bytes - at.copied_bytes, 0) / self.rate_b_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was read of one copy: when it began, and the latest few answers."""

    spare: ServerId
    began_s: float
    moved_s: float
    latest: CopyProgress
    window: tuple[tuple[float, int], ...]


def read_on(
    pace: Pace | None, spare: ServerId, progress: CopyProgress, now_s: float
) -> Pace:
    """Return *pace* after one more answer; another copy begins a new one."""
    now = (now_s, progress.copied_bytes)
    if pace is None or _is_another(pace, spare, progress):
        return Pace(
            spare=spare, began_s=now_s, moved_s=now_s, latest=progress, window=(now,)
        )
    moved = progress.copied_bytes != pace.latest.copied_bytes
    kept = [w for w in pace.window if w[0] > now_s - WINDOW_S]
    # One older answer stays, so that the window is never shorter than it says.
    older = [w for w in pace.window if w[0] <= now_s - WINDOW_S][-1:]
    return Pace(
        spare=spare,
        began_s=pace.began_s,
        moved_s=now_s
        if moved or progress.phase is not pace.latest.phase
        else pace.moved_s,
        latest=progress,
        window=(*older, *kept, now),
    )


def _is_another(pace: Pace, spare: ServerId, progress: CopyProgress) -> bool:
    before = pace.latest
    return (pace.spare, before.donor, before.method) != (
        spare,
        progress.donor,
        progress.method,
    ) or progress.copied_bytes < before.copied_bytes


def copy_fact(pace: Pace | None, now_s: float) -> CopyFact | None:
    """Return what *pace* says at *now_s*; None without a copy."""
    if pace is None:
        return None
    (from_s, from_bytes), (to_s, to_bytes) = pace.window[0], pace.window[-1]
    took_s = to_s - from_s
    rate_b_s = (to_bytes - from_bytes) / took_s if took_s > 0 else None
    return CopyFact(
        spare=pace.spare,
        progress=pace.latest,
        began_s=pace.began_s,
        elapsed_s=now_s - pace.began_s,
        rate_b_s=rate_b_s,
        still_s=now_s - pace.moved_s,
    )


def is_due(fact: CopyFact | None, noted: CopyFact | None) -> bool:
    """Tell whether the timeline is to tell of *fact*; *noted* was told last."""
    if fact is None or fact.elapsed_s < NOTE_AFTER_S:
        return False
    if noted is None or noted.began_s != fact.began_s:
        return True
    old, new = noted.progress, fact.progress
    later = fact.elapsed_s - noted.elapsed_s >= NOTE_EVERY_S
    return later or new.phase is not old.phase


def copy_tree(fact: CopyFact | None) -> Mapping[str, object] | None:
    """Return *fact* as status and journal tell it; None without a copy."""
    if fact is None:
        return None
    at = fact.progress
    left_s, rate_b_s = fact.left_s, fact.rate_b_s
    return {
        "spare": fact.spare,
        "donor": at.donor,
        "method": at.method,
        "phase": at.phase.value,
        "copied_bytes": at.copied_bytes,
        "total_bytes": at.total_bytes,
        "rate_b_s": None if rate_b_s is None else round(rate_b_s),
        "left_s": None if left_s is None else round(left_s, 1),
        "elapsed_s": round(fact.elapsed_s, 1),
        "still_s": round(fact.still_s, 1),
    }
