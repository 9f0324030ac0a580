"""Journeys through an edge: who is not at fault, and the words for people. Pure."""

from collections.abc import Mapping

from controller.decide.asked import JourneyFact, PageFact
from controller.decide.facts import Facts, Veto, ZoneFact
from controller.decide.ledger import Ledger
from health.detector import Verdict


def fault_of(journey: JourneyFact, ledger: Ledger, facts: Facts) -> str:
    """Say where a failing journey fails, as far as the zone's own page tells it."""
    if ledger.primary is None:
        return f"edge {journey.edge}, or what is behind it: no primary is known yet"
    zone = ledger.primary.zone
    page = facts.zones[zone].pages.get(journey.page)
    way = f"edge {journey.edge}, or its way to zone {zone}"
    if page is None:
        return f"{way}, or the zone: none of its pages has this path and host"
    if page.reading.verdict is Verdict.OK:
        return f"{way}: the zone itself answers page {journey.page} as it should"
    return f"zone {zone}: page {journey.page} is not right there either"


def failing_journeys(ledger: Ledger, facts: Facts) -> tuple[tuple[str, Veto], ...]:
    """Return what users may not get through an edge, and why nothing moves."""
    return tuple(
        (
            f"journey {name} through edge {fact.edge} fails",
            Veto(
                name="journey_failing",
                reason=f"at fault is {fault_of(fact, ledger, facts)}; a journey goes"
                " where users go, and moves no zone",
            ),
        )
        for name, fact in sorted(facts.journeys.items())
        if fact.reading.verdict is Verdict.DOWN
    )


def journeys_tree(ledger: Ledger, facts: Facts) -> Mapping[str, object]:
    """Return every journey for the status; `fault` is empty while it is not down."""
    return {
        name: {
            "edge": fact.edge,
            "verdict": fact.reading.verdict.value,
            "phase": fact.phase,
            "reason": fact.reading.reason,
            "latency_s": round(fact.latency_s, 3),
            "fault": fault_of(fact, ledger, facts)
            if fact.reading.verdict is Verdict.DOWN
            else "",
        }
        for name, fact in sorted(facts.journeys.items())
    }


def pages_tree(pages: Mapping[str, PageFact]) -> Mapping[str, object]:
    """Return one zone's pages for the status."""
    return {
        name: {
            "verdict": fact.reading.verdict.value,
            "phase": fact.phase,
            "reason": fact.reading.reason,
            "latency_s": round(fact.latency_s, 3),
        }
        for name, fact in sorted(pages.items())
    }


def notes(fact: ZoneFact) -> Mapping[str, str]:
    """Return what services of a zone say beside that they answer, by name."""
    seen = {**fact.services, **fact.also}
    return {n: r.reason for n, r in sorted(seen.items()) if r.reason != "answers"}


def answers(fact: ZoneFact) -> Mapping[str, object]:
    """Return each service's latest answer, and what it told of itself."""
    return {
        name: {
            "phase": sample.phase,
            "reason": sample.reason,
            "latency_s": round(sample.latency_s, 4),
            **sample.figures,
        }
        for name, sample in sorted(fact.latest.items())
    }
