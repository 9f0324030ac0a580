"""The primary's zone alone fails its users: left gracefully, or why not."""

from dataclasses import replace
from typing import Any

import pytest

from controller.decide.codec import parse_plan, render_plan
from controller.decide.confirm import judged
from controller.decide.decide import Decision, decide
from controller.decide.facts import Facts, Mode, Policy
from controller.decide.ledger import Ending, Ledger, apply
from controller.decide.saga import End, Kind, Run, Step
from controller.decide.zone_errors import ABOUT_LOSS
from controller.incident.record import Record, RecordKind
from controller.model.commands import Acker
from controller.model.ids import BootId, Epoch, IncidentId, ZoneId
from controller.model.outcomes import Done, Refused
from health.detector import Verdict
from health.elevated import NO_RATES, Elevation, RatePolicy, RateReading, judge
from health.rates import Counts
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    A,
    B,
    C,
    a_server,
    a_wish,
    reading,
    some_facts,
)

MOVES = replace(POLICY, zone_errors_move=True, zone_errors_s=5.0)
FAILING, WELL = Counts(70, 30), Counts(200, 1)


def rates(here: Counts, elsewhere: Counts, sure_s: float = 6.0) -> RateReading:
    window = judge(here, elsewhere, RatePolicy())
    sure = window.says is Elevation.ELEVATED
    return replace(
        NO_RATES,
        says=window.says,
        bare=window.says,
        short=window,
        long=window,
        sure_s=sure_s if sure else 0.0,
    )


def with_zone(facts: Facts, zone: ZoneId, **changes: Any) -> Facts:
    fact = replace(facts.zones[zone], **changes)
    return replace(facts, zones={**facts.zones, zone: fact})


def elevated(sure_s: float = 6.0) -> Facts:
    """Zone a fails 30 %, zone b serves well."""
    facts = with_zone(some_facts(), A.zone, rates=rates(FAILING, WELL, sure_s))
    return with_zone(facts, B.zone, rates=rates(WELL, FAILING))


def names(decision: Decision) -> list[str]:
    return [v.name for v in decision.vetoes]


def test_d4_a_planned_move_to_the_zone_that_serves() -> None:
    decision = decide(LEDGER, elevated(), MOVES)
    start = decision.start
    assert start is not None
    plan = start.plan
    assert (plan.kind, plan.target, plan.unasked) == (Kind.SWITCHOVER, B, True)
    assert plan.why.startswith("zone a fails its users: 30 of 100 failed")
    assert plan.overrides == ()
    assert start.step is Step.CONFIRM
    assert parse_plan(render_plan(plan)) == plan


def test_not_before_it_has_surely_been_so_for_long_enough() -> None:
    decision = decide(LEDGER, elevated(sure_s=4.9), MOVES)
    assert decision.start is None
    assert names(decision) == ["elevated_errors"]
    assert "for 5 s" in decision.vetoes[0].reason


def test_nothing_begins_in_a_moment_that_is_not_sure() -> None:
    facts = elevated()
    blink = replace(facts.zones[A.zone].rates, bare=Elevation.CALM)
    assert decide(LEDGER, with_zone(facts, A.zone, rates=blink), MOVES).start is None


def test_by_policy_it_is_for_a_person() -> None:
    decision = decide(LEDGER, elevated(), POLICY)
    assert decision.start is None
    assert "sitedr switchover" in decision.vetoes[0].reason


def test_a_zone_without_the_primary_is_no_reason_to_move() -> None:
    facts = with_zone(some_facts(), B.zone, rates=rates(FAILING, WELL))
    decision = decide(LEDGER, facts, MOVES)
    assert decision.start is None
    assert names(decision) == ["elevated_errors"]
    assert "primary is not there" in decision.vetoes[0].reason


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        pytest.param(rates(Counts(60, 40), FAILING), "too", id="worse"),
        pytest.param(rates(Counts(85, 15), FAILING), "about as many", id="half"),
        pytest.param(NO_RATES, "no page", id="nobody asks it"),
        pytest.param(rates(Counts(0, 90), Counts(99, 1)), "too", id="elevated itself"),
    ],
)
def test_d18_no_backup_that_is_not_known_to_be_better(
    theirs: RateReading, words: str
) -> None:
    facts = with_zone(elevated(), B.zone, rates=theirs)
    decision = decide(LEDGER, facts, MOVES)
    assert decision.start is None
    (veto,) = [v for v in decision.vetoes if v.name == "backup_not_ready"]
    assert words in veto.reason
    assert "zone a fails its users" in decision.trouble


@pytest.mark.parametrize("verdict", [Verdict.DOWN, Verdict.UNDECIDED])
def test_a_backup_without_a_working_origin_is_none(verdict: Verdict) -> None:
    services = {"origin": reading(verdict), "redis": reading(Verdict.OK)}
    facts = with_zone(elevated(), B.zone, services=services)
    assert "backup_not_ready" in names(decide(LEDGER, facts, MOVES))


def _ended(kind: Kind, end: End, ago_s: float) -> Ledger:
    ending = Ending(
        kind=kind, about=A.server, end=end, at_mono_s=NOW_S - ago_s, at_wall_s=0.0
    )
    return replace(LEDGER, endings=(ending,))


@pytest.mark.parametrize("kind", [Kind.FAILOVER, Kind.SWITCHOVER])
@pytest.mark.parametrize("end", [End.COMPLETED, End.ABANDONED])
def test_d20_not_soon_after_another_move_also_one_that_was_undone(
    kind: Kind, end: End
) -> None:
    """An undone one paused writes, too."""
    assert "cooldown" in names(decide(_ended(kind, end, 30.0), elevated(), MOVES))
    assert decide(_ended(kind, end, 61.0), elevated(), MOVES).start is not None


HELD: dict[str, tuple[Ledger, Facts, Policy]] = {
    "observe_mode": (LEDGER, elevated(), replace(MOVES, mode=Mode.OBSERVE)),
    "awaiting_approval": (LEDGER, elevated(), replace(MOVES, mode=Mode.APPROVE)),
    "paused": (replace(LEDGER, paused="lunch"), elevated(), MOVES),
    "lease_lost": (LEDGER, replace(elevated(), lease_held=False), MOVES),
    "unprotected": (
        replace(LEDGER, durability=replace(LEDGER.durability, protected=False)),
        elevated(),
        replace(MOVES, retry_s=1e9),
    ),
    "target_lagging": (
        LEDGER,
        replace(
            elevated(),
            servers={
                **elevated().servers,
                B.server: a_server(B, executed="u:1-4", received="u:1-9"),
            },
        ),
        replace(MOVES, lag_max=2),
    ),
    "promotion_never": (LEDGER, elevated(), replace(MOVES, promotion={"b": "never"})),
    "no_candidate": (replace(LEDGER, ackers=()), elevated(), MOVES),
    "overload": (
        LEDGER,
        replace(
            elevated(),
            servers={**elevated().servers, A.server: a_server(A, crowded=True)},
        ),
        MOVES,
    ),
}


@pytest.mark.parametrize(
    ("ledger", "facts", "policy", "veto"),
    [(*held, name) for name, held in HELD.items()],
    ids=HELD,
)
def test_whatever_holds_a_planned_move_or_a_failover_holds_this(
    ledger: Ledger, facts: Facts, policy: Policy, veto: str
) -> None:
    decision = decide(ledger, facts, policy)
    started = decision.start
    assert started is None or started.plan.kind is not Kind.SWITCHOVER
    if started is None:
        assert veto in names(decision)


def test_every_guard_of_a_failover_is_asked_but_those_about_its_loss() -> None:
    """A new guard holds this move too, until somebody says that it is about a loss."""
    asked = {g.__name__ for g in ABOUT_LOSS}
    assert asked == {
        "awaiting_approval",
        "candidate_unfit",
        "no_fence",
        "no_quorum",
        "no_second_vantage",
        "primary_answers",
        "still_receiving",
        "unprotected",
    }


def test_a_run_under_way_is_not_preempted() -> None:
    start = decide(LEDGER, elevated(), MOVES).start
    assert start is not None
    copying = replace(start.plan, kind=Kind.RESTORE, unasked=False)
    ledger = replace(LEDGER, run=Run(plan=copying, step=Step.PROVISION))
    decision = decide(ledger, elevated(), MOVES)
    assert decision.start is None
    assert "run_under_way" in names(decision)


def test_a_person_who_wants_another_move_goes_first() -> None:
    ledger = replace(LEDGER, wish=replace(a_wish(), planned=True))
    start = decide(ledger, elevated(), MOVES).start
    assert start is not None
    assert (start.plan.why, start.plan.unasked) == ("drill", False)


def test_the_better_of_two_replicas() -> None:
    """Zone b fails, too: c, though it comes later by name."""
    (one,) = LEDGER.ackers
    boot = BootId("boot-db-c")
    other = Acker(server=C.server, zone=C.zone, boot_id=boot)
    ledger = replace(LEDGER, ackers=(one, other))
    facts = elevated()
    facts = replace(facts, servers={**facts.servers, C.server: a_server(C)})
    facts = with_zone(facts, B.zone, rates=rates(Counts(60, 40), FAILING))
    facts = with_zone(facts, C.zone, rates=rates(WELL, FAILING))
    start = decide(ledger, facts, MOVES).start
    assert start is not None
    assert start.plan.target == C


def record(kind: RecordKind, **body: object) -> Record:
    return Record(
        seq=1,
        at_wall_s=0.0,
        at_mono_s=NOW_S,
        incident=IncidentId("i"),
        epoch=Epoch(4),
        kind=kind,
        body=body,
    )


def test_an_approval_is_for_these_words_and_for_nothing_else() -> None:
    """It starts the planned move, is used up by it, and is no yes to a failover."""
    asks = replace(MOVES, mode=Mode.APPROVE)
    waiting = decide(LEDGER, elevated(), asks)
    approved = apply(LEDGER, record(RecordKind.APPROVED, what=waiting.trouble))
    start = decide(approved, elevated(), asks).start
    assert start is not None
    begun = record(
        RecordKind.STARTED, plan=render_plan(start.plan), step=start.step.value
    )
    assert apply(approved, begun).approved == ""
    lost = some_facts(a_server(A, Verdict.DOWN))
    assert "awaiting_approval" in names(decide(approved, lost, asks))
    well = record(RecordKind.VERDICT, subject="zone a", verdict="none", reason="")
    assert apply(approved, well).approved == ""
    worse = record(RecordKind.VERDICT, subject="zone a", verdict="degraded", reason="")
    assert apply(approved, worse).approved == waiting.trouble
    loss = apply(LEDGER, record(RecordKind.APPROVED, what="primary db-a is lost"))
    assert decide(loss, elevated(), asks).start is None


def test_confirm_reads_the_rates_again() -> None:
    """What is over, or turned out to be a common cause, moves nobody."""
    start = decide(LEDGER, elevated(), MOVES).start
    assert start is not None
    ledger = replace(LEDGER, run=Run(plan=start.plan, step=Step.CONFIRM))
    facts = replace(elevated(), transactions=())
    assert isinstance(judged(ledger, facts, MOVES, start.plan), Done)
    for now in (rates(WELL, WELL), rates(FAILING, FAILING)):
        found = judged(ledger, with_zone(facts, A.zone, rates=now), MOVES, start.plan)
        assert isinstance(found, Refused)
        assert "errors_over" in found.reason
    asked = replace(start.plan, unasked=False)
    calm = with_zone(facts, A.zone, rates=rates(WELL, WELL))
    assert isinstance(judged(ledger, calm, MOVES, asked), Done)


def test_a_primary_that_is_lost_meanwhile_is_failed_over() -> None:
    """The ordinary rules take over: its own errors are no reason to be graceful."""
    gone = a_server(A, Verdict.DOWN)
    deaf = replace(a_server(B), silent_s=2.0)
    facts = elevated()
    facts = replace(facts, servers={**facts.servers, A.server: gone, B.server: deaf})
    start = decide(LEDGER, facts, MOVES).start
    assert start is not None
    assert start.plan.kind is Kind.FAILOVER
