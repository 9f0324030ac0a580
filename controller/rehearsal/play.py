"""Play a rehearsal: rounds of the real daemon while the world misbehaves.

One controller process at a time, started again when it is killed; a second
controller only when asked for. Clients write through both edges, and inside
zones that are lost.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from cdn_router.ports import Gate
from controller.act.daemon import Daemon
from controller.decide.saga import Step
from controller.incident.record import RecordKind
from controller.model.errors import JournalError, LeaseLostError
from controller.model.ids import ZoneId
from controller.rehearsal.site import (
    CONTROLLER,
    EDGES,
    ZONES,
    RehearsalSite,
    server_of,
)

IDLE_S = 1.0
"""Pace while nothing changes, or a run is under way and mostly waits for a copy."""

STARVED_S = 0.5
"""How late each round of a starved controller is."""

FINE_ROUNDS = 5
"""Rounds at the daemon's own pace after a change: enough for a verdict."""

Strike = Callable[[], None]


class ControllerKilledError(BaseException):
    """What `kill -9` of the controller looks like from inside."""


@dataclass(slots=True)
class Play:
    """One site on stage.

    at_step: what happens in the middle of which step, once: key (step, point),
        point being `intent` or `effect` as in the driver.
    """

    site: RehearsalSite
    at_step: dict[tuple[str, str], list[Strike]] = field(default_factory=dict)
    daemon: Daemon | None = None
    crashes: int = 0
    idle_s: float = IDLE_S
    _written: int = 0
    _seen: tuple[int, int] = (-1, -1)
    _fine: int = 0

    async def begin(self) -> None:
        """Set the stage and start the controller."""
        await self.site.open_first()
        self.start_controller()

    def start_controller(self) -> None:
        """Start a controller process on the journal as it stands."""
        self.daemon = self.site.daemon(self._crash_point)

    async def run_for(self, seconds: float) -> None:
        """Go on for *seconds* of virtual time."""
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            await self.round(until_s - self.now_s)

    async def starve(self, seconds: float) -> None:
        """Let the controller run now and then only: no database's answer is in time."""
        until_s = self.now_s + seconds
        late = [z for z in ZONES if self.site.world.wires.both_open(CONTROLLER, z)]
        for zone in late:
            self.site.world.cut(CONTROLLER, zone)
        while self.now_s < until_s - 1e-9:
            await self.round(until_s - self.now_s, late_s=STARVED_S)
        for zone in late:
            self.site.world.mend(CONTROLLER, zone)

    async def round(self, left_s: float = IDLE_S, late_s: float = 0.0) -> None:
        """Write through one of the edges, let the controller look and decide, wait."""
        self._write()
        await self.site.agents.tick()
        await self.site.observers.tick()
        await self._step(late_s)
        await asyncio.sleep(min(self._pace_s(), left_s))

    async def end(self) -> None:
        """Stop the controller cleanly."""
        if self.daemon is not None:
            await self.daemon.stop()
            self.daemon = None
        await self.site.daemon_died()

    async def kill_controller(self) -> None:
        """SIGKILL: no last word; the kernel closes its connections."""
        if self.daemon is not None:
            self.crashes += 1
            await self.daemon.stop(cleanly=False)
            self.daemon = None
        await self.site.daemon_died()

    @property
    def now_s(self) -> float:
        """Return virtual seconds since the beginning."""
        return self.site.clock.monotonic_s()

    @property
    def busy(self) -> bool:
        """Tell whether the controller is in the middle of a run."""
        return self.daemon is not None and self.daemon.busy

    def zone_of(self, word: str) -> ZoneId:
        """Return the zone *word* names: a zone or a role it has by the journal."""
        if word in ZONES or self.daemon is None:
            return ZoneId(word)
        ledger = self.daemon.book.ledger
        primary = ledger.primary.zone if ledger.primary else ZONES[0]
        replica = ledger.ackers[-1].zone if ledger.ackers else ZONES[1]
        rest = [z for z in ZONES if z not in {primary, replica}]
        roles = {"primary": primary, "replica": replica, "spare": (rest or ZONES)[0]}
        return roles[word]

    def tell(self, kind: RecordKind, **body: object) -> None:
        """Append what an operator said, as the daemon's door does.

        What the journal cannot take the person is told, and it was never said.
        """
        assert self.daemon is not None
        with contextlib.suppress(JournalError):
            self.daemon.book.append(kind, body)

    # ---- inside -------------------------------------------------------------

    async def _step(self, late_s: float) -> None:
        if self.daemon is None:
            self.start_controller()
        assert self.daemon is not None
        try:
            await self.daemon.step(late_s)
        except (ControllerKilledError, JournalError, LeaseLostError):
            await self.kill_controller()

    def _crash_point(self, step: Step, point: str) -> None:
        for strike in self.at_step.pop((step.value, point), ()):
            strike()

    def _pace_s(self) -> float:
        interval_s = self.site.settings.interval_s
        seen = (len(self.site.journal.kept), self.site.commands)
        if seen != self._seen and not self.busy:
            self._fine = FINE_ROUNDS
        self._seen = seen
        self._fine -= 1
        return interval_s if self._fine > 0 else max(self.idle_s, interval_s)

    def _write(self) -> None:
        self._written += 1
        site = self.site
        name = EDGES[self._written % len(EDGES)]
        route = site.edges[name].route(site.place.slot)
        passes = route is not None and route.gate is Gate.OPEN
        if route is not None and passes and route.write not in site.lost:
            row = f"{name}-{self._written}"
            site.world.client_write(server_of(route.write), row, place=route.write)
        for zone in site.lost:
            site.world.client_write(server_of(zone), f"in-{zone}-{self._written}")


def kill_controller_here() -> None:
    """Strike: the controller dies at this instruction."""
    raise ControllerKilledError
