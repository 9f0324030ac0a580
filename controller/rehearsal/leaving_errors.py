"""Checkers of moves that nobody asked for, because users of a zone get errors. Pure.

They know what users truly got of each zone, and not what the detector made of it.
"""

from collections.abc import Callable, Mapping

from controller.rehearsal.reading import Case, lost_of
from replication.adapters.memory.truth import Entry

Checker = Callable[[Case], list[str]]

RATE_MIN = 0.10
SHARE_MIN = 0.5
"""The detector asks for more; below one half it is surely not this zone's alone."""

LASTS_S = 2.0
"""Less than any time to confirm and a window: a blip is no reason."""

SEEN_S = 3.5
"""The short window, and two rounds of a rehearsal: so late a change may be seen."""


def _moves(case: Case) -> list[tuple[int, Entry]]:
    """Return the starts of planned moves that no person asked for."""
    found = []
    for place, entry in case.entries("started"):
        plan = entry.body.get("plan", {})
        if isinstance(plan, Mapping) and plan.get("unasked"):
            found.append((place, entry))
    return found


def unasked(case: Case) -> frozenset[int]:
    """Return the epochs of moves that no person asked for."""
    return frozenset(entry.epoch for _, entry in _moves(case))


def only_where_the_errors_are(case: Case) -> list[str]:
    """A primary is left for its users' errors only if they are its zone's alone.

    And only for a zone that serves better: never when all fail alike.
    """
    broken = []
    for place, entry in _moves(case):
        lost, target = lost_of(entry), _target_of(entry)
        here = case.places.get(lost, lost)
        there = case.places.get(target, target)
        why = _unjustified(_served(case, place), entry.at_s, here, there)
        if why and not _was_so(case, place, entry.at_s, here, there):
            broken.append(f"{lost} was left for {target} at {entry.at_s:g} s: {why}")
    return broken


def _was_so(case: Case, place: int, at_s: float, here: str, there: str) -> bool:
    """Tell whether it was justified a moment ago: what is counted is told later."""
    changes = [
        (at, fact.at_s)
        for at, fact in case.facts("traffic")
        if at <= place and at_s - fact.at_s <= SEEN_S
    ]
    return any(
        not _unjustified(_served(case, at - 1), changed_s, here, there)
        for at, changed_s in changes
    )


def _target_of(entry: Entry) -> str:
    plan = entry.body["plan"]
    assert isinstance(plan, Mapping)
    return str(plan["target"]["server"])


def _served(case: Case, place: int) -> Mapping[str, tuple[float, float, float]]:
    """Return of each zone failures a second, their rate, and since when it is so."""
    found: dict[str, tuple[float, float, float]] = {}
    for at, fact in case.facts("traffic"):
        if at > place:
            break
        good, bad = float(fact.detail["good"]), float(fact.detail["bad"])
        rate = bad / (good + bad) if good + bad else 0.0
        _, before, since_s = found.get(fact.server, (0.0, 0.0, fact.at_s))
        goes_on = before > RATE_MIN and rate > RATE_MIN
        found[fact.server] = bad, rate, since_s if goes_on else fact.at_s
    return found


def _unjustified(
    served: Mapping[str, tuple[float, float, float]], at_s: float, here: str, there: str
) -> str:
    bad, rate, since_s = served.get(here, (0.0, 0.0, at_s))
    if rate <= RATE_MIN or at_s - since_s < LASTS_S:
        return f"users of zone {here} were served well"
    if served.get(there, (0.0, 0.0, 0.0))[1] >= rate:
        return f"zone {there} served no better"
    if bad < SHARE_MIN * sum(failing for failing, _, _ in served.values()):
        return "most errors were elsewhere"
    return ""


ERRORS: tuple[Checker, ...] = (only_where_the_errors_are,)
