"""Users' answers beside those of pages we ask for ourselves: whose word counts. Pure.

Users ask one zone and not the others (active/passive), and each asks for something
else; pages are the same questions to every zone. So they are never added up: a page
that works everywhere would make a bad deploy of another one look like one bad zone
(D1). Each is judged beside its like, and then one of both speaks for the zone.
"""

from dataclasses import replace

from health.detector import DetectorPolicy
from health.elevated import Asker, Elevation, RatePolicy, RateReading

ROUNDS = 6
"""A short window holds so many rounds, also where every page takes its longest."""

ANSWERS_MIN = 5
SHORT_S_MIN = 10.0


def page_rates(*, every_s: float, slow_s: float) -> RatePolicy:
    """Return the rule for pages that are asked every *every_s* and bounded by *slow_s*.

    Windows are long enough that a zone which answers late is not a zone of which too
    little is known, and answers fewer than users give will do: they are asked evenly,
    and the other zones' are beside them.
    """
    short_s = max(SHORT_S_MIN, ROUNDS * max(every_s, slow_s))
    return RatePolicy(short_s=short_s, long_s=2 * short_s, answers_min=ANSWERS_MIN)


def spoken_for(users: RateReading, pages: RateReading) -> RateReading:
    """Return the reading that speaks for the zone.

    Users of this zone who are many and content outweigh a page (D9: our question is
    blocked somewhere), and so do users elsewhere who fail as well (D5). Where users
    are too few, or nobody asks any other zone, the pages tell. And once users have
    gone from a zone that failed them: who is left alone is not judged by them for ever.
    """
    match users.says:
        case Elevation.ELEVATED if not users.long.here.total:
            return pages if pages.says is Elevation.CALM else users
        case Elevation.ELEVATED | Elevation.CALM:
            return users
        case Elevation.LOW_VOLUME:
            return pages if pages.long.here.total else users
        case Elevation.NOT_ZONAL:
            alone = users.long.elsewhere.total < ANSWERS_MIN
            return pages if alone and pages.says is Elevation.ELEVATED else users


def by_pages(reading: RateReading) -> RateReading:
    """Return *reading* marked as what our own questions brought."""
    return replace(reading, by=Asker.PAGES)


def page_detector(
    rule: DetectorPolicy, *, every_s: float, slow_s: float
) -> DetectorPolicy:
    """Return the rule for one page's answers in a row; nothing is moved by it."""
    stale_s = max(rule.stale_s, 3 * (every_s + slow_s))
    return replace(rule, rounds_clear=rule.rounds_down, stale_s=stale_s)
