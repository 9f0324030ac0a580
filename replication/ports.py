"""What the controller may ask of one database server.

Every order is an end state (`ensure_*`), idempotent, and carries the epoch;
an adapter answers `Refused` when the server has already seen a newer one.
No method raises for anything the network or the server can do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from controller.model.copying import CopyProgress
from controller.model.ids import BootId, Epoch, ServerId
from controller.model.outcomes import NotSeen, Outcome
from replication.binlog.survey import History
from replication.doctor.inspection import Inspection, NotInspected

SAID = "the server said "
"""How the reason of a `Refused` begins that is the server's own answer."""


class Receiving(StrEnum):
    """What the replica's receiver (I/O thread) says of itself."""

    YES = "yes"  # connected to its source
    CONNECTING = "connecting"  # wants to, cannot
    STOPPED = "stopped"  # configured, will not by itself
    NONE = "none"  # no source configured


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSide:
    """Semi-synchronous replication as the source sees it.

    required: commits wait for an acknowledgement (`..._enabled`).
    active: the server's own `_status`; never proof of `protected` by itself.
    receivers: connected semi-sync replicas; waiters: commits now hanging.
    acks: how many acknowledgements a commit waits for, as read back.
    """

    required: bool
    active: bool
    receivers: int
    waiters: int
    acks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerView:
    """One server as read from itself, in one round trip where possible.

    epoch: highest epoch row the server has executed (0 when there is none).
    received, executed: GTID text in the engine's own notation; what the relay
        log holds (received only) and what a reader can see.
    heartbeats: counter that moves while the source is alive, also without
        writes; the caller judges silence by watching it over time.
    source: `host:port` the receiver is configured for, or None. sources: of every
        channel or named connection; more than one is multi-source replication.
    crowded: as many clients are connected as it takes.
    version: as the server writes it. origin: how GTIDs name what it writes itself
        (MySQL: its UUID, MariaDB: its server id); "" when that is not known.
    """

    server: ServerId
    boot_id: BootId
    uptime_s: float
    writable: bool
    epoch: Epoch
    source: str | None
    receiving: Receiving
    applying: bool
    received: str
    executed: str
    heartbeats: int
    source_side: SourceSide
    crowded: bool = False
    sources: tuple[str, ...] = ()
    version: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One administrative connection: what an order in flight travels on."""

    server: ServerId
    boot_id: BootId
    connection_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTransaction:
    """One transaction under way: whose connection, and since when; never its SQL."""

    connection_id: int
    age_s: float


class DatabaseServer(Protocol):
    """One member of the cluster, whatever its role is today."""

    @property
    def server(self) -> ServerId:
        """Return the member this adapter speaks to."""
        ...

    async def view(self) -> ServerView | NotSeen:
        """Read everything worth knowing; changes nothing."""
        ...

    async def history(self) -> History | NotSeen:
        """Read everything it has executed, to compare another's logs with."""
        ...

    async def canary(self, *, durable: bool) -> Outcome:
        """Commit one heartbeat row and return its GTID as evidence `gtid`.

        durable: through the binary log, so it waits for the acknowledgement
        like any write; otherwise with `sql_log_bin=0`, so it never does.
        A cancelled durable canary leaves its connection hanging in commit:
        the adapter keeps at most one outstanding and answers `Unknown` at
        once while it hangs. Never uses the order session.
        """
        ...

    async def transactions(
        self, *, older_than_s: float
    ) -> tuple[OpenTransaction, ...] | NotSeen:
        """Return the transactions open for longer, oldest first; changes nothing.

        The server's own threads, replication among them, are not counted.
        """
        ...

    async def ensure_claimed(self, owner: str) -> Outcome:
        """Hold the controller's named lock on the order session (rule 10).

        `Refused` means one thing only: another owner holds it. A server that
        cannot be reached is `Unknown`. From a session of this adapter's own that
        was given up it is taken away, and that session is ended.
        """
        ...

    async def ready(self) -> Session | NotSeen:
        """Prove the order session by a round trip just now and name it (rule 5)."""
        ...

    async def session_ended(self, session: Session) -> Outcome:
        """End *session* if it still lives; `Done` once it is proven gone."""
        ...

    async def ensure_frozen(self, epoch: Epoch) -> Outcome:
        """Stop the receiver; the applier goes on. Quick also in a black hole.

        Evidence: `boot_id`, `received`, `executed`, read after it stopped.
        """
        ...

    async def ensure_following(self, source: ServerId, epoch: Epoch) -> Outcome:
        """Receive and apply from *source* (set it if it is another one).

        It undoes a FREEZE, so an order of this adapter that was given up does not
        run after it: the connection that carried it is ended first.
        """
        ...

    async def ensure_drained(self, epoch: Epoch) -> Outcome:
        """Apply everything received; the receiver must already be stopped.

        Evidence: `boot_id`, `received`, `executed`. Never stops the applier
        while something is unapplied (MariaDB would throw it away).
        """
        ...

    async def ensure_open(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Forget the source, record *epoch* in the database, accept writes.

        The point of no return. `Refused` when the boot id changed, the
        receiver runs, or the server has seen a newer epoch. Evidence: `boot_id`,
        `executed`.
        """
        ...

    async def ensure_ids_skipped(self, epoch: Epoch) -> Outcome:
        """Leave a gap in every auto-increment counter, once an epoch.

        For a promotion that may have lost acknowledged writes: their ids are not
        given again. `Refused` unless it is open under *epoch*. Evidence: `ids`, the
        ranges left out, table by table; `ids_kept`: what could not be changed.
        """
        ...

    async def ensure_heard(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Commit one durable row while closed to applications; it is acknowledged.

        Records *epoch* too. `Refused`, with nothing written, when the boot id
        changed, it follows a source, takes writes already, requires no
        acknowledgement or has nobody to give one. The commit hangs apart from the
        order session; `Unknown` at once while an earlier one does. Evidence: `gtid`.
        """
        ...

    async def ensure_closed(self, epoch: Epoch) -> Outcome:
        """SQL fence: end application clients, then accept no write.

        `Done` only when read back: nobody can commit and nobody waits to.
        Follows the statement order that acknowledges no waiter. Evidence:
        `executed`.
        """
        ...

    async def ensure_reopened(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Undo `ensure_closed`: this process accepts writes as it did before.

        No new epoch is recorded and nothing else changes: a primary that waited
        for acknowledgements waits for them again. `Refused` when the boot id
        changed (another process was never closed by us, and has lost its
        settings) or it follows a source. Evidence: `boot_id`, `executed`.
        A CLOSE of this adapter that was given up does not run after it.
        """
        ...

    async def ensure_acks_required(
        self, epoch: Epoch, *, required: bool, acks: int = 1
    ) -> Outcome:
        """Turn the source side of semi-sync on or off (off acknowledges waiters).

        acks: how many acknowledgements a commit waits for; set first, and read back.
        `Refused`, with nothing changed, when fewer receivers are connected or the
        engine cannot wait for so many.
        """
        ...

    async def ensure_seeded(self, donor: ServerId, epoch: Epoch) -> Outcome:
        """Hold a complete copy of *donor*'s data and its GTID position.

        MySQL clones over the network; MariaDB's copy was laid by provisioning
        and only its position is set here. Never starts replication. Evidence:
        `executed`, `bytes`.
        """
        ...

    async def copying(self) -> CopyProgress | NotSeen | None:
        """Tell how far the copy that `ensure_seeded` takes is; changes nothing.

        None: none is under way. `NotSeen` also while it restarts on the copy.
        """
        ...

    async def aclose(self) -> None:
        """Close every connection; safe to call twice."""
        ...


class CacheStore(Protocol):
    """A zone's unreplicated cache (Redis): lost or stale at every failover."""

    async def ensure_generation(self, epoch: Epoch) -> Outcome:
        """Make every cached page of an older epoch unreadable.

        Evidence: `keys_before`, `generation`.
        """
        ...

    async def inventory(self) -> "CacheInventory | NotSeen":
        """Count what would be lost with this zone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheInventory:
    """What one zone's unreplicated store holds."""

    sessions: int
    pages: int
    generation: int


class SearchStore(Protocol):
    """A zone's unreplicated search index: stale or empty at every failover."""

    async def documents(self) -> int | NotSeen:
        """Return the number of indexed documents."""
        ...

    async def ensure_flagged_stale(self, epoch: Epoch, *, why: str) -> Outcome:
        """Make the index say it is stale since *epoch* until it is rebuilt."""
        ...


Databases = Sequence[DatabaseServer]


class Inspector(Protocol):
    """Asks one server what the doctor wants to know; changes nothing there."""

    async def inspect(self) -> Inspection | NotInspected:
        """Return its answers; within a few seconds, whatever it does."""
        ...
