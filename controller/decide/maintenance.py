"""Maintenance: people work in a zone; nothing is moved there or away by itself. Pure.

A window holds two things and no more: an automatic failover away from its zone (of a
window of the whole site: any), and making its zone a target, as successor or for a
new copy. What it does not hold:

- Seeing. Verdicts, trouble and all other vetoes are as ever.
- A person. Who moves out of a window needs no override; who moves into one names it,
  because somebody is about to take that zone down.
- A run under way, and a planned move out of the zone that meets its loss.
- Ending a stall (DEGRADE), repairing an edge's routes, opening a primary again that
  restarted in place, and closing or ending an old one: they move nobody, and without
  them users' writes wait for hours or promise 1 rests on luck. Copies into zones
  outside their own window are made, also in a window of the whole site.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from controller.decide.declared import EVERYWHERE, Window, left_s
from controller.decide.facts import Facts, Policy, Veto
from controller.decide.ledger_state import Ledger
from controller.decide.saga import Kind
from controller.model.commands import Member
from controller.model.ids import ZoneId

NAME = "maintenance"


def active(ledger: Ledger, facts: Facts) -> tuple[Window, ...]:
    """Return the windows that are not over, the site's first."""
    found = [w for w in ledger.windows if left_s(w, facts.now_s, facts.wall_s) > 0]
    return tuple(sorted(found, key=lambda w: (w.zone, w.owner)))


def windows_of(ledger: Ledger, facts: Facts, *zones: ZoneId) -> tuple[Window, ...]:
    """Return what stands for any of *zones*; `EVERYWHERE` is a zone of its own."""
    return tuple(w for w in active(ledger, facts) if w.zone in zones)


def in_maintenance(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Nobody is moved away from where people work, unless a person says so."""
    del policy, target
    if ledger.wish or ledger.primary is None or _is_leaving(ledger):
        return None
    found = windows_of(ledger, facts, EVERYWHERE, ledger.primary.zone)
    return _veto(found[0], facts) if found else None


def _is_leaving(ledger: Ledger) -> bool:
    """Tell whether a person is moving away from the primary just now."""
    run = ledger.run
    if run is None or run.plan.kind is not Kind.SWITCHOVER:
        return False
    return run.plan.lost == ledger.primary


def candidate_in_maintenance(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Nobody is moved to where people work; a person may, by name."""
    del policy
    if ledger.primary is not None and target.zone == ledger.primary.zone:
        return None  # about that zone `in_maintenance` speaks
    found = windows_of(ledger, facts, target.zone)
    return _veto(found[0], facts) if found else None


def worked_in(ledger: Ledger, facts: Facts) -> frozenset[ZoneId]:
    """Return the zones that get no new copy, and no old primary back, now."""
    return frozenset(w.zone for w in active(ledger, facts))


def standing_windows(ledger: Ledger, facts: Facts) -> tuple[Veto, ...]:
    """Return a veto a window: what would not be done, before there is need of it."""
    return tuple(_veto(w, facts) for w in active(ledger, facts))


def _veto(window: Window, facts: Facts) -> Veto:
    return Veto(name=NAME, reason=window_words(window, facts))


def window_words(window: Window, facts: Facts) -> str:
    """Say where, until when, by whom and why."""
    where = "the site" if window.zone == EVERYWHERE else f"zone {window.zone}"
    return (
        f"{where} is in maintenance until {until_text(window, facts)}"
        f" ({window.owner}: {window.reason})"
    )


def until_text(window: Window, facts: Facts) -> str:
    """Return when it is over, to the minute, for people."""
    until_s = round(facts.wall_s + left_s(window, facts.now_s, facts.wall_s))
    return f"{datetime.fromtimestamp(until_s, tz=UTC):%Y-%m-%d %H:%M} UTC"


def expiry_notes(ledger: Ledger, facts: Facts) -> tuple[Mapping[str, object], ...]:
    """Return a journal body for each window that is over, so that it stays over."""
    return tuple(
        {"act": "expire", "zone": w.zone, "owner": w.owner, "reason": w.reason}
        for w in ledger.windows
        if left_s(w, facts.now_s, facts.wall_s) <= 0
    )


def maintenance_tree(ledger: Ledger, facts: Facts) -> list[Mapping[str, object]]:
    """Return what stands, as JSON; *zone* is null for the whole site."""
    return [
        {
            "zone": w.zone or None,
            "owner": w.owner,
            "reason": w.reason,
            "left_s": round(left_s(w, facts.now_s, facts.wall_s), 1),
            "until": until_text(w, facts),
            "words": window_words(w, facts),
        }
        for w in active(ledger, facts)
    ]
