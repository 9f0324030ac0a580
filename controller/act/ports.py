"""What the shell holds in its hands; filled by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cdn_router.ports import Edge
from controller.act.aftermath import Aftermath
from controller.model.commands import Proof
from controller.model.ids import EdgeId, ServerId, SiteId, SlotId, ZoneId
from controller.model.outcomes import Outcome
from deploy.agent.ports import ZoneAgent
from deploy.ports import FenceProof, Provisioner
from health.ports import Probe
from health.vote_bus import VoteBus
from health.votes import VoteBoard
from replication.ports import CacheStore, DatabaseServer, Inspector, SearchStore


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSeat:
    """A database adapter, where it lives and what replicas call it (`host:port`)."""

    database: DatabaseServer
    zone: ZoneId
    address: str


@dataclass(frozen=True, slots=True)
class VoteSeat:
    """The way to the other observers, and where this process keeps what they say.

    unfit_s: after a lag of our own loop our word does not count for so long.
    """

    bus: VoteBus
    board: VoteBoard
    unfit_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A page asked for at *edge*, as users do, every *every_s* seconds.

    page: the page of the same path and host that zones are asked for; empty: none.
    """

    edge: EdgeId
    probe: Probe
    every_s: float
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """A further service of a zone, asked every *every_s* seconds.

    bound_s: the probe answers within this, seconds. mandatory: nobody is moved to the
    zone while it is down.
    """

    probe: Probe
    every_s: float
    bound_s: float
    mandatory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Every adapter of one site.

    inspectors: of some or all of *databases*; each on connections of its own.
    probes: by zone, then service name. slots: the sites of each slot.
    pages, also: by zone, then name: see `ZoneFact`. journeys: by name.
    aftermath: what an old primary is compared with and kept by; None: by nobody.
    fences: ways to prove a fence from outside the database; see `act.fences` for
        those that need none. agents: of the zones that have one.
    votes: our seat among the observers; None: there are no others.
    """

    databases: Mapping[ServerId, DatabaseSeat]
    inspectors: Mapping[ServerId, Inspector]
    edges: Mapping[EdgeId, Edge]
    probes: Mapping[ZoneId, Mapping[str, Probe]]
    caches: Mapping[ZoneId, CacheStore]
    searches: Mapping[ZoneId, SearchStore]
    provisioner: Provisioner | None
    slots: Mapping[SlotId, tuple[SiteId, ...]]
    aftermath: Aftermath | None = None
    fences: Mapping[Proof, FenceProof] = field(default_factory=dict)
    agents: Mapping[ZoneId, ZoneAgent] = field(default_factory=dict)
    pages: Mapping[ZoneId, Mapping[str, Probe]] = field(default_factory=dict)
    journeys: Mapping[str, Journey] = field(default_factory=dict)
    also: Mapping[ZoneId, Mapping[str, Also]] = field(default_factory=dict)
    votes: VoteSeat | None = None


class Notifier(Protocol):
    """One line to people."""

    async def send(self, title: str, line: str) -> Outcome:
        """Deliver, or say why not; never raises and never blocks a failover."""
        ...
