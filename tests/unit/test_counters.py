"""Passive rates: steps between an edge's counters."""

import pytest

from health.counters import Differences, Totals
from health.rates import Counts


def totals(requests: int, failures: int = 0, aborts: int = 0) -> Totals:
    return Totals(requests=requests, failures=failures, aborts=aborts)


@pytest.mark.parametrize(
    ("before", "now", "between"),
    [
        (totals(100, 5), totals(150, 8), Counts(47, 3)),
        (totals(100, 5), totals(100, 5), Counts(0, 0)),
        # D17: gave up, or refused by the site: nobody's failure.
        (totals(100, 5, 1), totals(200, 5, 91), Counts(10, 0)),
        # Answered now, asked before.
        (totals(100, 5), totals(102, 12), Counts(0, 7)),
        # D16: restarted, or cleared.
        (totals(100, 5), totals(3, 0), None),
        (totals(100, 5), totals(120, 4), None),
        (totals(100, 5, 9), totals(120, 6, 0), None),
    ],
)
def test_what_came_in_between(
    before: Totals, now: Totals, between: Counts | None
) -> None:
    steps = Differences()
    assert steps.step(before) is None
    assert steps.step(now) == between


def test_after_a_restart_it_goes_on_from_there() -> None:
    steps = Differences()
    found = [steps.step(t) for t in (totals(9, 1), totals(2, 1), totals(6, 2))]
    assert found == [None, None, Counts(3, 1)]


def test_who_was_not_seen_meanwhile_is_read_for_the_first_time() -> None:
    """It may have restarted and counted beyond where it was."""
    steps = Differences()
    steps.step(totals(9, 1))
    steps.lost()
    assert steps.step(totals(20, 1)) is None


def test_what_ends_later_is_counted_once() -> None:
    """Asked in one step, failed or given up in the next: the sums come out right."""
    steps = Differences()
    steps.step(totals(0))
    found = [totals(4), totals(4, 3), totals(4, 3, 1), totals(6, 3, 1), totals(9, 3, 1)]
    counts = [steps.step(t) for t in found]
    assert counts == [
        Counts(4, 0),
        Counts(0, 3),
        Counts(0, 0),
        Counts(0, 0),
        Counts(1, 0),
    ]
    steps.step(totals(9, 9, 1))
    steps.lost()
    steps.step(totals(20))
    assert steps.step(totals(25)) == Counts(5, 0)  # another edge owes nothing


def test_a_zone_that_fails_everybody_slowly_is_all_bad() -> None:
    """Five a second, each failing after 0.3 s, looked at ten times a second."""
    steps, sums = Differences(), Counts()
    for tick in range(200):
        now = totals(tick // 2, max(0, tick // 2 - 2))
        sums += steps.step(now) or Counts()
    assert sums.bad / sums.total > 0.97
