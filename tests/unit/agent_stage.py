"""One zone agent on a stage: everything around it is the test's to change."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from typing_extensions import override

from controller.model.ids import BootId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from deploy.agent.agent import Agent
from deploy.agent.memo import MemoryStore
from deploy.agent.memory import MemoryHand
from deploy.agent.ports import (
    AgentState,
    Contact,
    LocalDatabase,
    LocalView,
    Peer,
    Renewal,
    Settings,
)

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
DB_A = ServerId("db-a")
TTL_S = 10.0
TICK_S = 0.25
BOOT = BootId("boot-1")
T = TypeVar("T")
SAYS = Contact(epoch=Epoch(4), renews=True, nonce="", known_ttl_s=TTL_S, opened=BOOT)
DEAD = NotSeen("connect", "dead")


@dataclass(slots=True)
class Told(LocalDatabase):
    """A database that says what the test wants, and notes what is asked of it."""

    view: LocalView | NotSeen = DEAD
    orders: list[str] = field(default_factory=list)

    @override
    async def look(self) -> LocalView | NotSeen:
        return self.view

    @override
    async def end_clients(self, epoch: Epoch) -> Outcome:
        self.orders.append("end_clients")
        return Done()

    @override
    async def stop_receiving(self, epoch: Epoch) -> Outcome:
        self.orders.append("stop_receiving")
        return Done()

    @override
    async def aclose(self) -> None:
        return


@dataclass(slots=True)
class Witness(Peer):
    """Another zone's agent that can be cut off."""

    reachable: bool = True
    grants: bool = True

    @override
    async def renew(self, zone: ZoneId, epoch: Epoch) -> Renewal | NotSeen:
        if not self.reachable:
            return NotSeen("read", "cut")
        return Renewal(granted=self.grants, promised=Epoch(0))


@dataclass(slots=True)
class Stage:
    """One agent of zone a, its surroundings, and a clock of our own."""

    now_s: float = 1000.0
    ttl_s: float = TTL_S
    kernel: str = "kernel-1"
    contacts: bool = True
    said: Contact = SAYS
    hand: MemoryHand = field(default_factory=MemoryHand)
    database: Told = field(default_factory=Told)
    peers: Mapping[ZoneId, Witness] = field(
        default_factory=lambda: {B: Witness(), C: Witness()}
    )
    store: MemoryStore = field(default_factory=MemoryStore)
    agent: Agent = field(init=False)
    nonce: str = ""

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start the agent, anew on its memory."""
        self.agent = Agent(
            settings=Settings(
                zone=A, server=DB_A, ttl_s=self.ttl_s, kernel=self.kernel
            ),
            hand=self.hand,
            database=self.database,
            peers=self.peers,
            clock=self,
            store=self.store,
        )
        self.hand.killed = self._died

    def monotonic_s(self) -> float:
        return self.now_s

    def wall_s(self) -> float:
        return 0.0

    def _died(self) -> None:
        self.database.view = DEAD

    def serves(self, *, writable: bool = True, boot: BootId = BOOT) -> None:
        self.hand.running = True
        self.database.view = LocalView(
            boot_id=boot, writable=writable, receives=not writable
        )

    def contact(
        self, said: Contact | None = None, *, nonce: str = ""
    ) -> AgentState | Refused:
        """Say *said*, or what the stage is set to, with the nonce of last time."""
        told = replace(said or self.said, nonce=nonce or self.nonce)
        answer = self.agent.contact(told)
        if isinstance(answer, AgentState):
            self.nonce = answer.nonce
        return answer

    async def fence(self, epoch: Epoch, server: ServerId = DB_A) -> Outcome:
        """Order it with a nonce of just now."""
        return await self.agent.fence(server, epoch, self.agent.state().nonce)

    def says(self, **changes: Any) -> None:
        """Change what the controller says from now on."""
        self.said = replace(self.said, **changes)

    async def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            if self.contacts:
                self.contact()
            await self.agent.tick()

    def cut(self, *, controller: bool = True, peers: bool = True) -> None:
        self.contacts = not controller
        for peer in self.peers.values():
            peer.reachable = not peers


def run(told: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(told)


def lives(stage: Stage) -> bool:
    return stage.hand.running


def play(stage: Stage, seconds: float) -> None:
    asyncio.run(stage.run(seconds))


def served_for(seconds: float) -> Stage:
    """Return a stage whose primary has served, and been renewed, for so long."""
    stage = Stage()
    stage.serves()
    play(stage, seconds)
    return stage
