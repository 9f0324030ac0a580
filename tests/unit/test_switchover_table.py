"""The planned move as data: closed and caught up before OPEN, undone until OPEN."""

from dataclasses import replace

import pytest

from controller.decide.advice import after_halt
from controller.decide.failover import UNDOING
from controller.decide.saga import End, Kind, Plan, Run, Step, advance
from controller.decide.switchover import (
    SWITCHOVER,
    UNDOABLE,
    opened_nothing,
    taken_back_at,
    undoes,
)
from controller.model.commands import Acker, EnsureClosed, EnsureOpen, EnsureReopened
from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Done, Refused, Unknown
from tests.unit.test_saga_tables import exits, reachable
from tests.unit.world_facts import A, B, C

PLAN = Plan(
    kind=Kind.SWITCHOVER,
    epoch=Epoch(5),
    lost=A,
    target=B,
    ackers=(Acker(server=B.server, zone=B.zone, boot_id=BootId("b1")),),
    spare=A,
    lost_boot=BootId("a1"),
    pause_max_s=5.0,
)


def test_every_row_is_reachable_and_bounded() -> None:
    """No dead row, no missing row, a sentence of reason each."""
    steps = {s for s in reachable(SWITCHOVER, Step.CONFIRM) if isinstance(s, Step)}
    assert steps == set(SWITCHOVER)
    for step, row in SWITCHOVER.items():
        assert 1 <= row.attempts_max <= 10, step
        assert row.why.endswith("."), step
        assert row.order(PLAN).epoch == PLAN.epoch, step


@pytest.mark.parametrize(
    "needed",
    [Step.CONFIRM, Step.HOLD, Step.CLOSE, Step.CATCH_UP, Step.FREEZE, Step.VERIFY],
)
def test_writes_open_only_after_each_of_these_is_done(needed: Step) -> None:
    """Zero loss is no best effort: one missing proof, and all is taken back."""
    assert Step.OPEN not in reachable(SWITCHOVER, Step.CONFIRM, without=needed)
    row = SWITCHOVER[needed]
    for other in (row.refused, row.unknown):
        assert Step.OPEN not in reachable(SWITCHOVER, other)


def test_every_failure_before_open_leads_to_the_undo() -> None:
    """And the undo goes on to its end, whatever its rows are answered."""
    assert SWITCHOVER[Step.HOLD].refused is Step.UNHOLD  # nothing was closed yet
    for step in UNDOABLE - {Step.CONFIRM, Step.HOLD, Step.INVALIDATE, Step.REPOINT}:
        row = SWITCHOVER[step]
        assert {row.refused, row.unknown} == {Step.UNFREEZE}, step
    row = SWITCHOVER[Step.UNFREEZE]
    assert {row.done, row.refused, row.unknown} == {Step.REOPEN}
    row = SWITCHOVER[Step.REOPEN]
    assert {row.done, row.refused} == {Step.UNHOLD}  # a certain no opened nothing
    assert row.unknown is Step.UNHOLD_FENCED
    assert Step.OPEN not in reachable(SWITCHOVER, Step.UNFREEZE)


def test_the_first_confirm_ends_with_nothing_touched() -> None:
    row = SWITCHOVER[Step.CONFIRM]
    assert {row.refused, row.unknown} == {End.ABANDONED}


def test_an_open_in_doubt_is_never_undone() -> None:
    """Rule 5: only a certain no leads back, and no later one takes doubt away."""
    row = SWITCHOVER[Step.OPEN]
    assert (row.refused, row.unknown) == (Step.UNFREEZE, End.HALTED)
    run = Run(plan=PLAN, step=Step.OPEN)
    sure = advance(run, Refused("no"), SWITCHOVER)
    assert isinstance(sure, Run)
    assert sure.step is Step.UNFREEZE
    doubted = advance(run, Unknown("lost"), SWITCHOVER)
    while isinstance(doubted, Run):
        assert doubted.step is Step.OPEN
        doubted = advance(doubted, Refused("no"), SWITCHOVER)
    assert doubted is End.HALTED


def test_nothing_after_open_goes_back() -> None:
    onward = reachable(SWITCHOVER, SWITCHOVER[Step.OPEN].done)
    assert not onward & {*UNDOING, End.ABANDONED, Step.CLOSE}


def test_the_old_primary_is_ended_before_it_may_be_a_replica() -> None:
    """Rule 7."""
    assert Step.ATTACH not in reachable(SWITCHOVER, Step.CONFIRM, without=Step.RETIRE)
    row = SWITCHOVER[Step.RETIRE]
    assert {row.refused, row.unknown} == {End.UNDER_REPLICATED}


def test_the_old_primary_is_compared_before_it_is_a_replica_again() -> None:
    """Promise 2: a write past read-only after CATCH_UP is on it alone."""
    for needed in (Step.COMPARE, Step.RESUME, Step.REGISTER):
        assert Step.ATTACH not in reachable(SWITCHOVER, Step.CONFIRM, without=needed), (
            needed
        )
    assert not {Step.PROVISION, Step.SEED} & set(SWITCHOVER)
    row = SWITCHOVER[Step.COMPARE]
    assert (row.refused, row.unknown) == (Step.SAVE, End.UNDER_REPLICATED)
    for other in (row.refused, row.unknown):
        assert Step.RESUME not in reachable(SWITCHOVER, other)


def test_what_may_arrive_late_is_sent_on_a_proven_connection() -> None:
    """Rule 5 and rule 10 for the orders only this table has."""
    for step in (Step.OPEN, Step.REOPEN, Step.UNFREEZE):
        assert SWITCHOVER[step].unfences, step
    for step in (Step.CLOSE, Step.FREEZE, Step.OPEN, Step.REOPEN):
        assert SWITCHOVER[step].rechecks, step


def test_the_pause_is_counted_from_hold_to_open() -> None:
    """And what takes things back is never cut short."""
    counted = {s for s, row in SWITCHOVER.items() if row.pauses}
    assert counted == UNDOABLE - {Step.CONFIRM} | {Step.OPEN}


def test_the_orders_carry_the_process_they_are_about() -> None:
    """Rule 8: another process of the old primary was never closed."""
    closed = SWITCHOVER[Step.CLOSE].order(PLAN)
    opened = SWITCHOVER[Step.OPEN].order(PLAN)
    reopened = SWITCHOVER[Step.REOPEN].order(PLAN)
    assert isinstance(closed, EnsureClosed)
    assert isinstance(opened, EnsureOpen)
    assert isinstance(reopened, EnsureReopened)
    assert {closed.boot_id, opened.closed_boot, reopened.boot_id} == {"a1"}
    assert (opened.closed, opened.boot_id) == (A, "b1")


@pytest.mark.parametrize("step", sorted(UNDOABLE))
def test_what_was_never_closed_is_not_opened(step: Step) -> None:
    """Before CLOSE a closed primary was closed by somebody else."""
    untouched = step in {Step.CONFIRM, Step.HOLD}
    back = taken_back_at(Run(plan=PLAN, step=step))
    assert back is (Step.UNHOLD if untouched else Step.UNFREEZE)


@pytest.mark.parametrize("step", list(SWITCHOVER))
def test_a_restart_takes_back_what_opened_nothing(step: Step) -> None:
    """OPEN only if it was certainly refused; later steps go on."""
    run = Run(plan=PLAN, step=step)
    if step is Step.OPEN:
        assert undoes(run, Refused("no"))
        assert not undoes(run, None)
        assert not undoes(run, Done())
        assert not undoes(replace(run, doubt=True), Refused("no"))
    else:
        assert undoes(run, None) is (step in UNDOABLE)


def test_a_lost_primary_goes_first_while_nothing_was_opened() -> None:
    first = {s for s in SWITCHOVER if opened_nothing(Run(plan=PLAN, step=s))}
    assert first == UNDOABLE | (UNDOING & set(SWITCHOVER))
    failover = replace(PLAN, kind=Kind.FAILOVER, spare=C)
    assert not opened_nothing(Run(plan=failover, step=Step.UNFREEZE))


def test_what_could_not_be_taken_back_says_what_next() -> None:
    told = after_halt(PLAN, Step.CATCH_UP, Step.UNHOLD_FENCED)
    assert "db-a was closed and could not be opened again" in told
    assert "`sitedr failover --to b`" in told
    assert "may accept writes" in after_halt(PLAN, Step.OPEN, Step.OPEN)
    told = after_halt(PLAN, Step.REROUTE, Step.REROUTE)
    assert "db-b was opened" in told
    assert "`sitedr resume`" in told


def test_no_row_leads_nowhere() -> None:
    for step in SWITCHOVER:
        assert exits(SWITCHOVER, step) <= {*SWITCHOVER, *End}, step
