"""Many clusters in memory on one clock: they share edges, zones and the gate.

Each is a whole rehearsal with a daemon, journal and world of its own, played in a
task of its own. Losing a zone is losing it for all of them at the same instant.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from cdn_router.adapters.memory import Board
from cdn_router.ports import Gate, Route, RouteTable
from cdn_router.shares import Share
from controller.act.admission import Gate as PromotionGate
from controller.act.admission import Turn
from controller.act.daemon import Daemon
from controller.act.driver import CrashPoint, no_crash
from controller.act.virtual import VirtualClock
from controller.decide.admission import Limits
from controller.model.clock import Clock
from controller.model.ids import BootId, ClusterId, EdgeId, Epoch, SlotId, ZoneId
from controller.model.outcomes import Outcome
from controller.rehearsal.play import Play
from controller.rehearsal.site import (
    EDGES,
    A,
    Place,
    RehearsalSite,
    Settings,
    server_of,
)
from replication.adapters.memory import MemoryDatabase

FREEZE_S, OPEN_S = 0.1, 0.1
"""What these two take on real servers, about; in memory all takes no time."""

LIMITS = Limits(promotions_max=4, stuck_s=3.0)


class UnhurriedDatabase(MemoryDatabase):
    """Takes as long as a real one, so that promotions overlap."""

    @override
    async def ensure_frozen(self, epoch: Epoch) -> Outcome:
        await asyncio.sleep(FREEZE_S)
        return await super().ensure_frozen(epoch)

    @override
    async def ensure_open(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        await asyncio.sleep(OPEN_S)
        return await super().ensure_open(epoch, boot_id=boot_id)


class FleetSite(RehearsalSite):
    """A cluster whose daemon asks at the gate."""

    turn: Turn

    @override
    def daemon(self, crash_point: CrashPoint = no_crash) -> Daemon:
        daemon = RehearsalSite.daemon(self, crash_point)
        self.turn.leave()
        self.turn.join(daemon.book)
        daemon.admission = self.turn
        return daemon


@dataclass(slots=True)
class FleetStage:
    """*priorities*: of each cluster by its name; limits: of the gate."""

    priorities: Mapping[str, int]
    limits: Limits = LIMITS
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=VirtualClock)
    site_type: type[FleetSite] = FleetSite
    gate: PromotionGate = field(init=False)
    plays: dict[str, Play] = field(init=False)

    def __post_init__(self) -> None:
        self.gate = self.make_gate()
        boards = self._boards()
        self.plays = {}
        for name, priority in self.priorities.items():
            slot = slot_of(name)
            share = Share(cluster=ClusterId(name), slots=frozenset({slot}))
            place = Place(slot=slot, share=share, boards=boards)
            site = self.site_type(
                self.settings,
                clock=self.clock,
                place=place,
                database_type=UnhurriedDatabase,
            )
            site.turn = self.gate.turn(name, priority)
            self.plays[name] = Play(site, idle_s=self.settings.interval_s)

    def make_gate(self) -> PromotionGate:
        """Return the gate of this stage; a planted bug has another."""
        return PromotionGate(self.limits, self.clock)

    def _boards(self) -> Mapping[EdgeId, Board]:
        route = Route(read=A, write=A, gate=Gate.OPEN)
        routes = {slot_of(name): route for name in self.priorities}
        table = RouteTable(epoch=Epoch(1), routes=routes)
        return {edge: Board.of(table) for edge in EDGES}

    async def begin(self, *, settle_s: float = 4.0) -> None:
        """Start every cluster and wait until it has looked around."""
        for play in self.plays.values():
            await play.begin()
        await self.run_for(settle_s)

    async def run_for(self, seconds: float) -> None:
        """Let all of them go on side by side, each in a phase of its own."""
        interval_s = self.settings.interval_s

        async def go_on(number: int, play: Play) -> None:
            offset_s = interval_s * number / len(self.plays)
            await asyncio.sleep(offset_s)
            await play.run_for(seconds - offset_s)

        plays = enumerate(self.plays.values())
        await asyncio.gather(*(go_on(n, play) for n, play in plays))

    def lose(self, zone: ZoneId, only: Sequence[str] = ()) -> None:
        """Lose *zone* for every cluster, or for *only* some, at this instant."""
        for play in (self.plays[name] for name in only or self.plays):
            play.site.note_command(f"kill {zone}")
            play.site.kill(zone)

    def hang_in_drain(self, name: str, zone: ZoneId) -> None:
        """The applier of *name*'s server in *zone* runs and gets nowhere."""
        member = self.plays[name].site.world.servers[server_of(zone)]
        member.lagging = True

    async def end(self) -> None:
        """Stop every controller cleanly."""
        for play in self.plays.values():
            await play.end()


def slot_of(name: str) -> SlotId:
    """Return the one slot of cluster *name*."""
    return SlotId(f"s-{name}")
