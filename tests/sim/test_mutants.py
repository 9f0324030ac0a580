"""Every planted bug is seen, by name, and its story is clean without it."""

import pytest

from tests.sim import plants
from tests.sim.mutants import MUTANTS, play

RULES = range(1, 11)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_is_caught_by_name(name: str) -> None:
    """The promise's own checker objects."""
    mutant = MUTANTS[name]
    found, _ = play(mutant, mutant.plant)
    assert mutant.caught_by in found


@pytest.mark.parametrize("name", MUTANTS)
def test_the_same_story_is_clean_without_the_bug(name: str) -> None:
    """Otherwise the checker would object to everything."""
    found, site = play(MUTANTS[name], plants.none)
    assert found == {}
    assert site.world.truth.acked


@pytest.mark.parametrize("number", RULES)
def test_every_rule_of_proof_has_a_planted_bug(number: int) -> None:
    assert any(m.rule.startswith(f"rule {number}:") for m in MUTANTS.values())
