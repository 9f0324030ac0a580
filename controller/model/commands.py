"""Orders: end states to make true. All are idempotent and carry the epoch.

`Confirm` and `Verify` change nothing: they re-read the world and are judged by
pure code. `RecordUnprotected` and `Register` are made true by the journal.
"""

from dataclasses import dataclass
from enum import StrEnum

from controller.model.ids import BootId, EdgeId, Epoch, ServerId, ZoneId

NO_BOOT = BootId("")


class Proof(StrEnum):
    """What may count as proof that a lost primary acknowledges nothing (DESIGN §6)."""

    PROCESS = "process"  # (a) seen dead and its restart inhibited, out of band
    ACKS_REVOKED = "acks_revoked"  # (b) protected, and every registered acker frozen
    SQL = "sql"  # (c) the server itself said it is closed
    SELF_FENCE = "self_fence"  # (d) its agent was armed, and alone for long enough
    EXTERNAL = "external"  # (e) a command of the operator's ended it from outside


ENDING = frozenset(set(Proof) - {Proof.ACKS_REVOKED})
"""Proofs that end a server's membership; (b) only takes its acknowledgements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A database server and the zone it lives in."""

    server: ServerId
    zone: ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class Acker:
    """A server whose acknowledgement may have let a commit return.

    boot_id: of the process that earned `protected`; empty while it has not.
    process: in which it was known to run before it could acknowledge anything for
        the primary on record; empty where nobody asked in time.
    """

    server: ServerId
    zone: ZoneId
    boot_id: BootId
    process: BootId = NO_BOOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Re-read everything; still broken, still permitted, lease still held?"""

    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureHeld:
    """Writes wait at the edges, reads go to *read_zone*."""

    read_zone: ZoneId
    write_zone: ZoneId
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureFrozen:
    """No registered acker receives any more."""

    ackers: tuple[Acker, ...]
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureUnfrozen:
    """Every acker follows *source* again.

    silent: those whose connection does not answer now; nothing is sent to them.
    """

    ackers: tuple[Acker, ...]
    source: ServerId
    epoch: Epoch
    silent: tuple[ServerId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureFenced:
    """*lost* can acknowledge nothing, by the first of *proofs* that holds.

    acks_revoked: proof (b) holds by the ledger; decided, not observed.
    armed_s: the journal says that its agent ends it after being alone for so many
        seconds; 0: nothing is on record.
    """

    lost: Member
    proofs: tuple[Proof, ...]
    acks_revoked: bool
    epoch: Epoch
    armed_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureClosed:
    """*source* takes no write and nobody waits on it; it lives and says so itself."""

    source: Member
    boot_id: BootId
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureCaughtUp:
    """Within *within_s* seconds *target* has executed exactly what *source* has."""

    source: Member
    target: Member
    within_s: float
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureReopened:
    """*source*, closed by us and the same process still, takes writes again.

    ackers: whoever of them takes writes forbids it; two would.
    """

    source: Member
    boot_id: BootId
    ackers: tuple[Acker, ...]
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureDrained:
    """Every server applied all it received."""

    servers: tuple[ServerId, ...]
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """*candidate* holds a superset of everything any acker may have acknowledged.

    apart: registered ackers that are not frozen and not compared. acked_by: so many
        registered ackers hold each acknowledged write. errant: what some wrote
        themselves, which nobody acknowledged.
    """

    candidate: ServerId
    ackers: tuple[Acker, ...]
    epoch: Epoch
    apart: tuple[Acker, ...] = ()
    acked_by: int = 1
    errant: tuple[tuple[ServerId, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureInvalidated:
    """Unreplicated stores of *zone* show nothing older than *epoch* unmarked."""

    zone: ZoneId
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureRepointed:
    """*replicas* follow *source*; if it *waits*, then for *acks* of them."""

    replicas: tuple[Acker, ...]
    source: ServerId
    waits: bool
    epoch: Epoch
    acks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUnprotected:
    """The journal says: from now on an acknowledged write may live in one zone."""

    why: str
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureOpen:
    """*candidate* accepts writes. The point of no return.

    closed: the living old primary, which must still be closed, process
        *closed_boot* still, and hold nothing *candidate* lacks; None: it is lost.
    lossy: acknowledged writes may be lost, so their ids are not given again.
    """

    candidate: Member
    boot_id: BootId
    ackers: tuple[Acker, ...]
    epoch: Epoch
    closed: Member | None = None
    closed_boot: BootId = NO_BOOT
    lossy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitCanary:
    """One durable heartbeat row commits on *server*; *ackers* may receive it.

    acks: with as many of them seen to hold it, `protected` is earned.
    """

    server: ServerId
    ackers: tuple[Acker, ...]
    epoch: Epoch
    acks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureRouted:
    """Every reachable edge routes to *zone*, writes still held; proven by reads.

    edges: only these, every one when empty.
    """

    zone: ZoneId
    epoch: Epoch
    edges: tuple[EdgeId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureReleased:
    """Writes pass to *write_zone*, reads to *read_zone*.

    edges: only at these, at every one when empty.
    """

    read_zone: ZoneId
    write_zone: ZoneId
    epoch: Epoch
    edges: tuple[EdgeId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureInstance:
    """A read-only, idle database runs in the spare zone; *rejoins*: instead of it."""

    spare: Member | None
    donor: ServerId
    epoch: Epoch
    rejoins: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureSeeded:
    """The spare holds a complete copy of *donor* and knows its position."""

    spare: ServerId
    donor: ServerId
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The journal names *acker* before it may connect with semi-sync (rule 2).

    identify: its process too, where commits wait for others meanwhile: whatever it
        acknowledges before it earned `protected`, a restart of it is noticed (rule 4).
    """

    acker: Member
    epoch: Epoch
    identify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureFollowing:
    """*replica* receives and applies from *source*."""

    replica: ServerId
    source: ServerId
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureProtected:
    """Commits on *primary* wait for *acker*, and one was seen to (rule 4).

    acks: they wait for so many, *acker* and others of *ackers*, all seen to hold it.
    """

    primary: ServerId
    acker: Member
    epoch: Epoch
    ackers: tuple[Acker, ...] = ()
    acks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureDegraded:
    """Commits on *primary* wait for nobody; recorded before it is sent."""

    primary: ServerId
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureWaiting:
    """Commits on *primary* wait for *acks* acknowledgements; as many are connected."""

    primary: ServerId
    epoch: Epoch
    acks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureHeard:
    """A row of *primary*, closed to applications, was acknowledged (rule 4).

    *acks* of *ackers* were seen to hold it. Only in the process *boot_id* names.
    """

    primary: ServerId
    boot_id: BootId
    ackers: tuple[Acker, ...]
    epoch: Epoch
    acks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """Is all that *old*, ended, holds also in *successor*? Nothing is changed.

    laid: the position the successor's own data was copied at (MariaDB); empty: it was
        not, or that is not on record. had: what it has by the record, besides its log.
    """

    old: Member
    successor: ServerId
    epoch: Epoch
    laid: str = ""
    had: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureSaved:
    """What only *old* has is kept; *covered*: nobody was told OK for any of it.

    laid, had: as in `Compare`.
    """

    old: Member
    successor: ServerId
    covered: bool
    epoch: Epoch
    laid: str = ""
    had: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureReported:
    """What was saved of *old* is a report that people can read."""

    old: Member
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureResumed:
    """*old* runs on its own data: read-only, replicating from nobody."""

    old: Member
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEndToEnd:
    """One writable primary, its replica receiving; edges not on it are named."""

    primary: Member
    acker: Member | None
    epoch: Epoch
