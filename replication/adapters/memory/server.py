"""One memory database server: its logs, its waiters, its restarts.

Everything here is local to the server; who hears of it is `wires` and `flow`.
The behaviour follows what MySQL 9.7 and MariaDB 10.11 were measured to do.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from controller.model.ids import BootId, ServerId
from replication.adapters.memory.gtids import Gtids
from replication.ports import OpenTransaction


class Process(StrEnum):
    """What the operating system would say."""

    UP = "up"
    FROZEN = "frozen"
    DEAD = "dead"


class Engine(StrEnum):
    """Whose habits to copy where the two differ."""

    MYSQL = "mysql"
    MARIADB = "mariadb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Settings in the server's own files.

    keeps_relay: a restart keeps received, unapplied transactions (only MySQL
        with `relay_log_recovery=OFF`).
    replicates_at_boot, writable_at_boot: what preflight forbids; for planting.
    """

    engine: Engine = Engine.MARIADB
    keeps_relay: bool = False
    replicates_at_boot: bool = False
    writable_at_boot: bool = False


@dataclass(frozen=True, slots=True)
class Transaction:
    """kind: row, heartbeat or epoch; value: the row, or the epoch's number."""

    origin: str
    number: int
    kind: str
    value: str

    @property
    def gtid(self) -> str:
        """Return it as `origin:number`."""
        return f"{self.origin}:{self.number}"


class Told(StrEnum):
    """What a client hears of its commit."""

    OK = "ok"
    ERROR = "error"


Ended = Callable[[Told], None]
"""Called once, when the client hears."""


@dataclass(slots=True)
class Waiter:
    """A commit in the binary log that no replica has acknowledged yet.

    ended is None when its client has gone: the commit hangs on alone.
    """

    position: int
    transaction: Transaction
    ended: Ended | None


@dataclass(slots=True)
class Late:
    """An order in a socket buffer: it runs when the server can read it."""

    connection_id: int
    run: Callable[[], object]


@dataclass(slots=True)
class Lock:
    """The named lock and the connection that holds it.

    used_at_s: when the holder last spoke; an idle session is ended by the server.
    """

    owner: str
    connection_id: int
    used_at_s: float


@dataclass(slots=True, kw_only=True)
class MemoryServer:
    """State of one member; `binlog` and `executed` differ by the waiters."""

    server: ServerId
    place: str
    origin: str
    habits: Habits

    process: Process = Process.UP
    boots: int = 1
    booted_at_s: float = 0.0
    read_only: bool = True
    offline: bool = False  # applications locked out (offline mode, account lock)

    binlog: list[Transaction] = field(default_factory=list)
    logged: Gtids = field(default_factory=Gtids)
    executed: Gtids = field(default_factory=Gtids)
    rows: set[str] = field(default_factory=set)
    epoch: int = 0
    local_canaries: int = 0
    under_way: dict[int, float] = field(default_factory=dict)  # open transactions
    granted: frozenset[str] = frozenset()  # what the application may, beyond its tables

    required: bool = False
    acks: int = 1  # how many receivers must have a commit before it returns
    acked: dict[ServerId, int] = field(default_factory=dict)  # up to which position
    waiters: list[Waiter] = field(default_factory=list)
    clients: set[ServerId] = field(default_factory=set)  # receivers it believes in
    full: bool = False  # its disk: commits wait for somebody to free space
    held: list[tuple[str, str, Ended]] = field(default_factory=list)

    source: ServerId | None = None
    wants: bool = False  # the receiver is started
    connected: bool = False
    cursor: int = 0  # next position of the source's binlog to receive
    relay: deque[Transaction] = field(default_factory=deque)
    received: Gtids = field(default_factory=Gtids)
    applier: bool = False
    lagging: bool = False  # the applier runs but gets nowhere
    stuck: bool = False  # the applier waits for an acknowledgement of its own
    semi_sync_replica: bool = True
    version: str = ""
    also: tuple[str, ...] = ()  # other sources it was told to follow, for show

    beats: float = 0.0
    hears_since_s: float | None = None
    silent_since_s: float = 0.0

    laid_copy: "Copy | None" = None
    lock: Lock | None = None
    sessions: set[int] = field(default_factory=set)
    last_connection: int = 0
    inbox: list[Late] = field(default_factory=list)

    @property
    def boot_id(self) -> BootId:
        """Return the name of this run of the process."""
        return BootId(f"{self.server}-boot-{self.boots}")

    @property
    def writable(self) -> bool:
        """Tell whether an application could commit, were it acknowledged."""
        return not self.read_only and not self.offline

    def open_longer_than(
        self, seconds: float, now_s: float
    ) -> tuple[OpenTransaction, ...]:
        """Return the transactions open for longer, oldest first."""
        return tuple(
            OpenTransaction(connection_id=number, age_s=now_s - began_s)
            for number, began_s in self.under_way.items()  # in the order they began
            if now_s - began_s > seconds
        )

    def log(self, kind: str, value: str) -> Transaction:
        """Write a transaction of its own to the binary log; nobody sees it yet."""
        number = self.logged.last(self.origin) + 1
        transaction = Transaction(self.origin, number, kind, value)
        self.append(transaction)
        return transaction

    def append(self, transaction: Transaction) -> None:
        """Write *transaction* to the binary log."""
        self.binlog.append(transaction)
        self.logged.add(transaction.origin, transaction.number)

    def show(self, transaction: Transaction) -> None:
        """Commit in the storage engine: readers see it, `executed` has it."""
        self.executed.add(transaction.origin, transaction.number)
        if transaction.kind == "row":
            self.rows.add(transaction.value)
        elif transaction.kind == "epoch":
            self.epoch = max(self.epoch, int(transaction.value))

    def hear_ack(self, replica: ServerId, up_to: int) -> None:
        """Take the word of *replica* that it has all up to binlog position *up_to*.

        It is kept when the replica goes: what it received it has received.
        """
        self.acked[replica] = max(self.acked.get(replica, 0), up_to)
        self.count_acks()

    def count_acks(self) -> None:
        """Release the waiters that enough receivers have acknowledged."""
        heard = sorted(self.acked.values(), reverse=True)
        if len(heard) >= self.acks:
            self.acknowledge(heard[self.acks - 1])

    def acknowledge(self, up_to: int) -> None:
        """Release every waiter at or before binlog position *up_to*."""
        released = [w for w in self.waiters if w.position <= up_to]
        self.waiters = [w for w in self.waiters if w.position > up_to]
        for waiter in released:
            self.show(waiter.transaction)
        for waiter in released:
            if waiter.ended is not None:
                waiter.ended(Told.OK)

    def kill_clients(self) -> None:
        """Kill the connections of all waiters: an error, never an OK.

        MariaDB then finishes the commit (the row shows up there, and only there);
        MySQL leaves it hanging in the binary log.
        """
        self.under_way.clear()
        waiters = self.waiters
        if self.habits.engine is Engine.MARIADB:
            self.waiters = []
            for waiter in waiters:
                self.show(waiter.transaction)
        for waiter in waiters:
            ended, waiter.ended = waiter.ended, None
            if ended is not None:
                ended(Told.ERROR)

    def possesses(self, transaction: Transaction) -> bool:
        """Tell whether it executed or received *transaction*."""
        at = (transaction.origin, transaction.number)
        return self.logged.has(*at) or self.received.has(*at)

    def forget_source(self) -> None:
        """RESET REPLICA ALL: unapplied transactions are thrown away."""
        self.source = None
        self.drop_relay()

    def drop_relay(self) -> None:
        """Lose what was received and not applied; `received` starts anew."""
        self.relay.clear()
        self.received = Gtids()

    def stop(self, waiters_hear: Told) -> None:
        """End the process; every waiter is told *waiters_hear*."""
        waiters, self.waiters = self.waiters, []
        held, self.held = self.held, []
        self.process = Process.DEAD
        self.connected = self.stuck = False
        self.clients.clear()
        self.acked.clear()
        self.sessions.clear()
        self.under_way.clear()
        self.inbox.clear()
        self.lock = None
        for waiter in waiters:
            if waiter.ended is not None:
                waiter.ended(waiters_hear)
        for _, _, ended in held:
            ended(Told.ERROR)

    def boot(self, at_s: float) -> None:
        """Start the process: un-acknowledged transactions come back as committed."""
        assert self.process is Process.DEAD
        self.process = Process.UP
        self.boots += 1
        self.booted_at_s = at_s
        self.read_only = not self.habits.writable_at_boot
        self.offline = self.required = False
        self.acks = 1
        for transaction in self.binlog:
            if not self.executed.has(transaction.origin, transaction.number):
                self.show(transaction)
        if not self.habits.keeps_relay:
            self.drop_relay()
        starts = self.habits.replicates_at_boot and self.source is not None
        self.wants = self.applier = starts

    def holds(self) -> list[Transaction]:
        """Return everything it executed, logged or only received."""
        return [*self.binlog, *self.relay]

    def forget_last(self) -> None:
        """Lose the last transaction, as a disk that lied about a sync does."""
        assert self.process is Process.DEAD
        self.lay(Copy(self.binlog[:-1]))

    def copy(self) -> "Copy":
        """Return what a backup taken now contains: committed transactions only."""
        return Copy(
            [t for t in self.binlog if self.executed.has(t.origin, t.number)],
            self.granted,
        )

    def lay(self, copy: "Copy") -> None:
        """Become *copy*; whatever was here is gone."""
        self.binlog, self.rows, self.epoch = [], set(), 0
        self.acked.clear()
        self.logged, self.executed = Gtids(), Gtids()
        self.granted = copy.granted
        self.forget_source()
        for transaction in copy.transactions:
            self.append(transaction)
            self.show(transaction)


@dataclass(frozen=True, slots=True)
class Copy:
    """A consistent backup; accounts are rows of it too."""

    transactions: list[Transaction]
    granted: frozenset[str] = frozenset()
