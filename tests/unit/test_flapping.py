"""A zone that comes and goes: what is counted, what it holds, and when it is over."""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

import pytest

from controller.act.metrics import render_metrics
from controller.decide.codec import render_plan
from controller.decide.confirm import judged
from controller.decide.decide import Decision, decide
from controller.decide.facts import Facts
from controller.decide.flapping import (
    flaps_tree,
    quarantine_left_s,
    quarantine_notes,
)
from controller.decide.flaps import (
    KEPT,
    NO_FLAPS,
    FlapPolicy,
    Flaps,
    Quarantine,
    Stamp,
    quarantine_after,
    since_s,
)
from controller.decide.ledger import Ledger, apply
from controller.decide.redundancy import find_spare
from controller.decide.saga import Kind, Plan, Run, Step
from controller.incident.record import Record, RecordKind
from controller.model.commands import Acker
from controller.model.ids import BootId, Epoch, IncidentId, ZoneId
from controller.model.outcomes import Done
from health.detector import Verdict
from replication.ports import Receiving
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    WALL_S,
    A,
    B,
    C,
    a_server,
    a_wish,
    primary_gone,
    reading,
    some_facts,
)


def record(kind: RecordKind, at_s: float = 0.0, **body: object) -> Record:
    return Record(
        seq=1,
        at_wall_s=WALL_S + at_s,
        at_mono_s=NOW_S + at_s,
        incident=IncidentId(""),
        epoch=Epoch(5),
        kind=kind,
        body=body,
    )


def said(subject: str, verdict: str, at_s: float = 0.0) -> Record:
    told = {"subject": subject, "verdict": verdict, "reason": "test"}
    return record(RecordKind.VERDICT, at_s, **told)


def folded(records: Iterable[Record], ledger: Ledger = LEDGER) -> Ledger:
    for one in records:
        ledger = apply(ledger, one)
    return ledger


def down_and_back(*subjects: str, at_s: float = 0.0) -> list[Record]:
    """Return the verdicts of a zone that dies, and answers again 20 s later."""
    return [said(s, "down", at_s) for s in subjects] + [
        said(s, "ok", at_s + 20) for s in subjects
    ]


def flips(ledger: Ledger, zone: ZoneId) -> int:
    return ledger.flaps.get(zone, NO_FLAPS).flips


def uneasy(zone: ZoneId, *, span_s: float = 900.0, ago_s: float = 10.0) -> Ledger:
    """Return a ledger in which *zone* is quarantined since a moment ago."""
    last = Stamp(mono_s=NOW_S - ago_s, wall_s=WALL_S - ago_s)
    held = Quarantine(span_s=span_s, times=1)
    flaps = Flaps(flips=3, last=last, held=held, times=1)
    return replace(LEDGER, flaps=MappingProxyType({zone: flaps}))


def later(seconds: float, facts: Facts | None = None) -> Facts:
    now_s, wall_s = NOW_S + seconds, WALL_S + seconds
    return replace(facts or some_facts(), now_s=now_s, wall_s=wall_s)


def names(decision: Decision) -> list[str]:
    return [v.name for v in decision.vetoes]


# ---- what is counted -----------------------------------------------------------


def test_a_zone_that_dies_and_comes_back_is_one_flip() -> None:
    """Database, origin and cache go and come together."""
    ledger = folded(down_and_back("database db-b", "origin b", "redis b"))
    assert flips(ledger, B.zone) == 1


def test_a_database_alone_counts() -> None:
    assert flips(folded(down_and_back("database db-a")), A.zone) == 1


def test_a_zone_without_a_database_is_judged_by_what_shows_that_it_lives() -> None:
    """Its origin is down by design, and up when it gets a database."""
    assert flips(folded(down_and_back("redis c")), C.zone) == 1
    assert flips(folded(down_and_back("origin c")), C.zone) == 0


@pytest.mark.parametrize(
    "subject", ["redis b", "edge pop1", "database db-c", "database db-x"]
)
def test_what_no_promotion_rests_on_counts_for_nothing(subject: str) -> None:
    """A cache of a serving zone, an edge, a server without a role."""
    ledger = folded(down_and_back(subject))
    assert not any(f.flips for f in ledger.flaps.values())


def test_coming_up_is_no_flip() -> None:
    """The first answers of a zone that was never seen down."""
    assert flips(folded([said("origin b", "ok")]), B.zone) == 0


def test_being_unreadable_is_neither_down_nor_back() -> None:
    told = ["down", "cannot_observe", "down"]
    assert flips(folded(said("origin b", v) for v in told), B.zone) == 0


def test_what_a_run_of_ours_ends_counts_for_nothing() -> None:
    """An acker that is retired, or laid anew, is down by our own hand."""
    plan = Plan(kind=Kind.LEAVE, epoch=Epoch(5), lost=B, target=A)
    leaving = replace(LEDGER, run=Run(plan=plan, step=Step.RETIRE))
    assert flips(folded(down_and_back("database db-b"), leaving), B.zone) == 0


def test_a_restart_of_the_daemon_keeps_the_count_and_adds_none() -> None:
    """The next process says again who is down; that is the same outage."""
    told = [
        *down_and_back("origin b"),
        said("origin b", "down", 40),
        record(RecordKind.DAEMON_STARTED, 50, mode="auto"),
        said("origin b", "down", 51),
        said("origin b", "ok", 60),
    ]
    assert flips(folded(told), B.zone) == 2


def test_memory_is_bounded() -> None:
    """A journal of a year of flapping folds into as much as one of a day."""
    ledger = folded(
        r for n in range(10 * KEPT) for r in down_and_back("origin b", at_s=40.0 * n)
    )
    flaps = ledger.flaps[B.zone]
    assert flaps.flips == 10 * KEPT
    assert len(flaps.cleared) == KEPT


def failover(ledger: Ledger = LEDGER, *, opens: bool = True) -> Ledger:
    """Return *ledger* after a failover from a to b that opened, or was given up."""
    start = decide(LEDGER, primary_gone(), POLICY).start
    assert start is not None
    told = [
        record(RecordKind.STARTED, plan=render_plan(start.plan), step="confirm"),
        record(RecordKind.INTENT, step="open", attempt=1, why="", sessions=[]),
        record(
            RecordKind.OUTCOME,
            step="open",
            outcome="done" if opens else "refused",
            reason="no",
            evidence={},
        ),
    ]
    return folded(told, ledger)


def test_a_move_by_itself_is_counted_where_it_opened() -> None:
    assert len(failover().flaps[A.zone].left) == 1


def test_a_move_that_opened_nothing_or_was_asked_for_is_not() -> None:
    asked = failover(replace(LEDGER, wish=a_wish()))
    for ledger in (failover(opens=False), asked):
        assert not ledger.flaps.get(A.zone, NO_FLAPS).left


# ---- what is noted -------------------------------------------------------------


def flapped(times: int) -> Ledger:
    return folded(
        r for n in range(times) for r in down_and_back("origin b", at_s=40.0 * n - 400)
    )


@pytest.mark.parametrize(("times", "acts"), [(2, []), (3, ["begin"])])
def test_three_times_in_ten_minutes_is_too_often(times: int, acts: list[str]) -> None:
    notes = list(quarantine_notes(flapped(times), some_facts(), POLICY))
    assert [n["act"] for n in notes] == acts


def test_what_is_long_ago_does_not_count() -> None:
    assert not list(quarantine_notes(flapped(3), later(700), POLICY))


def test_a_limit_of_zero_is_none() -> None:
    policy = replace(POLICY, flapping=FlapPolicy(flips=0, moves=0))
    assert not list(quarantine_notes(flapped(9), some_facts(), policy))


def test_a_zone_that_was_left_by_itself_twice_is_left_alone() -> None:
    once = failover()
    again = failover(replace(once, primary=A, suspects=(), run=None))
    assert not list(quarantine_notes(once, some_facts(), POLICY))
    (note,) = quarantine_notes(again, some_facts(), POLICY)
    assert note["why"] == "left by a failover 2 times within 600 s"


def quarantine(ledger: Ledger, facts: Facts) -> Ledger:
    """Return *ledger* with what is to be noted now on record."""
    at_s = facts.now_s - NOW_S
    notes = quarantine_notes(ledger, facts, POLICY)
    return folded((record(RecordKind.QUARANTINE, at_s, **n) for n in notes), ledger)


def test_it_is_over_after_calm_and_noted_once() -> None:
    held = quarantine(flapped(3), some_facts())
    assert not list(quarantine_notes(held, later(500), POLICY))
    free = quarantine(held, later(900))
    assert quarantine_left_s(held, later(900), B.zone) == 0
    assert free.flaps[B.zone].held is None
    assert not list(quarantine_notes(free, later(900), POLICY))


def test_another_flip_begins_the_calm_anew() -> None:
    held = quarantine(flapped(3), some_facts())
    again = folded(down_and_back("origin b", at_s=500), held)
    assert quarantine_left_s(again, later(1000), B.zone) == pytest.approx(420)


def test_a_zone_that_is_down_is_not_calm() -> None:
    ledger = uneasy(B.zone, span_s=60)
    gone = some_facts(a_server(B, Verdict.DOWN))
    assert quarantine_left_s(ledger, later(3600, gone), B.zone) == 60
    assert quarantine_left_s(ledger, later(3600), B.zone) == 0


def test_each_further_time_is_longer_and_calm_takes_that_back() -> None:
    """Base times consecutive, bounded; one less for each span of calm between."""
    rule = FlapPolicy(quarantine_s=100, quarantine_max_s=250)
    over = Stamp(mono_s=NOW_S, wall_s=WALL_S)

    def after(times: int, calm_s: float) -> tuple[float, int]:
        flaps = Flaps(times=times, over=over)
        found = quarantine_after(flaps, rule, NOW_S + calm_s, WALL_S + calm_s)
        return found.span_s, found.times

    first = quarantine_after(NO_FLAPS, rule, NOW_S, WALL_S)
    assert (first.span_s, first.times) == (100, 1)
    assert after(1, 10) == (200, 2)
    assert after(2, 10) == (250, 3)
    assert after(3, 10) == (250, 3)
    assert after(3, 150) == (250, 3)
    assert after(3, 250) == (200, 2)
    assert after(3, 1e6) == (100, 1)


@pytest.mark.parametrize(
    ("now_s", "wall_s", "passed_s"),
    [
        (NOW_S + 20, WALL_S + 86400, 20),  # a wall clock that was set
        (NOW_S + 20, WALL_S - 86400, 20),
        (5.0, WALL_S + 60, 60),  # the machine restarted
        (5.0, WALL_S - 86400, 5),  # and its clock is wrong
    ],
)
def test_a_clock_that_jumps_ends_no_quarantine(
    now_s: float, wall_s: float, passed_s: float
) -> None:
    stamp = Stamp(mono_s=NOW_S, wall_s=WALL_S)
    assert since_s(stamp, now_s, wall_s) == pytest.approx(passed_s)


# ---- what it holds -------------------------------------------------------------


def test_the_only_successor_is_held_by_name() -> None:
    found = decide(uneasy(B.zone), primary_gone(), POLICY)
    assert (found.start, names(found)) == (None, ["quarantined"])
    assert "890 s of it are left" in found.vetoes[0].reason


def test_a_calm_successor_is_preferred() -> None:
    facts = primary_gone()
    third = a_server(C, receiving=Receiving.CONNECTING, silent_s=2.0)
    facts = replace(facts, servers={**facts.servers, C.server: third})
    other = Acker(server=C.server, zone=C.zone, boot_id=BootId("boot-db-c"))
    ledger = replace(uneasy(B.zone), ackers=(*LEDGER.ackers, other))
    start = decide(ledger, facts, replace(POLICY, replicas_wanted=2)).start
    assert start is not None
    assert start.plan.target == C


@pytest.mark.parametrize("planned", [False, True])
def test_a_person_moves_there_by_name_only(*, planned: bool) -> None:
    facts = replace(some_facts(), transactions=()) if planned else primary_gone()
    for overrides, starts in (((), False), (("quarantined",), True)):
        wish = replace(a_wish(*overrides), planned=planned)
        found = decide(replace(uneasy(B.zone), wish=wish), facts, POLICY)
        assert (found.start is not None) is starts
        assert starts or "quarantined" in names(found)


def test_it_holds_no_move_away_and_stops_no_failover_under_way() -> None:
    assert decide(uneasy(A.zone), primary_gone(), POLICY).start is not None
    start = decide(LEDGER, primary_gone(), POLICY).start
    assert start is not None
    running = replace(uneasy(B.zone), run=Run(plan=start.plan, step=start.step))
    assert isinstance(judged(running, primary_gone(), POLICY, start.plan), Done)


def test_a_copy_is_rather_laid_in_a_calm_zone_but_laid() -> None:
    """No zone is free but b and c; b comes and goes."""
    alone = replace(uneasy(B.zone), ackers=())
    facts = some_facts()
    assert find_spare(alone, facts, POLICY, taken=(A.zone,)) == C
    assert find_spare(alone, facts, POLICY, taken=(A.zone, C.zone)) == B


def test_it_is_shown_while_all_is_well_but_not_of_the_primary() -> None:
    assert names(decide(uneasy(B.zone), some_facts(), POLICY)) == ["quarantined"]
    assert names(decide(uneasy(A.zone), some_facts(), POLICY)) == []


def test_status_and_metrics_count() -> None:
    ledger, facts = uneasy(B.zone), some_facts()
    tree = flaps_tree(ledger, facts)
    assert tree["b"] == {
        "flips": 3,
        "quarantine": {"span_s": 900.0, "left_s": 890.0, "times": 1},
    }
    decision = decide(ledger, facts, POLICY)
    text = render_metrics("cms", lambda: (ledger, facts, decision)).decode()
    assert 'sitedr_zone_flips{site="cms",zone="b"} 3.0' in text
    assert 'sitedr_zone_quarantined_seconds{site="cms",zone="b"} 890.0' in text
    assert 'sitedr_veto_active{site="cms",veto="quarantined"} 1.0' in text


def test_a_cache_that_is_down_now_does_not_count_as_unrest() -> None:
    facts = some_facts()
    zone = facts.zones[B.zone]
    ill = replace(zone, services={**zone.services, "redis": reading(Verdict.DOWN)})
    facts = replace(facts, zones={**facts.zones, B.zone: ill})
    assert quarantine_left_s(uneasy(B.zone, span_s=5), facts, B.zone) == 0
