"""The catalogue is whole, and every test in it is there, for the engines it says."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.scenarios.catalogue import SCENARIOS
from tests.integration.scenarios.scenario import Scenario

TESTS = ROOT / "tests"
COUNT = 39
ENGINES = ("mariadb", "mysql")


@pytest.fixture(scope="module")
def collected() -> Mapping[str, set[str]]:
    """Return `FILE::NAME` to the full ids collected of it, lower case."""
    files = sorted({t.split("::")[0] for s in SCENARIOS for t in s.tests})
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", ""),
            *("-p", "no:cacheprovider", *(str(TESTS / f) for f in files)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, set[str]] = {}
    for line in ended.stdout.splitlines():
        file, _, rest = line.removeprefix("tests/").partition("::")
        name = rest.rpartition("::")[2].partition("[")[0]
        found.setdefault(f"{file}::{name}", set()).add(rest.lower())
    return found


def test_every_scenario_is_there_once() -> None:
    """In their own order; each is shown somewhere, or it says why it is not."""
    assert [s.number for s in SCENARIOS] == list(range(1, COUNT + 1))
    for scenario in SCENARIOS:
        assert scenario.tests or scenario.simulated or scenario.left, scenario


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.number:02}")
def test_what_shows_a_scenario_exists(
    scenario: Scenario, collected: Mapping[str, set[str]]
) -> None:
    """Collected, for every engine it is said to be about; a story by its file."""
    stories = [s for s in scenario.simulated if "::" not in s]
    assert [s for s in stories if not (TESTS / "story" / f"{s}.story").exists()] == []
    assert [t for t in scenario.tests if t not in collected] == []
    for test in scenario.both:
        ids = " ".join(collected[test])
        assert [e for e in ENGINES if e not in ids] == [], test


def test_one_engine_alone_says_why() -> None:
    """A test of one engine has its like on the other, or a reason."""
    for s in SCENARIOS:
        assert s.left or bool(s.mariadb) == bool(s.mysql), s.number


def test_every_test_of_a_scenario_is_in_the_catalogue() -> None:
    """Who adds one is reminded of the catalogue."""
    named = {test.rpartition("::")[2] for s in SCENARIOS for test in s.tests}
    for file in Path(__file__).parent.glob("test_*.py"):
        lines = file.read_text("utf-8").splitlines()
        heads = [li.split("(")[0] for li in lines if li.startswith("def test_")]
        numbered = {h.removeprefix("def ") for h in heads if h[9:11].isdigit()}
        assert numbered - named == set(), file.name
