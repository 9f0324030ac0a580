"""The memory world: members, their zones, faults, and application clients.

Faults change what really is; nothing here asks the controller. `truth` records
what happened, for checkers that believe neither servers nor journal.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from controller.model.clock import Clock
from controller.model.ids import ServerId
from replication.adapters.memory.flow import Flow
from replication.adapters.memory.server import (
    Copy,
    Engine,
    Habits,
    Late,
    Lock,
    MemoryServer,
    Process,
    Told,
    Transaction,
)
from replication.adapters.memory.truth import Ack


class Fault(StrEnum):
    """What may happen to one order on its way."""

    NONE = "none"
    REFUSED = "refused"  # the server says no; no effect
    LOST_BEFORE = "lost before"  # never arrives; no effect, no answer
    LOST_AFTER = "lost after"  # takes effect; the answer is lost
    TWICE = "twice"  # arrives twice; the second answer is seen
    LATE = "late"  # arrives when `deliver_late` or a thaw says so; no answer


Nemesis = Callable[[ServerId, str], Fault]
"""Asked before each order is carried out; may also change the world itself."""


@dataclass(slots=True)
class Write:
    """One application's write and what it was told: None while it hangs."""

    row: str
    server: ServerId
    told: Told | None = None
    gave_up: bool = False
    _heard: asyncio.Future[None] | None = None

    def hear(self, told: Told) -> bool:
        """Tell the client; False when it is no longer there to hear."""
        if self.told is not None or self.gave_up:
            return False
        self.told = told
        if self._heard is not None and not self._heard.done():
            self._heard.set_result(None)
        return True

    async def ended(self) -> Told:
        """Wait for the answer."""
        if self.told is None:
            self._heard = asyncio.get_running_loop().create_future()
            try:
                await self._heard
            finally:
                self.gave_up = self.told is None
        assert self.told is not None
        return self.told


class World(Flow):
    """All members of one cluster and everything that can happen to them."""

    def __init__(self, clock: Clock, habits: Habits | None = None) -> None:
        super().__init__(clock)
        self._habits = habits if habits is not None else Habits()
        self.nemesis: Nemesis | None = None

    def add(
        self,
        server: ServerId,
        *,
        place: str | None = None,
        habits: Habits | None = None,
    ) -> MemoryServer:
        """Start a new, empty, read-only member in zone *place*."""
        assert server not in self._servers, f"{server} exists"
        member = MemoryServer(
            server=server,
            place=place if place is not None else str(server),
            origin=f"{len(self._servers) + 1:08x}-0000-4000-8000-000000000000",
            habits=habits if habits is not None else self._habits,
            booted_at_s=self.clock.monotonic_s(),
        )
        self._servers[server] = member
        return member

    # ---- processes ----------------------------------------------------------

    def kill(self, server: ServerId) -> None:
        """SIGKILL: waiters get an error, buffers and sessions are gone."""
        self._stop(server, Told.ERROR)

    def terminate(self, server: ServerId) -> None:
        """SIGTERM or SHUTDOWN: MySQL tells its waiters OK (measured)."""
        member = self._servers[server]
        assert member.process is Process.UP, "a frozen server cannot shut down"
        mysql = member.habits.engine is Engine.MYSQL
        self._stop(server, Told.OK if mysql else Told.ERROR)

    def start(self, server: ServerId) -> None:
        """Start a dead member as its files say."""
        member = self._servers[server]
        member.boot(self.clock.monotonic_s())
        self.note("started", server)
        self._reconnect()

    def forget_last(self, server: ServerId) -> None:
        """A dead member's disk kept everything but its last transaction."""
        self._servers[server].forget_last()

    def close_by_hand(self, server: ServerId) -> None:
        """A person sets it read-only."""
        self._servers[server].read_only = True
        self.note("closed_by_hand", server)

    def open_by_hand(self, server: ServerId) -> None:
        """A person lets it take writes."""
        self._servers[server].read_only = False
        self.note("opened_by_hand", server)

    def tell_by_hand(self, server: ServerId, acks: int) -> None:
        """A person lets its commits wait for *acks* acknowledgements; 0: for none."""
        member = self._servers[server]
        member.required = acks > 0
        if acks:
            member.acks = acks
            member.count_acks()
        else:
            member.acknowledge(len(member.binlog))
        self.note("told_by_hand", server, acks=str(acks))

    def fill(self, server: ServerId) -> None:
        """Its disk is full: it answers, and every commit waits for space."""
        self._servers[server].full = True
        self.note("filled", server)

    def free(self, server: ServerId) -> None:
        """Somebody made space, and mended the disk: what waited is committed."""
        member = self._servers[server]
        member.garbled = False
        if not member.full:
            return
        member.full = False
        held, member.held = member.held, []
        self.note("freed", server)
        for kind, value, ended in held:
            self.commit(member, kind, value, ended)

    def write_by_hand(self, server: ServerId) -> None:
        """A person writes there, past read-only: a transaction of its own.

        Nobody writes to a process that is dead.
        """
        member = self._servers[server]
        if member.process is Process.DEAD:
            return
        self.note("written_by_hand", server)
        self.commit(member, "row", f"by hand on {server}", lambda _: None)

    def follow_also(self, server: ServerId, address: str) -> None:
        """A person tells it to follow *address* too; nothing comes from there."""
        self._servers[server].also += (address,)
        self.note("follows_also", server, source=address)

    def follow_only(self, server: ServerId) -> None:
        """Undo that."""
        self._servers[server].also = ()
        self.note("follows_only", server)

    def freeze(self, server: ServerId) -> None:
        """SIGSTOP."""
        member = self._servers[server]
        if member.process is Process.UP:
            member.process = Process.FROZEN
            self.note("frozen", server)

    def thaw(self, server: ServerId) -> None:
        """SIGCONT: first it reads what waited in its sockets."""
        member = self._servers[server]
        if member.process is Process.FROZEN:
            member.process = Process.UP
            self.note("thawed", server)
            self.deliver_late(server)
            self._reconnect()

    def deliver_late(self, server: ServerId) -> None:
        """Carry out the orders that wait in a running server's sockets."""
        member = self._servers[server]
        late, member.inbox = member.inbox, []
        for order in late:
            order.run()
        self.settle()

    def kill_query(self, server: ServerId) -> None:
        """KILL QUERY on all waiters: MariaDB tells them OK, MySQL ignores it."""
        member = self._servers[server]
        if member.habits.engine is Engine.MARIADB:
            member.acknowledge(len(member.binlog))

    # ---- links --------------------------------------------------------------

    def cut(self, sender: str, receiver: str, *, both_ways: bool = True) -> None:
        """Drop every packet between two places, or only in one direction."""
        self.wires.cut(sender, receiver)
        if both_ways:
            self.wires.cut(receiver, sender)
        self.note("cut", sender, receiver=receiver, both_ways=str(both_ways))

    def mend(self, sender: str, receiver: str) -> None:
        """Mend both directions; what waited in buffers arrives."""
        self.note("mended", sender, receiver=receiver)
        self.wires.mend(sender, receiver)
        self.wires.mend(receiver, sender)
        self._reconnect()

    # ---- applications -------------------------------------------------------

    def client_write(
        self, server: ServerId, row: str, *, place: str | None = None
    ) -> Write:
        """Commit *row* as an application standing in *place* (the server's own).

        `told` stays None while it hangs. An OK that reaches a
        client that still listens is recorded as acknowledged.
        """
        member = self._servers[server]
        write = Write(row, server)
        self.truth.tried[row] = server
        here = place if place is not None else member.place
        if not self.wires.both_open(here, member.place):
            boot = member.boots
            self.wires.send(here, member.place, lambda: self._arrive(write, here, boot))
        else:
            self._arrive(write, here, member.boots)
        return write

    def _arrive(self, write: Write, place: str, boot: int) -> None:
        member = self._servers[write.server]
        if member.process is Process.FROZEN:
            order = Late(0, lambda: self._arrive(write, place, boot))
            member.inbox.append(order)
        elif member.process is Process.DEAD or member.boots != boot:
            self.wires.send(member.place, place, lambda: _fail(write))
        else:
            self._execute(write, member, place)

    def _execute(self, write: Write, member: MemoryServer, place: str) -> None:
        if not member.writable:
            self.wires.send(member.place, place, lambda: _fail(write))
            return
        number = member.logged.last(member.origin) + 1
        gtid = Transaction(member.origin, number, "row", write.row).gtid

        def answer(told: Told) -> None:
            if write.hear(told) and told is Told.OK:
                now_s = self.clock.monotonic_s()
                self.truth.note_ack(Ack(now_s, write.row, write.server, gtid))

        def ended(told: Told) -> None:
            self.wires.send(member.place, place, lambda: answer(told))

        self.commit(member, "row", write.row, ended)

    def begin(self, server: ServerId) -> None:
        """Begin a transaction on a connection of its own, and sit on it."""
        member = self._servers[server]
        member.last_connection += 1
        member.under_way[member.last_connection] = self.clock.monotonic_s()

    def grant(self, server: ServerId, privilege: str) -> None:
        """Give the application what it should not have, here and past the log."""
        self._servers[server].granted |= {privilege}
        self.note("granted", server, privilege=privilege)

    def revoke(self, server: ServerId) -> None:
        """Take all of that away again."""
        self._servers[server].granted = frozenset()
        self.note("revoked", server)

    # ---- provisioning -------------------------------------------------------

    def lay_copy(self, donor: ServerId, recipient: ServerId) -> None:
        """Put a backup of *donor* under *recipient*; its position is not set yet.

        Earlier data is moved aside, so the member starts as an empty one.
        """
        only_here = self.only_on(recipient, donor)
        self.truth.note(
            self.clock.monotonic_s(), "laid", recipient, only_here=only_here
        )
        self._servers[recipient].lay(Copy([]))
        self._servers[recipient].laid_copy = self._servers[donor].copy()

    def only_on(self, server: ServerId, other: ServerId) -> str:
        """Return which transactions *server* logged and *other* never did, by GTID."""
        theirs = set(self._servers[other].holds())
        only = [t.gtid for t in self._servers[server].binlog if t not in theirs]
        return " ".join(only)

    def garble(self, server: ServerId) -> None:
        """Let its log files make no sense to who reads them from outside."""
        self._servers[server].garbled = True

    def usurp(self, server: ServerId, owner: str) -> None:
        """End every administrative session; *owner* takes the named lock."""
        member = self._servers[server]
        member.sessions.clear()
        member.inbox = [late for late in member.inbox if late.connection_id == 0]
        member.lock = Lock(owner, 0, float("inf"))

    # ---- shared with the adapter --------------------------------------------

    def note(self, kind: str, server: str, **detail: str) -> None:
        """Record a change and who can acknowledge after it."""
        self.truth.note(self.clock.monotonic_s(), kind, server, **detail)
        self.settle()

    def note_opened(self, member: MemoryServer, epoch: int) -> None:
        """Record that *member* takes writes, and what was true of it just then.

        ahead: who holds what it has not. Compared as transactions, not by number:
        one that was lost gives its number to the next.
        """
        mine = set(member.binlog)
        ahead = [
            o.server for o in self.servers.values() if not mine.issuperset(o.holds())
        ]
        self.note(
            "opened",
            member.server,
            epoch=str(epoch),
            required=str(member.required),
            ahead=" ".join(ahead),
        )

    def require(self, member: MemoryServer, *, required: bool, acks: int = 1) -> None:
        """Turn the source side of semi-sync on or off; off acknowledges waiters."""
        member.required = required
        if required:
            member.acks = acks
            member.count_acks()
        else:
            member.acknowledge(len(member.binlog))
        kind = "acks_required" if required else "acks_not_required"
        self.note(
            kind, member.server, receivers=str(len(member.clients)), acks=str(acks)
        )

    def _stop(self, server: ServerId, waiters_hear: Told) -> None:
        member = self._servers[server]
        if member.process is Process.DEAD:
            return
        member.stop(waiters_hear)
        self.disconnect(member)
        for replica in self._servers.values():
            if replica.source == server and self.wires.open(
                member.place, replica.place
            ):
                replica.connected = False
        self.note("killed", server)

    def _reconnect(self) -> None:
        """Let every receiver that can connect do so, and catch up."""
        for replica in self._servers.values():
            self._refresh(replica)
        for replica in self._servers.values():
            self.connect(replica)
            self.apply(replica)
        for source in self._servers.values():
            self.ship(source)
        self.settle()

    def _refresh(self, replica: MemoryServer) -> None:
        """Drop a connection whose other end has died meanwhile."""
        if replica.connected and replica.source is not None:
            source = self._servers[replica.source]
            gone = replica.server not in source.clients
            if gone and self.wires.both_open(replica.place, source.place):
                replica.connected = False


def _fail(write: Write) -> None:
    write.hear(Told.ERROR)
