"""Who may begin a promotion: a table, and what becomes of a decision that is held."""

from dataclasses import replace

import pytest

from controller.decide.admission import (
    NAME,
    Claim,
    Limits,
    budget_veto,
    goes_before,
    within_budget,
)
from controller.decide.decide import Decision, Start
from controller.decide.facts import Veto
from controller.decide.saga import Step
from tests.unit.test_ledger import FAILOVER_PLAN

LIMITS = Limits(promotions_max=2, stuck_s=5.0)


def claim(
    name: str, priority: int = 50, lost_s: float = 1.0, *, asks: bool = True
) -> Claim:
    return Claim(cluster=name, priority=priority, lost_since_s=lost_s, asks=asks)


MINE = claim("mine", 50, 2.0)


@pytest.mark.parametrize(
    ("other", "first"),
    [
        (claim("x", 90, 9.0), True),
        (claim("x", 10, 0.0), False),
        (claim("x", 50, 1.0), True),
        (claim("x", 50, 3.0), False),
        (claim("a", 50, 2.0), True),  # the same in all: by name, so that one goes first
        (claim("x", 50, 2.0), False),
        (claim("x", 90, 9.0, asks=False), True),
        (claim("x", 50, 1.0, asks=False), False),
    ],
)
def test_priority_goes_before_the_longer_loss(other: Claim, *, first: bool) -> None:
    assert goes_before(other, MINE) is first


@pytest.mark.parametrize(
    ("others", "under_way", "words"),
    [
        ([], 0, ""),
        ([], 1, ""),
        ([], 2, "2 promotions are under way, 2 at most"),
        ([claim("x", 90)], 0, ""),
        ([claim("x", 90)], 1, "x go first, 2 at once at most"),
        ([claim("x", 90), claim("y", 90)], 0, "x, y go first"),
        ([claim("x", 10), claim("y", 10)], 1, ""),
        ([claim("x", 90, asks=False), claim("y", 90)], 0, "x, y go first"),
    ],
)
def test_so_many_at_once_and_the_important_first(
    others: list[Claim], under_way: int, words: str
) -> None:
    found = budget_veto(MINE, others, under_way=under_way, limits=LIMITS)
    assert (found is None) is (words == "")
    assert found is None or words in found.reason


def test_what_is_held_keeps_its_trouble_and_gains_a_veto() -> None:
    start = Start(plan=FAILOVER_PLAN, step=Step.CONFIRM)
    found = Decision(start=start, trouble="lost")
    veto = Veto(name=NAME, reason="2 promotions are under way")
    assert within_budget(found, ()) is found
    assert within_budget(found, (veto,)) == Decision(trouble="lost", vetoes=(veto,))


def test_a_person_waives_the_budget_by_name() -> None:
    plan = replace(FAILOVER_PLAN, overrides=(NAME,))
    found = Decision(start=Start(plan=plan, step=Step.CONFIRM), trouble="lost")
    assert within_budget(found, (Veto(name=NAME, reason="full"),)) is found
    also = Veto(name="other", reason="too")
    held = within_budget(found, (Veto(name=NAME, reason="full"), also))
    assert held.vetoes == (also,)
