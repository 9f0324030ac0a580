"""A journey through an edge: shown, explained by the zone's own page, moving nothing."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from controller.act.metrics import render_metrics
from controller.cli.show_asked import asked_lines
from controller.decide.asked import JourneyFact, PageFact
from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.redundancy import find_spare
from controller.decide.status import status_tree
from controller.model.ids import EdgeId
from health.certificate import CERTIFICATE_LEFT_S
from health.detector import Verdict
from health.ports import Sample
from tests.unit.world_facts import (
    LEDGER,
    POLICY,
    A,
    B,
    C,
    primary_gone,
    reading,
    some_facts,
)

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


def answer(figure: str, value: float) -> Sample:
    figures = {figure: value}
    return Sample(phase="", reason="answers", latency_s=0.02, figures=figures)


def journey_lines(tree: Mapping[str, object]) -> list[str]:
    return [line for line in asked_lines(tree) if line.startswith("journey")]


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
    (line,) = journey_lines(tree)
    assert words in line
    assert "HTTP 503" in line


def test_a_journey_that_arrives_is_no_trouble() -> None:
    facts = facts_with(Verdict.OK, Verdict.OK)
    decision = decide(LEDGER, facts, POLICY)
    assert (decision.trouble, decision.vetoes) == ("", ())
    assert journey_lines(status_tree(LEDGER, facts, POLICY, decision)) == []


def test_a_journey_we_cannot_observe_is_said_and_no_trouble() -> None:
    facts = facts_with(Verdict.CANNOT_OBSERVE, None)
    decision = decide(LEDGER, facts, POLICY)
    assert decision.vetoes == ()
    (line,) = journey_lines(status_tree(LEDGER, facts, POLICY, decision))
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


def test_what_services_tell_of_themselves_is_scraped_and_shown() -> None:
    """A certificate that ends soon, a store that is full; what is unknown is no 0."""
    facts = some_facts()
    zone = replace(
        facts.zones[A.zone],
        services={"origin": reading(Verdict.OK, "answers; its certificate ends in 3.0 days")},
        also={"search": reading(Verdict.DOWN, "HTTP 404"), "dns": reading(Verdict.UNDECIDED)},
        latest={
            "origin": answer(CERTIFICATE_LEFT_S, 259200.0),
            "redis": answer("memory_ratio", 0.75),
            "search": Sample(phase="status", reason="HTTP 404", latency_s=0.01),
        },
    )  # fmt: skip
    facts = replace(facts, zones={**facts.zones, A.zone: zone})
    decision = decide(LEDGER, facts, POLICY)
    assert decision.start is None
    assert decision.trouble == "search of zone a is down"
    text = render_metrics("cms", lambda: (LEDGER, facts, decision)).decode()
    name = "sitedr_certificate_expires_seconds"
    assert f'{name}{{asked="origin a",site="cms"}} 259200.0' in text
    assert 'sitedr_redis_memory_ratio{site="cms",zone="a"} 0.75' in text
    assert "sitedr_redis_evictions_per_second{" not in text
    assert 'sitedr_service_up{service="search",site="cms",zone="a"} 0.0' in text
    assert 'service="dns"' not in text
    took = "sitedr_service_answer_seconds{service="
    assert f'{took}"redis",site="cms",zone="a"}} 0.02' in text
    assert f'{took}"search"' not in text
    tree = status_tree(LEDGER, facts, POLICY, decision)
    zones = tree["zones"]
    assert isinstance(zones, dict)
    assert zones["a"]["answers"]["redis"] == {
        "phase": "",
        "reason": "answers",
        "latency_s": 0.02,
        "memory_ratio": 0.75,
    }
    assert zones["a"]["answers"]["search"]["phase"] == "status"
    assert "origin of zone a: answers; its certificate ends in 3.0 days" in asked_lines(
        tree
    )


def test_a_zone_whose_search_alone_answers_does_not_work() -> None:
    """Search is not replicated and makes no zone alive."""
    facts = some_facts()
    down = reading(Verdict.DOWN)
    zone = replace(
        facts.zones[C.zone],
        services={"origin": down, "redis": down},
        also={"search": reading(Verdict.OK)},
    )
    facts = replace(facts, zones={**facts.zones, C.zone: zone})
    assert find_spare(LEDGER, facts, POLICY, taken=(A.zone, B.zone)) is None
