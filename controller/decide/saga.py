"""The procedure as rows: reading the tables from top to bottom is reading it.

One row a step, every answer named; no patterns, no first match. `advance` is
the only reader. The rows are in `failover.py`, `switchover.py`, `restore.py`,
`reopen.py`, `rejoin.py` and `reconcile.py`; each table is checked as data by
`tests/unit/test_saga_tables.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from controller.model.command import Command
from controller.model.commands import NO_BOOT, Acker, Member, Proof
from controller.model.ids import BootId, EdgeId, Epoch, ServerId
from controller.model.outcomes import Done, Outcome, Refused, Unknown


class Step(StrEnum):
    """Where a saga stands. The step's command is in flight."""

    CONFIRM = "confirm"
    HOLD = "hold"
    CLOSE = "close"
    CATCH_UP = "catch_up"
    FREEZE = "freeze"
    FENCE = "fence"
    DRAIN = "drain"
    VERIFY = "verify"
    INVALIDATE = "invalidate"
    REPOINT = "repoint"
    UNPROTECT = "unprotect"
    OPEN = "open"
    CANARY = "canary"
    DEGRADE = "degrade"
    REROUTE = "reroute"
    RELEASE = "release"
    PROVISION = "provision"
    SEED = "seed"
    REGISTER = "register"
    ATTACH = "attach"
    PROTECT = "protect"
    WITHDRAW = "withdraw"
    VERIFY_END = "verify_end"
    UNFREEZE = "unfreeze"
    REOPEN = "reopen"
    UNHOLD = "unhold"
    UNFREEZE_FENCED = "unfreeze_fenced"
    UNFREEZE_AGAIN = "unfreeze_again"
    UNHOLD_FENCED = "unhold_fenced"
    RETIRE = "retire"
    FOLLOW = "follow"
    ENABLE = "enable"
    EARN = "earn"
    COMPARE = "compare"
    SAVE = "save"
    REPORT = "report"
    RESUME = "resume"


class End(StrEnum):
    """How a saga finished."""

    COMPLETED = "completed"
    ABANDONED = "abandoned"  # nothing irreversible happened
    UNDER_REPLICATED = "under_replicated"  # site serves; redundancy is open, visibly
    HALTED = "halted"  # an operator must look; automation at most closes a server


class Kind(StrEnum):
    """Which table a run follows."""

    FAILOVER = "failover"
    SWITCHOVER = "switchover"
    RESTORE = "restore"
    RETIRE = "retire"
    LEAVE = "leave"
    WIDEN = "widen"
    LOOSEN = "loosen"
    RECONCILE = "reconcile"
    REOPEN = "reopen"
    EXAMINE = "examine"
    REJOIN = "rejoin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one run is about, fixed when it starts.

    FAILOVER: *lost* was primary, *target* becomes it. SWITCHOVER: the same while
    *lost* lives and helps; *spare* is *lost* itself, if it is clean. RESTORE: *target*
    is the primary, a replica is missing. RETIRE: *lost* must never acknowledge
    again. LEAVE: the same for an acker, whose acknowledgements *spare* must cover
    first. WIDEN: *spare* becomes one more acker of a *target* that stays protected.
    LOOSEN: commits on *target* wait for nobody from now on, as was configured.
    RECONCILE: *edge* alone is put back on the route to *target*, the primary.
    REOPEN: *target*, the primary, restarted in place and takes writes again.
    EXAMINE: *lost*, once primary, is ended and compared with *target*. REJOIN: the
    same, and as *spare* it becomes a replica on its own data if it is clean.

    ackers: the registered ackers that FREEZE must cover and VERIFY compare; with
        one required acknowledgement all of them. Of an upkeep: who else may hold
        its canary.
    parted: registered ackers that do not come along: out of reach, where the others
        are enough, in the successor's own zone where zones are to differ, or errant.
    errant: what an acker was known to have written itself; acknowledged by nobody.
    acks: what commits are to wait for from now on. acked_by: so many registered
        ackers hold each write that was acknowledged until now.
    spare: where the new replica goes; None when no zone is fit.
    donor: the replica it is copied from; None: from *target*.
    acks_revocable: the ledger says `protected`, so freezing the ackers is proof; of
        an old primary: it was so when it was left.
    proofs: fence proofs the policy accepts, in the order tried.
    waits: commits shall wait for an acknowledgement; not with `durability: none`.
    lost_boot: of *lost* as it was closed; another process of it was never closed.
    pause_max_s: how long writes may be paused before OPEN, seconds; 0: no limit.
    boot_id: of the process of *target* that may be opened; REOPEN only.
    rejoins: an old primary that was clean and is to be attached by a run of its own,
        so that no copy is laid in this one.
    armed_s: the ttl on record of *lost*'s agent; 0: none is.
    fence_s: how much longer than usual the accepted proofs may take, seconds.
    unasked: no person asked for this SWITCHOVER: what it rests on is the zone's error
        rates, and CONFIRM reads them again.
    laid: the position the data of *target* was copied at (MariaDB), if it is on record.
    had: what *target* has by the record, besides its own log (MariaDB).
    """

    kind: Kind
    epoch: Epoch
    lost: Member | None
    target: Member
    ackers: tuple[Acker, ...] = ()
    spare: Member | None = None
    acks_revocable: bool = False
    proofs: tuple[Proof, ...] = ()
    why: str = ""
    overrides: tuple[str, ...] = ()
    edge: EdgeId | None = None
    waits: bool = True
    lost_boot: BootId = NO_BOOT
    pause_max_s: float = 0.0
    boot_id: BootId = NO_BOOT
    rejoins: str = ""
    fence_s: float = 0.0
    armed_s: float = 0.0
    donor: Member | None = None
    parted: tuple[Acker, ...] = ()
    acks: int = 1
    acked_by: int = 1
    errant: tuple[tuple[ServerId, str], ...] = ()
    laid: str = ""
    had: str = ""
    unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step: what to order, and where each of the three answers leads.

    patient: a `Refused` is tried again too, up to *attempts_max*.
    rechecks: lease and database locks are re-checked right before (rule 10).
    unfences: may arrive late and undo a fence; sent only on a connection that
        just answered, which is recorded with the intent (rule 5).
    pause_s: wait between attempts, seconds.
    pauses: users' writes wait meanwhile, so it counts against `pause_max_s`, and is
        not sent once that is used up.
    fences: a proof may take longer than *timeout_s*, by the plan's `fence_s`.
    """

    order: Callable[[Plan], Command]
    timeout_s: float
    attempts_max: int
    done: Step | End
    refused: Step | End
    unknown: Step | End  # taken after attempts_max unknown answers
    why: str
    patient: bool = False
    rechecks: bool = False
    unfences: bool = False
    pause_s: float = 0.2
    pauses: bool = False
    fences: bool = False


def timeout_of(row: Row, plan: Plan) -> float:
    """Return how long one attempt of *row* may take for *plan*, seconds."""
    return row.timeout_s + (plan.fence_s if row.fences else 0.0)


Table = Mapping[Step, Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A saga under way: *attempt* counts from 1 within *step*.

    doubt: an earlier attempt of this step went unanswered, so its effect may
    still be in place. A later `Refused` does not take that back.
    fenced: before a restart of the controller the old primary was ended, or may
        have been: going back to it is no undo any more.
    """

    plan: Plan
    step: Step
    attempt: int = 1
    doubt: bool = False
    fenced: bool = False


def advance(run: Run, outcome: Outcome, table: Table) -> Run | End:
    """Return the run after *outcome* of its current command, or its end."""
    row = table[run.step]
    again = run.attempt < row.attempts_max
    match outcome:
        case Done():
            following = row.done
        case Refused() if not run.doubt and not (row.patient and again):
            following = row.refused
        case Refused() if again:
            return replace(run, attempt=run.attempt + 1)
        case Unknown() if again:
            return replace(run, attempt=run.attempt + 1, doubt=True)
        case Refused() | Unknown():
            following = row.unknown
        case _:
            assert_never(outcome)
    if isinstance(following, End):
        return following
    if following is Step.UNFREEZE and run.fenced:
        following = Step.UNFREEZE_FENCED
    return Run(plan=run.plan, step=following, fenced=run.fenced)
