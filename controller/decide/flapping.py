"""A zone that comes and goes is left alone until it is calm. Pure.

Counted a zone: how often it came back after it was down, and how often a failover left
it by itself, within a window. At the limit it is quarantined: no successor, until there
was no sign of unrest for a while, longer each time. A person may move there by naming
the veto. What it does not hold: a move away from it, which the cool-down bounds; and a
copy, if no calm zone is free for one, because one in an uneasy zone is better than
none.

Counted is what a promotion would rest on: of a zone with a database that serves or
follows, that database and the origin; of any other, whatever shows that it lives (its
origin is down by design). A cache that comes and goes alone is no reason.
"""

from collections.abc import Iterator, Mapping

from controller.decide.facts import Facts, Policy, Veto
from controller.decide.flaps import (
    NO_FLAPS,
    Flaps,
    Stamp,
    quarantine_after,
    since_s,
)
from controller.decide.ledger_state import Ledger
from controller.model.commands import Member
from controller.model.ids import ZoneId
from health.detector import Verdict

NAME = "quarantined"


def counts(ledger: Ledger, zone: ZoneId, service: str) -> bool:
    """Tell whether *service* going down is the zone's own unrest."""
    return (service == "origin") is (zone in home_zones(ledger))


def home_zones(ledger: Ledger) -> frozenset[ZoneId]:
    """Return the zones of the primary and of every registered acker."""
    primary = () if ledger.primary is None else (ledger.primary.zone,)
    return frozenset((*primary, *(a.zone for a in ledger.ackers)))


def quarantined(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Nobody is moved to a zone that comes and goes; a person may, by name."""
    del policy
    left_s = quarantine_left_s(ledger, facts, target.zone)
    return _veto(ledger, target.zone, left_s) if left_s > 0 else None


def quarantine_left_s(ledger: Ledger, facts: Facts, zone: ZoneId) -> float:
    """Return for how long *zone* has to be calm still, seconds; 0: it is free.

    While it is down all of it is left.
    """
    flaps = ledger.flaps.get(zone, NO_FLAPS)
    if flaps.held is None or flaps.last is None:
        return 0.0
    if _is_down(ledger, facts, zone):
        return flaps.held.span_s
    calm_s = since_s(flaps.last, facts.now_s, facts.wall_s)
    return max(flaps.held.span_s - calm_s, 0.0)


def _is_down(ledger: Ledger, facts: Facts, zone: ZoneId) -> bool:
    """Tell whether something that counts is down there now."""
    servers = {a.server for a in ledger.ackers}
    if ledger.primary is not None:
        servers.add(ledger.primary.server)
    of_members = any(
        fact.reading.verdict is Verdict.DOWN
        for server, fact in facts.servers.items()
        if fact.member.zone == zone and server in servers
    )
    seen = facts.zones.get(zone)
    return of_members or any(
        reading.verdict is Verdict.DOWN and counts(ledger, zone, name)
        for name, reading in (seen.services.items() if seen else ())
    )


def _veto(ledger: Ledger, zone: ZoneId, left_s: float) -> Veto:
    return Veto(name=NAME, reason=quarantine_words(ledger.flaps[zone], zone, left_s))


def quarantine_words(flaps: Flaps, zone: ZoneId, left_s: float) -> str:
    """Say what was wrong with *zone*, and what it needs."""
    assert flaps.held is not None
    return (
        f"zone {zone} comes and goes: nobody is moved there by itself until it was"
        f" calm for {flaps.held.span_s:.0f} s, {left_s:.0f} s of it are left"
    )


def standing_quarantines(ledger: Ledger, facts: Facts) -> tuple[Veto, ...]:
    """Return a veto a quarantined zone: what would not be done.

    None of the primary's own: nobody is moved to where it is.
    """
    here = None if ledger.primary is None else ledger.primary.zone
    return tuple(
        _veto(ledger, zone, left_s)
        for zone in sorted(set(ledger.flaps) - {here})
        if (left_s := quarantine_left_s(ledger, facts, zone)) > 0
    )


def quarantine_notes(
    ledger: Ledger, facts: Facts, policy: Policy
) -> Iterator[Mapping[str, object]]:
    """Yield a journal body for each quarantine that begins, or is over, now."""
    for zone, flaps in sorted(ledger.flaps.items()):
        if flaps.held is not None:
            if quarantine_left_s(ledger, facts, zone) <= 0:
                yield {"act": "over", "zone": zone}
        elif why := _unrest(flaps, facts, policy):
            now = (facts.now_s, facts.wall_s)
            found = quarantine_after(flaps, policy.flapping, *now)
            told = {"span_s": found.span_s, "times": found.times, "why": why}
            yield {"act": "begin", "zone": zone, **told}


def _unrest(flaps: Flaps, facts: Facts, policy: Policy) -> str:
    """Say what is too much; empty: nothing is."""
    rule = policy.flapping
    within = f"within {rule.within_s:g} s"
    came = _recent(flaps.cleared, facts, rule.within_s)
    if 0 < rule.flips <= came:
        return f"down and back {came} times {within}"
    left = _recent(flaps.left, facts, rule.within_s)
    if 0 < rule.moves <= left:
        return f"left by a failover {left} times {within}"
    return ""


def _recent(stamps: tuple[Stamp, ...], facts: Facts, within_s: float) -> int:
    return sum(since_s(s, facts.now_s, facts.wall_s) <= within_s for s in stamps)


def flaps_tree(ledger: Ledger, facts: Facts) -> Mapping[str, object]:
    """Return each zone's unrest as JSON; *quarantine* is null while it is free."""
    return {
        zone: {
            "flips": flaps.flips,
            "quarantine": _held_tree(flaps, quarantine_left_s(ledger, facts, zone)),
        }
        for zone, flaps in sorted(ledger.flaps.items())
    }


def _held_tree(flaps: Flaps, left_s: float) -> Mapping[str, object] | None:
    if flaps.held is None or left_s <= 0:
        return None
    held = flaps.held
    return {"span_s": held.span_s, "left_s": round(left_s, 1), "times": held.times}
