"""What the ledger is made of that is neither a member nor a run."""

import math
from dataclasses import dataclass, field
from typing import TypeAlias

from controller.decide.saga import End, Kind
from controller.model.commands import Member
from controller.model.ids import BootId, EdgeId, ServerId, ZoneId
from replication.doctor.inspection import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Durability:
    """protected: every acknowledged write is in two zones; otherwise since when not.

    acks: while protected, so many registered ackers hold each of them; the least
        that commits may have waited for since it was earned.
    at_mono_s: when that went on record; an answer asked for before says nothing of it.
    """

    protected: bool
    since_wall_s: float
    why: str
    acks: int = 1
    at_mono_s: float = field(default=-math.inf, compare=False)


NO_DURABILITY = "durability none: acknowledged writes may be in one zone only"

NOTHING_PROVEN = Durability(protected=False, since_wall_s=0.0, why="nothing proven yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The process in which the primary was last known to take writes.

    closed: it was seen read-only in that very process: somebody closed it, and
        a restart later does not take that back.
    closing: an order of ours to close that very process was sent, and may still
        take effect; it was not seen to take writes since.
    at_mono_s: when an order of ours opened it; an answer asked for before says nothing.
    """

    server: ServerId
    boot_id: BootId
    closed: bool = False
    closing: bool = False
    at_mono_s: float = field(default=-math.inf, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An operator's order to move; consumed when a run starts, or forgotten.

    planned: by a switchover, which the living primary helps with; never a yes to a
        failover.
    """

    to_zone: ZoneId
    why: str
    overrides: tuple[str, ...]
    at_mono_s: float
    at_wall_s: float
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The latest end of one kind of run about one server, or about one edge."""

    kind: Kind
    about: ServerId | EdgeId
    end: End
    at_mono_s: float
    at_wall_s: float


def closed_words(primary: Member) -> str:
    """Say that *primary* answers and is read-only; a person approves these words."""
    return f"primary {primary.server} in zone {primary.zone} takes no writes"


def errors_words(zone: ZoneId) -> str:
    """Return how it begins to be said that *zone* answers with errors.

    Whom it fails follows; a person may approve that, too.
    """
    return f"zone {zone} fails "


def passed_s(at_mono_s: float, now_s: float) -> float:
    """Return seconds since then; a clock that began anew counts as long ago."""
    return now_s - at_mono_s if now_s >= at_mono_s else math.inf


def elapsed_s(ending: Ending, now_s: float) -> float:
    """Return seconds since *ending*."""
    return passed_s(ending.at_mono_s, now_s)


def wish_age_s(wish: Wish, now_s: float, wall_s: float) -> float:
    """Return seconds since *wish*, by the clock that says more.

    A machine that restarted began its monotonic clock anew, perhaps beyond where
    it was; a wall clock may be set back. Too old only means to ask again.
    """
    passed_s = now_s - wish.at_mono_s
    return max(passed_s, wall_s - wish.at_wall_s) if passed_s >= 0 else float("inf")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding on record, and since when."""

    finding: Finding
    since_wall_s: float


Mark: TypeAlias = tuple[str, ...]


def mark(finding: Finding) -> Mark:
    """Return what makes a finding the same one; its words may hold figures."""
    about = ",".join(finding.about)
    return (about, finding.name, finding.severity.value, finding.mend)
