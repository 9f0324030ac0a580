"""An observer that starves is unfit: it says so, and believes nothing of meanwhile."""

import pytest

from health.loop_lag import WINDOW_S, LoopLag


def ticked(*at_s: float) -> LoopLag:
    lag = LoopLag()
    for now_s in at_s:
        lag.tick(now_s)
    return lag


def test_a_loop_that_turns_in_time_is_fit() -> None:
    lag = ticked(0.0, 0.05, 0.1, 0.3)
    assert lag.fitness(0.3).lag_age_s == float("inf")
    assert lag.fitness(0.3).worst_s == pytest.approx(0.15)


def test_a_tick_later_than_the_bound_is_a_lag() -> None:
    lag = ticked(0.0, 5.05)
    assert lag.fitness(6.05).lag_s == pytest.approx(5.0)
    assert lag.fitness(6.05).lag_age_s == pytest.approx(1.0)


def test_whoever_wakes_up_first_sees_the_lag_and_it_is_one() -> None:
    """On SIGCONT a probe's time-out may come before the tick."""
    lag = ticked(0.0)
    assert lag.look(5.0)
    assert not lag.look(5.01)
    assert not lag.tick(5.06)
    assert lag.lagged_at_s == 5.0


def test_what_was_asked_before_the_end_of_a_lag_is_spoilt() -> None:
    lag = ticked(0.0, 5.0)
    assert lag.spoils(0.1)
    assert lag.spoils(5.0)
    assert not lag.spoils(5.001)


def test_the_worst_is_forgotten_after_a_while() -> None:
    lag = ticked(0.0, 1.05, 1.1, 1.3)
    assert lag.fitness(1.3).worst_s == pytest.approx(1.0)
    assert lag.fitness(1.2 + WINDOW_S).worst_s == pytest.approx(0.15)


def test_another_pace_says_itself_how_late_it_is() -> None:
    lag = LoopLag()
    assert not lag.tick(0.0, late_s=0.0)
    assert not lag.tick(1.0, late_s=0.0)
    assert lag.tick(3.0, late_s=1.0)
