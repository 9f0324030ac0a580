"""Ask everything, keep the latest answers, hand them out as one snapshot.

Each `ask_*` is one question to one subject and raises nothing; the daemon runs
them in loops, a rehearsal one after the other on virtual time.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from cdn_router.ports import EdgeState
from controller.act.agents import AgentWatch
from controller.act.answer import NEVER, answer_of
from controller.act.canaries import CanaryMemory
from controller.act.copying import CopyWatch
from controller.act.doctor import Doctor
from controller.act.pages import PagePolicy, PageWatch
from controller.act.ports import Ports
from controller.act.recorder import Record, unrecorded
from controller.act.singles import SingleWatch
from controller.act.starved import Alertness, begin_anew
from controller.act.traffic import TrafficWatch
from controller.act.voting import Voting, voting_of
from controller.act.within import within
from controller.decide.facts import (
    EdgeFact,
    Facts,
    ServerFact,
    ZoneFact,
)
from controller.model.clock import Clock
from controller.model.commands import Member
from controller.model.ids import EdgeId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from health.asked import spoken_for
from health.detector import Detector, DetectorPolicy, Verdict
from health.elevated import RatePolicy
from health.loop_lag import LoopLag
from health.ports import Sample
from health.recording import Answer
from replication.doctor.inspection import Wanted
from replication.lag import LagMeter
from replication.ports import SAID, OpenTransaction, ServerView

NEVER_ASKED = NotSeen("connect", "never asked")
TRANSACTIONS_FRESH_S = 2.0
"""Long enough to ask once and decide; a dry run's answer is no later move's."""

GARBLED = "body"
"""The phase of an answer that came and made no sense: there, and in disorder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservePolicy:
    """interval_s between questions to one subject; timeout_s for one answer.

    wanted: what the doctor measures every server by. rates: when a zone's are elevated.
    lag_max_s: of our own loop.
    """

    interval_s: float
    timeout_s: float
    detector: DetectorPolicy
    wanted: Wanted
    rates: RatePolicy = field(default_factory=RatePolicy)
    pages: PagePolicy = field(default_factory=PagePolicy)
    lag_max_s: float = 0.25


@dataclass(slots=True)
class _ServerMemory:
    detector: Detector
    view: ServerView | None = None
    seen_at_s: float = 0.0
    sign: tuple[int, str] = (-1, "")
    sign_at_s: float = 0.0
    lag: LagMeter = field(default_factory=LagMeter)
    received: str = ""
    received_at_s: float = 0.0
    waited_at_s: float = -math.inf


@dataclass(slots=True)
class _EdgeMemory:
    detector: Detector
    answer: EdgeState | NotSeen = NEVER_ASKED
    asked_at_s: float = 0.0


@dataclass(slots=True)
class Observatory:
    """Everything seen so far of one site."""

    ports: Ports
    clock: Clock
    policy: ObservePolicy
    record: Record = unrecorded
    doctor: Doctor = field(init=False)
    agents: AgentWatch = field(init=False)
    copies: CopyWatch = field(init=False)
    traffic: TrafficWatch = field(init=False)
    pages: PageWatch = field(init=False)
    singles: SingleWatch = field(init=False)
    alertness: Alertness = field(init=False)
    voting: Voting | None = None
    _servers: dict[ServerId, _ServerMemory] = field(init=False)
    _services: dict[tuple[ZoneId, str], Detector] = field(init=False)
    _latest: dict[tuple[ZoneId, str], Sample] = field(default_factory=dict)
    _edges: dict[EdgeId, _EdgeMemory] = field(init=False)
    _canary: CanaryMemory = field(default_factory=CanaryMemory)
    _transactions: tuple[float, tuple[OpenTransaction, ...]] | None = None

    def __post_init__(self) -> None:
        lag = LoopLag(bound_s=self.policy.lag_max_s)
        self.alertness = Alertness(lag, self.clock, self._begin_anew)
        self.doctor = Doctor(self.ports.inspectors, self.policy.wanted, self.clock)
        servers = {seat.zone: server for server, seat in self.ports.databases.items()}
        self.agents = AgentWatch(self.ports.agents, servers, self.clock)
        self.copies = CopyWatch(self.ports, self.clock, self.policy.timeout_s)
        self.traffic = TrafficWatch(
            self.clock, self.ports.probes, self.record, self.policy.rates
        )
        self.pages = PageWatch(
            self.ports, self.clock, self.policy.pages, self.policy.detector, self.record
        )
        self.singles = SingleWatch(
            self.ports, self.clock, self.policy.detector, self.record
        )
        self.pages.awake_since = self.singles.awake_since = self.alertness.awake_since
        self._servers = {
            s: _ServerMemory(Detector(self.policy.detector))
            for s in self.ports.databases
        }
        self._services = {
            (zone, name): Detector(self.policy.detector)
            for zone, probes in self.ports.probes.items()
            for name in probes
        }
        self._edges = {
            e: _EdgeMemory(Detector(self.policy.detector)) for e in self.ports.edges
        }
        self.voting = voting_of(self.ports.votes, self.alertness, self._detectors())

    def _detectors(self) -> Mapping[str, Detector]:
        """Return who judges what, by what votes call it."""
        found = {f"{zone}/{name}": d for (zone, name), d in self._services.items()}
        zones = {s: seat.zone for s, seat in self.ports.databases.items()}
        return found | {
            f"{zones[s]}/database": m.detector for s, m in self._servers.items()
        }

    def _begin_anew(self, at_s: float) -> None:
        edges = (memory.detector for memory in self._edges.values())
        asked = (*self.pages.detectors(), *self.singles.detectors())
        others = (*edges, *self._services.values(), *asked)
        begin_anew(self._servers.values(), others, self._canary, at_s)

    async def ask_server(self, server: ServerId) -> None:
        """Read one database; a time-out is a failed sample.

        An answer is as old as its question: what happened in between may be missing.
        """
        asked_s = self.clock.monotonic_s()
        try:
            database = self.ports.databases[server].database
            answer = await within(self.policy.timeout_s, database.view())
        except TimeoutError:
            answer = NotSeen("read", f"no answer within {self.policy.timeout_s:g} s")
        self._remember(self._servers[server], answer, asked_s)
        blank = Sample(phase="", reason="answers", latency_s=0.0)
        found = answer if isinstance(answer, NotSeen) else blank
        self._recorded(self.ports.databases[server].zone, "database", found, asked_s)

    def _recorded(
        self, zone: ZoneId, service: str, found: NotSeen | Sample, asked_s: float
    ) -> None:
        if self.record is unrecorded:
            return
        now_s = self.clock.monotonic_s()
        self.record(
            Answer(
                at_s=now_s,
                zone=zone,
                service=service,
                phase=found.phase,
                reason=found.reason,
                latency_s=max(now_s - asked_s, 0.0),
            )
        )

    def _remember(
        self, memory: _ServerMemory, answer: ServerView | NotSeen, asked_s: float
    ) -> None:
        now_s = self.clock.monotonic_s()
        if isinstance(answer, NotSeen):
            self.alertness.judge(memory.detector, asked_s, answer.phase, answer.reason)
            return
        self.alertness.judge(memory.detector, asked_s, "", "answers")
        memory.view, memory.seen_at_s = answer, asked_s
        memory.lag.seen(answer.received, answer.executed, now_s)
        sign = (answer.heartbeats, answer.received)
        if sign != memory.sign:
            memory.sign, memory.sign_at_s = sign, now_s
        if answer.source_side.waiters:
            memory.waited_at_s = now_s
        if answer.received != memory.received:
            memory.received, memory.received_at_s = answer.received, now_s

    async def ask_service(self, zone: ZoneId, name: str) -> None:
        """Probe one service of a zone."""
        asked_s = self.clock.monotonic_s()
        found = await answer_of(self.ports.probes[zone][name])
        self._latest[zone, name] = found
        detector = self._services[zone, name]
        self.alertness.judge(detector, asked_s, found.phase, found.reason)
        self._recorded(zone, name, found, asked_s)

    async def ask_edge(self, edge: EdgeId) -> None:
        """Read one edge's routes and its own view of the zones."""
        memory = self._edges[edge]
        asked_at_s = self.clock.monotonic_s()
        try:
            answer = await within(self.policy.timeout_s, self.ports.edges[edge].read())
        except TimeoutError:
            answer = NotSeen("read", "no answer in time")
        lost = isinstance(answer, NotSeen) and answer.phase != GARBLED
        self.alertness.judge(
            memory.detector,
            asked_at_s,
            answer.phase if lost and isinstance(answer, NotSeen) else "",
            answer.reason if isinstance(answer, NotSeen) else "answers",
        )
        memory.answer, memory.asked_at_s = answer, asked_at_s
        self.traffic.seen(edge, answer)

    async def ask_durable_canary(self, primary: ServerId) -> None:
        """Commit durably, however long that takes; cancelling leaves it hanging."""
        if self._canary.hung_since_s is None:
            self._canary.hung_since_s = self.clock.monotonic_s()
        outcome = await self.ports.databases[primary].database.canary(durable=True)
        if isinstance(outcome, Done):
            self._canary.durable_ok_at_s = self.clock.monotonic_s()
            self._mark(primary, outcome.evidence.get("gtid", ""))
        if isinstance(outcome, Done | Refused):
            self._canary.hung_since_s = None
        self._remember_refusal(primary, outcome)

    def _remember_refusal(self, primary: ServerId, outcome: Outcome) -> None:
        """A no of the server is a no until the next OK.

        Not to be let in by it, or not to reach it, is our trouble and no word about
        its writes; and one that says itself that it is closed is not ill.
        """
        canary, view = self._canary, self._servers[primary].view
        if isinstance(outcome, Done) or view is None or not view.writable:
            canary.refused_since_s, canary.reason = None, ""
        elif isinstance(outcome, Refused) and outcome.reason.startswith(SAID):
            if canary.refused_since_s is None:
                canary.refused_since_s = self.clock.monotonic_s()
            canary.reason = outcome.reason

    def _mark(self, primary: ServerId, gtid: str) -> None:
        """Have every other server's lag measured by the canary just committed."""
        for server, memory in self._servers.items():
            if gtid and server != primary:
                memory.lag.marked(gtid, self.clock.monotonic_s())

    @property
    def awaits_canary(self) -> bool:
        """Tell whether a durable canary was sent and none has come back since."""
        return self._canary.hung_since_s is not None

    async def ask_local_canary(self, primary: ServerId) -> None:
        """Commit without the binary log: alive, whatever the ackers do (rule 6)."""
        try:
            database = self.ports.databases[primary].database
            outcome = await within(
                self.policy.timeout_s, database.canary(durable=False)
            )
        except TimeoutError:
            return
        if isinstance(outcome, Done):
            self._canary.local_ok_at_s = self.clock.monotonic_s()

    async def ask_transactions(self, primary: ServerId, *, older_than_s: float) -> None:
        """Ask which transactions have been open for so long; no answer: unknown."""
        self._transactions = None
        database = self.ports.databases[primary].database
        answer = await database.transactions(older_than_s=older_than_s)
        if not isinstance(answer, NotSeen):
            self._transactions = (self.clock.monotonic_s(), answer)

    def forget_canaries(self) -> None:
        """Begin anew: another server is primary."""
        self._canary = CanaryMemory()
        for memory in self._servers.values():
            memory.lag = LagMeter()

    def down(self) -> list[ServerId]:
        """Return the servers our own probes call down now."""
        now_s = self.clock.monotonic_s()
        return [
            server
            for server, memory in self._servers.items()
            if memory.detector.reading(now_s).verdict is Verdict.DOWN
        ]

    def facts(self, *, lease_held: bool) -> Facts:
        """Return one snapshot of everything known now."""
        now_s = self.clock.monotonic_s()
        return Facts(
            now_s=now_s,
            fitness=self.alertness.fitness(),
            electorate=self.voting.electorate() if self.voting else None,
            wall_s=self.clock.wall_s(),
            servers=self._server_facts(now_s),
            zones=self._zone_facts(now_s),
            canary=self._canary.fact(now_s),
            edges={e: self._edge_fact(e, now_s) for e in self._edges},
            slots=tuple(self.ports.slots),
            lease_held=lease_held,
            transactions=self._transactions_fact(now_s),
            doctor=self.doctor.fact(),
            agents=self.agents.facts(now_s),
            copy=self.copies.fact(),
            journeys=self.singles.journeys(now_s),
        )

    def _transactions_fact(self, now_s: float) -> tuple[OpenTransaction, ...] | None:
        """Return the answer of a moment ago; an older one says nothing of now."""
        if self._transactions is None:
            return None
        asked_at_s, found = self._transactions
        return found if now_s - asked_at_s <= TRANSACTIONS_FRESH_S else None

    def _server_facts(self, now_s: float) -> Mapping[ServerId, ServerFact]:
        found = {}
        for server, memory in self._servers.items():
            seat = self.ports.databases[server]
            found[server] = ServerFact(
                member=Member(server=server, zone=seat.zone),
                address=seat.address,
                reading=memory.detector.reading(now_s),
                view=memory.view,
                age_s=now_s - memory.seen_at_s,
                silent_s=now_s - memory.sign_at_s,
                lag=memory.lag.lag(now_s),
                received_age_s=now_s - memory.received_at_s,
                waited_age_s=now_s - memory.waited_at_s,
            )
        return found

    def _zone_facts(self, now_s: float) -> Mapping[ZoneId, ZoneFact]:
        users, pages = self.traffic.readings(now_s), self.pages.readings(now_s)
        return {
            zone: ZoneFact(
                zone=zone,
                rates=spoken_for(users[zone], pages[zone]),
                users=users[zone],
                services={n: self._services[zone, n].reading(now_s) for n in probes},
                also=self.singles.also(zone, now_s),
                mandatory=self.singles.mandatory(zone),
                pages=self.pages.facts(zone, now_s),
                latest={n: self._latest.get((zone, n), NEVER) for n in probes}
                | self.singles.latest(zone),
            )
            for zone, probes in self.ports.probes.items()
        }

    def works(self, zone: ZoneId, name: str) -> bool:
        """Tell whether one service of *zone* is known to answer."""
        found = self._services.get((zone, name))
        now_s = self.clock.monotonic_s()
        return found is not None and found.reading(now_s).verdict is Verdict.OK

    def _edge_fact(self, edge: EdgeId, now_s: float) -> EdgeFact:
        memory = self._edges[edge]
        answer = memory.answer
        seen = None if isinstance(answer, NotSeen) else answer
        garbled = isinstance(answer, NotSeen) and answer.phase == GARBLED
        return EdgeFact(
            edge=edge,
            reachable=seen is not None or garbled,
            epoch=seen.table.epoch if seen else Epoch(0),
            zones_up=seen.zones_up if seen else {},
            routes=seen.table.routes if seen else {},
            reading=memory.detector.reading(now_s),
            age_s=now_s - memory.asked_at_s,
            garbled=answer.reason if isinstance(answer, NotSeen) and garbled else "",
        )
