"""What the fold of the journal holds; `ledger` says how each record changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from controller.decide.saga import End, Kind, Run
from controller.model.commands import Acker, Member
from controller.model.ids import Epoch, IncidentId, ServerId, ZoneId
from replication.ports import Session

NOBODY = IncidentId("")
NO_EPOCH = Epoch(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Durability:
    """protected: every acknowledged write is in two zones; otherwise since when not."""

    protected: bool
    since_wall_s: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An operator's order to fail over; consumed when a run starts."""

    to_zone: ZoneId
    why: str
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The latest end of one kind of run about one server."""

    kind: Kind
    about: ServerId
    end: End
    at_mono_s: float
    at_wall_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything durable the decisions need.

    before: what held before the present intent to degrade; a certain refusal
        brings it back, anything else does not.
    suspects: count as primaries until fenced (an ex-primary, an unknown OPEN).
    retired: server → proof under which it ended; no member any more.
    doubtful: un-fencing orders that may still be executed (rule 5).
    in_flight: connections the present intent travels on.
    unanswered: the present step's intent has no outcome yet.
    confirmed: CONFIRM held once in this incident; a frozen replica cannot say
        so again, because we made it deaf ourselves.
    """

    epoch: Epoch = NO_EPOCH
    primary: Member | None = None
    ackers: tuple[Acker, ...] = ()
    durability: Durability = Durability(
        protected=False, since_wall_s=0.0, why="nothing proven yet"
    )
    before: Durability | None = None
    suspects: tuple[Member, ...] = ()
    retired: Mapping[ServerId, str] = field(
        default_factory=lambda: MappingProxyType({})
    )
    run: Run | None = None
    incident: IncidentId = NOBODY
    halted: str = ""
    paused: str = ""
    wish: Wish | None = None
    approved: str = ""
    doubtful: tuple[Session, ...] = ()
    in_flight: tuple[Session, ...] = ()
    endings: tuple[Ending, ...] = ()
    confirmed: bool = False
    unanswered: bool = False
    incidents: int = 0


def elapsed_s(ending: Ending, now_s: float) -> float:
    """Return seconds since *ending*; a clock that began anew counts as long ago."""
    passed_s = now_s - ending.at_mono_s
    return passed_s if passed_s >= 0 else float("inf")
