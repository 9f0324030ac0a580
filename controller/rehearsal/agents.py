"""The zones' agents in memory: the real agent on memory hands, peers and stores.

A zone that thaws wakes its agent first. On a real machine the database may be
first by some milliseconds; what that costs is measured on real servers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from typing_extensions import override

from controller.act.local_database import OwnDatabase
from controller.model.clock import Clock
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from deploy.adapters.memory import MemoryProvisioner
from deploy.agent.agent import Agent
from deploy.agent.guard import must_end
from deploy.agent.memo import MemoryStore
from deploy.agent.ports import (
    MARGIN_S,
    AgentState,
    Contact,
    HandState,
    LocalDatabase,
    Peer,
    ProcessHand,
    Renewal,
    Settings,
    ZoneAgent,
)
from deploy.fencing.self_fence import OATHS_S
from deploy.ports import InstanceState
from replication.adapters.memory import MemoryDatabase, World

KERNEL = "rehearsal"
AgentType = type[Agent]


@dataclass(frozen=True, slots=True)
class ProvisionerHand(ProcessHand):
    """Acts inside the zone, so neither a cut nor the out-of-band hand matters."""

    provisioner: MemoryProvisioner
    zone: ZoneId
    ended_alone: Callable[[ZoneId], None]

    @property
    @override
    def kill_s(self) -> float:
        return 0.0

    @override
    async def state(self) -> HandState | NotSeen:
        found = await self.provisioner.state(self.zone)
        if not isinstance(found, InstanceState):
            return found
        return HandState(running=found.running, inhibited=found.inhibited)

    @override
    async def kill(self, epoch: Epoch | None, why: str) -> Outcome:
        if epoch is None:
            self.ended_alone(self.zone)
        return self.provisioner.end(self.zone, epoch)

    @override
    async def release(self, epoch: Epoch, why: str) -> Outcome:
        self.provisioner.release(self.zone)
        return Done({"started": "true"})


@dataclass(slots=True)
class ZoneAgents:
    """One agent a zone, each with its guard.

    reaches: does a packet get there? noted: a zone's agent, or guard, ends its
    database; for so long nobody could have renewed it.

    asleep: zones that are dead or frozen; dead: agents that are, alone; unguarded:
    zones whose guard died, too.
    """

    clock: Clock
    provisioner: MemoryProvisioner
    databases: Mapping[ZoneId, LocalDatabase]
    servers: Mapping[ZoneId, ServerId]
    reaches: Callable[[str, str], bool]
    noted: Callable[[ZoneId, float], None]
    ttl_s: float
    agent_type: AgentType = Agent
    agents: dict[ZoneId, Agent] = field(default_factory=dict)
    asleep: set[ZoneId] = field(default_factory=set)
    dead: set[ZoneId] = field(default_factory=set)
    unguarded: set[ZoneId] = field(default_factory=set)
    company_s: dict[ZoneId, float] = field(default_factory=dict)
    _stores: dict[ZoneId, MemoryStore] = field(default_factory=dict)

    @property
    def promote_wait_s(self) -> float:
        """Return what proof (d) waits here, seconds."""
        return self.ttl_s + MARGIN_S

    @property
    def fence_s(self) -> float:
        """Return how much longer than its row a fence may take, seconds."""
        return self.promote_wait_s + OATHS_S if self.agents else 0.0

    def __post_init__(self) -> None:
        for zone in self.servers:
            self._stores[zone] = MemoryStore()
            self._begin(zone)

    def _begin(self, zone: ZoneId) -> None:
        others = [z for z in self.servers if z != zone]
        self.agents[zone] = self.agent_type(
            settings=Settings(
                zone=zone,
                server=self.servers[zone],
                ttl_s=self.ttl_s,
                kernel=KERNEL,
            ),
            hand=ProvisionerHand(self.provisioner, zone, self._ended_alone),
            database=self.databases[zone],
            peers={z: Line(self, zone, z) for z in others},
            clock=self.clock,
            store=self._stores[zone],
        )

    def lines(self, place: str) -> dict[ZoneId, ZoneAgent]:
        """Return every agent as it is reached from *place*."""
        return {zone: Line(self, place, zone) for zone in self.servers}

    def answers(self, place: str, zone: ZoneId) -> bool:
        """Tell whether the agent of *zone* answers *place* now."""
        gone = zone in self.asleep or zone in self.dead
        return not gone and self.reaches(place, zone) and self.reaches(zone, place)

    def hears(self, place: str, zone: ZoneId) -> bool:
        """Tell whether what *place* says to the agent of *zone* gets there."""
        gone = zone in self.asleep or zone in self.dead
        return not gone and self.reaches(place, zone)

    def _ended_alone(self, zone: ZoneId) -> None:
        since_s = self.company_s.get(zone, float("-inf"))
        self.noted(zone, self.clock.monotonic_s() - since_s)

    def _note_company(self, zone: ZoneId) -> None:
        """Remember when another agent would have renewed this zone, asked or not."""
        vouched = self.agents[zone].memo.vouched
        for other, agent in self.agents.items():
            heard = other != zone and self.answers(zone, other)
            if heard and agent.renew(zone, vouched).granted:
                self.company_s[zone] = self.clock.monotonic_s()

    async def tick(self) -> None:
        """One round of every agent that lives, and of the guards of all others."""
        for zone, agent in self.agents.items():
            if zone in self.asleep:
                continue
            if zone in self.dead:
                self.guard(zone)
            else:
                await agent.tick()
                self._note_company(zone)

    def guard(self, zone: ZoneId) -> None:
        """Do what the guard beside the agent does."""
        if zone in self.unguarded:
            return
        if must_end(self._stores[zone].lease(), self.clock.monotonic_s(), KERNEL):
            self._ended_alone(zone)
            self.provisioner.end(zone, None)

    def woke(self, zone: ZoneId) -> None:
        """The zone lives again: overdue leases first, then the agent goes on."""
        self.returned(zone)
        if zone in self.asleep and zone in self.agents:
            self.guard(zone)
            self._begin(zone)
        self.asleep.discard(zone)

    def returned(self, zone: ZoneId) -> None:
        """A dead agent is started again, on its memory."""
        if zone in self.dead:
            self.dead.discard(zone)
            self._begin(zone)


@dataclass(frozen=True, slots=True)
class Line(ZoneAgent, Peer):
    """One agent as somebody at *place* reaches it: not at all, or at once."""

    all: ZoneAgents
    place: str
    zone: ZoneId

    def _agent(self) -> Agent | None:
        return self.all.agents[self.zone] if self._answers() else None

    def _answers(self) -> bool:
        return self.all.answers(self.place, self.zone)

    @override
    async def renew(self, zone: ZoneId, epoch: Epoch) -> Renewal | NotSeen:
        agent = self._agent()
        return agent.renew(zone, epoch) if agent else self._silence()

    @override
    async def contact(self, said: Contact) -> AgentState | NotSeen:
        if not self.all.hears(self.place, self.zone):
            return self._silence()
        answer = self.all.agents[self.zone].contact(said)
        if isinstance(answer, AgentState) and said.renews:
            self.all.company_s[self.zone] = self.all.clock.monotonic_s()
        if isinstance(answer, Refused):
            return NotSeen("status", answer.reason)
        return answer if self._answers() else self._silence()

    @override
    async def fence(self, server: ServerId, epoch: Epoch) -> Outcome:
        agent = self._agent()
        if agent is None:
            return Unknown("no answer")
        return await agent.fence(server, epoch, agent.state().nonce)

    @override
    async def promise(self, zone: ZoneId, epoch: Epoch) -> Outcome:
        agent = self._agent()
        return agent.promise(zone, epoch) if agent else Unknown("no answer")

    @override
    async def aclose(self) -> None:
        return

    def _silence(self) -> NotSeen:
        return NotSeen("read", f"the agent of zone {self.zone} does not answer")


def zone_agents(
    world: World,
    provisioner: MemoryProvisioner,
    servers: Mapping[ZoneId, ServerId],
    *,
    ttl_s: float,
    agent_type: AgentType,
) -> ZoneAgents:
    """Return one agent a zone of *world*, each beside its database; ttl_s 0: none."""

    def noted(zone: ZoneId, alone_s: float) -> None:
        member = world.servers[servers[zone]]
        world.truth.note(
            world.clock.monotonic_s(),
            "self_fenced",
            member.server,
            alone_s=f"{alone_s:.2f}",
            ttl_s=f"{ttl_s:g}",
            follows=str(int(member.source is not None)),
        )

    return ZoneAgents(
        clock=world.clock,
        provisioner=provisioner,
        databases={
            zone: OwnDatabase(MemoryDatabase(world, server, place=zone))
            for zone, server in servers.items()
        },
        servers=servers if ttl_s else {},
        reaches=world.wires.open,
        noted=noted,
        ttl_s=ttl_s,
        agent_type=agent_type,
    )
