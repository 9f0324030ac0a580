"""The hard-down rule: so many in a row; blindness and silence are not death."""

import pytest

from health.detector import Detector, DetectorPolicy, Verdict

POLICY = DetectorPolicy(rounds_down=3, rounds_clear=4, stale_s=2.0)


def fed(*phases: str) -> Detector:
    detector = Detector(POLICY)
    for number, phase in enumerate(phases):
        detector.record(number * 0.1, phase=phase, reason=phase or "answers")
    return detector


def verdict(detector: Detector, now_s: float = 1.0) -> Verdict:
    return detector.reading(now_s).verdict


def test_no_sample_and_old_samples_are_no_knowledge() -> None:
    """Silence is not health."""
    assert verdict(Detector(POLICY)) is Verdict.UNDECIDED
    assert verdict(fed(""), now_s=0.1) is Verdict.OK
    assert verdict(fed(""), now_s=9.0) is Verdict.UNDECIDED
    assert verdict(fed("read", "read", "read"), now_s=9.0) is Verdict.UNDECIDED


def test_down_needs_every_one_of_the_last_rounds() -> None:
    """One answer in between starts the count anew."""
    assert verdict(fed("", "read", "read")) is Verdict.UNDECIDED
    assert verdict(fed("", "read", "read", "read")) is Verdict.DOWN
    assert verdict(fed("read", "read", "", "read", "read")) is Verdict.UNDECIDED


def test_down_ends_only_after_several_answers() -> None:
    """Hysteresis: a flapping service stays down."""
    bad = ("read",) * 3
    assert verdict(fed(*bad, "", "", "")) is Verdict.DOWN
    assert verdict(fed(*bad, "", "", "", "")) is Verdict.OK
    assert verdict(fed(*bad, "", "", "", "read", "", "", "")) is Verdict.DOWN


@pytest.mark.parametrize("phase", ["auth", "dns"])
def test_a_refused_password_says_nothing_about_the_zone(phase: str) -> None:
    """Cannot observe is neither up nor down, and counts for neither."""
    assert verdict(fed("", phase, phase, phase, phase)) is Verdict.CANNOT_OBSERVE
    assert verdict(fed("read", "read", phase, "read")) is Verdict.DOWN


def test_since_is_the_first_sample_of_the_present_run() -> None:
    """For people: down since when."""
    reading = fed("", "", "read", "read", "read").reading(0.5)
    assert reading.since_s == pytest.approx(0.2)
    assert reading.bad_in_a_row == 3


@pytest.mark.parametrize(
    "changes", [{"rounds_down": 1}, {"rounds_clear": 0}, {"stale_s": 0.0}]
)
def test_a_policy_that_cannot_work_is_refused(changes: dict[str, int]) -> None:
    """One blip must never be an outage."""
    good: dict[str, float] = {"rounds_down": 3, "rounds_clear": 4, "stale_s": 2.0}
    with pytest.raises(ValueError, match="must be"):
        DetectorPolicy(**(good | changes))  # type: ignore[arg-type]
