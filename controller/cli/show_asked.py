"""Pages, journeys and rates in `sitedr status`: only what is not as it should be."""

from collections.abc import Iterator, Mapping
from typing import Any


def asked_lines(tree: Mapping[str, object]) -> list[str]:
    """Return a line for each service, page and journey that is not as it should be.

    And one for each zone of which something failed lately.
    """
    zones = tree["zones"]
    assert isinstance(zones, Mapping)
    return [
        *_notes(zones),
        *_pages(zones),
        *_journeys(tree.get("journeys")),
        *_conditions(zones),
        *_rates(zones),
    ]


def _notes(zones: Mapping[str, Any]) -> Iterator[str]:
    for zone, fact in zones.items():
        for name, said in fact.get("notes", {}).items():
            yield f"{name} of zone {zone}: {said}"


def _conditions(zones: Mapping[str, Any]) -> Iterator[str]:
    """Say what a zone is called; missing in what an older daemon tells."""
    for zone, fact in zones.items():
        if (named := fact.get("condition")) and named["name"] != "none":
            yield f"zone {zone}: {named['name'].replace('_', ' ')}: {named['why']}"


def _rates(zones: Mapping[str, Any]) -> Iterator[str]:
    for zone, fact in zones.items():
        rates = fact.get("rates")
        if rates and any(rates["failures"]):
            said = f"{rates['verdict'].replace('_', ' ')}: {rates['why']}"
            yield f"{rates.get('by', 'users')} of zone {zone}: {said}"


def _pages(zones: Mapping[str, Any]) -> Iterator[str]:
    for zone, fact in zones.items():
        for name, page in fact.get("pages", {}).items():
            if page["verdict"] in _TOLD:
                said = f"{page['verdict'].replace('_', ' ')}: {page['reason']}"
                yield f"page {name} of zone {zone}: {said}"


def _journeys(journeys: object) -> Iterator[str]:
    for name, found in journeys.items() if isinstance(journeys, Mapping) else ():
        if found["verdict"] in _TOLD:
            said = f"{found['verdict'].replace('_', ' ')}: {found['reason']}"
            fault = f"; at fault: {found['fault']}" if found["fault"] else ""
            yield f"journey {name} through edge {found['edge']}: {said}{fault}"


_TOLD = frozenset({"down", "cannot_observe"})
