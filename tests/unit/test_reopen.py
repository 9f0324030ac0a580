"""A primary that answers and is read-only: opened again, or held by a name."""

from dataclasses import replace
from typing import Any

import pytest

from controller.decide.closed import EVIDENCE, found, serving_notes
from controller.decide.confirm import judged, witnesses
from controller.decide.decide import Decision, decide
from controller.decide.facts import Facts, Mode, Policy, ServerFact
from controller.decide.ledger import Durability, Ending, Ledger
from controller.decide.reopen import begins_anew, gave_way
from controller.decide.saga import End, Kind, Plan, Run, Step
from controller.decide.standing import Serving
from controller.model.commands import Acker
from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Done, Refused, Unknown
from health.detector import Verdict
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    A,
    B,
    C,
    a_server,
    a_wish,
    primary_gone,
    some_facts,
)

BEFORE, NOW = BootId("before"), BootId("boot-db-a")
SERVED = replace(LEDGER, serving=Serving(server=A.server, boot_id=BEFORE))
NOBODY_WAITS = replace(POLICY, required_acks=False)


def restarted(**primary: object) -> Facts:
    """Return facts of a primary that came up read-only in another process."""
    told: dict[str, Any] = {"writable": False}
    return some_facts(a_server(A, **(told | primary)))


def beside(fact: ServerFact, **primary: object) -> Facts:
    """Return the same beside another server's fact."""
    facts = restarted(**primary)
    return replace(facts, servers={**facts.servers, fact.member.server: fact})


def ended(end: End, ago_s: float) -> Ledger:
    ending = Ending(
        kind=Kind.REOPEN,
        about=A.server,
        end=end,
        at_mono_s=NOW_S - ago_s,
        at_wall_s=0.0,
    )
    return replace(SERVED, endings=(ending,))


def names(decision: Decision) -> set[str]:
    return {v.name for v in decision.vetoes}


def a_plan(facts: Facts | None = None, policy: Policy = POLICY) -> Plan:
    decision = decide(SERVED, facts or restarted(), policy)
    assert decision.start is not None, decision
    return decision.start.plan


def test_a_primary_that_restarted_is_opened_in_its_new_process() -> None:
    """The plan names the process, binds every acker, and leaves nobody."""
    decision = decide(SERVED, restarted(), POLICY)
    assert decision.start is not None
    assert decision.start.step is Step.CONFIRM
    assert not decision.start.preempts
    plan = decision.start.plan
    assert (plan.kind, plan.epoch, plan.lost, plan.target) == (
        Kind.REOPEN,
        Epoch(5),
        None,
        A,
    )
    assert (plan.boot_id, plan.ackers, plan.waits) == (NOW, LEDGER.ackers, True)


@pytest.mark.parametrize(
    ("veto", "ledger", "facts", "policy"),
    [
        (
            "primary_closed",
            replace(SERVED, serving=Serving(server=A.server, boot_id=NOW)),
            restarted(),
            POLICY,
        ),
        (
            "primary_closed",
            replace(
                SERVED,
                serving=Serving(server=A.server, boot_id=BEFORE, closed=True),
            ),
            restarted(),
            POLICY,
        ),
        ("primary_closed", LEDGER, restarted(), POLICY),
        (
            "primary_fenced",
            replace(SERVED, retired={A.server: "process"}),
            restarted(),
            POLICY,
        ),
        ("primary_follows", SERVED, restarted(source="db-b:3306"), POLICY),
        ("open_in_doubt", replace(SERVED, suspects=(B,)), restarted(), POLICY),
        (
            "another_writable",
            SERVED,
            beside(a_server(C, writable=True)),
            POLICY,
        ),
        ("newer_epoch", SERVED, restarted(epoch=Epoch(9)), POLICY),
        ("newer_epoch", SERVED, beside(a_server(B, epoch=Epoch(9))), POLICY),
        ("no_acker", SERVED, beside(a_server(B, Verdict.DOWN)), POLICY),
        ("no_acker", replace(SERVED, ackers=()), restarted(), POLICY),
        (
            "acker_unseen",
            replace(
                SERVED,
                ackers=(
                    *LEDGER.ackers,
                    Acker(server=C.server, zone=C.zone, boot_id=BootId("")),
                ),
            ),
            restarted(),
            POLICY,
        ),
        (
            "acker_restarted",
            SERVED,
            beside(a_server(B, boot_id=BootId("x"))),
            POLICY,
        ),
        ("acker_ahead", SERVED, beside(a_server(B, received="u:1-10")), POLICY),
        ("acker_ahead", SERVED, beside(a_server(B, executed="u:1-10")), POLICY),
        ("acker_ahead", SERVED, restarted(executed=""), POLICY),
        ("acker_ahead", SERVED, beside(a_server(B, executed="garbage")), POLICY),
        ("acker_ahead", SERVED, beside(a_server(B, executed="u:1-10")), NOBODY_WAITS),
        ("observe_mode", SERVED, restarted(), replace(POLICY, mode=Mode.OBSERVE)),
        (
            "awaiting_approval",
            SERVED,
            restarted(),
            replace(POLICY, mode=Mode.APPROVE),
        ),
        ("paused", replace(SERVED, paused="lunch"), restarted(), POLICY),
        ("lease_lost", SERVED, replace(restarted(), lease_held=False), POLICY),
        ("recent_attempt", ended(End.ABANDONED, 5.0), restarted(), POLICY),
        ("cooldown", ended(End.COMPLETED, 30.0), restarted(), POLICY),
        ("cooldown", ended(End.UNDER_REPLICATED, 30.0), restarted(), POLICY),
        (
            "run_under_way",
            replace(
                SERVED,
                run=Run(
                    plan=Plan(
                        kind=Kind.RESTORE, epoch=Epoch(4), lost=None, target=A, spare=C
                    ),
                    step=Step.DEGRADE,
                ),
            ),
            restarted(),
            POLICY,
        ),
    ],
)
def test_each_veto_holds_by_its_name(
    veto: str, ledger: Ledger, facts: Facts, policy: Policy
) -> None:
    """Promise 4: the trouble is told, and what holds us, and nothing else does."""
    decision = decide(ledger, facts, policy)
    assert decision.start is None
    assert names(decision) == {veto}
    assert decision.trouble == "primary db-a in zone a takes no writes"


@pytest.mark.parametrize(
    ("end", "ago_s"), [(End.ABANDONED, 11.0), (End.COMPLETED, 61.0)]
)
def test_a_pause_ends(end: End, ago_s: float) -> None:
    """What flaps is opened less often, not never."""
    assert decide(ended(end, ago_s), restarted(), POLICY).start is not None


def test_unprotected_it_is_opened_all_the_same() -> None:
    """What only it holds comes back no other way; EARN covers it afterwards."""
    alone = Durability(protected=False, since_wall_s=1.0, why="degraded")
    ledger = replace(SERVED, durability=alone)
    assert decide(ledger, restarted(), POLICY).start is not None


def test_without_durability_no_acker_is_needed() -> None:
    """Nothing waited for one; those that answer are compared and follow."""
    gone = beside(a_server(B, Verdict.DOWN))
    alone = Durability(protected=False, since_wall_s=1.0, why="durability none")
    decision = decide(replace(SERVED, durability=alone), gone, NOBODY_WAITS)
    assert decision.start is not None
    assert decision.start.plan.ackers == ()
    assert not decision.start.plan.waits


def test_an_approval_is_for_what_was_asked() -> None:
    """A yes to opening it again is none to leaving it, and the other way round."""
    asking = replace(POLICY, mode=Mode.APPROVE)
    words = "primary db-a in zone a takes no writes"
    opening = replace(SERVED, approved=words)
    leaving = replace(SERVED, approved="primary db-a in zone a is lost")
    assert decide(opening, restarted(), asking).start is not None
    assert names(decide(leaving, restarted(), asking)) == {"awaiting_approval"}
    assert names(decide(opening, primary_gone(), asking)) == {"awaiting_approval"}
    assert decide(leaving, primary_gone(), asking).start is not None


@pytest.mark.parametrize("step", [Step.FOLLOW, Step.EARN, Step.OPEN, Step.CANARY])
def test_a_lost_primary_is_past_reopening(step: Step) -> None:
    """The failover begins at once, whatever the step."""
    ledger = replace(SERVED, run=Run(plan=a_plan(), step=step))
    decision = decide(ledger, primary_gone(), POLICY)
    assert decision.start is not None
    assert decision.start.preempts
    assert decision.start.plan.kind is Kind.FAILOVER
    assert decision.start.plan.acks_revocable


def test_a_persons_wish_goes_first() -> None:
    """Who asks to leave the zone does not get it opened instead."""
    ledger = replace(SERVED, wish=a_wish("primary_answers", "still_receiving"))
    assert names(decide(ledger, restarted(), POLICY)) == {"no_second_vantage"}


@pytest.mark.parametrize(
    ("step", "end"),
    [
        (Step.CONFIRM, End.ABANDONED),
        (Step.OPEN, End.ABANDONED),
        (Step.CANARY, End.UNDER_REPLICATED),
    ],
)
def test_a_run_that_gives_way_says_what_it_changed(step: Step, end: End) -> None:
    assert gave_way(Run(plan=a_plan(), step=step)) is end


# ---- CONFIRM ---------------------------------------------------------------------


def test_everybody_the_plan_rests_on_is_read_again() -> None:
    assert witnesses(a_plan()) == [A.server, B.server]


@pytest.mark.parametrize(
    ("why", "facts"),
    [
        ("primary_answers", some_facts(a_server(A, boot_id=NOW))),
        ("primary_restarted", restarted(boot_id=BootId("later"))),
        ("primary_unseen", some_facts(a_server(A, Verdict.DOWN))),
        ("acker_ahead", beside(a_server(B, received="u:1-10"))),
        ("no_acker", beside(a_server(B, Verdict.DOWN))),
        ("another_writable", beside(a_server(C, writable=True))),
    ],
)
def test_confirm_refuses_what_changed_meanwhile(why: str, facts: Facts) -> None:
    answer = judged(SERVED, facts, POLICY, a_plan())
    assert isinstance(answer, Refused)
    assert answer.reason.startswith(why)


def test_an_acker_read_before_the_restart_says_nothing_yet() -> None:
    """It may have acknowledged more, between that answer and the end of the process."""
    young = restarted(uptime_s=0.0)
    assert isinstance(judged(SERVED, young, POLICY, a_plan()), Unknown)
    silent = beside(replace(a_server(B), age_s=1.0))
    assert isinstance(judged(SERVED, silent, POLICY, a_plan()), Unknown)
    assert isinstance(judged(SERVED, restarted(), POLICY, a_plan()), Done)


# ---- a restart of the controller ---------------------------------------------------


@pytest.mark.parametrize(
    ("step", "answer", "anew"),
    [
        (Step.CONFIRM, None, True),
        (Step.EARN, Done(), True),
        (Step.OPEN, None, True),
        (Step.OPEN, Unknown("?"), True),
        (Step.OPEN, Done(), False),
        (Step.CANARY, None, False),
    ],
)
def test_it_begins_anew_until_it_opened(
    step: Step, answer: Done | Unknown | None, *, anew: bool
) -> None:
    assert begins_anew(Run(plan=a_plan(), step=step), answer) is anew


# ---- what the journal says of the process it serves in ------------------------------


def test_a_note_is_made_when_somebody_else_opened_or_closed_it() -> None:
    """Closed in the process on record, or open in another one."""
    known = replace(LEDGER, serving=Serving(server=A.server, boot_id=NOW))
    (closed,) = serving_notes(known, restarted(), POLICY)
    said = {"server": A.server, "boot_id": NOW}
    assert closed == {**said, "writable": False, "waits": True}
    (opened,) = serving_notes(SERVED, some_facts(), POLICY)
    assert opened == {**said, "writable": True, "waits": False}
    earned = replace(SERVED, earned_in=NOW)
    (by_us,) = serving_notes(earned, some_facts(), POLICY)
    assert by_us == {**said, "writable": True, "waits": True}
    (first,) = serving_notes(LEDGER, some_facts(), POLICY)
    assert first["waits"]


def test_no_note_is_made_of_what_is_on_record() -> None:
    """Nor of a restart, nor while a run opens and closes by itself."""
    known = replace(LEDGER, serving=Serving(server=A.server, boot_id=NOW))
    assert serving_notes(known, some_facts(), POLICY) == []
    assert serving_notes(SERVED, restarted(), POLICY) == []
    closed = Serving(server=A.server, boot_id=NOW, closed=True)
    assert serving_notes(replace(LEDGER, serving=closed), restarted(), POLICY) == []
    running = replace(known, run=Run(plan=a_plan(), step=Step.OPEN))
    assert serving_notes(running, restarted(), POLICY) == []


@pytest.mark.parametrize(
    ("kind", "step", "notes"),
    [
        (Kind.RESTORE, Step.SEED, 1),
        (Kind.REOPEN, Step.CANARY, 1),
        (Kind.FAILOVER, Step.RELEASE, 0),
        (Kind.FAILOVER, Step.SEED, 1),
    ],
)
def test_opened_by_hand_is_noted_while_a_copy_is_made(
    kind: Kind, step: Step, notes: int
) -> None:
    """Proof (b) must not rest on acknowledgements nobody waits for any more."""
    plan = replace(a_plan(), kind=kind, lost=None)
    running = replace(SERVED, run=Run(plan=plan, step=step))
    assert len(serving_notes(running, some_facts(), POLICY)) == notes


@pytest.mark.parametrize(
    ("kind", "step", "notes"),
    [
        (Kind.RESTORE, Step.SEED, [False]),
        (Kind.EXAMINE, Step.COMPARE, [False]),
        (Kind.REOPEN, Step.EARN, []),
        (Kind.SWITCHOVER, Step.CLOSE, []),
    ],
)
def test_closed_by_hand_is_noted_while_a_copy_is_made(
    kind: Kind, step: Step, notes: list[bool]
) -> None:
    """Or a restart before the run is done would open what a person closed."""
    known = replace(LEDGER, serving=Serving(server=A.server, boot_id=NOW))
    plan = replace(a_plan(), kind=kind, lost=None)
    running = replace(known, run=Run(plan=plan, step=step))
    found = serving_notes(running, restarted(), POLICY)
    assert [n["writable"] for n in found] == notes


@pytest.mark.parametrize(("asked_ago_s", "notes"), [(0.2, 0), (0.05, 1)])
def test_an_answer_from_before_the_opening_closes_nothing(
    asked_ago_s: float, notes: int
) -> None:
    """A failover copies right after OPEN, while such answers still come in."""
    opened = Serving(server=A.server, boot_id=NOW, at_mono_s=NOW_S - 0.1)
    plan = replace(a_plan(), kind=Kind.FAILOVER, lost=None)
    running = replace(LEDGER, serving=opened, run=Run(plan=plan, step=Step.SEED))
    seen = replace(a_server(A, writable=False), age_s=asked_ago_s)
    facts = some_facts(seen)
    assert len(serving_notes(running, facts, POLICY)) == notes


def test_what_an_order_of_ours_closed_was_closed_by_nobody() -> None:
    """And is a reason to open it again, in the very process."""
    ours = Serving(server=A.server, boot_id=NOW, closing=True)
    known = replace(LEDGER, serving=ours)
    assert serving_notes(known, restarted(), POLICY) == []
    assert "primary_closed" not in {
        v.name for v in found(known, restarted(), POLICY, EVIDENCE)
    }
    by_hand = replace(LEDGER, serving=replace(ours, closing=False))
    assert "primary_closed" in {
        v.name for v in found(by_hand, restarted(), POLICY, EVIDENCE)
    }
