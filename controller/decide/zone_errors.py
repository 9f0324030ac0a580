"""A primary whose zone alone fails its users is left, by a planned move. Pure.

Its database answers, so nothing is fenced by force and nothing is lost: the primary
helps, and whatever fails before OPEN is undone. What the rates are worth is the
detector's business (`health.elevated`); here is asked whether it has surely been so for
long enough, whether another zone is surely better, and whether anything forbids a move.
When the primary cannot help it is lost or write-dead, and the rules of those apply.
"""

from collections.abc import Iterable
from dataclasses import replace

from controller.decide.blind import cannot_observe, overload, users_are_served
from controller.decide.choice import ranked_candidates
from controller.decide.facts import Facts, Mode, Policy, Veto, ZoneFact
from controller.decide.guards import (
    GUARDS,
    awaiting_approval,
    candidate_unfit,
    no_second_vantage,
    primary_answers,
    still_receiving,
    unprotected,
)
from controller.decide.leaving import Upkeep
from controller.decide.ledger import MOVES, Ledger, elapsed_s
from controller.decide.observers import no_quorum
from controller.decide.planned import plan_switchover, planned_vetoes, run_under_way
from controller.decide.proofs import no_fence
from controller.decide.standing import Wish, errors_words
from controller.model.commands import Member
from controller.model.ids import ServerId, ZoneId
from health.detector import Verdict
from health.elevated import Asker, Elevation
from health.ports import SILENCE

ABOUT_LOSS = frozenset(
    {
        awaiting_approval,
        candidate_unfit,
        no_fence,
        no_quorum,
        no_second_vantage,
        primary_answers,
        still_receiving,
        unprotected,
    }
)
"""Guards that ask for a lost primary, or that a planned move has its own of.

All others, also those still to be written, hold this move as they hold a failover.
"""

BETTER = 0.5
"""A zone that fails at least so much as often is not worth a pause of writes."""


def errors(
    ledger: Ledger, facts: Facts, policy: Policy
) -> tuple[tuple[str, Veto], ...]:
    """Return every zone that fails its users, with why nothing moves.

    Without figures, which change all the time: they are in the status. And only while
    it goes on: a zone that nobody asks any more fails nobody, though it stays elevated.
    """
    found = []
    for fact in sorted(facts.zones.values(), key=lambda f: f.zone):
        if fact.rates.long.here.bad or dark_s(fact, facts):
            vetoes = _vetoes(ledger, facts, policy, fact)
            words = (_words(fact), *[""] * len(vetoes))  # the trouble is one
            found += list(zip(words, vetoes, strict=False))
    return tuple(found)


def _words(fact: ZoneFact) -> str:
    pages = fact.rates.by is Asker.PAGES
    whom = "pages we ask it for" if pages else "its users"
    return f"{errors_words(fact.zone)}{whom}"


def _evidence(fact: ZoneFact, facts: Facts) -> str:
    if not dark_s(fact, facts):
        return fact.rates.long.sentence()
    reason = fact.services["origin"].reason
    return f"its origin answers neither us ({reason}) nor any edge"


def _vetoes(
    ledger: Ledger, facts: Facts, policy: Policy, fact: ZoneFact
) -> tuple[Veto, ...]:
    zone = fact.zone
    dark = dark_s(fact, facts) > 0
    if not dark and fact.rates.says is Elevation.NOT_ZONAL:
        return (
            Veto(
                name="not_zonal",
                reason=f"zone {zone} fails many, but nothing says that another zone"
                " would not: they fail too, or nobody asks them",
            ),
        )
    if not dark and fact.rates.says is not Elevation.ELEVATED:
        return ()
    here = ledger.primary is not None and ledger.primary.zone == zone
    if here and ledger.run is not None and ledger.run.plan.unasked:
        return ()  # that is what it is left for
    if here and _is_due(ledger, facts, policy):
        return plan_leaving(ledger, facts, policy).vetoes
    if dark and not here:
        return ()  # nobody is sent there, and that it is down is told as it is
    if not here:
        why = "the primary is not there, so no move would help"
    elif policy.zone_errors_move:
        why = f"left when that has surely been so for {policy.zone_errors_s:g} s"
    else:
        why = (
            "the primary answers, and `zone_errors.action` is hold, so that is a"
            " person's decision: `sitedr switchover --to` another zone"
        )
    whom = (
        "pages that others serve"
        if fact.rates.by is Asker.PAGES
        else "many, and others do not"
    )
    told = "has no working origin" if dark else f"fails {whom}"
    reason = f"zone {zone} {told}; {why}"
    return (Veto(name="elevated_errors", reason=reason),)


def _is_due(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether the primary's zone has surely failed its users for long enough."""
    fact = facts.zones.get(ledger.primary.zone) if ledger.primary else None
    if fact is None or not policy.zone_errors_move:
        return False
    rates = fact.rates
    if rates.bare is Elevation.ELEVATED:
        return rates.sure_s >= policy.zone_errors_s
    return dark_s(fact, facts) >= policy.zone_errors_s


def dark_s(fact: ZoneFact, facts: Facts) -> float:
    """Return for how long the zone's origin has answered nobody, seconds; 0: it does.

    Neither us nor any edge that answers: what only we do not reach is our trouble (D9),
    and users who are served are served. Then nobody is sent there, so there are no
    rates: who asks for a page gets an error, or another zone's, and nobody can write.
    Silence within our short time-out says slow, or a long line between (+300 ms): only
    a refusal or a wrong answer says this.
    """
    origin, latest = fact.services.get("origin"), fact.latest.get("origin")
    if origin is None or origin.verdict is not Verdict.DOWN or users_are_served(fact):
        return 0.0
    if latest is None or latest.reason.startswith(SILENCE):
        return 0.0
    told = [
        up
        for edge in facts.edges.values()
        if edge.reachable and (up := edge.zones_up.get(fact.zone)) is not None
    ]
    return facts.now_s - origin.since_s if told and not any(told) else 0.0


def plan_leaving(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return the planned move to begin now, or every reason why it does not.

    Empty while the zone fails nobody, or not for long enough. To the best acker whom
    nothing is said against; else it is told of the best one.
    """
    if ledger.primary is None or not _is_due(ledger, facts, policy):
        return Upkeep()
    zone = ledger.primary.zone
    unwished = replace(ledger, wish=None)
    nobody = Member(server=ServerId("none"), zone=zone)
    ranked = [m for m, _ in ranked_candidates(unwished, facts, policy)] or [nobody]
    held = {m: against(unwished, facts, policy, m) for m in ranked}
    target = min(ranked, key=lambda m: bool(held[m]))
    found = (
        *run_under_way(ledger),
        *_unapproved(ledger, policy, zone),
        *_unrested(ledger, facts, policy),
        *held[target],
    )
    trouble = _words(facts.zones[zone])
    if found:
        return Upkeep(trouble=trouble, vetoes=_once(found))
    wish = Wish(
        to_zone=target.zone,
        why=f"{trouble}: {_evidence(facts.zones[zone], facts)}",
        overrides=(),
        at_mono_s=facts.now_s,
        at_wall_s=facts.wall_s,
        planned=True,
    )
    plan = plan_switchover(unwished, facts, policy, target, wish)
    return Upkeep(plan=replace(plan, unasked=True), trouble=trouble)


def against(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> tuple[Veto, ...]:
    """Return what forbids this move to *target*; CONFIRM asks again."""
    others = (
        guard(ledger, facts, policy, target)
        for guard in GUARDS
        if guard not in ABOUT_LOSS
    )
    found = (
        _over(ledger, facts),
        cannot_observe(ledger, facts),
        overload(ledger, facts, policy),
        *planned_vetoes(ledger, facts, policy, target),
        *others,
        _backup_not_ready(ledger, facts, target),
    )
    return _once(v for v in found if v is not None)


def _once(found: Iterable[Veto]) -> tuple[Veto, ...]:
    """Return the first veto of each name: some guards are asked twice."""
    named: dict[str, Veto] = {}
    for veto in found:
        named.setdefault(veto.name, veto)
    return tuple(named.values())


def _over(ledger: Ledger, facts: Facts) -> Veto | None:
    """What is over by now, or was a common cause after all, is nothing to leave for."""
    assert ledger.primary is not None
    zone = ledger.primary.zone
    fact = facts.zones[zone]
    if fact.rates.sure_s > 0 or dark_s(fact, facts) > 0:
        return None
    reason = f"zone {zone} does not surely fail its users any more, or others do too"
    return Veto(name="errors_over", reason=reason, overridable=False)


def _unapproved(ledger: Ledger, policy: Policy, zone: ZoneId) -> tuple[Veto, ...]:
    """In approve mode a person says yes to these very words."""
    if policy.mode is not Mode.APPROVE or errors_words(zone) in ledger.approved:
        return ()
    reason = "run `sitedr approve` to switch over"
    return (Veto(name="awaiting_approval", reason=reason),)


def _unrested(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[Veto, ...]:
    """No move by itself right after another; one that was undone cost a pause, too."""
    ended_s = [elapsed_s(e, facts.now_s) for e in ledger.endings if e.kind in MOVES]
    left_s = policy.cooldown_s - min(ended_s, default=policy.cooldown_s)
    if left_s <= 0:
        return ()
    reason = f"a move ended, or was undone, recently; {left_s:.0f} s left"
    return (Veto(name="cooldown", reason=reason),)


def _backup_not_ready(ledger: Ledger, facts: Facts, target: Member) -> Veto | None:
    """Users are sent only to where they are known to be served better (D18)."""
    assert ledger.primary is not None
    if target.zone == ledger.primary.zone:
        return None  # there is nobody, or another server here: said by others
    theirs, ours = facts.zones[target.zone], facts.zones[ledger.primary.zone]
    why = _worse(theirs, None if dark_s(ours, facts) else ours)
    if not why:
        return None
    return Veto(name="backup_not_ready", reason=f"zone {target.zone} {why}")


def _worse(theirs: ZoneFact, ours: ZoneFact | None) -> str:
    """Say why *theirs* is not known to serve users better than *ours*; "": it is.

    ours: None when it serves nobody; then an origin that works is better.
    """
    origin = theirs.services.get("origin")
    if origin is not None and origin.verdict is not Verdict.OK:
        return f"is not known to have a working origin: {origin.reason}"
    if theirs.rates.says in {Elevation.ELEVATED, Elevation.NOT_ZONAL}:
        return "fails its users too"
    if ours is None:
        return ""
    if not theirs.rates.long.here.total:
        return "was asked for no page: nothing says that it serves better"
    if theirs.rates.long.here.rate >= BETTER * ours.rates.long.here.rate:
        return "fails about as many: a move would not help"
    return ""
