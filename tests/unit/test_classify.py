"""What is seen has a name with its evidence, and the name allows nothing."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from controller.act.metrics import render_metrics
from controller.decide.classify import NOTHING, Condition, classify
from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.saga import Kind
from controller.decide.status import status_tree
from controller.model.commands import Acker
from controller.model.ids import BootId, EdgeId, ZoneId
from health.detector import Verdict
from health.elevated import NO_RATES, RatePolicy, judge
from health.rates import Counts
from replication.ports import Receiving
from tests.unit.world_facts import (
    LEDGER,
    POLICY,
    A,
    B,
    C,
    a_server,
    a_wish,
    primary_gone,
    reading,
    some_facts,
)

DOWN, OK, BLIND = Verdict.DOWN, Verdict.OK, Verdict.CANNOT_OBSERVE


def with_services(facts: Facts, zone: ZoneId, **verdicts: Verdict) -> Facts:
    services = {name: reading(v) for name, v in verdicts.items()}
    fact = replace(facts.zones[zone], services=services)
    return replace(facts, zones={**facts.zones, zone: fact})


def with_rates(facts: Facts, zone: ZoneId, here: Counts, elsewhere: Counts) -> Facts:
    window = judge(here, elsewhere, RatePolicy())
    rates = replace(NO_RATES, says=window.says, short=window, long=window)
    fact = replace(facts.zones[zone], rates=rates)
    return replace(facts, zones={**facts.zones, zone: fact})


def edges_say(facts: Facts, **up: bool) -> Facts:
    edge = EdgeId("e1")
    told: Mapping[ZoneId, bool] = {ZoneId(z): v for z, v in up.items()}
    fact = replace(facts.edges[edge], zones_up=told)
    return replace(facts, edges={edge: fact})


def lost_zone(facts: Facts, zone: ZoneId) -> Facts:
    return with_services(facts, zone, origin=DOWN, redis=DOWN)


def test_all_is_well_and_a_spare_without_a_database_is_nothing() -> None:
    assert classify(LEDGER, some_facts(), POLICY) == NOTHING
    apart = with_services(some_facts(), C.zone, origin=DOWN, redis=OK)
    assert classify(LEDGER, apart, POLICY) == NOTHING


GONE = edges_say(lost_zone(primary_gone(), A.zone), a=False, b=True)
CASES = {
    "zone lost": (GONE, A.zone, Condition.ZONE_LOST, "neither database nor"),
    "database only": (
        primary_gone(),
        A.zone,
        Condition.DATABASE_ONLY,
        "this does: origin, redis",
    ),
    "a replica's zone": (
        edges_say(
            lost_zone(some_facts(a_server(B, DOWN)), B.zone), a=True, b=False
        ),
        B.zone,
        Condition.ZONE_LOST,
        "neither database",
    ),
    "a spare's zone": (
        lost_zone(some_facts(), C.zone),
        C.zone,
        Condition.ZONE_LOST,
        "no service answers",
    ),
    "the replica still hears it": (
        lost_zone(some_facts(a_server(A, DOWN)), A.zone),
        A.zone,
        Condition.OBSERVER_CUT_OFF,
        "db-b still hears it",
    ),
    "a password that is refused": (
        some_facts(a_server(A, BLIND)),
        A.zone,
        Condition.CANNOT_OBSERVE,
        "database refuses us",
    ),
    "too many connections": (
        some_facts(a_server(A, crowded=True)),
        A.zone,
        Condition.OVERLOAD,
        "db-a has all",
    ),
    "errors here only": (
        with_rates(some_facts(), A.zone, Counts(70, 30), Counts(200, 1)),
        A.zone,
        Condition.DEGRADED,
        "and not elsewhere",
    ),
    "errors everywhere": (
        with_rates(some_facts(), A.zone, Counts(70, 30), Counts(70, 30)),
        A.zone,
        Condition.ONE_SITE,
        "nothing says",
    ),
    "D9 only our probe fails": (
        with_rates(
            with_services(some_facts(), A.zone, origin=DOWN, redis=OK),
            A.zone,
            Counts(100, 0),
            Counts(),
        ),
        A.zone,
        Condition.OBSERVER_CUT_OFF,
        "users are served",
    ),
    "a service alone": (
        with_services(some_facts(), A.zone, origin=OK, redis=DOWN),
        A.zone,
        Condition.DEGRADED,
        "redis down, its database is not",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "zone", "condition", "why"), CASES.values(), ids=CASES
)
def test_each_class_with_its_evidence(
    facts: Facts, zone: ZoneId, condition: Condition, why: str
) -> None:
    found = classify(LEDGER, facts, POLICY)
    assert found.of(zone) is condition
    assert why in found.zones[zone].why
    assert set(found.zones) == {zone}
    assert found.site.condition is condition
    assert f"zone {zone}: " in found.site.why


def test_d10_the_edges_see_what_we_do_not_reach() -> None:
    """Cut off from all of them: no replica is seen either, and nobody misses it."""
    facts = some_facts(a_server(A, DOWN), a_server(B, DOWN))
    for zone in (A.zone, B.zone):
        facts = lost_zone(facts, zone)
    facts = edges_say(facts, a=True, b=True, c=True)
    found = classify(LEDGER, facts, POLICY)
    assert {found.of(A.zone), found.of(B.zone)} == {Condition.OBSERVER_CUT_OFF}
    decision = decide(LEDGER, facts, POLICY)
    assert decision.start is None
    assert "no_second_vantage" in [v.name for v in decision.vetoes]


def test_d14_all_lost_at_once_is_a_common_cause() -> None:
    """A veto of its own; the zones keep their names."""
    facts = some_facts(a_server(A, DOWN), a_server(B, DOWN))
    for zone in (A.zone, B.zone):
        facts = lost_zone(facts, zone)
    decision = decide(LEDGER, edges_say(facts, a=False, b=False), POLICY)
    assert decision.conditions.site.condition is Condition.EVERYTHING
    assert decision.conditions.of(A.zone) is Condition.ZONE_LOST
    assert decision.start is None
    assert decision.vetoes[0].name == "everything_down"


def test_everything_holds_a_failover_that_no_guard_would() -> None:
    """Every origin is down; with `durability: none` no guard asks for one."""
    policy = replace(POLICY, required_acks=False)
    facts = with_services(GONE, B.zone, origin=DOWN, redis=OK)
    decision = decide(LEDGER, facts, policy)
    assert decision.start is None
    assert [v.name for v in decision.vetoes] == ["everything_down"]
    asked = replace(LEDGER, wish=a_wish("everything_down"))
    assert decide(asked, facts, policy).start is not None
    assert decide(LEDGER, GONE, policy).start is not None


def test_origins_down_while_databases_answer_are_everything_too() -> None:
    facts = some_facts()
    for zone in (A.zone, B.zone):
        facts = with_services(facts, zone, origin=DOWN, redis=OK)
    decision = decide(LEDGER, facts, POLICY)
    assert decision.conditions.site.condition is Condition.EVERYTHING
    assert decision.trouble
    assert "everything_down" in [v.name for v in decision.vetoes]


def test_one_of_two_that_hold_data_is_not_everything() -> None:
    ledger = replace(
        LEDGER,
        ackers=(
            *LEDGER.ackers,
            Acker(server=C.server, zone=C.zone, boot_id=BootId("boot-db-c")),
        ),
    )
    deaf = a_server(C, receiving=Receiving.CONNECTING, silent_s=2.0)
    facts = lost_zone(primary_gone(), A.zone)
    facts = replace(facts, servers={**facts.servers, C.server: deaf})
    assert classify(ledger, facts, POLICY).site.condition is Condition.ZONE_LOST


def test_a_loss_that_others_confirm_is_no_cut() -> None:
    """The edges still call its origin up; the replica misses it: that counts."""
    facts = edges_say(lost_zone(primary_gone(), A.zone), a=True, b=True)
    assert classify(LEDGER, facts, POLICY).of(A.zone) is Condition.ZONE_LOST


def test_a_failover_says_what_it_is_for_and_a_person_is_not_corrected() -> None:
    start = decide(LEDGER, GONE, POLICY).start
    assert start is not None
    assert start.plan.kind is Kind.FAILOVER
    assert start.plan.why == (
        "db-a in zone a is lost; zone lost: neither database nor services answer"
    )
    asked = decide(replace(LEDGER, wish=a_wish()), GONE, POLICY).start
    assert asked is not None
    assert asked.plan.why == "drill"


@pytest.mark.parametrize(
    ("facts", "veto"),
    [(CASES[k][0], v) for k, v in (
        ("the replica still hears it", "still_receiving"),
        ("a password that is refused", "cannot_observe"),
        ("too many connections", "overload"),
        ("errors here only", "elevated_errors"),
        ("errors everywhere", "not_zonal"),
        ("a service alone", "primary_unaffected"),
    )],
)  # fmt: skip
def test_every_class_that_moves_nothing_names_a_veto(facts: Facts, veto: str) -> None:
    """Promise 4: nothing is done, and that has a name beside the class."""
    decision = decide(LEDGER, facts, POLICY)
    assert decision.start is None
    assert veto in [v.name for v in decision.vetoes]
    assert decision.trouble


def test_status_and_metrics_show_it() -> None:
    decision = decide(LEDGER, GONE, POLICY)
    tree = status_tree(LEDGER, GONE, POLICY, decision)
    assert tree["condition"] == {
        "name": "zone_lost",
        "why": "zone a: neither database nor services answer",
    }
    zones = tree["zones"]
    assert isinstance(zones, dict)
    assert zones[A.zone]["condition"]["name"] == "zone_lost"
    assert zones[B.zone]["condition"] == {"name": "none", "why": ""}
    text = render_metrics("cms", lambda: (LEDGER, GONE, decision)).decode()
    assert 'sitedr_condition{condition="zone_lost",site="cms",zone="a"} 1.0' in text
    assert 'sitedr_condition{condition="none",site="cms",zone="a"} 0.0' in text
    assert 'sitedr_condition{condition="none",site="cms",zone="b"} 1.0' in text
    assert 'sitedr_site_condition{condition="zone_lost",site="cms"} 1.0' in text
