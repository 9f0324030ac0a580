"""Elevated error rates, scenario by scenario (D numbers: traffic.md §7)."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from controller.model.ids import ZoneId
from health.elevated import Elevation, RateDetector, RatePolicy, RateReading, judge
from health.rates import Counts

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
STEP_S = 0.1
Rates = Mapping[ZoneId, tuple[int, int]]


class Site:
    """Answers by the tenth of a second: of each zone so many, so many of ten bad."""

    def __init__(self, policy: RatePolicy | None = None) -> None:
        self.detector = RateDetector(policy or RatePolicy(), (A, B, C))
        self.ticks = 0
        self.found: Mapping[ZoneId, RateReading] = {}

    def goes_on(self, seconds: float, rates: Rates) -> Mapping[ZoneId, RateReading]:
        """Let time pass; bad ones are spread evenly."""
        for _ in range(round(seconds / STEP_S)):
            self.ticks += 1
            for zone, (each, bad_of_ten) in rates.items():
                before = (self.ticks - 1) * each * bad_of_ten // 10
                bad = self.ticks * each * bad_of_ten // 10 - before
                self.detector.record(
                    zone, self.ticks * STEP_S, good=each - bad, bad=bad
                )
            self.found = self.detector.readings(self.ticks * STEP_S)
        return self.found

    def says(self, seconds: float, rates: Rates) -> dict[ZoneId, Elevation]:
        return {z: r.says for z, r in self.goes_on(seconds, rates).items()}


def test_d1_d5_everywhere_is_nobodys_zone() -> None:
    """A bad deploy, or 30 % in all zones."""
    for bad in (10, 3):
        found = Site().says(20, {A: (10, bad), B: (10, bad), C: (10, bad)})
        assert set(found.values()) == {Elevation.NOT_ZONAL}


def test_d2_one_error_of_two_says_nothing() -> None:
    detector = RateDetector(RatePolicy(), (A, B, C))
    detector.record(A, 1.0, good=1, bad=1)
    found = detector.readings(1.0)[A]
    assert found.says is Elevation.LOW_VOLUME
    assert found.short.here == Counts(1, 1)


def test_d4_one_zone_at_thirty_percent() -> None:
    """Within the short window and the time the long one needs to be sure."""
    site = Site()
    site.goes_on(30, {A: (10, 0), B: (10, 0), C: (10, 0)})
    rates = {A: (10, 3), B: (10, 0), C: (10, 0)}
    assert site.says(2, rates)[A] is not Elevation.ELEVATED
    found = site.goes_on(4, rates)
    assert found[A].says is Elevation.ELEVATED
    assert (found[B].says, found[C].says) == (Elevation.CALM, Elevation.CALM)
    assert found[A].short.share == 1.0
    assert found[A].since_s < site.ticks * STEP_S
    assert "100% of all failures" in found[A].sentence()


def test_d6_the_other_zones_own_trouble_changes_nothing() -> None:
    """A at 55 % availability, B at 98 for an unrelated reason."""
    detector = RateDetector(RatePolicy(), (A, B, C))
    for tick in range(200):
        at_s = tick * STEP_S
        detector.record(A, at_s, good=11, bad=9)
        detector.record(B, at_s, good=49, bad=1)
        detector.record(C, at_s, good=50)
    found = detector.readings(20.0)
    assert (found[A].says, found[B].says) == (Elevation.ELEVATED, Elevation.CALM)


def test_two_zones_that_fail_alike_are_no_zone() -> None:
    found = Site().says(20, {A: (10, 5), B: (10, 5), C: (10, 0)})
    assert (found[A], found[B]) == (Elevation.NOT_ZONAL, Elevation.NOT_ZONAL)
    assert found[C] is Elevation.CALM


def test_what_is_over_ends_slowly_and_a_blip_ends_nothing() -> None:
    """Hysteresis; and a zone that gets no traffic any more is not well by that."""
    site = Site(RatePolicy(clear_s=10.0))
    bad, well = (
        {A: (10, 5), B: (10, 0), C: (10, 0)},
        {A: (10, 0), B: (10, 0), C: (10, 0)},
    )
    assert site.says(20, bad)[A] is Elevation.ELEVATED
    assert site.says(8, well)[A] is Elevation.ELEVATED
    assert site.says(3, bad)[A] is Elevation.ELEVATED
    assert site.says(8, well)[A] is Elevation.ELEVATED
    assert site.says(60, {B: (10, 0), C: (10, 0)})[A] is Elevation.ELEVATED
    assert site.says(20, well)[A] is Elevation.CALM


def test_d15_what_is_clean_before_the_long_window_is_sure_was_nothing() -> None:
    site = Site(RatePolicy(short_s=2.0, long_s=60.0))
    well = {A: (10, 0), B: (10, 0), C: (10, 0)}
    site.goes_on(60, well)
    assert site.says(4, {A: (10, 9), B: (10, 0), C: (10, 0)})[A] is Elevation.CALM
    assert site.says(10, well)[A] is Elevation.CALM


@pytest.mark.parametrize(
    ("here", "elsewhere", "says"),
    [
        (Counts(0, 0), Counts(100, 0), Elevation.LOW_VOLUME),
        (Counts(0, 19), Counts(100, 0), Elevation.LOW_VOLUME),
        (Counts(0, 20), Counts(100, 0), Elevation.ELEVATED),
        (Counts(17, 3), Counts(100, 0), Elevation.CALM),  # surely above 5 % only
        (Counts(70, 30), Counts(400, 13), Elevation.NOT_ZONAL),  # 30 of 43: 69.8 %
        (Counts(70, 30), Counts(400, 12), Elevation.ELEVATED),
        (Counts(0, 20), Counts(0, 0), Elevation.NOT_ZONAL),  # nobody to compare with
    ],
)
def test_each_bound(here: Counts, elsewhere: Counts, says: Elevation) -> None:
    assert judge(here, elsewhere, RatePolicy()).says is says


@pytest.mark.parametrize(
    "wrong",
    [
        {"short_s": 3.0, "long_s": 10.05},
        {"long_s": 1.0},
        {"share_min": 0.5},
        {"rate_min": 1.0},
        {"p_max": 0.0},
        {"answers_min": 0},
    ],
)
def test_thresholds_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(
        ValueError, match=r"long_s|share_min|rate_min|p_max|answers_min"
    ):
        RatePolicy(**wrong)


def test_a_quiet_night_ends_it() -> None:
    """Few answers, all good: judged by how many were bad, though too few for more."""
    site = Site(RatePolicy(clear_s=10.0, answers_min=50))
    bad = {A: (10, 5), B: (10, 0), C: (10, 0)}
    few = {A: (1, 0), B: (1, 0), C: (1, 0)}
    assert site.says(20, bad)[A] is Elevation.ELEVATED
    assert site.says(8, few)[A] is Elevation.ELEVATED
    assert site.says(40, few)[A] is Elevation.LOW_VOLUME


@pytest.mark.parametrize(
    "wrong",
    [
        {"short_s": 0.0},
        {"short_s": -2.0, "long_s": -10.0},
        {"long_s": math.inf},
        {"clear_s": -1.0},
    ],
)
def test_windows_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="short_s"):
        RatePolicy(**wrong)


ZONAL = {A: (10, 5), B: (10, 0), C: (10, 0)}
WELL = {A: (10, 0), B: (10, 0), C: (10, 0)}
SHARED = {A: (10, 5), B: (10, 5), C: (10, 5)}


def test_one_bad_moment_elsewhere_is_no_common_cause_and_begins_nothing() -> None:
    """Elevated stands for a whole short window, but is not acted on meanwhile."""
    site = Site(RatePolicy(short_s=2.0))
    assert site.goes_on(20, ZONAL)[A].says is Elevation.ELEVATED
    site.goes_on(0.1, {A: (10, 5), B: (2000, 5), C: (10, 0)})
    found = site.found[A]
    assert Elevation.NOT_ZONAL in {found.short.says, found.long.says}
    assert (found.says, found.sure_s) == (Elevation.ELEVATED, 0.0)
    assert site.says(20, SHARED)[A] is Elevation.NOT_ZONAL


def test_surely_elevated_is_counted_from_when_both_windows_said_so() -> None:
    site = Site()
    site.goes_on(20, WELL)
    assert site.found[A].sure_s == 0.0
    before = site.goes_on(5, ZONAL)[A].sure_s
    assert 0 < before < 5
    assert site.goes_on(3, ZONAL)[A].sure_s == pytest.approx(before + 3)


def test_a_break_shorter_than_the_short_window_is_chance() -> None:
    site = Site()
    before = site.goes_on(20, ZONAL)[A].sure_s
    found = site.goes_on(1.9, {A: (1, 0), B: (10, 0), C: (10, 0)})[A]
    assert (found.bare, found.sure_s > before) == (Elevation.LOW_VOLUME, True)
    assert site.goes_on(0.9, {**ZONAL, A: (30, 5)})[A].sure_s > before + 2


def test_d15_what_was_clean_for_a_short_window_begins_anew() -> None:
    """Hysteresis keeps the name; what may be acted on is reset."""
    site = Site()
    assert site.goes_on(20, ZONAL)[A].sure_s > 10
    found = site.goes_on(6, WELL)[A]
    assert (found.says, found.sure_s) == (Elevation.ELEVATED, 0.0)
    assert site.goes_on(4, ZONAL)[A].sure_s < 4


def test_a_common_cause_resets_at_once() -> None:
    site = Site()
    assert site.goes_on(20, ZONAL)[A].sure_s > 10
    assert site.goes_on(6, SHARED)[A].sure_s == 0.0


def test_a_moment_in_which_chance_might_explain_it_is_no_common_cause() -> None:
    """Few answers, in bursts: Fisher's p is above its bound now and then."""
    policy = RatePolicy(short_s=10, long_s=20, answers_min=5)
    detector = RateDetector(policy, (A, B))
    doubted, sure_s = set(), 0.0
    for second in range(60):
        bad = 3 if second % 10 in {3, 6, 9} else 0
        detector.record(A, float(second), good=3 - bad, bad=bad)
        detector.record(B, float(second), good=3)
        found = detector.readings(float(second))[A]
        doubted.add(found.bare)
        sure_s = max(sure_s, found.sure_s)
    assert Elevation.NOT_ZONAL in doubted, "otherwise this shows nothing"
    assert sure_s > 20
