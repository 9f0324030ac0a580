"""Users get errors while the primary answers: named, explained, and nothing moves."""

from dataclasses import replace

import pytest

from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.status import status_tree
from health.asked import by_pages
from health.elevated import NO_RATES, RatePolicy, RateReading, judge
from health.rates import Counts
from tests.unit.world_facts import LEDGER, POLICY, A, B, primary_gone, some_facts

QUIET = Counts(200, 1)
FAILING = Counts(70, 30)


def rates(here: Counts, elsewhere: Counts) -> RateReading:
    """Return what the rule says where both windows hold the same."""
    window = judge(here, elsewhere, RatePolicy())
    return replace(NO_RATES, says=window.says, short=window, long=window)


def facts_with(**of_zone: RateReading) -> Facts:
    facts = some_facts()
    zones = {
        zone: replace(fact, rates=of_zone.get(zone, NO_RATES))
        for zone, fact in facts.zones.items()
    }
    return replace(facts, zones=zones)


@pytest.mark.parametrize(
    ("here", "elsewhere", "veto"),
    [
        pytest.param(FAILING, QUIET, "elevated_errors", id="D4 30 % in one zone"),
        pytest.param(FAILING, Counts(140, 60), "not_zonal", id="D5 30 % everywhere"),
        pytest.param(Counts(0, 100), Counts(), "not_zonal", id="D1 nobody elsewhere"),
    ],
)
def test_what_users_get_is_named_and_moves_nothing(
    here: Counts, elsewhere: Counts, veto: str
) -> None:
    decision = decide(LEDGER, facts_with(a=rates(here, elsewhere)), POLICY)
    assert decision.start is None
    assert [v.name for v in decision.vetoes] == [veto]
    assert "zone a fails its users" in decision.trouble


@pytest.mark.parametrize(
    ("elsewhere", "veto"), [(QUIET, "elevated_errors"), (FAILING, "not_zonal")]
)
def test_what_only_pages_tell_is_not_said_of_users(
    elsewhere: Counts, veto: str
) -> None:
    decision = decide(LEDGER, facts_with(b=by_pages(rates(FAILING, elsewhere))), POLICY)
    assert decision.start is None
    assert [v.name for v in decision.vetoes] == [veto]
    assert decision.trouble == "zone b fails pages we ask it for"


@pytest.mark.parametrize(
    ("here", "elsewhere"),
    [
        pytest.param(Counts(1, 1), QUIET, id="D2 one of two"),
        pytest.param(Counts(), QUIET, id="D3 no requests"),
        pytest.param(QUIET, QUIET, id="all is well"),
    ],
)
def test_what_is_nothing_is_not_named(here: Counts, elsewhere: Counts) -> None:
    decision = decide(LEDGER, facts_with(a=rates(here, elsewhere)), POLICY)
    assert (decision.trouble, decision.vetoes) == ("", ())


def test_the_words_stand_still_while_the_figures_move() -> None:
    """The journal takes a veto once, not ten times a second."""
    one = decide(LEDGER, facts_with(a=rates(FAILING, QUIET)), POLICY)
    two = decide(LEDGER, facts_with(a=rates(Counts(60, 40), QUIET)), POLICY)
    assert (one.trouble, one.vetoes) == (two.trouble, two.vetoes)


def test_a_zone_that_nobody_asks_any_more_is_not_named() -> None:
    """It stays elevated (nothing says that it is well), but fails no user."""
    left = replace(rates(FAILING, QUIET), short=NO_RATES.short, long=NO_RATES.long)
    assert decide(LEDGER, facts_with(a=left), POLICY).vetoes == ()


def test_a_lost_primary_is_moved_whatever_its_users_get() -> None:
    """Rates hold nothing back: the hard-down path does not ask them."""
    gone = primary_gone()
    zones = {
        z: replace(f, rates=rates(FAILING, FAILING)) for z, f in gone.zones.items()
    }
    assert decide(LEDGER, replace(gone, zones=zones), POLICY).start is not None


def test_the_status_shows_the_figures() -> None:
    facts = facts_with(a=rates(FAILING, QUIET), b=rates(QUIET, FAILING))
    tree = status_tree(LEDGER, facts, POLICY, decide(LEDGER, facts, POLICY))
    zones = tree["zones"]
    assert isinstance(zones, dict)
    assert zones[A.zone]["rates"]["failures"] == [30, 30]
    assert zones[A.zone]["rates"]["answers"] == [100, 100]
    assert zones[B.zone]["rates"]["verdict"] == "calm"
    assert "30 of 100 failed" in zones[A.zone]["rates"]["why"]
