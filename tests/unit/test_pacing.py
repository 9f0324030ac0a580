"""Turns of many targets: spread, one an interval, and nothing made up for."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.pacing import Pacer
from health.prober import Lateness


def turns(pacer: Pacer, *at_s: float) -> list[int]:
    """Return whose turn it was at each of these times."""
    return [number for now_s in at_s for number, _ in pacer.due(now_s)]


def test_turns_are_spread_over_the_interval() -> None:
    """Four targets a second are four quarters, not a burst."""
    pacer = Pacer(1.0, 4, 100.0)
    assert turns(pacer, 100.0) == [0]
    assert turns(pacer, 100.1) == []
    assert turns(pacer, 100.25) == [1]
    assert pacer.next_s == 100.5
    assert turns(pacer, 100.5, 100.75, 101.0) == [2, 3, 0]
    assert pacer.missed == 0


@given(
    targets=st.integers(1, 50),
    interval_s=st.floats(0.1, 10.0),
    steps_s=st.lists(st.floats(0.0001, 0.04), max_size=200),
)
def test_a_loop_in_time_leaves_nobody_out(
    targets: int, interval_s: float, steps_s: list[float]
) -> None:
    """After any such while no target is a turn ahead of another by more than one."""
    pacer, now_s = Pacer(interval_s, targets, 0.0), 0.0
    asked = Counter[int]()
    for step_s in steps_s:
        now_s += step_s
        asked.update(turns(pacer, now_s))
    counts = [asked[number] for number in range(targets)]
    assert pacer.missed == 0
    assert max(counts) - min(counts) <= 1
    assert sum(counts) == pytest.approx(now_s / interval_s * targets + 1, abs=1)


@given(targets=st.integers(1, 1000), stall_s=st.floats(0.0, 30.0))
def test_a_stall_is_followed_by_no_stampede(targets: int, stall_s: float) -> None:
    """At most a tenth of them at once, in their order; the rest in their next turn."""
    pacer = Pacer(1.0, targets, 0.0)
    burst = turns(pacer, stall_s)
    assert len(burst) <= 0.1 * targets + 1
    assert len(burst) + pacer.missed == pytest.approx(stall_s * targets + 0.5, abs=0.51)
    again = Counter(turns(pacer, *(stall_s + 0.05 * k for k in range(1, 21))))
    assert set(again) == set(range(targets))
    assert set(again.values()) <= {1, 2}


@pytest.mark.parametrize(("interval_s", "targets"), [(0.0, 1), (-1.0, 1), (1.0, 0)])
def test_what_is_no_pace_is_refused(interval_s: float, targets: int) -> None:
    with pytest.raises(ValueError, match="interval_s"):
        Pacer(interval_s, targets, 0.0)


def test_lateness_tells_its_quantiles() -> None:
    """Half a millisecond exact, and never above the worst."""
    late = Lateness()
    assert late.quantile(0.99) == 0.0
    for _ in range(99):
        late.add(0.0012)
    late.add(7.0)
    assert late.quantile(0.5) == pytest.approx(0.0015)
    assert late.quantile(0.99) == pytest.approx(0.0015)
    assert late.quantile(1.0) == pytest.approx(1.0)
    assert late.worst_s == 7.0
