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
