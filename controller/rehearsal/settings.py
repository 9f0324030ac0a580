"""What a rehearsal is about: its places, and what may be set before it begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdn_router.adapters.memory import Board
from cdn_router.shares import Share
from controller.act.driver import TABLES
from controller.decide.facts import Mode
from controller.decide.flaps import FlapPolicy
from controller.decide.saga import Kind, Table
from controller.model.commands import Proof
from controller.model.ids import EdgeId, ServerId, SiteId, SlotId, ZoneId
from replication.adapters.memory import Engine, Habits

ZONES = tuple(ZoneId(name) for name in "abc")
A, B, C = ZONES
EDGES = (EdgeId("pop1"), EdgeId("pop2"))
SITE, SLOT = SiteId("www.example.org"), SlotId("s1")
CONTROLLER, EDGE_PLACE = "controller", "edge"
PORT = 3306
OWNER = "rehearsal"


def server_of(zone: ZoneId) -> ServerId:
    """Return the one database server of *zone*."""
    return ServerId(f"db-{zone}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one rehearsal is about; seconds unless said.

    uptime_s: how long the first servers have been running when it begins.
    acks, replicas: commits wait for so many of so many ackers.
    flips, moves, within_s, quarantine_s: when a zone that comes and goes is left alone.
    tables: the procedures; other ones are for planted bugs.
    self_fence_s: agents end a primary that is alone for so long; 0: no agents.
    observers: expected to vote, `daemon` among them; none: nobody votes.
    without_quorum: what will do while the broker is out of reach, or `hold`.
    granted: zones whose applications may write past read-only from the beginning.
    """

    engine: Engine = Engine.MARIADB
    habits: Habits | None = None
    proofs: tuple[Proof, ...] = (Proof.PROCESS, Proof.ACKS_REVOKED, Proof.SQL)
    mode: Mode = Mode.AUTO
    durability: str = "semi_sync"
    acks: int = 1
    replicas: int = 1
    cross_zone: bool = False
    promotion: Mapping[str, str] = field(default_factory=dict)
    unapplied_max: int = 10_000
    interval_s: float = 0.1
    timeout_s: float = 0.4
    seeding_s: float = 1.0
    cooldown_s: float = 60.0
    retry_s: float = 2.0
    uptime_s: float = 60.0
    pause_max_s: float = 5.0
    transaction_max_s: float = 3.0
    lag_max: int = 1000
    write_dead: str = "hold"
    flips: int = 3
    moves: int = 2
    within_s: float = 600.0
    quarantine_s: float = 900.0
    zone_errors: str = "switchover"
    zone_errors_s: float = 5.0
    granted: tuple[ZoneId, ...] = ()
    self_fence_s: float = 0.0
    observers: tuple[str, ...] = ()
    without_quorum: str = "second_vantage"
    tables: Mapping[Kind, Table] = field(default_factory=lambda: TABLES)

    @property
    def flapping(self) -> FlapPolicy:
        """Return when a zone that comes and goes is left alone."""
        return FlapPolicy(
            flips=self.flips,
            moves=self.moves,
            within_s=self.within_s,
            quarantine_s=self.quarantine_s,
            quarantine_max_s=4 * self.quarantine_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a cluster has at the edges: a slot, and with others a share of *boards*."""

    slot: SlotId = SLOT
    share: Share | None = None
    boards: Mapping[EdgeId, Board] = field(default_factory=dict)
