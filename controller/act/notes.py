"""What the daemon notes of its observations, by name; pure."""

from controller.decide.facts import Facts
from controller.model.ids import ZoneId
from health.detector import Verdict


def verdicts_of(facts: Facts) -> list[tuple[str, Verdict, str]]:
    """Return every subject with its verdict and reason, in a fixed order."""
    found = [
        (f"database {s}", f.reading.verdict, f.reading.reason)
        for s, f in sorted(facts.servers.items())
    ]
    zones: list[ZoneId] = sorted(facts.zones)
    for zone in zones:
        found += [
            (f"{name} {zone}", r.verdict, r.reason)
            for name, r in sorted(
                {**facts.zones[zone].services, **facts.zones[zone].also}.items()
            )
        ]
        found += [
            (f"page {name} {zone}", p.reading.verdict, p.reading.reason)
            for name, p in sorted(facts.zones[zone].pages.items())
        ]
    found += [
        (f"journey {name}", j.reading.verdict, j.reading.reason)
        for name, j in sorted(facts.journeys.items())
    ]
    found += [
        (f"edge {e}", f.reading.verdict, f.reading.reason)
        for e, f in sorted(facts.edges.items())
    ]
    return found
