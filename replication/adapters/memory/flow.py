"""How transactions, acknowledgements and heartbeats travel between servers.

With no fault in the way everything is delivered at once, in the call that
caused it: a simulated failover must cost microseconds, not messages.
"""

from collections.abc import Callable, Mapping

from controller.model.clock import Clock
from controller.model.ids import ServerId
from replication.adapters.memory.server import (
    Ended,
    Engine,
    Late,
    MemoryServer,
    Process,
    Told,
    Transaction,
    Waiter,
)
from replication.adapters.memory.truth import Truth
from replication.adapters.memory.wires import Wires


class Flow:
    """Semi-synchronous replication between memory servers."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.wires = Wires()
        self.truth = Truth()
        self._servers: dict[ServerId, MemoryServer] = {}

    @property
    def servers(self) -> Mapping[ServerId, MemoryServer]:
        """Return all members, in the order they were made."""
        return self._servers

    def commit(
        self, server: MemoryServer, kind: str, value: str, ended: Ended
    ) -> Transaction:
        """Commit through the binary log; *ended* is called when the client hears.

        AFTER_SYNC: the transaction is logged and sent before anybody sees it;
        while acks are required it stays invisible until one arrives. On a full
        disk it is not even logged: it waits, and what is returned is number 0.
        """
        if server.full:
            server.held.append((kind, value, ended))
            return Transaction(server.origin, 0, kind, value)
        transaction = server.log(kind, value)
        if server.required:
            position = len(server.binlog)
            server.waiters.append(Waiter(position, transaction, ended))
            self.ship(server)
        else:
            server.show(transaction)
            ended(Told.OK)
            self.ship(server)
        return transaction

    def ship(self, source: MemoryServer) -> None:
        """Send what they lack to every connected receiver of *source*."""
        for replica in self._servers.values():
            if replica.connected and replica.source == source.server:
                self._send(source, replica)

    def connect(self, replica: MemoryServer) -> None:
        """Let the receiver of *replica* connect, if it wants to and can."""
        if not replica.wants or replica.connected or replica.source is None:
            return
        source = self._servers[replica.source]
        if not self._talking(replica, source) or self._diverged(replica, source):
            return
        replica.connected = True
        replica.cursor = 0
        source.clients.add(replica.server)
        self.settle()
        self._send(source, replica)

    def disconnect(self, replica: MemoryServer) -> None:
        """Close the receiver's connection; the source hears it if it can."""
        replica.connected = False
        if replica.source is None:
            return
        source = self._servers[replica.source]
        boot = source.boots

        def hear() -> None:
            if source.boots == boot and not replica.connected:
                source.clients.discard(replica.server)

        self._tell(replica, source, hear)

    def apply(self, replica: MemoryServer) -> None:
        """Apply what the relay log holds, as far as the applier gets."""
        applies = replica.process is Process.UP and replica.applier
        while replica.relay and applies and not (replica.lagging or replica.stuck):
            transaction = replica.relay.popleft()
            if replica.logged.has(transaction.origin, transaction.number):
                continue
            replica.append(transaction)
            if replica.required:
                self._apply_waiting(replica, transaction)
            else:
                replica.show(transaction)
            self.ship(replica)

    def settle(self) -> None:
        """Note what a change of links, processes or roles means for everybody."""
        now_s = self.clock.monotonic_s()
        for replica in self._servers.values():
            self._listen(replica, now_s)
        able = tuple(s.server for s in self._servers.values() if self._is_able(s))
        self.truth.note_able(now_s, able)

    def heartbeats(self, replica: MemoryServer, every_s: float) -> int:
        """Return the counter of heartbeats received, one each *every_s* seconds."""
        beats = replica.beats
        if replica.hears_since_s is not None:
            beats += self.clock.monotonic_s() - replica.hears_since_s
        return int(beats / every_s)

    def talks(self, replica: MemoryServer, net_timeout_s: float) -> bool:
        """Tell whether the receiver believes it is connected."""
        if not replica.connected:
            return False
        silent_s = self.clock.monotonic_s() - replica.silent_since_s
        return replica.hears_since_s is not None or silent_s < net_timeout_s

    # ---- inside -------------------------------------------------------------

    def _send(self, source: MemoryServer, replica: MemoryServer) -> None:
        if source.process is not Process.UP or replica.process is not Process.UP:
            return  # sent again by whoever thaws it
        if not self.wires.open(source.place, replica.place):
            return  # sent again at the mend, if the receiver still listens
        while replica.cursor < len(source.binlog):
            transaction = source.binlog[replica.cursor]
            replica.cursor += 1
            if not replica.possesses(transaction):
                replica.relay.append(transaction)
                replica.received.add(transaction.origin, transaction.number)
        self._acknowledge(replica, source)
        self.apply(replica)

    def _acknowledge(self, replica: MemoryServer, source: MemoryServer) -> None:
        """Send the ack; once sent it may arrive long after the receiver stopped."""
        if not replica.semi_sync_replica or not source.waiters:
            return
        up_to, boot = replica.cursor, source.boots

        def arrive() -> None:
            if source.boots == boot and source.process is Process.UP:
                source.hear_ack(replica.server, up_to)

        self._tell(replica, source, arrive)

    def _tell(
        self, sender: MemoryServer, receiver: MemoryServer, deliver: Callable[[], None]
    ) -> None:
        def arrive() -> None:
            if receiver.process is Process.FROZEN:
                receiver.inbox.append(Late(0, deliver))
            elif receiver.process is Process.UP:
                deliver()

        self.wires.send(sender.place, receiver.place, arrive)

    def _apply_waiting(self, replica: MemoryServer, transaction: Transaction) -> None:
        """Rule 8: an applier with the source side on waits for an ack of its own."""
        replica.stuck = True

        def go_on(_: Told) -> None:
            replica.stuck = False
            self.apply(replica)

        replica.waiters.append(Waiter(len(replica.binlog), transaction, go_on))

    def _talking(self, replica: MemoryServer, source: MemoryServer) -> bool:
        up = replica.process is Process.UP and source.process is Process.UP
        return up and self.wires.both_open(replica.place, source.place)

    def _diverged(self, replica: MemoryServer, source: MemoryServer) -> bool:
        """Tell whether *source* refuses it: it has what the source never had.

        MySQL only looks at the source's own origin, and so takes an errant
        transaction of an ex-primary quietly; MariaDB's positions show it.
        """
        own_only = source.habits.engine is Engine.MYSQL
        return any(
            not source.logged.has(t.origin, t.number)
            for t in replica.binlog
            if not own_only or t.origin == source.origin
        )

    def _listen(self, replica: MemoryServer, now_s: float) -> None:
        hears = False
        if replica.connected and replica.source is not None:
            source = self._servers[replica.source]
            hears = (
                replica.process is Process.UP
                and source.process is Process.UP
                and self.wires.open(source.place, replica.place)
            )
        if hears and replica.hears_since_s is None:
            replica.hears_since_s = now_s
        elif not hears and replica.hears_since_s is not None:
            replica.beats += now_s - replica.hears_since_s
            replica.hears_since_s = None
            replica.silent_since_s = now_s

    def _is_able(self, server: MemoryServer) -> bool:
        """Tell whether an application could be told OK by *server* now."""
        if server.process is not Process.UP or not server.writable or server.full:
            return False
        if not server.required:
            return True
        acking = sum(
            replica.connected
            and replica.semi_sync_replica
            and self._talking(replica, server)
            for replica in self._servers.values()
            if replica.source == server.server
        )
        return acking >= server.acks
