"""Within how many seconds each class of trouble has its name, and what follows; words.

Computed from the configuration alone, as `rto_worst_s` is: the longest it may take, not
what is usual. Of error rates: at a steady pace, by `health.rate_bounds`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controller.config.budget import (
    CANARY_S,
    EDGE_S,
    detection_worst_s,
    stall_worst_s,
)
from controller.config.policy import slowest_page_s
from controller.config.schema import Site
from controller.decide.writing import NAMED_AFTER_S
from health.asked import page_rates
from health.rate_bounds import sure_within_s, volume_min

SHARES = (1.0, 0.3)
"""Of a zone's answers: all of them fail (its HTTP 503), and the 30 % of a bad node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """named_s: from its beginning to its name; acts_s: to the start of what follows.

    None: it never gets that name; nothing follows by itself.
    """

    key: str
    told: str
    named_s: float | None
    acts_s: float | None = None


def bounds(site: Site) -> Sequence[Bound]:
    """Return the bound of every class, most urgent first."""
    lost_s, asked_s = detection_worst_s(site), site.probe.interval_s
    once_s = asked_s + site.probe.timeout_s
    dead = site.write_dead
    late_s = 2 * CANARY_S + asked_s
    leaves = dead.action == "failover"
    return (
        Bound(
            key="zone_lost",
            told="zone lost, database only, everything, observer cut off",
            named_s=lost_s,
            acts_s=lost_s,
        ),
        Bound(
            key="stall",
            told="a lost replica stalls writes",
            named_s=stall_worst_s(site),
            acts_s=stall_worst_s(site),
        ),
        Bound(
            key="write_dead",
            told="the primary takes no writes",
            named_s=NAMED_AFTER_S + late_s,
            acts_s=dead.after_s + late_s if leaves else None,
        ),
        _acted_on(site, "origin_lost", "the origin of one zone answers nobody", lost_s),
        Bound(key="cannot_observe", told="cannot observe, overload", named_s=once_s),
        *(_errors(site, share) for share in SHARES),
        *(_pages(site, share) for share in SHARES if site.pages),
    )


def _errors(site: Site, share: float) -> Bound:
    """Return the bound of errors of one zone (degraded) or of all (one site)."""
    sure_s = sure_within_s(site.rates.policy(), share)
    named_s = None if sure_s is None else sure_s + EDGE_S
    told = f"degraded or one site, {share:.0%} errors"
    return _acted_on(site, f"errors_{_percent(share)}", told, named_s)


def _pages(site: Site, share: float) -> Bound:
    """Return the bound of the same where users ask no other zone: by pages alone.

    What was asked for just before comes late by a round, and a slow answer later.
    """
    every_s, slow_s = site.probe.page_interval_s, slowest_page_s(site)
    rule = page_rates(every_s=every_s, slow_s=slow_s)
    sure_s = sure_within_s(rule, share, len(site.pages) / every_s)
    named_s = None if sure_s is None else sure_s + every_s
    told = f"the same by `pages` alone, {share:.0%} of them"
    return _acted_on(site, f"pages_{_percent(share)}", told, named_s)


def _percent(share: float) -> str:
    return f"{share:.0%}".rstrip("%")


def _acted_on(site: Site, key: str, told: str, named_s: float | None) -> Bound:
    moves = site.zone_errors.action == "switchover" and named_s is not None
    after_s = site.zone_errors.after_s + EDGE_S
    return Bound(
        key=key,
        told=told,
        named_s=named_s,
        acts_s=named_s + after_s if moves and named_s is not None else None,
    )


def bounds_tree(site: Site) -> Mapping[str, object]:
    """Return the bounds as JSON; null: never, or nothing follows."""
    return {
        b.key: {
            "named_s": _rounded(b.named_s),
            "acts_s": _rounded(b.acts_s),
            "means": b.told,
        }
        for b in bounds(site)
    } | {"errors_from_answers_s": volume_min(site.rates.policy())}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def bound_lines(site: Site) -> Sequence[str]:
    """Return the bounds for people, a line each."""
    lines = ["named within, and acted on by itself within:"]
    lines += [
        f"  {b.told:<56}{_told(b.named_s):>8}  {_told(b.acts_s):>8}"
        for b in bounds(site)
    ]
    pace = volume_min(site.rates.policy())
    lines.append(f"  errors: of zones that answer {pace:g} requests a second or more")
    return lines


def _told(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"
