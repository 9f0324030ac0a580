"""Thresholds of error rates in YAML: left out they are what they were."""

import pytest

from controller.config.load import parse_site
from controller.config.policy import began, decide_policy, rate_policy
from health.elevated import RatePolicy
from tests.unit.test_config import EXAMPLE, changed, problems


def test_the_example_shows_the_defaults_and_left_out_they_are_the_same() -> None:
    lines = EXAMPLE.read_text().splitlines(keepends=True)
    start = lines.index(next(x for x in lines if x.startswith("rates:")))
    end = lines.index(next(x for x in lines if x.startswith("promotion:")))
    for text in (EXAMPLE.read_text(), "".join(lines[:start] + lines[end:])):
        site = parse_site(text, name="site.yaml")
        assert rate_policy(site) == RatePolicy()
        policy = decide_policy(site)
        assert (policy.zone_errors_move, policy.zone_errors_s) == (True, 5.0)
        assert began(site, at_s=0.0, wall_s=0.0).rates == RatePolicy()


def test_what_is_set_is_what_daemon_and_recording_judge_by() -> None:
    text = changed(("  answers_min: 20 ", "  answers_min: 50 "))
    text = text.replace("  action: switchover ", "  action: hold ")
    site = parse_site(text, name="site.yaml")
    assert rate_policy(site) == RatePolicy(answers_min=50)
    assert began(site, at_s=0.0, wall_s=0.0).rates.answers_min == 50
    assert not decide_policy(site).zone_errors_move


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  short_s: 2 ", "  shorts: 2 ", "rates.shorts: unknown key"),
        ("  short_s: 2 ", "  short_s: 0.1 ", "rates.short_s: "),
        ("  long_s: 10 ", "  long_s: 1 ", "rates: 0 < short_s <= long_s"),
        ("  share_min: 0.7 ", "  share_min: 0.5 ", "rates.share_min: "),
        ("  answers_min: 20 ", "  answers_min: 2.5 ", "rates.answers_min: "),
        ("  action: switchover ", "  action: failover ", "zone_errors.action: "),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(
    old: str, new: str, told: str
) -> None:
    text = changed((old, new))
    (found,) = problems(text)
    assert told in found
    key = "rates:" if told.startswith("rates: ") else new.strip()
    lines = [n for n, x in enumerate(text.splitlines(), 1) if x.strip().startswith(key)]
    assert f"site.yaml:{lines[0]}:" in found
