"""The tables are data, so they are tested as data: every path, not some runs."""

from dataclasses import replace

import pytest

from controller.decide.failover import BEFORE_OPEN, FAILOVER
from controller.decide.reconcile import RECONCILE
from controller.decide.rejoin import EXAMINE, REJOIN
from controller.decide.reopen import REOPEN, UNOPENED
from controller.decide.restore import COPY_S_MAX, LEAVE, LOOSEN, RESTORE, RETIRE, WIDEN
from controller.decide.saga import End, Kind, Plan, Run, Step, Table, advance
from controller.model.commands import (
    Acker,
    CommitCanary,
    EnsureHeard,
    EnsureOpen,
    Member,
    Proof,
    RecordUnprotected,
)
from controller.model.ids import BootId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Refused, Unknown

TABLES = [
    pytest.param(FAILOVER, Step.CONFIRM, id="failover"),
    pytest.param(RESTORE, Step.DEGRADE, id="restore"),
    pytest.param(RETIRE, Step.RETIRE, id="retire"),
    pytest.param(LEAVE, Step.RETIRE, id="leave"),
    pytest.param(WIDEN, Step.PROVISION, id="widen"),
    pytest.param(LOOSEN, Step.WITHDRAW, id="loosen"),
    pytest.param(RECONCILE, Step.REROUTE, id="reconcile"),
    pytest.param(REOPEN, Step.CONFIRM, id="reopen"),
    pytest.param(EXAMINE, Step.RETIRE, id="examine"),
    pytest.param(REJOIN, Step.DEGRADE, id="rejoin"),
]
UNDOING = {
    Step.UNFREEZE,
    Step.UNHOLD,
    Step.UNFREEZE_FENCED,
    Step.UNHOLD_FENCED,
}
AFTER_OPEN = set(FAILOVER) - BEFORE_OPEN - {Step.OPEN} - UNDOING


def exits(table: Table, step: Step) -> set[Step | End]:
    row = table[step]
    return {row.done, row.refused, row.unknown}


def reachable(
    table: Table, start: Step | End, *, without: Step | None = None
) -> set[Step | End]:
    seen: set[Step | End] = set()
    stack: list[Step | End] = [] if start is without else [start]
    while stack:
        here = stack.pop()
        if here not in seen:
            seen.add(here)
            if isinstance(here, Step):
                stack.extend(s for s in exits(table, here) if s is not without)
    return seen


@pytest.mark.parametrize(("table", "start"), TABLES)
def test_every_row_is_reachable_and_every_exit_has_a_row(
    table: Table, start: Step
) -> None:
    """No dead row, no missing row."""
    steps = {s for s in reachable(table, start) if isinstance(s, Step)}
    assert steps == set(table)


LONG = {
    **dict.fromkeys((Step.PROVISION, Step.SEED), COPY_S_MAX),
    **dict.fromkeys((Step.COMPARE, Step.SAVE, Step.REPORT), 900.0),  # whole logs
    Step.RESUME: 60.0,  # a database starts, and repairs what a SIGKILL left
}


@pytest.mark.parametrize(("table", "start"), TABLES)
def test_every_row_is_bounded_and_says_why(table: Table, start: Step) -> None:
    """A time-out, an attempt count, and one sentence of reason each."""
    for step, row in table.items():
        most_s = LONG.get(step, 30.0)
        assert 0 < row.timeout_s <= most_s, step
        assert 1 <= row.attempts_max <= 10, step
        assert row.why.endswith("."), step


@pytest.mark.parametrize(
    "needed",
    [Step.CONFIRM, Step.FREEZE, Step.FENCE, Step.DRAIN, Step.VERIFY],
)
def test_writes_open_only_after_proof(needed: Step) -> None:
    """Without this row OPEN cannot be reached, and only its `done` leads on."""
    assert Step.OPEN not in reachable(FAILOVER, Step.CONFIRM, without=needed)
    row = FAILOVER[needed]
    for other in (row.refused, row.unknown):
        assert Step.OPEN not in reachable(FAILOVER, other)


def test_users_are_rerouted_only_to_an_open_primary() -> None:
    """REROUTE and RELEASE come after OPEN and its canary on every path."""
    for step in (Step.REROUTE, Step.RELEASE):
        without_open = reachable(FAILOVER, Step.CONFIRM, without=Step.OPEN)
        assert step not in without_open
        row = FAILOVER[Step.OPEN]
        for other in (row.refused, row.unknown):
            assert step not in reachable(FAILOVER, other)


def test_every_exit_before_open_passes_unfreeze() -> None:
    """Rule 1: a primary that turns out healthy gets its acknowledgements back."""
    undo = {Step.UNFREEZE, Step.UNFREEZE_FENCED}
    onward = {*BEFORE_OPEN, Step.OPEN, End.HALTED, *undo}
    for step in BEFORE_OPEN | {Step.OPEN}:
        row = FAILOVER[step]
        for exit_ in (row.refused, row.unknown):
            assert exit_ in onward, step
            assert exit_ is not End.HALTED or step is Step.OPEN
    assert FAILOVER[Step.OPEN].refused in undo


def test_a_run_is_abandoned_only_while_no_fence_was_even_tried_in_vain() -> None:
    """Abandoned means undone: a fence that held, or may have, ends in HALTED."""
    fenced = FAILOVER[Step.FENCE]
    for exit_ in (fenced.done, fenced.unknown):
        assert End.ABANDONED not in reachable(FAILOVER, exit_)
    assert End.ABANDONED in reachable(FAILOVER, fenced.refused)


def test_nothing_is_abandoned_after_open() -> None:
    """Promise 7: the failed-over state is the new normal."""
    for step in AFTER_OPEN:
        assert End.ABANDONED not in reachable(FAILOVER, step), step
        assert not UNDOING & reachable(FAILOVER, step), step


def test_an_acker_is_registered_before_it_is_attached() -> None:
    """Rule 2: in the journal before it may connect with semi-sync."""
    for table, start in ((FAILOVER, Step.PROVISION), (RESTORE, Step.DEGRADE)):
        assert Step.ATTACH not in reachable(table, start, without=Step.REGISTER)
        assert Step.PROTECT not in reachable(table, start, without=Step.ATTACH)


def test_unprotected_is_on_record_before_open_without_a_second_replica() -> None:
    """REPOINT's `done` alone may skip the row that records `unprotected`."""
    row = FAILOVER[Step.REPOINT]
    assert row.done is Step.OPEN
    assert {row.refused, row.unknown} == {Step.UNPROTECT}
    assert FAILOVER[Step.UNPROTECT].done is Step.OPEN


def test_a_failed_protect_never_leaves_the_source_waiting() -> None:
    """A source that waits for a replica that never came would stall writes."""
    row = RESTORE[Step.PROTECT]
    assert row.refused is Step.WITHDRAW
    assert row.unknown is Step.WITHDRAW


def test_rows_that_can_unfence_prove_their_connection() -> None:
    """Rule 5: OPEN, DEGRADE, WITHDRAW, UNFREEZE and ATTACH may be late."""
    unfencing = {
        s
        for t in (FAILOVER, RESTORE, RETIRE, REOPEN)
        for s, r in t.items()
        if r.unfences
    }
    assert unfencing == {
        Step.OPEN,
        Step.ATTACH,
        Step.DEGRADE,
        Step.WITHDRAW,
        Step.UNFREEZE,
        Step.UNFREEZE_FENCED,
        Step.FOLLOW,
        Step.EARN,
    }


@pytest.mark.parametrize("needed", [Step.CONFIRM, Step.FOLLOW, Step.ENABLE, Step.EARN])
def test_a_primary_is_opened_again_only_after_an_ack(needed: Step) -> None:
    """Rule 8: enable, get an acknowledgement, then open; only `done` leads on."""
    assert Step.OPEN not in reachable(REOPEN, Step.CONFIRM, without=needed)
    row = REOPEN[needed]
    for other in (row.refused, row.unknown):
        assert Step.OPEN not in reachable(REOPEN, other)


def test_opening_again_never_stands_in_the_way() -> None:
    """No halt: a failover may be needed next. Abandoned only before it is open."""
    assert End.HALTED not in reachable(REOPEN, Step.CONFIRM)
    for step in set(REOPEN) - UNOPENED:
        assert End.ABANDONED not in reachable(REOPEN, step), step
    for step in UNOPENED:
        assert {REOPEN[step].refused, REOPEN[step].unknown} == {End.ABANDONED}
    assert REOPEN[Step.CONFIRM].rechecks
    assert REOPEN[Step.OPEN].rechecks


def test_with_durability_none_nothing_is_enabled_nor_earned() -> None:
    """The rows are there, and say so in the journal alone."""
    plan = replace(a_run(Step.CONFIRM).plan, kind=Kind.REOPEN, waits=False)
    for step in (Step.ENABLE, Step.EARN):
        assert isinstance(REOPEN[step].order(plan), RecordUnprotected)
    canary = REOPEN[Step.CANARY].order(plan)
    assert isinstance(canary, CommitCanary)
    assert canary.ackers == ()


def test_only_the_process_that_was_judged_is_opened() -> None:
    """EARN and OPEN name its boot id, and OPEN every acker."""
    plan = replace(a_run(Step.CONFIRM).plan, kind=Kind.REOPEN, boot_id=BootId("b2"))
    earn, opening = REOPEN[Step.EARN].order(plan), REOPEN[Step.OPEN].order(plan)
    assert isinstance(earn, EnsureHeard)
    assert isinstance(opening, EnsureOpen)
    assert earn.boot_id == opening.boot_id == "b2"
    assert opening.ackers == plan.ackers


def test_a_repair_of_an_edge_rechecks_the_lease_and_never_halts() -> None:
    """A controller that slept must not point an edge at yesterday's primary."""
    assert all(row.rechecks for row in RECONCILE.values())
    assert End.HALTED not in reachable(RECONCILE, Step.REROUTE)


def test_freeze_and_open_recheck_the_lease() -> None:
    """Rule 10."""
    assert FAILOVER[Step.FREEZE].rechecks
    assert FAILOVER[Step.OPEN].rechecks


def a_run(step: Step, *, attempt: int = 1, doubt: bool = False) -> Run:
    member = Member(server=ServerId("db-b"), zone=ZoneId("b"))
    plan = Plan(
        kind=Kind.FAILOVER,
        epoch=Epoch(2),
        lost=Member(server=ServerId("db-a"), zone=ZoneId("a")),
        target=member,
        ackers=(Acker(server=member.server, zone=member.zone, boot_id=BootId("b1")),),
        proofs=(Proof.PROCESS,),
    )
    return Run(plan=plan, step=step, attempt=attempt, doubt=doubt)


def step_of(following: Run | End) -> Step | End:
    return following.step if isinstance(following, Run) else following


def test_an_unanswered_attempt_outlives_a_later_no() -> None:
    """`Unknown` then `Refused` is not `Refused`: the first may have taken effect."""
    first = advance(a_run(Step.OPEN), Unknown("lost"), FAILOVER)
    assert isinstance(first, Run)
    assert first.doubt
    second = advance(first, Refused("no"), FAILOVER)
    assert step_of(second) is Step.OPEN
    last = a_run(Step.OPEN, attempt=FAILOVER[Step.OPEN].attempts_max, doubt=True)
    assert advance(last, Refused("no"), FAILOVER) is End.HALTED


def test_a_plain_no_is_taken_at_once_unless_the_row_is_patient() -> None:
    """FREEZE refused abandons; REROUTE refused is tried again."""
    assert (
        step_of(advance(a_run(Step.FREEZE), Refused("no"), FAILOVER)) is Step.UNFREEZE
    )
    again = advance(a_run(Step.REROUTE), Refused("no"), FAILOVER)
    assert isinstance(again, Run)
    assert (again.step, again.attempt, again.doubt) == (Step.REROUTE, 2, False)


def test_unknown_is_repeated_and_then_taken_as_the_row_says() -> None:
    """A fence nobody confirmed never leads on."""
    run = a_run(Step.FENCE)
    for _ in range(FAILOVER[Step.FENCE].attempts_max - 1):
        following = advance(run, Unknown("?"), FAILOVER)
        assert isinstance(following, Run)
        run = following
    assert step_of(advance(run, Unknown("?"), FAILOVER)) is Step.UNFREEZE_FENCED


def test_done_leads_to_a_fresh_attempt_without_doubt() -> None:
    """Doubt belongs to a step, not to the run."""
    following = advance(a_run(Step.FENCE, attempt=2, doubt=True), Done(), FAILOVER)
    assert following == Run(plan=a_run(Step.FENCE).plan, step=Step.DRAIN)


@pytest.mark.parametrize("step", list(FAILOVER))
def test_every_row_builds_an_order_of_the_plans_epoch(step: Step) -> None:
    """Promise 6: no order without the epoch it belongs to."""
    plan = a_run(step).plan
    spare = Member(server=ServerId("db-c"), zone=ZoneId("c"))
    order = FAILOVER[step].order(
        Plan(
            kind=plan.kind,
            epoch=plan.epoch,
            lost=plan.lost,
            target=plan.target,
            ackers=plan.ackers,
            spare=spare,
            proofs=plan.proofs,
        )
    )
    assert order.epoch == 2
