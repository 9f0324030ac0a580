"""The computed bound is what the detector keeps."""

import pytest

from controller.model.ids import ZoneId
from health.elevated import Elevation, RateDetector, RatePolicy
from health.rate_bounds import sure_within_s, volume_min

A, B = ZoneId("a"), ZoneId("b")
TICK_S = 0.05


def measured_s(policy: RatePolicy, rate: float, phase_s: float) -> float:
    """Return how long after the first bad time the detector is sure."""
    detector = RateDetector(policy, (A, B))
    each = volume_min(policy)
    began_s, good, bad = 60.0 + phase_s, 0, 0
    for tick in range(round(200 / TICK_S)):
        now_s = tick * TICK_S
        bad_s = max(0.0, now_s - began_s)
        now_bad = int(bad_s * each * rate)
        now_good = max(good, int(now_s * each) - now_bad)
        detector.record(A, now_s, good=now_good - good, bad=now_bad - bad)
        detector.record(B, now_s, good=5)
        good, bad = now_good, now_bad
        if detector.readings(now_s)[A].bare is Elevation.ELEVATED:
            return now_s - began_s
    raise AssertionError("never sure")


@pytest.mark.parametrize("phase_s", [0.0, 0.1, 0.19])
@pytest.mark.parametrize("rate", [0.2, 0.3, 1.0])
@pytest.mark.parametrize(
    "policy",
    [
        RatePolicy(),
        RatePolicy(short_s=5.0, long_s=60.0),
        RatePolicy(answers_min=100, rate_min=0.05),
    ],
)
def test_the_detector_is_sure_within_the_bound(
    policy: RatePolicy, rate: float, phase_s: float
) -> None:
    bound_s = sure_within_s(policy, rate)
    assert bound_s is not None
    found_s = measured_s(policy, rate, phase_s)
    assert bound_s - 5 * policy.bin_s < found_s <= bound_s + TICK_S


def test_what_is_below_the_floor_is_never_sure() -> None:
    assert sure_within_s(RatePolicy(), 0.1) is None
    assert sure_within_s(RatePolicy(rate_min=0.3), 0.3) is None
