"""Fewer acknowledgements than were earned: on record, whoever told the primary so."""

from dataclasses import replace

import pytest

from controller.decide.ackers import acks_held, are_revocable
from controller.decide.closed import waiting_notes
from controller.decide.decide import decide
from controller.decide.guards import unprotected
from controller.decide.ledger import Ledger, apply
from controller.decide.saga import Kind, Run, Step
from controller.decide.standing import Serving
from controller.incident.record import Record, RecordKind
from controller.model.ids import BootId, IncidentId
from health.detector import Verdict
from tests.unit.test_k_of_n import ACKERS, TWO_OF_TWO, ledger_with, side
from tests.unit.test_k_of_n_reopen import OFF
from tests.unit.world_facts import NOW_S, A, C, a_server, reading, some_facts

NOW = BootId("boot-db-a")
EARNED = replace(ledger_with(2), serving=Serving(server=A.server, boot_id=NOW))
TOLD_ONE = some_facts(a_server(A, source_side=side(1)), a_server(C))
TOLD_NONE = some_facts(a_server(A, source_side=side(0)), a_server(C))


def noted(body: object) -> Ledger:
    """Return what the journal adds up to after *body*."""
    assert isinstance(body, dict)
    record = Record(
        seq=9,
        at_wall_s=7.0,
        at_mono_s=7.0,
        epoch=EARNED.epoch,
        incident=IncidentId(""),
        kind=RecordKind.SERVING,
        body=body,
    )
    return apply(EARNED, record)


def test_commits_that_wait_for_fewer_are_on_record_and_set_right() -> None:
    """Once, and what was let return meanwhile is held by no more than that."""
    (body,) = waiting_notes(EARNED, TOLD_ONE, TWO_OF_TWO)
    ledger = noted(body)
    assert (ledger.durability.protected, ledger.durability.acks) == (True, 1)
    assert waiting_notes(ledger, TOLD_ONE, TWO_OF_TWO) == []
    decision = decide(ledger, TOLD_ONE, TWO_OF_TWO)
    assert decision.start is not None
    assert (decision.start.plan.kind, decision.start.step) == (Kind.WIDEN, Step.PROTECT)
    assert decision.start.plan.acks == 2
    assert "commits waited for 1 and shall for 2" in decision.trouble


def test_commits_that_wait_for_nobody_are_unprotected() -> None:
    (body,) = waiting_notes(EARNED, TOLD_NONE, TWO_OF_TWO)
    ledger = noted(body)
    assert not ledger.durability.protected
    assert ledger.durability.since_wall_s == 7.0
    decision = decide(ledger, TOLD_NONE, TWO_OF_TWO)
    assert decision.start is not None
    assert decision.start.plan.kind is Kind.RESTORE
    assert "told by hand to wait for nobody" in decision.trouble


def test_nothing_is_revoked_from_a_primary_that_waits_for_nobody() -> None:
    """Also in the moment before that is on record."""
    assert are_revocable(EARNED, TOLD_ONE, ACKERS, ())
    assert not are_revocable(EARNED, TOLD_NONE, ACKERS, ())


def test_a_primary_that_restarted_lowered_nothing() -> None:
    """It came up without semi-sync, closed, and commits nothing (rule 8)."""
    closed = a_server(A, writable=False, source_side=OFF, boot_id=BootId("another"))
    assert waiting_notes(EARNED, some_facts(closed), TWO_OF_TWO) == []


@pytest.mark.parametrize("step", [Step.PROTECT, Step.WITHDRAW, Step.VERIFY_END])
def test_what_a_run_sets_itself_was_lowered_by_nobody(step: Step) -> None:
    (body,) = waiting_notes(EARNED, TOLD_ONE, TWO_OF_TWO)
    decision = decide(noted(body), TOLD_ONE, TWO_OF_TWO)
    assert decision.start is not None
    running = replace(EARNED, run=Run(plan=decision.start.plan, step=step))
    assert waiting_notes(running, TOLD_ONE, TWO_OF_TWO) == []
    copying = replace(EARNED, run=Run(plan=decision.start.plan, step=Step.SEED))
    assert waiting_notes(copying, TOLD_ONE, TWO_OF_TWO)


@pytest.mark.parametrize(("earned_ago_s", "held"), [(0.05, 2), (5.0, 0)])
def test_an_answer_from_before_it_was_earned_lowers_nothing(
    earned_ago_s: float, held: int
) -> None:
    """A primary that died right after had not been asked since: a failover halted."""
    earned = replace(EARNED.durability, at_mono_s=NOW_S - earned_ago_s)
    ledger = replace(EARNED, durability=earned)
    assert acks_held(ledger, TOLD_NONE) == held
    facts = some_facts(
        replace(TOLD_NONE.servers[A.server], reading=reading(Verdict.DOWN)),
        a_server(C),
    )
    found = unprotected(ledger, facts, TWO_OF_TWO, C)
    assert (found is None) is bool(held)
