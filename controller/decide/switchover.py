"""The planned move, row by row: the old primary lives, helps, and loses nothing.

It differs from the failover in its proof and in its way back. The old primary is
closed by its own word, read back, and OPEN waits until the target has executed
exactly what it has. Until OPEN every failure undoes: the ackers follow again, the
old primary takes writes again, the edges let them pass. Nothing is undone once
OPEN may have been carried out (rule 5). A controller that restarts before OPEN
undoes too: the write pause a person agreed to is over by then.

The way back is the one of every old primary: ended, compared, then a replica on its
own data. Closed by its own word it could still be written to past read-only.
"""

from dataclasses import replace
from types import MappingProxyType

from controller.decide.failover import BEFORE_OPEN, FAILOVER, UNDOING, boot_id_of
from controller.decide.rejoin import LOOKING, REJOIN
from controller.decide.restore import RETIRE, SUFFIX
from controller.decide.saga import End, Kind, Plan, Row, Run, Step, Table
from controller.model.commands import (
    Confirm,
    EnsureCaughtUp,
    EnsureClosed,
    EnsureHeld,
    EnsureOpen,
    EnsureReopened,
    Member,
    RecordUnprotected,
)
from controller.model.outcomes import Outcome, Refused

CATCH_UP_S = 2.0


def _old(plan: Plan) -> Member:
    assert plan.lost is not None
    return plan.lost


SWITCHOVER: Table = MappingProxyType(
    {
        Step.CONFIRM: Row(
            order=lambda p: Confirm(epoch=p.epoch),
            timeout_s=2.0,
            attempts_max=1,
            done=Step.HOLD,
            refused=End.ABANDONED,
            unknown=End.ABANDONED,
            why="All is read anew while nothing is touched: a planned move can wait.",
        ),
        Step.HOLD: Row(
            order=lambda p: EnsureHeld(
                read_zone=p.target.zone, write_zone=_old(p).zone, epoch=p.epoch
            ),
            timeout_s=0.5,
            attempts_max=1,
            done=Step.CLOSE,
            refused=Step.UNHOLD,
            unknown=Step.UNHOLD,
            why="Users' writes wait at the edges; from here the pause is counted.",
            pauses=True,
        ),
        Step.CLOSE: Row(
            order=lambda p: EnsureClosed(
                source=_old(p), boot_id=p.lost_boot, epoch=p.epoch
            ),
            timeout_s=3.0,
            attempts_max=1,
            done=Step.CATCH_UP,
            refused=Step.UNFREEZE,
            unknown=Step.UNFREEZE,
            why="The old primary takes no write and nobody waits on it: read back.",
            rechecks=True,
            pauses=True,
        ),
        Step.CATCH_UP: Row(
            order=lambda p: EnsureCaughtUp(
                source=_old(p), target=p.target, within_s=CATCH_UP_S, epoch=p.epoch
            ),
            timeout_s=CATCH_UP_S + 0.5,
            attempts_max=1,
            done=Step.FREEZE,
            refused=Step.UNFREEZE,
            unknown=Step.UNFREEZE,
            why="Zero loss: the target has executed all that the old primary has.",
            pauses=True,
        ),
        Step.FREEZE: replace(
            FAILOVER[Step.FREEZE],
            attempts_max=1,
            done=Step.VERIFY,
            why="With every acker deaf the old primary could not acknowledge again.",
            pauses=True,
        ),
        Step.VERIFY: replace(
            FAILOVER[Step.VERIFY],
            attempts_max=1,
            refused=Step.UNFREEZE,
            unknown=Step.UNFREEZE,
            pauses=True,
        ),
        Step.INVALIDATE: replace(FAILOVER[Step.INVALIDATE], pauses=True),
        Step.REPOINT: replace(FAILOVER[Step.REPOINT], timeout_s=1.5, pauses=True),
        Step.UNPROTECT: replace(
            FAILOVER[Step.UNPROTECT],
            order=lambda p: RecordUnprotected(
                why=f"{_old(p).server} left, no other replica follows yet",
                epoch=p.epoch,
            ),
            attempts_max=1,
            refused=Step.UNFREEZE,
            unknown=Step.UNFREEZE,
            pauses=True,
        ),
        Step.OPEN: replace(
            FAILOVER[Step.OPEN],
            order=lambda p: EnsureOpen(
                candidate=p.target,
                boot_id=boot_id_of(p),
                ackers=p.ackers,
                epoch=p.epoch,
                closed=_old(p),
                closed_boot=p.lost_boot,
            ),
            refused=Step.UNFREEZE,
            why="The point of no return: until here all of it could be undone.",
            patient=False,  # a certain no is undone at once: users wait
            pauses=True,
        ),
        Step.CANARY: FAILOVER[Step.CANARY],
        Step.DEGRADE: FAILOVER[Step.DEGRADE],
        Step.REROUTE: FAILOVER[Step.REROUTE],
        Step.RELEASE: replace(
            FAILOVER[Step.RELEASE],
            done=Step.RETIRE,
            why="Writes flow again; this row ends the write pause.",
        ),
        Step.RETIRE: replace(
            RETIRE[Step.RETIRE],
            done=Step.COMPARE,
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
            why="A running ex-primary never rejoins (rule 7): it is ended first.",
        ),
        # What was written past read-only since CATCH_UP is on it alone (promise 2).
        **{step: REJOIN[step] for step in LOOKING},
        **{s: r for s, r in SUFFIX.items() if s not in {Step.PROVISION, Step.SEED}},
        Step.UNFREEZE: replace(
            FAILOVER[Step.UNFREEZE],
            attempts_max=2,
            done=Step.REOPEN,
            refused=Step.REOPEN,
            unknown=Step.REOPEN,
            why="First the acknowledgements: the old primary waits for them again.",
        ),
        Step.REOPEN: Row(
            order=lambda p: EnsureReopened(
                source=_old(p), boot_id=p.lost_boot, ackers=p.ackers, epoch=p.epoch
            ),
            timeout_s=2.0,
            attempts_max=10,
            done=Step.UNHOLD,
            # It restarted, or is somebody else's now: nothing was opened, and what
            # opens a closed primary again has its own evidence and its own words.
            refused=Step.UNHOLD,
            unknown=Step.UNHOLD_FENCED,
            why="Nobody else was opened, so the old primary takes writes again.",
            patient=True,
            rechecks=True,
            unfences=True,
            pause_s=0.5,
        ),
        Step.UNHOLD: replace(FAILOVER[Step.UNHOLD], done=Step.UNFREEZE_AGAIN),
        Step.UNFREEZE_AGAIN: replace(
            FAILOVER[Step.UNFREEZE],
            attempts_max=10,
            done=End.ABANDONED,
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
            # Before, nobody waited for more than two tries; and a FREEZE that was
            # not answered may have come after them.
            why="Users are served; who still does not hear the primary is told again.",
            pause_s=0.5,
        ),
        Step.UNHOLD_FENCED: FAILOVER[Step.UNHOLD_FENCED],
    }
)

UNDOABLE = (BEFORE_OPEN & set(SWITCHOVER)) | {Step.CLOSE, Step.CATCH_UP}
"""Nothing was opened: a controller that restarts in one of these undoes."""


def undoes(run: Run, answer: Outcome | None) -> bool:
    """Tell whether a controller that restarts at *run* takes a planned move back.

    answer: the present step's outcome on record, None without one. An OPEN that
    was certainly refused opened nothing.
    """
    if run.step is Step.OPEN:
        return isinstance(answer, Refused) and not run.doubt
    return run.step in UNDOABLE


def taken_back_at(run: Run) -> Step:
    """Return the row at which a planned move that `undoes` is taken back.

    What it never sent it does not undo: a primary that is closed now, before
    CLOSE, was closed by somebody else.
    """
    untouched = run.step in {Step.CONFIRM, Step.HOLD}
    return Step.UNHOLD if untouched else Step.UNFREEZE


def opened_nothing(run: Run) -> bool:
    """Tell whether *run* is a planned move that has surely opened nothing.

    Then the loss of the old primary goes first: a failover proves its own fence,
    whatever this run has closed, frozen or taken back so far.
    """
    planned = run.plan.kind is Kind.SWITCHOVER
    return planned and (run.step in UNDOABLE or run.step in UNDOING)
