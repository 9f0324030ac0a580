"""Pages beside users: like is compared with like, and one of both speaks for a zone."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from controller.model.ids import ZoneId
from health.asked import by_pages, page_rates, spoken_for
from health.elevated import (
    NO_RATES,
    Asker,
    Elevation,
    RateDetector,
    RatePolicy,
    RateReading,
    judge,
)
from health.rates import Counts

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
CALM, FAILING, NOBODY = Counts(200, 1), Counts(70, 30), Counts()
PAGE_RULE = page_rates(every_s=1.0, slow_s=3.0)


def users(here: Counts, elsewhere: Counts) -> RateReading:
    window = judge(here, elsewhere, RatePolicy())
    return replace(NO_RATES, says=window.says, short=window, long=window)


def pages(here: Counts, elsewhere: Counts) -> RateReading:
    window = judge(here, elsewhere, PAGE_RULE)
    return by_pages(replace(NO_RATES, says=window.says, short=window, long=window))


PAGES_FAIL_HERE = pages(Counts(0, 18), Counts(36, 0))
PAGES_FINE = pages(Counts(18, 0), Counts(36, 0))
PAGES_FAIL_EVERYWHERE = pages(Counts(0, 18), Counts(0, 36))
NO_PAGES = pages(NOBODY, NOBODY)
LEFT = replace(users(NOBODY, NOBODY), says=Elevation.ELEVATED)  # users have gone


@pytest.mark.parametrize(
    ("told", "asked", "says", "by"),
    [
        pytest.param(users(FAILING, NOBODY), PAGES_FAIL_HERE, Elevation.ELEVATED, Asker.PAGES, id="D4 active/passive"),
        pytest.param(users(FAILING, NOBODY), PAGES_FINE, Elevation.NOT_ZONAL, Asker.USERS, id="D1 the bad deploy is another page"),
        pytest.param(users(FAILING, NOBODY), PAGES_FAIL_EVERYWHERE, Elevation.NOT_ZONAL, Asker.USERS, id="D1 a bad deploy everywhere"),
        pytest.param(users(FAILING, NOBODY), NO_PAGES, Elevation.NOT_ZONAL, Asker.USERS, id="no pages configured"),
        pytest.param(users(FAILING, Counts(140, 60)), PAGES_FAIL_HERE, Elevation.NOT_ZONAL, Asker.USERS, id="D5 users fail elsewhere too"),
        pytest.param(users(CALM, NOBODY), PAGES_FAIL_HERE, Elevation.CALM, Asker.USERS, id="D9 our question is blocked"),
        pytest.param(users(FAILING, CALM), PAGES_FINE, Elevation.ELEVATED, Asker.USERS, id="D8 passive evidence wins"),
        pytest.param(users(Counts(1, 1), NOBODY), PAGES_FAIL_HERE, Elevation.ELEVATED, Asker.PAGES, id="D3 few users"),
        pytest.param(users(NOBODY, NOBODY), PAGES_FAIL_EVERYWHERE, Elevation.NOT_ZONAL, Asker.PAGES, id="no users, all fail"),
        pytest.param(users(NOBODY, NOBODY), NO_PAGES, Elevation.LOW_VOLUME, Asker.USERS, id="nobody asks anything"),
        pytest.param(LEFT, PAGES_FINE, Elevation.CALM, Asker.PAGES, id="left alone, and well again"),
        pytest.param(LEFT, PAGES_FAIL_HERE, Elevation.ELEVATED, Asker.USERS, id="left alone, and no better"),
        pytest.param(LEFT, NO_PAGES, Elevation.ELEVATED, Asker.USERS, id="left alone, and nobody asks"),
    ],
)  # fmt: skip
def test_one_of_both_speaks_for_the_zone(
    told: RateReading, asked: RateReading, says: Elevation, by: Asker
) -> None:
    found = spoken_for(told, asked)
    assert (found.says, found.by) == (says, by)


def test_a_brown_out_is_seen_though_a_late_zone_gives_few_answers() -> None:
    """D7: one answer in three seconds here, one a second elsewhere."""
    seen = RateDetector(PAGE_RULE, (A, B, C))
    said: Mapping[ZoneId, RateReading] = {}
    for second in range(240):
        at_s = 1000.0 + second
        slow = second >= 120
        if not slow or second % 3 == 0:
            seen.record(A, at_s, good=not slow, bad=slow)
        for zone in (B, C):
            seen.record(zone, at_s, good=1)
        said = seen.readings(at_s)
        if second == 119:
            assert said[A].says is Elevation.CALM
    assert said[A].says is Elevation.ELEVATED
    assert said[B].says is Elevation.CALM


def test_one_late_answer_is_no_brown_out() -> None:
    seen = RateDetector(PAGE_RULE, (A, B, C))
    for second in range(240):
        for zone in (A, B, C):
            bad = zone == A and second == 200
            seen.record(zone, 1000.0 + second, good=not bad, bad=bad)
        assert seen.readings(1000.0 + second)[A].says is not Elevation.ELEVATED


@pytest.mark.parametrize(("every_s", "slow_s"), [(0.1, 0.5), (1.0, 3.0), (7.0, 30.0)])
def test_the_windows_hold_enough_rounds_of_what_is_slowest(
    every_s: float, slow_s: float
) -> None:
    rule = page_rates(every_s=every_s, slow_s=slow_s)
    assert rule.short_s * 0.9 / max(every_s, slow_s) >= rule.answers_min
