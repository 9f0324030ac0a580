"""A journey through an edge: shown, explained by the zone's own page, moving nothing."""

from dataclasses import replace

import pytest

from controller.act.metrics import render_metrics
from controller.cli.show_asked import asked_lines
from controller.decide.asked import JourneyFact, PageFact
from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.status import status_tree
from controller.model.ids import EdgeId
from health.detector import Verdict
from tests.unit.world_facts import LEDGER, POLICY, A, primary_gone, reading, some_facts

EDGE = EdgeId("edge-1")


def facts_with(
    journey: Verdict, page: Verdict | None, facts: Facts | None = None
) -> Facts:
    facts = facts or some_facts()
    pages = {}
    if page is not None:
        seen = reading(page, "HTTP 500" if page is Verdict.DOWN else "answers")
        pages = {"home": PageFact(reading=seen, phase="", latency_s=0.2)}
    zones = {**facts.zones, A.zone: replace(facts.zones[A.zone], pages=pages)}
    went = JourneyFact(
        edge=EDGE,
        reading=reading(journey, "HTTP 503"),
        phase="status",
        latency_s=0.25,
        page="home",
    )
    return replace(facts, zones=zones, journeys={"front": went})


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Verdict.OK, "edge edge-1, or its way to zone a: the zone itself answers page home"),
        (Verdict.DOWN, "zone a: page home is not right there either"),
        (None, "or the zone: none of its pages has this path and host"),
    ],
)  # fmt: skip
def test_the_zones_own_page_tells_where_a_journey_fails(
    page: Verdict | None, words: str
) -> None:
    facts = facts_with(Verdict.DOWN, page)
    decision = decide(LEDGER, facts, POLICY)
    assert decision.start is None
    (veto,) = decision.vetoes
    assert veto.name == "journey_failing"
    assert words in veto.reason
    assert decision.trouble == "journey front through edge edge-1 fails"
    tree = status_tree(LEDGER, facts, POLICY, decision)
    (line,) = [row for row in asked_lines(tree) if row.startswith("journey")]
    assert words in line
    assert "HTTP 503" in line


def test_a_journey_that_arrives_is_no_trouble() -> None:
    facts = facts_with(Verdict.OK, Verdict.OK)
    decision = decide(LEDGER, facts, POLICY)
    assert (decision.trouble, decision.vetoes) == ("", ())
    assert asked_lines(status_tree(LEDGER, facts, POLICY, decision)) == []


def test_a_journey_we_cannot_observe_is_said_and_no_trouble() -> None:
    facts = facts_with(Verdict.CANNOT_OBSERVE, None)
    decision = decide(LEDGER, facts, POLICY)
    assert decision.vetoes == ()
    (line,) = asked_lines(status_tree(LEDGER, facts, POLICY, decision))
    assert "cannot observe" in line


def test_failing_journeys_and_pages_hold_no_failover_back() -> None:
    gone = facts_with(Verdict.DOWN, Verdict.DOWN, primary_gone())
    assert decide(LEDGER, gone, POLICY).start is not None


def test_pages_and_journeys_are_scraped() -> None:
    facts = facts_with(Verdict.DOWN, Verdict.OK)
    decision = decide(LEDGER, facts, POLICY)
    text = render_metrics("cms", lambda: (LEDGER, facts, decision)).decode()
    assert 'sitedr_journey_up{journey="front",site="cms"} 0.0' in text
    assert 'sitedr_page_up{page="home",site="cms",zone="a"} 1.0' in text
