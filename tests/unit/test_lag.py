"""Receive and apply lag by marks on one clock."""

from dataclasses import replace

import pytest

from controller.act.metrics import render_metrics
from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.status import status_tree
from health.detector import Verdict
from replication.lag import NO_LAG, Lag, LagMeter
from tests.unit.world_facts import LEDGER, POLICY, B, a_server, some_facts

U = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
GTIDS = {
    "mysql": tuple(f"{U}:1-{n}" for n in range(10)),
    "mariadb": tuple(f"0-1-{n}" for n in range(10)),
}


@pytest.fixture(params=sorted(GTIDS))
def gtids(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return GTIDS[request.param]


def read(meter: LagMeter, now_s: float) -> tuple[float, float]:
    lag = meter.lag(now_s)
    assert lag.receive_s is not None
    assert lag.apply_s is not None
    return round(lag.receive_s, 3), round(lag.apply_s, 3)


def test_nothing_is_known_before_the_first_canary() -> None:
    assert LagMeter().lag(5.0) == NO_LAG


def test_received_and_applied_are_two_things(gtids: tuple[str, ...]) -> None:
    meter = LagMeter()
    meter.marked(gtids[5], 100.0)
    assert read(meter, 100.3) == (0.3, 0.3)
    meter.seen(gtids[5], gtids[4], 100.4)
    assert read(meter, 102.0) == (0.4, 2.0)
    meter.seen(gtids[6], gtids[6], 103.0)
    assert read(meter, 110.0) == (0.4, 3.0)


def test_a_steady_lag_is_no_saw(gtids: tuple[str, ...]) -> None:
    """While the next mark is under way, what the last one took still counts."""
    meter = LagMeter()
    for n in range(1, 6):
        meter.marked(gtids[n], float(n))
        meter.seen(gtids[n], gtids[max(n - 3, 1)], n + 0.1)
    assert meter.lag(5.1).receive_s == pytest.approx(0.1)
    assert meter.lag(5.1).apply_s == pytest.approx(3.1)
    meter.seen(gtids[5], gtids[5], 5.2)
    meter.marked(gtids[6], 6.0)
    meter.seen(gtids[6], gtids[6], 6.05)
    assert meter.lag(6.2).apply_s == pytest.approx(0.05), "caught up"


def test_a_stopped_applier_grows_and_one_mark_is_all_it_costs(
    gtids: tuple[str, ...],
) -> None:
    meter = LagMeter()
    for n in range(1, 9):
        meter.marked(gtids[n], float(n))
        meter.seen(gtids[n], gtids[0] if ":" not in gtids[0] else f"{U}:99", n + 0.1)
    assert meter.lag(60.0).apply_s == pytest.approx(59.0)
    assert meter.lag(60.0).receive_s == pytest.approx(0.1)


def test_what_cannot_be_read_is_not_there() -> None:
    meter = LagMeter()
    meter.marked("0-1-5", 1.0)
    meter.seen("nonsense", "nonsense", 1.1)
    assert meter.lag(2.0).receive_s == pytest.approx(1.0)


def test_people_and_prometheus_see_it_of_replicas_that_answer() -> None:
    """No series and `None` are "not known"; 0 would be a claim."""
    lag = Lag(receive_s=0.12345, apply_s=None)
    facts = some_facts(replace(a_server(B), lag=lag))
    shown, text = told(facts)
    assert shown == {"receive_s": 0.123, "apply_s": None}
    assert 'sitedr_replication_receive_lag_seconds{server="db-b",site="x"} 0.12' in text
    assert "sitedr_replication_apply_lag_seconds{" not in text
    shown, text = told(some_facts(replace(a_server(B, Verdict.DOWN), lag=lag)))
    assert shown is None
    assert "lag_seconds{" not in text


def told(facts: Facts) -> tuple[object, str]:
    """Return B's lag in the status, and the whole exposition."""
    decision = decide(LEDGER, facts, POLICY)
    tree = status_tree(LEDGER, facts, POLICY, decision)
    zones = tree["zones"]
    assert isinstance(zones, dict)
    text = render_metrics("x", lambda: (LEDGER, facts, decision)).decode()
    return zones["b"]["databases"]["db-b"]["lag"], text
