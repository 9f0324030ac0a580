"""What was observed, as one frozen snapshot; and the policy it is judged by."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from cdn_router.ports import Route
from controller.decide.asked import JourneyFact, PageFact
from controller.decide.copying import CopyFact
from controller.decide.flaps import FLAPPING, FlapPolicy
from controller.model.commands import Member, Proof
from controller.model.ids import BootId, EdgeId, Epoch, ServerId, SlotId, ZoneId
from deploy.agent.ports import AgentState
from health.detector import Reading, Verdict
from health.elevated import NO_RATES, RateReading
from health.loop_lag import FIT, Fitness
from health.ports import Sample
from health.votes import Electorate
from replication.doctor.inspection import Finding
from replication.lag import NO_LAG, Lag
from replication.ports import OpenTransaction, Receiving, ServerView

NO_BOOT = BootId("")


class Mode(StrEnum):
    """How far the daemon may go by itself."""

    OBSERVE = "observe"  # decides and reports, touches nothing
    APPROVE = "approve"  # asks a person before a failover, or opening in place
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFact:
    """One database server at *address* (`host:port`, as replicas name a source).

    view: the latest answer, None before the first. age_s: how old it is.
    silent_s: how long its receiver has shown no sign of life from its source
    (no event, no heartbeat); meaningless without a source.
    lag: behind the primary, by our canaries; nothing is decided by it.
    received_age_s: since it last received a transaction, seconds: what tells a
    source that lives from one that writes.
    waited_age_s: since commits on it were last seen to wait for an acknowledgement.
    """

    member: Member
    address: str
    reading: Reading
    view: ServerView | None
    age_s: float
    silent_s: float
    lag: Lag = NO_LAG
    received_age_s: float = 0.0
    waited_age_s: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFact:
    """The zone's other services, by name: origin, redis.

    rates: what users get of it, judged beside the other zones: by the edges' counters
        (*users*), or by pages we ask for where those say nothing.
    also: services by name whose loss degrades and moves nothing: search, and others.
        mandatory: those of them without which nobody is moved to the zone; that one of
        them answers is no sign that the zone lives.
    pages: by name; no page makes a zone down. latest: each service's latest
        answer, for people.
    """

    zone: ZoneId
    services: Mapping[str, Reading]
    rates: RateReading = NO_RATES
    users: RateReading = NO_RATES
    also: Mapping[str, Reading] = field(default_factory=dict)
    mandatory: frozenset[str] = frozenset()
    pages: Mapping[str, PageFact] = field(default_factory=dict)
    latest: Mapping[str, Sample] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryFact:
    """The two canaries on the primary (rule 6); ages in seconds, None: never.

    durable_hung_s: how long the durable one has been waiting; 0: it is not.
    durable_refused_s: how long the server has said no to every durable one, for
        *durable_reason*; 0: it has not.
    """

    durable_hung_s: float
    durable_ok_age_s: float | None
    local_ok_age_s: float | None
    durable_refused_s: float = 0.0
    durable_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeFact:
    """One edge's latest answer.

    reachable: it answered. routes, epoch: read back from it; empty and 0 when the
    answer made no sense, and then *garbled* says how.
    reading: of its answers in a row, so that one lost answer is no illness.
    age_s: since the latest answer was *asked for*, seconds: what changed the
        routes after that is not in it.
    """

    edge: EdgeId
    reachable: bool
    epoch: Epoch
    zones_up: Mapping[ZoneId, bool]
    routes: Mapping[SlotId, Route]
    reading: Reading
    age_s: float
    garbled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFact:
    """How one server was inspected by this process; ages in seconds, None: never.

    asked_s, answered_s: since it was last asked, and since it last answered.
    boot_id: the process that was asked last. why: no answer came the last time,
    for this reason; empty: one did.
    """

    asked_s: float | None = None
    answered_s: float | None = None
    boot_id: BootId = NO_BOOT
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorFact:
    """What the doctor was told: every server's look, and findings of what answered."""

    looks: Mapping[ServerId, LookFact]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFact:
    """One zone's agent: its latest answer, None before the first, and its age."""

    state: AgentState | None
    age_s: float
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything observed, at *now_s* (monotonic) and *wall_s* (for people).

    slots: what every edge must have a route for.
    transactions: open on the primary when it was last asked, a moment ago; None:
        nobody asked lately. It is asked before a planned move only.
    copy: the copy a run waits for; for people, nothing is decided by it.
    journeys: pages asked for through an edge, by name; no zone is blamed by them.
    fitness: of this process as an observer. electorate: what all expected observers
        say; None: nobody but us is expected to say anything.
    """

    now_s: float
    wall_s: float
    servers: Mapping[ServerId, ServerFact]
    zones: Mapping[ZoneId, ZoneFact]
    canary: CanaryFact
    edges: Mapping[EdgeId, EdgeFact]
    slots: tuple[SlotId, ...]
    lease_held: bool
    doctor: DoctorFact
    transactions: tuple[OpenTransaction, ...] | None = None
    agents: Mapping[ZoneId, AgentFact] = field(default_factory=dict)
    copy: CopyFact | None = None
    journeys: Mapping[str, JourneyFact] = field(default_factory=dict)
    fitness: Fitness = FIT
    electorate: Electorate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the operator chose; seconds unless said.

    silent_s: no sign from the source for so long is the replica's word that it
        is lost. stall_s: a durable canary hanging so long is a stall.
    fresh_s: an older observation is no evidence. retry_s: pause after an
        attempt that ended without a result. cooldown_s: between automatic
        failovers away from one server, and openings of one in its place. wish_s: an
        operator's wish that could not begin for so long is forgotten. inspect_s:
        between two inspections of one server; reinspect_s: while something is to
        be mended, or unanswered.
    examines: somebody can read what a dead server left (a provisioner is there).
    doctor_holds: a blocker holds failovers; otherwise it is only shown.
    pause_max_s: how long a planned move may keep users' writes waiting before it is
        undone. transaction_max_s: an older open transaction holds a planned move.
    copy_throttled: a copy leaves its donor's disk room, so the last acker may be one.
    lag_max: so many transactions the target may lack when a planned move begins.
    fence_s: how much longer than the table's time-out the accepted proofs may take.
    promote_wait_s: what proof (d) waits after the last renewer swore.
    process_hand: somebody runs the zones' processes, so proof (a) can be asked for.
    write_dead_moves: a primary that answers and takes no writes, as with a full
        disk, is left after write_dead_s; otherwise it is for a person.
    zone_errors_move: a primary whose zone alone fails its users, and goes on doing so
        for zone_errors_s, is left by a planned move; otherwise it is for a person.
    acks: a commit waits for so many of the *replicas_wanted* ackers. cross_zone: a
        server in the primary's own zone is no acker.
    promotion: server or zone → `prefer`, `neutral`, `avoid` or `never`.
    unapplied_max: so many received transactions a candidate may have to apply.
    flapping: when a zone that comes and goes is no successor for a while.
    quorum_or_hold: without a majority of observers nothing fails over by itself, also
        when the broker cannot be reached; else a second vantage will do then.
    """

    mode: Mode
    required_acks: bool
    proofs: tuple[Proof, ...]
    silent_s: float
    stall_s: float
    fresh_s: float
    retry_s: float
    cooldown_s: float
    replicas_wanted: int = 1
    acks: int = 1
    cross_zone: bool = False
    promotion: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unapplied_max: int = 10_000
    wish_s: float = 60.0
    pause_max_s: float = 5.0
    transaction_max_s: float = 3.0
    lag_max: int = 1000
    inspect_s: float = 300.0
    reinspect_s: float = 30.0
    examines: bool = True
    doctor_holds: bool = True
    fence_s: float = 0.0
    process_hand: bool = True
    promote_wait_s: float = 0.0
    copy_throttled: bool = False
    write_dead_moves: bool = False
    write_dead_s: float = 10.0
    zone_errors_move: bool = False
    zone_errors_s: float = 5.0
    flapping: FlapPolicy = FLAPPING
    quorum_or_hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """A named reason for not acting; *overridable* by a person, one by one."""

    name: str
    reason: str
    overridable: bool = True


def is_seen(fact: ServerFact, policy: Policy) -> bool:
    """Tell whether the server answered recently enough to be believed."""
    return (
        fact.view is not None
        and fact.age_s <= policy.fresh_s
        and fact.reading.verdict is not Verdict.DOWN
    )


def answers_now(fact: ServerFact, policy: Policy) -> bool:
    """Tell whether the latest answer was a good one, though it may be called down.

    A server that has just come up is called down until it answered often enough:
    it may be slow at first, but it is not lost.
    """
    fresh = fact.view is not None and fact.age_s <= policy.fresh_s
    return is_seen(fact, policy) or (fresh and fact.reading.good_in_a_row > 0)


def hears_source(fact: ServerFact, policy: Policy) -> bool:
    """Tell whether the replica still gets signs of life from its source."""
    return (
        fact.view is not None
        and fact.view.receiving is Receiving.YES
        and fact.silent_s < policy.silent_s
    )
