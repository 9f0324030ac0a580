"""The unplanned failover, row by row, in the order of DESIGN §6.

Every exit before OPEN passes UNFREEZE (rule 1). After OPEN the only ends are
COMPLETED, UNDER_REPLICATED and HALTED: the failed-over state is the new normal.
"""

from types import MappingProxyType

from controller.decide.reopen import begins_anew
from controller.decide.restore import SUFFIX
from controller.decide.saga import End, Kind, Plan, Row, Run, Step, Table
from controller.model.commands import (
    Acker,
    CommitCanary,
    Confirm,
    EnsureDegraded,
    EnsureDrained,
    EnsureFenced,
    EnsureFrozen,
    EnsureHeld,
    EnsureInvalidated,
    EnsureOpen,
    EnsureReleased,
    EnsureRepointed,
    EnsureRouted,
    EnsureUnfrozen,
    Member,
    RecordUnprotected,
    Verify,
)
from controller.model.ids import BootId
from controller.model.outcomes import Outcome, Refused


def _lost(plan: Plan) -> Member:
    assert plan.lost is not None
    return plan.lost


def others(plan: Plan) -> tuple[Acker, ...]:
    """Return the ackers that will follow the new primary."""
    left = {plan.target.server, *(a.server for a in plan.parted)}
    return tuple(a for a in plan.ackers if a.server not in left)


def apart(plan: Plan) -> tuple[Acker, ...]:
    """Return the registered ackers that are neither frozen nor compared."""
    bound = {a.server for a in plan.ackers}
    return tuple(a for a in plan.parted if a.server not in bound)


def boot_id_of(plan: Plan) -> BootId:
    """Return the boot id under which the candidate earned `protected`."""
    mine = [a.boot_id for a in plan.ackers if a.server == plan.target.server]
    return mine[0] if mine else BootId("")


def _unfreeze(following: Step) -> Row:
    return Row(
        order=lambda p: EnsureUnfrozen(
            ackers=p.ackers, source=_lost(p).server, epoch=p.epoch
        ),
        timeout_s=2.0,
        attempts_max=5,
        done=following,
        refused=following,
        unknown=following,
        why="A primary that turns out healthy must get its acknowledgements back.",
        patient=True,
        unfences=True,
    )


def _unhold(end: End) -> Row:
    return Row(
        order=lambda p: EnsureReleased(
            read_zone=_lost(p).zone, write_zone=_lost(p).zone, epoch=p.epoch
        ),
        timeout_s=2.0,
        attempts_max=5,
        done=end,
        refused=End.HALTED,
        unknown=End.HALTED,
        why="Routes go back as they were: nothing was promoted.",
        patient=True,
    )


FAILOVER: Table = MappingProxyType(
    {
        Step.CONFIRM: Row(
            order=lambda p: Confirm(epoch=p.epoch),
            timeout_s=1.0,
            attempts_max=1,
            done=Step.HOLD,
            refused=Step.UNFREEZE,
            unknown=Step.UNFREEZE,
            why="Evidence is re-read right before acting; what healed is left alone.",
        ),
        Step.HOLD: Row(
            order=lambda p: EnsureHeld(
                read_zone=p.target.zone, write_zone=_lost(p).zone, epoch=p.epoch
            ),
            timeout_s=0.5,
            attempts_max=1,
            done=Step.FREEZE,
            refused=Step.FREEZE,
            unknown=Step.FREEZE,
            why="Cheap and reversible; an unreachable edge is stopped by the fence.",
        ),
        Step.FREEZE: Row(
            order=lambda p: EnsureFrozen(ackers=p.ackers, epoch=p.epoch),
            timeout_s=5.0,
            attempts_max=2,
            done=Step.FENCE,
            refused=Step.UNFREEZE,
            unknown=Step.UNFREEZE,
            # A receiver that is trying to connect ends within its net time-out.
            why="With every acker deaf the old primary can acknowledge nothing new.",
            rechecks=True,
        ),
        Step.FENCE: Row(
            order=lambda p: EnsureFenced(
                lost=_lost(p),
                proofs=p.proofs,
                acks_revoked=p.acks_revocable,
                epoch=p.epoch,
            ),
            timeout_s=4.0,
            attempts_max=2,
            done=Step.DRAIN,
            refused=Step.UNFREEZE,
            unknown=Step.UNFREEZE_FENCED,
            why="Two writable primaries lose data for good; downtime does not.",
        ),
        Step.DRAIN: Row(
            order=lambda p: EnsureDrained(
                servers=tuple(a.server for a in p.ackers), epoch=p.epoch
            ),
            timeout_s=30.0,
            attempts_max=2,
            done=Step.VERIFY,
            refused=Step.UNFREEZE_FENCED,
            unknown=Step.UNFREEZE_FENCED,
            why="What was received was acknowledged: it must be applied first.",
        ),
        Step.VERIFY: Row(
            order=lambda p: Verify(
                candidate=p.target.server,
                ackers=p.ackers,
                epoch=p.epoch,
                apart=apart(p),
                acked_by=p.acked_by,
                errant=p.errant,
            ),
            timeout_s=2.0,
            attempts_max=2,
            done=Step.INVALIDATE,
            refused=Step.UNFREEZE_FENCED,
            unknown=Step.UNFREEZE_FENCED,
            why="Superset of every possible acknowledgement, or no promotion.",
        ),
        Step.INVALIDATE: Row(
            order=lambda p: EnsureInvalidated(zone=p.target.zone, epoch=p.epoch),
            timeout_s=0.4,
            attempts_max=1,
            done=Step.REPOINT,
            refused=Step.REPOINT,
            unknown=Step.REPOINT,
            why="Redis and search are not replicated: stale is marked, never awaited.",
        ),
        Step.REPOINT: Row(
            order=lambda p: EnsureRepointed(
                replicas=others(p),
                source=p.target.server,
                waits=p.waits,
                epoch=p.epoch,
                acks=p.acks,
            ),
            timeout_s=3.0,
            attempts_max=1,
            done=Step.OPEN,
            refused=Step.UNPROTECT,
            unknown=Step.UNPROTECT,
            why="A second replica keeps every new write in two zones from the start.",
        ),
        Step.UNPROTECT: Row(
            order=lambda p: RecordUnprotected(
                why=f"{_lost(p).server} lost, no other replica follows yet",
                epoch=p.epoch,
            ),
            timeout_s=5.0,
            attempts_max=3,
            done=Step.OPEN,
            refused=Step.UNFREEZE_FENCED,
            unknown=Step.UNFREEZE_FENCED,
            why="Writes in one zone only are on record before the first of them.",
        ),
        Step.OPEN: Row(
            order=lambda p: EnsureOpen(
                candidate=p.target,
                boot_id=boot_id_of(p),
                ackers=p.ackers,
                epoch=p.epoch,
                lossy=not p.acks_revocable,
            ),
            timeout_s=3.0,
            attempts_max=5,
            done=Step.CANARY,
            refused=Step.UNFREEZE_FENCED,
            unknown=End.HALTED,
            why="The point of no return: from here the old primary is history.",
            # A member that is back within seconds needs no person; one that is
            # not is a hold (rule 2), also when REPOINT had it follow already.
            patient=True,
            rechecks=True,
            unfences=True,
        ),
        Step.CANARY: Row(
            order=lambda p: CommitCanary(
                server=p.target.server, ackers=others(p), epoch=p.epoch, acks=p.acks
            ),
            timeout_s=1.0,
            attempts_max=3,
            done=Step.REROUTE,
            refused=Step.DEGRADE,
            unknown=Step.DEGRADE,
            why="A primary is open when a write came back, not when it says so.",
            patient=True,
        ),
        Step.DEGRADE: Row(
            order=lambda p: EnsureDegraded(primary=p.target.server, epoch=p.epoch),
            timeout_s=1.0,
            attempts_max=5,
            done=Step.REROUTE,
            refused=End.HALTED,
            unknown=End.HALTED,
            why="The other replica went too: recorded, then writes go on in one zone.",
            patient=True,
            unfences=True,
        ),
        Step.REROUTE: Row(
            order=lambda p: EnsureRouted(zone=p.target.zone, epoch=p.epoch),
            timeout_s=2.0,
            attempts_max=10,
            done=Step.RELEASE,
            refused=End.HALTED,
            unknown=End.HALTED,
            why="Users come back here: read back and proven through every edge.",
            patient=True,
        ),
        Step.RELEASE: Row(
            order=lambda p: EnsureReleased(
                read_zone=p.target.zone, write_zone=p.target.zone, epoch=p.epoch
            ),
            timeout_s=2.0,
            attempts_max=10,
            done=Step.PROVISION,
            refused=End.HALTED,
            unknown=End.HALTED,
            why="Writes flow again; this row ends the RTO clock.",
            patient=True,
        ),
        **SUFFIX,
        Step.UNFREEZE: _unfreeze(Step.UNHOLD),
        Step.UNHOLD: _unhold(End.ABANDONED),
        # The same after a fence that held, or may have: the old primary may be
        # ended by now, so this is no undo and a person must look.
        Step.UNFREEZE_FENCED: _unfreeze(Step.UNHOLD_FENCED),
        Step.UNHOLD_FENCED: _unhold(End.HALTED),
    }
)

UNDOING = frozenset(
    {
        Step.UNFREEZE,
        Step.REOPEN,
        Step.UNHOLD,
        Step.UNFREEZE_FENCED,
        Step.UNHOLD_FENCED,
        Step.UNFREEZE_AGAIN,
    }
)
"""What they cannot do is told after what made them necessary, never instead."""

BEFORE_OPEN = frozenset(
    {
        Step.CONFIRM,
        Step.HOLD,
        Step.FREEZE,
        Step.FENCE,
        Step.DRAIN,
        Step.VERIFY,
        Step.INVALIDATE,
        Step.REPOINT,
        Step.UNPROTECT,
    }
)
"""A controller that restarts in one of these begins again at CONFIRM (rule 1)."""


def begins_again(run: Run, answer: Outcome | None) -> bool:
    """Tell whether a controller that restarts at *run* goes back to CONFIRM (rule 1).

    answer: the present step's outcome on record, None without one. An OPEN that
    was certainly refused opened nothing, and its evidence is old by now.
    """
    if run.plan.kind is Kind.REOPEN:
        return begins_anew(run, answer)
    if run.plan.kind is not Kind.FAILOVER:
        return False
    if run.step is Step.OPEN:
        return isinstance(answer, Refused) and not run.doubt
    return run.step in BEFORE_OPEN
