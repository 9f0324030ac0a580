"""The controller's connection to one memory server, and what can befall it."""

import asyncio
from collections.abc import Callable

from controller.model.ids import BootId, ServerId
from controller.model.outcomes import NotSeen, Outcome, Refused, Unknown
from replication.adapters.memory.server import (
    Late,
    Lock,
    MemoryServer,
    Process,
    Told,
)
from replication.adapters.memory.world import Fault, World
from replication.ports import Session

Order = Callable[[], Outcome]

IDLE_S = 8.0
"""A server ends an order session that says nothing for so long (`wait_timeout`)."""


class Connection:
    """The order session of one adapter: sends orders, gives up, leaves some late.

    It behaves as badly as a real one may: an order to a silent server goes out
    on a connection that still stood, answers `Unknown`, and runs, unchecked,
    when the server can read it.
    """

    def __init__(
        self, world: World, server: ServerId, place: str, timeout_s: float
    ) -> None:
        self._world = world
        self._member = world.servers[server]
        self._place = place
        self._timeout_s = timeout_s
        self._connection: int | None = None
        self._boot: BootId | None = None
        self._given_up: list[int] = []  # an order may wait there

    async def send(
        self, name: str, run: Order, *, late: Order | None = None
    ) -> Outcome:
        """Carry out *run* on the server; *late* is what a late arrival runs."""
        path = self._path()
        if path is not None:
            return await self._into_silence(path, late or run)
        self.session()
        fault = Fault.NONE
        if self._world.nemesis is not None:
            fault = self._world.nemesis(self._member.server, name)
            if self._path() is not None:  # the nemesis struck between the two
                return await self._into_silence(NotSeen("read", "lost"), late or run)
        return run() if fault is Fault.NONE else await self._faulty(fault, run, late)

    async def unseen(self) -> NotSeen | None:
        """Make a round trip: None when it answers, else why not, after waiting."""
        path = self._path()
        if path is not None and path.phase != "connect":
            await asyncio.sleep(self._timeout_s)
        return path

    def session(self) -> Session:
        """Return the order session, a new one when the old one has ended."""
        member = self._member
        stands = self._boot == member.boot_id and self._connection in member.sessions
        if self._connection is None or not stands:
            member.last_connection += 1
            self._connection = member.last_connection
            self._boot = member.boot_id
            member.sessions.add(self._connection)
        return Session(member.server, member.boot_id, self._connection)

    def hang_up(self) -> None:
        """Close the session; a silent server learns of it later."""
        connection, boot, member = self._connection, self._boot, self._member
        self._connection = None
        if connection is None:
            return

        def arrive() -> None:
            if member.boot_id == boot:
                if member.process is Process.FROZEN:
                    member.inbox.append(Late(connection, closing))
                else:
                    closing()

        def closing() -> None:
            close(member, connection)

        self._world.wires.send(self._place, member.place, arrive)

    def end_stale_holder(self, now_s: float) -> None:
        """End who holds the named lock if it has gone, is idle, or is our own.

        Ours was given up: its lock keeps others out, and not us.
        """
        lock = self._member.lock
        if lock is None:
            return
        if lock.connection_id in self._given_up:
            self.end_given_up()
        elif now_s - lock.used_at_s > IDLE_S or _has_gone(self._member, lock):
            close(self._member, lock.connection_id)

    def end_given_up(self) -> None:
        """End what was given up, if the server answers: no order runs from there."""
        if self._path() is None:
            for connection in self._given_up:
                close(self._member, connection)
            self._given_up.clear()

    # ---- inside -------------------------------------------------------------

    async def _faulty(self, fault: Fault, run: Order, late: Order | None) -> Outcome:
        if fault is Fault.REFUSED:
            return Refused("the server said no")
        if fault is Fault.TWICE:
            run()
            return run()
        if fault is Fault.LOST_AFTER:
            run()
        elif fault is Fault.LATE:
            assert self._connection is not None
            given_up, member = self._connection, self._member
            self._given_up.append(given_up)
            member.inbox.append(Late(given_up, late or run))
            # Closed here: the server reads the order, then the end of the stream.
            member.inbox.append(Late(given_up, lambda: close(member, given_up)))
            self._connection = None
        await asyncio.sleep(self._timeout_s)
        return Unknown(f"no answer in {self._timeout_s:g} s")

    async def _into_silence(self, path: NotSeen, run: Order) -> Outcome:
        """Send to a server that does not answer; refused if it cannot even leave."""
        connection, self._connection = self._connection, None
        member, boot = self._member, self._boot
        if connection is None or path.phase == "connect":
            if path.phase != "connect":
                await asyncio.sleep(self._timeout_s)
            return Refused(path.reason)
        self._given_up.append(connection)

        def arrive() -> None:
            if member.boot_id != boot or connection not in member.sessions:
                return
            if member.process is Process.FROZEN:
                member.inbox.append(Late(connection, run))
                member.inbox.append(Late(connection, ending))
            else:
                run()
                ending()

        def ending() -> None:
            close(member, connection)

        self._world.wires.send(self._place, member.place, arrive)
        await asyncio.sleep(self._timeout_s)
        return Unknown(f"no answer in {self._timeout_s:g} s")

    def _path(self) -> NotSeen | None:
        """Return why the server cannot answer now, None when it can."""
        member = self._member
        if not self._world.wires.both_open(self._place, member.place):
            return NotSeen("read", "timed out")
        if member.process is Process.DEAD:
            return NotSeen("connect", "connection refused")
        if member.process is Process.FROZEN:
            return NotSeen("read", "timed out")
        return None


def close(member: MemoryServer, connection_id: int) -> None:
    """End one connection: its lock is free, its late orders never run."""
    member.sessions.discard(connection_id)
    member.inbox = [
        late for late in member.inbox if late.connection_id != connection_id
    ]
    if member.lock is not None and member.lock.connection_id == connection_id:
        member.lock = None


def resolve(heard: asyncio.Future[Told], told: Told) -> None:
    """Let *heard* have its answer, once."""
    if not heard.done():
        heard.set_result(told)


def _has_gone(member: MemoryServer, lock: Lock) -> bool:
    """Tell whether the session that took the lock ended; 0 is another controller's."""
    return lock.connection_id != 0 and lock.connection_id not in member.sessions
