"""A whole site in memory: three zones, two edges, the daemon, and its faults."""

from dataclasses import dataclass, field, replace
from functools import partial

from cdn_router.adapters.memory import Fault as EdgeFault
from cdn_router.adapters.memory import MemoryEdge
from cdn_router.ports import Edge, Gate, Route, RouteTable
from controller.act.book import Book
from controller.act.daemon import Daemon
from controller.act.driver import CrashPoint, no_crash
from controller.act.lease import DatabaseLease
from controller.act.observe import Observatory, ObservePolicy
from controller.act.ports import DatabaseSeat, Ports
from controller.act.virtual import VirtualClock
from controller.decide.ledger import Ledger
from controller.incident.record import Record
from controller.model.clock import Clock
from controller.model.commands import Member, Proof
from controller.model.ids import EdgeId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done
from controller.rehearsal import aftermath
from controller.rehearsal.agents import AgentType, ZoneAgents, zone_agents
from controller.rehearsal.observers import ZoneObservers
from controller.rehearsal.policies import policy_of
from controller.rehearsal.reading import Case, finished, note_record
from controller.rehearsal.route_words import route_words
from controller.rehearsal.settings import (
    CONTROLLER,
    EDGE_PLACE,
    EDGES,
    OWNER,
    PORT,
    SITE,
    SLOT,
    ZONES,
    A,
    B,
    C,
    Place,
    Settings,
    server_of,
)
from controller.rehearsal.storm import FullDiskJournal, Storm
from controller.rehearsal.traffic import Rate, StoryTraffic
from controller.rehearsal.zones import CuttableProvisioner, OutsideFence
from deploy.adapters.memory import MemoryHooks, MemoryProvisioner
from deploy.agent.agent import Agent
from deploy.fencing.process import ProcessFence
from deploy.fencing.self_fence import SelfFence
from health.adapters.memory import MemoryProbe
from health.detector import DetectorPolicy
from replication.adapters.memory import (
    Habits,
    MemoryDatabase,
    MemoryInspector,
    Process,
    World,
    covers,
)
from replication.adapters.memory_stores import MemoryCache, MemorySearch
from replication.doctor.inspection import Wanted
from replication.doctor.words import WORDS
from replication.ports import CacheStore, SearchStore

__all__ = [  # the names of `settings`, too: most callers want both
    "CONTROLLER", "EDGES", "EDGE_PLACE", "OWNER", "PORT", "SITE", "SLOT", "ZONES",
    "A", "B", "C", "Place", "RehearsalSite", "Settings", "server_of",
]  # fmt: skip


@dataclass(slots=True)
class RehearsalSite:
    """The world, its adapters, and as many daemons as were started on it."""

    settings: Settings
    clock: Clock = field(default_factory=VirtualClock)
    place: Place = field(default_factory=Place)
    world: World = field(init=False)
    journal: FullDiskJournal = field(init=False)
    provisioner: MemoryProvisioner = field(init=False)
    edges: dict[EdgeId, MemoryEdge] = field(init=False)
    lost: set[ZoneId] = field(default_factory=set)
    storm: Storm = field(default_factory=Storm)
    provisioner_off: bool = False
    external_off: bool = False
    unprobed: set[tuple[ZoneId, str]] = field(default_factory=set)
    dark: set[ZoneId] = field(default_factory=set)  # whose origin answers nobody
    traffic: StoryTraffic = field(init=False)
    agent_type: AgentType = Agent
    agents: ZoneAgents = field(init=False)
    observers: ZoneObservers = field(init=False)
    commands: int = 0
    database_type: type[MemoryDatabase] = MemoryDatabase
    remains_type: type[aftermath.MemoryRemains] = aftermath.MemoryRemains
    caches: dict[ZoneId, CacheStore] = field(init=False)
    searches: dict[ZoneId, SearchStore] = field(init=False)
    archive: aftermath.MemoryArchive = field(init=False)
    _connected: list[MemoryDatabase] = field(default_factory=list)

    def __post_init__(self) -> None:
        habits = self.settings.habits or Habits(engine=self.settings.engine)
        self.world = World(self.clock, habits)
        self.world.nemesis = self.storm
        for zone in ZONES:
            member = self.world.add(server_of(zone), place=zone)
            member.booted_at_s -= self.settings.uptime_s
        for zone in self.settings.granted:
            self.grant(zone)
        self.world.kill(server_of(C))
        self.journal = FullDiskJournal(self.clock)
        self.archive = aftermath.MemoryArchive(partial(self.world.note, "saved"))
        self.provisioner = MemoryProvisioner(
            {zone: server_of(zone) for zone in ZONES},
            running=(A, B),
            hooks=MemoryHooks(
                stopped=self.world.kill,
                laid=lambda server, donor: self.world.lay_copy(donor, server),
                started=self.world.start,
            ),
            seeding_s=self.settings.seeding_s,
        )
        self.agents = zone_agents(
            self.world,
            self.provisioner,
            {zone: server_of(zone) for zone in ZONES},
            ttl_s=self.settings.self_fence_s,
            agent_type=self.agent_type,
        )
        self.observers = ZoneObservers(self.world, self.settings, self.agents.asleep)
        self.caches = {zone: MemoryCache() for zone in ZONES}
        self.searches = {zone: MemorySearch() for zone in ZONES}
        route = Route(read=A, write=A, gate=Gate.OPEN)
        table = RouteTable(epoch=Epoch(1), routes={self.place.slot: route})
        self.edges = {
            edge: MemoryEdge(
                edge,
                self.place.boards.get(edge, table),
                zones=ZONES,
                sites={SITE: self.place.slot},
                share=self.place.share,
            )
            for edge in EDGES
        }
        self.traffic = StoryTraffic(self.clock, len(EDGES))
        for edge, adapter in self.edges.items():
            adapter.hooks.applied = partial(self._note_routes, edge)
            adapter.hooks.counts = partial(self.traffic.counted, edge)
            adapter.hooks.restarted = partial(self.traffic.restarted, edge)

    async def open_first(self) -> None:
        """Do what `lab up` does: a is primary, b follows it."""
        a, b = (self._database(server_of(zone)) for zone in (A, B))
        boot = self.world.servers[server_of(A)].boot_id
        opened = await a.ensure_open(Epoch(1), boot_id=boot)
        followed = await b.ensure_following(server_of(A), Epoch(1))
        assert isinstance(opened, Done), opened
        assert isinstance(followed, Done), followed
        await self.daemon_died()

    # ---- faults -------------------------------------------------------------

    def kill(self, zone: ZoneId) -> None:
        """SIGKILL of every process of the zone."""
        self.lost.add(zone)
        self.agents.asleep.add(zone)
        self.world.kill(server_of(zone))
        self.provisioner.died(zone)
        self._tell_edges()

    def freeze(self, zone: ZoneId) -> None:
        """SIGSTOP of every process of the zone."""
        self.lost.add(zone)
        self.agents.asleep.add(zone)
        self.world.freeze(server_of(zone))
        self._tell_edges()

    def cut(self, zone: ZoneId) -> None:
        """Black hole between the zone and everything else."""
        self.lost.add(zone)
        for other in (*ZONES, CONTROLLER, EDGE_PLACE):
            if other != zone:
                self.world.cut(zone, other)
        self._tell_edges()

    def heal(self, zone: ZoneId) -> None:
        """End every fault of the zone; its supervisor starts what it may."""
        self.lost.discard(zone)
        for other in (*ZONES, CONTROLLER, EDGE_PLACE):
            if not self.world.wires.both_open(zone, other):
                self.world.mend(zone, other)
        self.agents.woke(zone)
        if self.world.servers[server_of(zone)].process is Process.FROZEN:
            self.world.thaw(server_of(zone))
        # What the network held back arrives once it is whole again.
        self.world.deliver_late(server_of(zone))
        self.provisioner.booted(zone)
        self._tell_edges()

    def restart(self, zone: ZoneId, *, losing: bool = False) -> None:
        """The zone's database ends and starts again, as its files say.

        losing: its disk kept everything but the last transaction.
        """
        if self.world.servers[server_of(zone)].process is not Process.DEAD:
            self.world.kill(server_of(zone))
            if losing:
                self.world.forget_last(server_of(zone))
            self.provisioner.died(zone)
            self.provisioner.booted(zone)

    def grant(self, zone: ZoneId) -> None:
        """Let the zone's application write past read-only in its own database."""
        server = server_of(zone)
        engine = self.world.servers[server].habits.engine
        self.world.grant(server, min(WORDS[engine.value].bypass))

    def flows(self, zone: ZoneId, rate: Rate) -> None:
        """From now on users get this of *zone*, and the edges count it."""
        self.traffic.flows(zone, rate)
        self.world.truth.note(self.clock.monotonic_s(), "traffic", zone, **rate.told)

    def calm(self) -> None:
        """End every fault there is; what was late arrives."""
        self.commands += 1
        self._serve_well()
        self.storm.calm()
        self.journal.fails_in = 0
        self.provisioner_off = self.external_off = False
        for edge in self.edges.values():
            edge.hooks.fault = EdgeFault.NONE
            edge.deliver_late()
        places = (*ZONES, CONTROLLER, EDGE_PLACE)
        for number, place in enumerate(places):
            for other in places[number + 1 :]:
                if not self.world.wires.both_open(place, other):
                    self.world.mend(place, other)
        for zone in ZONES:
            member = self.world.servers[server_of(zone)]
            member.lagging = False
            self.world.free(member.server)
            if member.granted:
                self.world.revoke(member.server)
            self.heal(zone)
            if member.process is Process.UP:
                self.world.deliver_late(member.server)
                self.world.apply(member)

    def _serve_well(self) -> None:
        """Whatever users ask for they get, and we are let through."""
        self.unprobed.clear()
        self.dark.clear()
        for zone, each_s in self.traffic.asked.items():
            self.flows(zone, Rate(good=each_s))

    def note_command(self, line: str) -> None:
        """Put what the story does at its place in the history."""
        self.commands += 1
        self.world.truth.note(self.clock.monotonic_s(), "told", line)

    # ---- the daemon ---------------------------------------------------------

    def daemon(self, crash_point: CrashPoint = no_crash) -> Daemon:
        """Return a new daemon process on the same journal, with new connections."""
        ports = self._ports()
        settings = self.settings
        book = Book(self.journal)
        book.listeners.append(self._witness)
        return Daemon(
            book=book,
            observatory=Observatory(
                ports,
                self.clock,
                ObservePolicy(
                    interval_s=settings.interval_s,
                    timeout_s=settings.timeout_s,
                    detector=DetectorPolicy(
                        rounds_down=3, rounds_clear=3, stale_s=10 * settings.timeout_s
                    ),
                    wanted=Wanted(
                        controller="sitedr",
                        replication="repl",
                        acks=settings.durability != "none",
                    ),
                ),
            ),
            lease=DatabaseLease(ports, owner=OWNER),
            policy=policy_of(settings, self.agents),
            configured_primary=Member(server=server_of(A), zone=A),
            covers=covers,
            crash_point=crash_point,
            tables=settings.tables,
        )

    async def daemon_died(self) -> None:
        """Close the connections of the last daemon, as the kernel does for the dead."""
        for database in self._connected:
            await database.aclose()
        self._connected.clear()

    def case(self) -> Case:
        """Return the story so far, for the checkers."""
        routes: dict[str, str] = {
            edge: route_words(adapter.route(self.place.slot))
            for edge, adapter in self.edges.items()
            if adapter.hooks.fault is EdgeFault.NONE
        }
        return replace(finished(self.world), routes=routes)

    def _note_routes(self, edge: EdgeId, table: RouteTable, *, late: bool) -> None:
        route = table.routes[self.place.slot]
        detail = {"epoch": str(table.epoch), "read": route.read, "write": route.write}
        if late:
            detail["late"] = "1"
        locks = [member.lock for member in self.world.servers.values()]
        if any(lock is not None and lock.owner != OWNER for lock in locks):
            detail["usurped"] = "1"
        at_s = self.clock.monotonic_s()
        self.world.truth.note(at_s, "routed", edge, gate=route.gate, **detail)

    def _witness(self, record: Record, ledger: Ledger) -> None:
        del ledger
        note_record(self.world.truth, record)

    def _database(self, server: ServerId) -> MemoryDatabase:
        database = self.database_type(
            self.world,
            server,
            place=CONTROLLER,
            timeout_s=self.settings.timeout_s,
        )
        self._connected.append(database)
        return database

    def _ports(self) -> Ports:
        edges: dict[EdgeId, Edge] = dict(self.edges)
        provisioner = CuttableProvisioner(self.provisioner, self.in_reach)
        agents = self.agents.lines(CONTROLLER)
        outside = OutsideFence(
            ProcessFence(self.provisioner), lambda: not self.external_off
        )
        return Ports(
            databases={
                server_of(zone): DatabaseSeat(
                    database=self._database(server_of(zone)),
                    zone=zone,
                    address=f"{server_of(zone)}:{PORT}",
                )
                for zone in ZONES
            },
            inspectors={
                server_of(zone): MemoryInspector(
                    self.world,
                    server_of(zone),
                    place=CONTROLLER,
                    timeout_s=self.settings.timeout_s,
                )
                for zone in ZONES
            },
            edges=edges,
            probes={zone: self._probes(zone) for zone in ZONES},
            caches=self.caches,
            searches=self.searches,
            provisioner=provisioner,
            fences={
                Proof.PROCESS: ProcessFence(provisioner),
                Proof.SELF_FENCE: SelfFence(agents, self.agents.promote_wait_s),
                Proof.EXTERNAL: outside,
            },
            agents=agents,
            votes=self.observers.seat(),
            slots={self.place.slot: (SITE,)},
            aftermath=aftermath.memory_aftermath(self),
        )

    def in_reach(self, zone: ZoneId) -> bool:
        """Tell whether the out-of-band hand reaches *zone*."""
        return not self.provisioner_off and self.world.wires.both_open(CONTROLLER, zone)

    def _probes(self, zone: ZoneId) -> dict[str, MemoryProbe]:
        return {
            name: MemoryProbe(partial(self._service_answers, zone, name))
            for name in ("origin", "redis")
        }

    def _service_answers(self, zone: ZoneId, name: str) -> bool:
        return zone not in self.lost and (zone, name) not in self.unprobed

    def darken(self, zone: ZoneId, *, dark: bool) -> None:
        """Have the origin of *zone* answer nobody, or everybody again."""
        (self.dark.add if dark else self.dark.discard)(zone)
        (self.unprobed.add if dark else self.unprobed.discard)((zone, "origin"))
        self._tell_edges()
        rate = Rate(good=float(not dark), bad=float(dark))
        self.world.truth.note(self.clock.monotonic_s(), "traffic", zone, **rate.told)

    def _tell_edges(self) -> None:
        for edge in self.edges.values():
            edge.hooks.zones_down = frozenset({*self.lost, *self.dark})
