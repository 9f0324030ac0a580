"""The ledger itself: everything durable the decisions need, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from controller.decide.declared import Window
from controller.decide.flaps import Flaps
from controller.decide.old import Laid, OldPrimary
from controller.decide.saga import Run
from controller.decide.standing import (
    NOTHING_PROVEN,
    Durability,
    Ending,
    Found,
    Serving,
    Wish,
)
from controller.model.commands import NO_BOOT, Acker, Member
from controller.model.ids import BootId, EdgeId, Epoch, IncidentId, ServerId, ZoneId
from controller.model.outcomes import Outcome
from replication.ports import Session

NOBODY = IncidentId("")
NO_EPOCH = Epoch(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """An agent that ends its primary, process *boot*, when alone for *ttl_s*."""

    ttl_s: float
    boot: BootId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything durable the decisions need.

    before: what held before the present intent to degrade or open; a certain
        refusal brings it back, anything else does not.
    suspects: count as primaries until fenced (an ex-primary, an unknown OPEN).
    retired: server → proof under which it ended; no member any more.
    doubtful: un-fencing orders that may still be executed (rule 5).
    in_flight: connections the present intent travels on.
    unanswered: the present step's intent has no outcome yet.
    answer: the present step's outcome, while what follows it is not on record.
    routed: epoch of the latest run that announced an order to every edge.
    routed_at_s: when an order to any edge was last announced or answered, monotonic.
    adrift: edges seen off their route and not seen on it again → what was seen.
    serving: the process the primary last took writes in; None: not on record.
    earned_in: the process of a primary that EARN let wait for acknowledgements.
    findings: what the doctor found and did not find mended since.
    laid: servers whose data is a copy, and of when. had: what each has that its own
        log does not say (MariaDB): all its source had logged when it caught up.
    old: servers that were primary, on the data they had then; until they are laid
        anew or are members again.
    armed: zone → its agent, as it last said of itself while it answered.
    confirmed: CONFIRM held once in this incident; a frozen replica cannot say
        so again, because we made it deaf ourselves.
    windows: maintenance as it was declared; one that is over may still stand here.
    flaps: zone → how it came and went. leaving: the zone a failover that nobody asked
        for leaves just now.
    """

    epoch: Epoch = NO_EPOCH
    primary: Member | None = None
    ackers: tuple[Acker, ...] = ()
    durability: Durability = NOTHING_PROVEN
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
    findings: tuple[Found, ...] = ()
    routed: Epoch = NO_EPOCH
    routed_at_s: float = float("-inf")
    adrift: Mapping[EdgeId, str] = field(default_factory=lambda: MappingProxyType({}))
    confirmed: bool = False
    unanswered: bool = False
    answer: Outcome | None = None
    incidents: int = 0
    serving: Serving | None = None
    earned_in: BootId = NO_BOOT
    old: Mapping[ServerId, OldPrimary] = field(
        default_factory=lambda: MappingProxyType({})
    )
    laid: Mapping[ServerId, Laid] = field(default_factory=lambda: MappingProxyType({}))
    had: Mapping[ServerId, str] = field(default_factory=lambda: MappingProxyType({}))
    armed: Mapping[ZoneId, Armed] = field(default_factory=lambda: MappingProxyType({}))
    windows: tuple[Window, ...] = ()
    flaps: Mapping[ZoneId, Flaps] = field(default_factory=lambda: MappingProxyType({}))
    leaving: ZoneId | None = None

    def laid_at(self, member: Member) -> str:
        """Return the position *member*'s data was copied at, if that is on record."""
        how = self.laid.get(member.server)
        return "" if how is None else how.position
