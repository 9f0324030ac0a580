"""Sliding windows and the two formulas, against definitions that are slow and plain."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.rates import Counts, Meter, Window, fisher_p, wilson_lower

SMALL = st.integers(min_value=0, max_value=25)


@given(SMALL, SMALL, SMALL, SMALL)
def test_fishers_test_is_the_hypergeometric_tail(
    bad: int, good: int, other_bad: int, other_good: int
) -> None:
    """Where it says that there is evidence; elsewhere it only says that there is none."""
    here, elsewhere = Counts(good, bad), Counts(other_good, other_bad)
    all_bad, total = bad + other_bad, here.total + elsewhere.total
    ways = comb(total, here.total) if total else 1
    exact = (
        sum(
            comb(all_bad, k) * comb(total - all_bad, here.total - k)
            for k in range(bad, min(all_bad, here.total) + 1)
        )
        / ways
    )
    found = fisher_p(here, elsewhere)
    if found < 1.0:
        assert found == pytest.approx(exact, rel=1e-9)
    else:
        assert exact > 0.3 or not elsewhere.total


@given(SMALL, st.integers(min_value=1, max_value=10_000))
def test_the_bound_is_below_the_rate_and_comes_near_with_volume(
    bad: int, good: int
) -> None:
    counts = Counts(good, bad)
    assert 0.0 <= wilson_lower(counts) <= counts.rate
    many = Counts(good * 1000, bad * 1000)
    assert wilson_lower(counts) <= wilson_lower(many) + 1e-12


def test_known_values() -> None:
    """Wilson: 30 of 100 (R, prop.test without correction). Fisher: 8 of 10, 1 of 6."""
    assert wilson_lower(Counts(70, 30)) == pytest.approx(0.21895, abs=1e-5)
    assert fisher_p(Counts(2, 8), Counts(5, 1)) == pytest.approx(0.024476, abs=1e-6)


@given(
    st.lists(
        st.tuples(st.integers(min_value=0, max_value=400), st.booleans()), max_size=60
    ),
    st.integers(min_value=0, max_value=60),
)
def test_windows_are_what_came_in_their_bins(
    samples: list[tuple[int, bool]], later: int
) -> None:
    """Whatever the gaps; sums that come and go are the sums counted anew."""
    meter = Meter(1.0, Window(3), Window(12))
    at = 0
    kept: list[tuple[int, bool]] = []
    for gap, is_good in samples:
        at += gap % 30
        meter.add(float(at), good=int(is_good), bad=int(not is_good))
        kept.append((at, is_good))
    now = at + later
    for found, bins in zip(meter.read(float(now)), (3, 12), strict=True):
        inside = [ok for t, ok in kept if now - bins < t <= now]
        assert (found.good, found.bad) == (sum(inside), len(inside) - sum(inside))


def test_time_that_goes_back_counts_into_the_newest_bin() -> None:
    meter = Meter(1.0, Window(2), Window(4))
    meter.add(10.0, good=1)
    meter.add(3.0, bad=1)
    short, long = meter.read(10.0)
    assert short == long == Counts(1, 1)


@pytest.mark.parametrize("bins", [(0, 3), (4, 3)])
def test_a_meter_that_makes_no_sense_is_refused(bins: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="window"):
        Meter(1.0, Window(bins[0]), Window(bins[1]))


@pytest.mark.parametrize(
    ("bad", "total", "lower"),
    [
        (1, 1, 0.21),
        (1, 2, 0.095),
        (2, 2, 0.34),
        (3, 3, 0.44),
        (6, 20, 0.145),
        (10, 20, 0.30),
        (30, 100, 0.22),
        (60, 200, 0.24),
        (20, 1000, 0.013),
    ],
)
def test_bounds_that_people_plan_with(bad: int, total: int, lower: float) -> None:
    found = wilson_lower(Counts(total - bad, bad))
    assert found == pytest.approx(lower, abs=0.006)


@pytest.mark.parametrize(
    ("here", "elsewhere", "p"),
    [
        (Counts(70, 30), Counts(199, 1), 4e-15),
        (Counts(14, 6), Counts(39, 1), 0.004),
        (Counts(1, 1), Counts(20, 0), 0.09),
        (Counts(0, 3), Counts(10, 0), 0.0035),
    ],
)
def test_chances_that_people_plan_with(
    here: Counts, elsewhere: Counts, p: float
) -> None:
    assert fisher_p(here, elsewhere) == pytest.approx(p, rel=0.15)
