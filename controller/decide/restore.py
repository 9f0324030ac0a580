"""Redundancy comes back by itself: rows that end in `protected`, and retiring.

`SUFFIX` is shared: a failover ends with it, a lost replica begins with DEGRADE
and goes on with it. These steps never touch what users see.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from controller.decide.saga import End, Kind, Plan, Row, Step, Table
from controller.model.commands import (
    CommitCanary,
    EnsureDegraded,
    EnsureFenced,
    EnsureFollowing,
    EnsureInstance,
    EnsureProtected,
    EnsureSeeded,
    Member,
    Register,
    VerifyEndToEnd,
)
from controller.model.ids import ServerId


def _spare(plan: Plan) -> Member:
    """Return the spare; the rows that need one come after PROVISION proved it."""
    assert plan.spare is not None
    return plan.spare


def _donor(plan: Plan) -> ServerId:
    return (plan.donor or plan.target).server


def _lost(plan: Plan) -> Member:
    assert plan.lost is not None
    return plan.lost


def _second_copy(plan: Plan) -> EnsureProtected | CommitCanary:
    """Return the order that earns `protected`, or proves that writes commit.

    With `durability: none` the server is never made to wait, so nothing is earned;
    nor with too few ackers for what commits are to wait for.
    """
    aside = {plan.target, plan.lost, plan.spare}
    others = tuple(
        a for a in plan.ackers if Member(server=a.server, zone=a.zone) not in aside
    )
    if plan.waits and len(others) + 1 >= plan.acks:
        return EnsureProtected(
            primary=plan.target.server,
            acker=_spare(plan),
            epoch=plan.epoch,
            ackers=others,
            acks=plan.acks,
        )
    return CommitCanary(server=plan.target.server, ackers=(), epoch=plan.epoch)


COPY_S_MAX = 86400.0
"""A copy takes as long as it moves bytes; one that stands still its adapter ends."""

SUFFIX: Mapping[Step, Row] = {
    Step.PROVISION: Row(
        order=lambda p: EnsureInstance(
            spare=p.spare, donor=_donor(p), epoch=p.epoch, rejoins=p.rejoins
        ),
        timeout_s=COPY_S_MAX,
        attempts_max=3,
        done=Step.SEED,
        refused=End.UNDER_REPLICATED,
        unknown=End.UNDER_REPLICATED,
        why="Until a second copy exists we are one failure from losing writes.",
        pause_s=2.0,
    ),
    Step.SEED: Row(
        order=lambda p: EnsureSeeded(
            spare=_spare(p).server, donor=_donor(p), epoch=p.epoch
        ),
        timeout_s=COPY_S_MAX,
        attempts_max=3,
        done=Step.REGISTER,
        refused=End.UNDER_REPLICATED,
        unknown=End.UNDER_REPLICATED,
        why="A half copy is never joined: position and data are checked together.",
        pause_s=2.0,
    ),
    Step.REGISTER: Row(
        order=lambda p: Register(
            acker=_spare(p), epoch=p.epoch, identify=p.kind is Kind.WIDEN
        ),
        timeout_s=5.0,
        attempts_max=3,
        done=Step.ATTACH,
        refused=End.HALTED,
        unknown=End.HALTED,
        why="Who may acknowledge is in the journal before it can connect (rule 2).",
    ),
    Step.ATTACH: Row(
        order=lambda p: EnsureFollowing(
            replica=_spare(p).server, source=p.target.server, epoch=p.epoch
        ),
        timeout_s=10.0,
        attempts_max=5,
        done=Step.PROTECT,
        refused=End.UNDER_REPLICATED,
        unknown=End.UNDER_REPLICATED,
        why="The new replica receives what was written since its copy was taken.",
        patient=True,
        unfences=True,  # arriving late it would undo a FREEZE of the replica
    ),
    Step.PROTECT: Row(
        order=_second_copy,
        timeout_s=20.0,
        attempts_max=3,
        done=Step.VERIFY_END,
        refused=Step.WITHDRAW,
        unknown=Step.WITHDRAW,
        why="`protected` is earned by an acknowledged canary, not by a variable.",
        patient=True,
    ),
    Step.WITHDRAW: Row(
        order=lambda p: EnsureDegraded(primary=p.target.server, epoch=p.epoch),
        timeout_s=1.0,
        attempts_max=10,
        done=End.UNDER_REPLICATED,
        refused=End.UNDER_REPLICATED,
        unknown=End.UNDER_REPLICATED,
        why="A source that waits for a replica that never came would stall writes.",
        patient=True,
        unfences=True,
    ),
    Step.VERIFY_END: Row(
        order=lambda p: VerifyEndToEnd(primary=p.target, acker=p.spare, epoch=p.epoch),
        timeout_s=3.0,
        attempts_max=5,
        done=End.COMPLETED,
        refused=End.UNDER_REPLICATED,
        unknown=End.UNDER_REPLICATED,
        why="Closed means read back: one primary, its replica, the edges.",
        patient=True,
    ),
}

RESTORE: Table = MappingProxyType(
    {
        Step.DEGRADE: Row(
            order=lambda p: EnsureDegraded(primary=p.target.server, epoch=p.epoch),
            timeout_s=1.0,
            attempts_max=5,
            done=Step.PROVISION,
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
            why="Writes wait for a replica that is gone; recorded, then released.",
            rechecks=True,
            unfences=True,
        ),
        **SUFFIX,
    }
)

LOOSEN: Table = MappingProxyType(
    {
        Step.WITHDRAW: replace(
            SUFFIX[Step.WITHDRAW],
            attempts_max=2,  # a primary that is lost meanwhile is not kept waiting for
            done=End.COMPLETED,
            why="Durability is none by choice; recorded first, then nobody is awaited.",
        )
    }
)
"""Protection given up because it is not asked for any more."""

RETIRE: Table = MappingProxyType(
    {
        Step.RETIRE: Row(
            order=lambda p: EnsureFenced(
                lost=_lost(p), proofs=p.proofs, acks_revoked=False, epoch=p.epoch
            ),
            timeout_s=5.0,
            attempts_max=3,
            done=End.COMPLETED,
            refused=End.ABANDONED,
            unknown=End.ABANDONED,
            why="A server that is no member any more must not come back as one.",
            fences=True,
        )
    }
)

COPYING = frozenset(
    {
        Step.RETIRE,
        Step.COMPARE,
        Step.SAVE,
        Step.REPORT,
        Step.RESUME,
        *SUFFIX,
    }
)
"""Rows in which users are served, and no run moves or closes the primary."""

LEAVE: Table = MappingProxyType(
    {
        Step.RETIRE: replace(RETIRE[Step.RETIRE], done=Step.PROTECT),
        # What the leaver alone acknowledged is covered once a canary committed
        # after its end was received by the acker that stays (rule 2).
        Step.PROTECT: replace(SUFFIX[Step.PROTECT], done=End.COMPLETED),
        Step.WITHDRAW: SUFFIX[Step.WITHDRAW],
    }
)

WIDEN: Table = MappingProxyType(
    {
        **{
            step: SUFFIX[step]
            for step in (
                Step.PROVISION,
                Step.SEED,
                Step.REGISTER,
                Step.ATTACH,
                Step.VERIFY_END,
            )
        },
        # Commits wait for others already, and go on to: nothing is withdrawn.
        Step.PROTECT: replace(
            SUFFIX[Step.PROTECT],
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
        ),
    }
)
