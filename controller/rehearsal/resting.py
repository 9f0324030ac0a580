"""Checkers of what a person, or a zone's own unrest, holds. Pure."""

from collections.abc import Callable

from controller.rehearsal.members import overrides_of
from controller.rehearsal.reading import Case, Promotion, kind_of

Checker = Callable[[Case], list[str]]

MOVES = ("failover", "switchover")
WISH_MAX_S = 61.0
"""What an operator asked for longer ago than a minute, nobody asked for."""

SITE = ""


def no_move_in_maintenance(case: Case) -> list[str]:
    """Nobody is moved by itself out of a window, nor into one but by its name."""
    broken = []
    for p in case.promotions:
        begun = _begun(case, p)
        windows = _windows(case, *begun)
        out = {SITE, case.places.get(p.left, p.left)} & windows
        into = {case.places.get(p.server, p.server)} & windows
        if out and not _wished(case, *begun):
            broken.append(f"{p.left} was left at {p.at_s:g} s, in maintenance")
        if into and "maintenance" not in overrides_of(case, p.epoch):
            broken.append(f"{p.server} was promoted at {p.at_s:g} s, in maintenance")
    return broken


def _begun(case: Case, promotion: Promotion) -> tuple[int, float]:
    """Return where and when the run began that *promotion* came of."""
    found = [
        (place, entry.at_s)
        for place, entry in case.entries("started")
        if place < promotion.place and kind_of(entry) in MOVES
    ]
    return found[-1] if found else (promotion.place, promotion.at_s)


def _windows(case: Case, before: int, at_s: float) -> set[str]:
    """Return the zones in maintenance at *at_s*, by what was said before that."""
    until_s: dict[tuple[str, str], float] = {}
    for place, entry in case.entries("maintenance"):
        if place < before:
            key = (str(entry.body["zone"]), str(entry.body["owner"]))
            until_s.pop(key, None)
            if entry.body["act"] == "start":
                until_s[key] = entry.at_s + float(str(entry.body["for_s"]))
    return {zone for (zone, _), end_s in until_s.items() if at_s < end_s}


def _wished(case: Case, before: int, at_s: float) -> bool:
    """Tell whether a person asked for a move a moment before."""
    return any(
        place < before and at_s - entry.at_s <= WISH_MAX_S
        for place, entry in case.entries("wish")
    )


def no_move_to_a_quarantined_zone(case: Case) -> list[str]:
    """Who comes and goes is moved to by a person who names it, and by nobody else."""
    broken = []
    for p in case.promotions:
        before, _ = _begun(case, p)
        zone = case.places.get(p.server, p.server)
        acts = [
            e.body["act"]
            for place, e in case.entries("quarantine")
            if place < before and e.body["zone"] == zone
        ]
        waived = "quarantined" in overrides_of(case, p.epoch)
        if acts and acts[-1] == "begin" and not waived:
            broken.append(f"{p.server} was promoted at {p.at_s:g} s, quarantined")
    return broken


RESTING: tuple[Checker, ...] = (no_move_in_maintenance, no_move_to_a_quarantined_zone)
