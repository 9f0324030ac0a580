"""Which story tells which detection scenario (traffic.md §7), or why none does yet."""

from collections.abc import Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NUMBERS = tuple(f"D{n}" for n in range(1, 21))

STORIES: Mapping[str, tuple[str, ...]] = {
    "D1": ("d01_bad_deploy_everywhere",),
    "D2": ("d02_one_error_of_two",),
    "D3": ("d03_nobody_asks_and_the_zone_dies",),
    "D4": ("d04_thirty_percent_in_one_zone",),
    "D5": ("d05_thirty_percent_everywhere",),
    "D6": ("d06_another_zone_has_its_own_trouble",),
    "D8": ("d08_health_url_answers_and_pages_fail",),
    "D9": ("d09_health_url_blocked_and_pages_answer",),
    "D10": ("d10_controller_cut_off_from_all", "only_the_controller_is_cut_off"),
    "D11": ("observers_only_the_daemon_sees_it_down",),
    "D12": ("observers_majority_sees_it_down",),
    "D13": ("d13_errors_come_and_go", "flapping_zone"),
    "D14": ("d14_all_zones_lost",),
    "D15": ("d15_errors_end_before_the_confirm_time",),
    "D16": ("d16_counters_begin_again",),
    "D17": ("d17_crawler_and_clients_that_give_up",),
    "D18": ("d18_backup_is_worse", "d18_backup_is_lagging"),
    "D19": ("maintenance_holds_a_failover",),
    "D20": ("d20_second_move_soon_after_the_first", "new_primary_lost_in_cooldown"),
}

MISSING: Mapping[str, str] = {
    "D7": "stories have no pages: tests/unit/test_asked.py counts late ones as bad, and"
    " the brown-out of `make detect-matrix` is one on real servers",
}

MOVES = {
    *("D3", "D4", "D6", "D8", "D12", "D13"),
    "D19",  # once the window is over
    "D20",  # the first, and once the cooldown has passed the second
}
"""Where the primary changes; in all others nothing is begun for the trouble told."""


def told(story: str) -> str:
    return (HERE / f"{story}.story").read_text("utf-8").partition("\n----\n")[2]


def test_every_scenario_has_a_story_or_a_reason() -> None:
    assert sorted({*STORIES, *MISSING}) == sorted(NUMBERS)
    assert not set(STORIES) & set(MISSING)
    assert all(MISSING.values())


@pytest.mark.parametrize("number", STORIES)
def test_the_primary_changes_where_it_is_to_and_nowhere_else(number: str) -> None:
    text = told(STORIES[number][0])
    moved = any(f" {kind} epoch=" in text for kind in ("failover", "switchover"))
    assert moved is (number in MOVES)


@pytest.mark.parametrize("number", ["D2", "D16", "D17"])
def test_what_is_nothing_is_called_nothing(number: str) -> None:
    text = told(STORIES[number][0])
    assert "veto" not in text
    assert "verdict  zone" not in text


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("D1", "not_zonal"),
        ("D5", "not_zonal"),
        ("D9", "probe_doubted"),
        ("D10", "observer_cut_off"),
        ("D10", "no_second_vantage"),
        ("D11", "no_quorum"),
        ("D14", "everything_down"),
        ("D15", "elevated_errors"),
        ("D18", "backup_not_ready"),
        ("D19", "maintenance"),
        ("D20", "cooldown"),
    ],
)
def test_what_holds_is_named(number: str, word: str) -> None:
    assert word in told(STORIES[number][0])


def test_one_move_and_no_failback_however_often_it_errs() -> None:
    assert told("d13_errors_come_and_go").count("switchover epoch=") == 1


def test_the_second_move_waits_for_the_cooldown() -> None:
    lines = told("d20_second_move_soon_after_the_first").splitlines()
    first, second = (
        float(x.split("s", 1)[0]) for x in lines if "started  switchover" in x
    )
    assert second - first >= 180.0
