"""Observers in the zones of a rehearsal, and the broker between them and the daemon."""

import asyncio
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from controller.act.ports import VoteSeat
from controller.act.starved import Alertness
from controller.act.voting import Voting
from controller.model.ids import ZoneId
from controller.model.outcomes import NotSeen
from controller.rehearsal.settings import (
    CONTROLLER,
    EDGE_PLACE,
    ZONES,
    Settings,
    server_of,
)
from health.adapters.memory_votes import MemoryBroker
from health.detector import Detector, DetectorPolicy
from health.loop_lag import LoopLag
from health.votes import VoteBoard
from replication.adapters.memory import MemoryDatabase, World

DAEMON = "daemon"
STALE_S = 5.0
"""Rounds of a rehearsal may take seconds, when every question runs into its end."""

_RULE = DetectorPolicy(rounds_down=3, rounds_clear=3, stale_s=9.0)


def _nothing(at_s: float) -> None:
    del at_s


@dataclass(slots=True)
class ZoneObserver:
    """One zone's agent as it looks at every database."""

    databases: dict[str, MemoryDatabase]
    voting: Voting
    timeout_s: float

    async def turn(self) -> None:
        """Ask every database once and vote."""
        await asyncio.gather(*(self._ask(name) for name in self.databases))
        self.voting.turn()

    async def _ask(self, name: str) -> None:
        try:
            async with asyncio.timeout(self.timeout_s):
                found = await self.databases[name].view()
        except TimeoutError:
            found = NotSeen("read", "no answer in time")
        phase = found.phase if isinstance(found, NotSeen) else ""
        reason = found.reason if isinstance(found, NotSeen) else "answers"
        detector = self.voting.detectors[name]
        self.voting.alertness.judge(detector, self._now_s(), phase, reason)

    def _now_s(self) -> float:
        return self.voting.alertness.clock.monotonic_s()


@dataclass(slots=True)
class ZoneObservers:
    """All observers of a rehearsal; `daemon` among the expected is the controller.

    asleep: zones whose processes do not run. dead: agents that do not, alone.
    """

    world: World
    settings: Settings
    asleep: AbstractSet[ZoneId]
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    dead: set[ZoneId] = field(default_factory=set)
    observers: dict[ZoneId, ZoneObserver] = field(default_factory=dict)
    _seats: int = 0

    def __post_init__(self) -> None:
        for zone in ZONES:
            if zone in self.settings.observers:
                self.observers[zone] = self._observer(zone)

    async def tick(self) -> None:
        """Let every observer that runs look once and say what it saw."""
        resting = self.dead | self.asleep
        running = [o for z, o in self.observers.items() if z not in resting]
        await asyncio.gather(*(o.turn() for o in running))

    def seat(self) -> VoteSeat | None:
        """Return a new controller process's seat; None: nobody is expected."""
        if not self.settings.observers:
            return None
        self.broker.buses = [b for b in self.broker.buses if b.observer != DAEMON]
        return self._seat(DAEMON, CONTROLLER)

    def _observer(self, zone: ZoneId) -> ZoneObserver:
        databases = {
            f"{z}/database": MemoryDatabase(
                self.world, server_of(z), place=zone, timeout_s=self.settings.timeout_s
            )
            for z in ZONES
        }
        voting = Voting(
            self._seat(zone, zone),
            Alertness(LoopLag(), self.world.clock, _nothing),
            {name: Detector(_RULE) for name in databases},
        )
        return ZoneObserver(databases, voting, self.settings.timeout_s)

    def _seat(self, observer: str, place: str) -> VoteSeat:
        self._seats += 1
        wires = self.world.wires
        return VoteSeat(
            bus=self.broker.bus(observer, lambda: wires.both_open(place, EDGE_PLACE)),
            board=VoteBoard(
                me=observer,
                boot=f"boot{self._seats}",
                expected=self.settings.observers,
                stale_s=STALE_S,
            ),
            unfit_s=1.5,
        )
