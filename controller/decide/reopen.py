"""A primary that restarted in place, opened again where it stands (rule 8). Pure.

Every database boots read-only and without semi-sync, so a primary whose process
was restarted takes no writes until somebody opens it. Enable, get an
acknowledgement, then open; never the other way round.

Nobody else can have become primary: no OPEN is in doubt, no other server is
writable, none has seen a newer epoch. Nothing that was acknowledged is missing:
every registered acker was read since the restart and holds nothing the primary
does not. What the primary has and no acker (a commit that waited when it died was
never acknowledged, and is in its binary log) becomes part of history: it stays
primary, and its ackers receive that like anything else.

Who closed it by hand meant it: only another boot id than the one it took writes
in, with nobody seen to close it before, lets a run begin. Edges are not touched:
their routes never left this zone, and one that is off them is RECONCILE's.
"""

from types import MappingProxyType

from controller.decide.ackers import are_enough, bound_ackers, identified
from controller.decide.closed import EVIDENCE, acks_to_have, found, resting
from controller.decide.facts import Facts, Mode, Policy, Veto
from controller.decide.leaving import Upkeep
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Kind, Plan, Row, Run, Step, Table
from controller.decide.standing import NO_DURABILITY, closed_words
from controller.model.commands import (
    Acker,
    CommitCanary,
    Confirm,
    EnsureHeard,
    EnsureOpen,
    EnsureUnfrozen,
    EnsureWaiting,
    RecordUnprotected,
    VerifyEndToEnd,
)
from controller.model.ids import Epoch
from controller.model.outcomes import Done, Outcome


def _enable(plan: Plan) -> EnsureWaiting | RecordUnprotected:
    if plan.waits:
        return EnsureWaiting(
            primary=plan.target.server, epoch=plan.epoch, acks=plan.acks
        )
    return RecordUnprotected(why=NO_DURABILITY, epoch=plan.epoch)


def _earn(plan: Plan) -> EnsureHeard | RecordUnprotected:
    """Return the order that earns `protected`; with `durability: none` nothing does."""
    if plan.waits:
        return EnsureHeard(
            primary=plan.target.server,
            boot_id=plan.boot_id,
            ackers=plan.ackers,
            epoch=plan.epoch,
            acks=plan.acks,
        )
    return RecordUnprotected(why=NO_DURABILITY, epoch=plan.epoch)


def _canary_ackers(plan: Plan) -> tuple[Acker, ...]:
    return plan.ackers if plan.waits else ()


REOPEN: Table = MappingProxyType(
    {
        Step.CONFIRM: Row(
            order=lambda p: Confirm(epoch=p.epoch),
            timeout_s=1.0,
            attempts_max=10,
            done=Step.FOLLOW,
            refused=End.ABANDONED,
            unknown=End.ABANDONED,
            # What was read of an acker in the first second may be older than the
            # restart, and is not known to be newer.
            why="Evidence is re-read right before acting: whole, alone, by a restart.",
            rechecks=True,
            pause_s=0.3,
        ),
        Step.FOLLOW: Row(
            order=lambda p: EnsureUnfrozen(
                ackers=p.ackers, source=p.target.server, epoch=p.epoch
            ),
            timeout_s=5.0,
            attempts_max=3,
            done=Step.ENABLE,
            refused=End.ABANDONED,
            unknown=End.ABANDONED,
            why="Every acker receives from the primary again, and from nobody else.",
            patient=True,
            unfences=True,  # arriving late it would undo a FREEZE of an acker
        ),
        Step.ENABLE: Row(
            order=_enable,
            timeout_s=8.0,
            attempts_max=2,
            done=Step.EARN,
            refused=End.ABANDONED,
            unknown=End.ABANDONED,
            # A receiver whose source's host went down with it hears that only
            # after its net time-out.
            why="A restart switched it off: commits must wait before there are any.",
            patient=True,
        ),
        Step.EARN: Row(
            order=_earn,
            timeout_s=5.0,
            attempts_max=4,
            done=Step.OPEN,
            refused=End.ABANDONED,
            unknown=End.ABANDONED,
            why="While closed, one row is acknowledged and seen at an acker (rule 4).",
            patient=True,
            unfences=True,  # it loosens read-only for the controller's account
        ),
        Step.OPEN: Row(
            order=lambda p: EnsureOpen(
                candidate=p.target, boot_id=p.boot_id, ackers=p.ackers, epoch=p.epoch
            ),
            timeout_s=5.0,
            attempts_max=3,
            done=Step.CANARY,
            refused=End.ABANDONED,
            # It is the primary on record whether it opened or not, and if it did
            # its commits wait for an acknowledgement: nothing is left to undo.
            unknown=End.ABANDONED,
            why="The same process, and every acker read again: writes may flow.",
            patient=True,
            rechecks=True,
            unfences=True,
        ),
        Step.CANARY: Row(
            order=lambda p: CommitCanary(
                server=p.target.server,
                ackers=_canary_ackers(p),
                epoch=p.epoch,
                acks=p.acks,
            ),
            timeout_s=1.0,
            attempts_max=3,
            done=Step.VERIFY_END,
            # An acker that went just now is a stall, and judged as one.
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
            why="A primary is open when a write came back; this ends the RTO clock.",
            patient=True,
        ),
        Step.VERIFY_END: Row(
            order=lambda p: VerifyEndToEnd(primary=p.target, acker=None, epoch=p.epoch),
            timeout_s=3.0,
            attempts_max=5,
            done=End.COMPLETED,
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
            why="Closed means read back: one primary, and edges off it are named.",
            patient=True,
        ),
    }
)

UNOPENED = frozenset({Step.CONFIRM, Step.FOLLOW, Step.ENABLE, Step.EARN, Step.OPEN})
"""A controller that restarts in one of these begins again at CONFIRM; a run that
gives way in one of these has opened nothing that was not to be opened."""


def begins_anew(run: Run, answer: Outcome | None) -> bool:
    """Tell whether a controller that restarts at *run* goes back to CONFIRM.

    Also from an OPEN without an answer: CONFIRM reads whether it took effect.
    """
    opened = run.step is Step.OPEN and isinstance(answer, Done)
    return run.step in UNOPENED and not opened


def gave_way(run: Run) -> End:
    """Return how *run* ends when something more urgent begins.

    Only a run that changed nothing for users was abandoned; any other has opened
    already, or is upkeep.
    """
    unopened = run.plan.kind is Kind.REOPEN and run.step in UNOPENED
    nothing = unopened or run.plan.kind is Kind.RECONCILE
    return End.ABANDONED if nothing else End.UNDER_REPLICATED


def plan_reopen(
    ledger: Ledger, facts: Facts, policy: Policy, *, gives_way: bool
) -> Upkeep:
    """Return what opens the closed primary again, or every reason why nothing does.

    gives_way: a run under way may be preempted; no user waits for a copy.
    """
    assert ledger.primary is not None
    primary = ledger.primary
    trouble = closed_words(primary)
    if ledger.run is not None and not gives_way:
        reason = f"a {ledger.run.plan.kind.value} run is under way, and ends first"
        waits = Veto(name="run_under_way", reason=reason, overridable=False)
        return Upkeep(trouble=trouble, vetoes=(waits,))
    held = found(ledger, facts, policy, (*EVIDENCE, resting))
    if policy.mode is Mode.APPROVE and ledger.approved != trouble:
        reason = "run `sitedr approve` to open it again"
        held = (*held, Veto(name="awaiting_approval", reason=reason))
    if held:
        return Upkeep(trouble=trouble, vetoes=held)
    view = facts.servers[primary.server].view
    assert view is not None
    ours = ledger.serving is not None and ledger.serving.boot_id == view.boot_id
    did = "was closed by an order of ours" if ours else "restarted in place"
    others_prove = policy.required_acks and are_enough(ledger, facts, policy)
    plan = Plan(
        kind=Kind.REOPEN,
        epoch=Epoch(ledger.epoch + 1),
        lost=None,
        target=primary,
        ackers=tuple(
            # One that restarted is held to its new process, or OPEN would refuse it.
            identified(a, facts, accepted=others_prove)
            for a in bound_ackers(ledger, facts, policy)
        ),
        why=f"{primary.server} {did} and is read-only",
        waits=policy.required_acks,
        boot_id=view.boot_id,
        acks=acks_to_have(ledger, facts, policy) or policy.acks,
    )
    return Upkeep(plan=plan, step=Step.CONFIRM, trouble=trouble)
