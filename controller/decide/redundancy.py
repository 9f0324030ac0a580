"""A missing replica, and what ails while the primary serves. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from controller.decide.copies import (
    can_wait,
    follows_primary,
    is_copy,
    stopped_acker,
)
from controller.decide.donor import choose_donor
from controller.decide.facts import Facts, Policy, Veto
from controller.decide.flapping import quarantine_left_s
from controller.decide.leaving import (
    Upkeep,
    find_leaver,
    is_rested,
    open_in_doubt,
    plan_closing,
    plan_retire,
)
from controller.decide.ledger import Ledger
from controller.decide.maintenance import worked_in
from controller.decide.rejoin import (
    find_clean,
    plan_dismiss,
    plan_examine,
    plan_rejoin,
    spent,
)
from controller.decide.saga import Kind, Plan, Step
from controller.decide.widening import is_miscounted, plan_loosening, plan_widening
from controller.model.commands import Member
from controller.model.ids import Epoch, ServerId, ZoneId
from health.detector import Verdict


def find_spare(
    ledger: Ledger,
    facts: Facts,
    policy: Policy,
    *,
    taken: Iterable[ZoneId],
    serves: Member | None = None,
) -> Member | None:
    """Return the member of a healthy zone that may get a new database.

    Never a zone of *taken*, of a registered acker, or of a suspect: their data
    may still be needed; nor of an old primary before it is known to hold nothing
    that is nowhere else, or that is saved; nor one that people work in. One that
    comes and goes is the last to be asked. serves: who is primary by then; None: who
    is now.
    """
    busy = {*taken, *(a.zone for a in ledger.ackers), *worked_in(ledger, facts)}
    busy |= {m.zone for m in ledger.suspects}
    serving = serves or ledger.primary
    busy |= {o.member.zone for o in ledger.old.values() if not spent(o, serving, facts)}
    fit = [
        fact.member
        for fact in facts.servers.values()
        if fact.member.zone not in busy
        and _zone_works(fact.member.zone, facts)
        and is_rested(ledger, facts, policy, fact.member.server)
    ]
    if not fit:
        return None
    return min(
        fit, key=lambda m: (quarantine_left_s(ledger, facts, m.zone) > 0, m.zone)
    )


def _zone_works(zone: ZoneId, facts: Facts) -> bool:
    """A zone without a database cannot serve pages; its cache shows it lives."""
    services = facts.zones[zone].services
    return any(r.verdict is Verdict.OK for r in services.values())


def plan_upkeep(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return what a serving primary needs next."""
    assert ledger.primary is not None
    if open_in_doubt(ledger):
        closing = plan_closing(ledger, facts, policy)
        if closing.plan is not None:
            return closing
        leaving = find_leaver(ledger, facts, policy)
        if leaving is not None:
            return plan_retire(ledger, facts, policy, leaving)
    loosening = plan_loosening(ledger, facts, policy)
    if loosening.trouble or _lacks_copy(ledger, facts, policy):
        return loosening if loosening.trouble else _protect(ledger, facts, policy)
    leaving = find_leaver(ledger, facts, policy)
    if leaving is not None:
        return plan_retire(ledger, facts, policy, leaving)
    examining = plan_examine(ledger, facts, policy)
    found = examining if examining.plan else _widen(ledger, facts, policy)
    if found is not None:
        return found
    return Upkeep(trouble=_ailments(ledger, facts), vetoes=_no_role(ledger, facts))


def _widen(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep | None:
    """Return what brings one more acker, or why none can be had; None: enough are."""
    assert ledger.primary is not None
    if policy.replicas_wanted == 1 and not is_miscounted(ledger, facts, policy):
        return None
    spare = find_spare(ledger, facts, policy, taken=(ledger.primary.zone,))
    found = plan_widening(ledger, facts, policy, spare)
    if found.plan is not None and found.step is Step.PROVISION:
        primary = found.plan.target
        donor = choose_donor(ledger, facts, policy, target=primary, spare=spare)
        return replace(found, plan=replace(found.plan, donor=donor))
    if found.plan is not None or not found.trouble:
        return found if found.plan is not None else None
    told = "; ".join((found.trouble, *_ill(ledger, facts)))
    return Upkeep(trouble=told, vetoes=(_NO_SPARE_ZONE,))


def _lacks_copy(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether a second copy is missing: unproven, or with `none` not there."""
    if policy.required_acks:
        return not ledger.durability.protected
    return not any(is_copy(a, ledger, facts, policy) for a in ledger.ackers)


def _restore(
    ledger: Ledger, facts: Facts, policy: Policy, spare: Member, step: Step, why: str
) -> Upkeep:
    assert ledger.primary is not None
    primary, copies = ledger.primary, step is Step.PROVISION
    plan = Plan(
        kind=Kind.RESTORE,
        epoch=Epoch(ledger.epoch + 1),
        lost=None,
        target=primary,
        ackers=ledger.ackers,
        spare=spare,
        donor=choose_donor(ledger, facts, policy, target=primary, spare=spare)
        if copies
        else None,
        why=why,
        waits=can_wait(ledger, facts, policy, spare),
        acks=policy.acks,
    )
    return Upkeep(plan=plan, step=step, trouble=why)


def plan_second_copy(ledger: Ledger, facts: Facts, policy: Policy, why: str) -> Plan:
    """Return the run that brings a second copy: on data that is there, or anew."""
    assert ledger.primary is not None
    clean = find_clean(ledger, facts, policy)
    if clean is not None:
        return plan_rejoin(ledger, facts, policy, clean, why)
    spare = find_spare(ledger, facts, policy, taken=(ledger.primary.zone,))
    return Plan(
        kind=Kind.RESTORE,
        epoch=Epoch(ledger.epoch + 1),
        lost=None,
        target=ledger.primary,
        ackers=ledger.ackers,
        spare=spare,
        donor=choose_donor(ledger, facts, policy, target=ledger.primary, spare=spare),
        why=why,
        waits=can_wait(ledger, facts, policy, spare),
        acks=policy.acks,
    )


def _protect(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    assert ledger.primary is not None
    why = (
        f"unprotected: {ledger.durability.why}"
        if policy.required_acks
        else "no replica follows the primary, as far as is known"
    )
    follower = _follower(ledger, facts, policy)
    if follower is not None:
        return _restore(ledger, facts, policy, follower, Step.REGISTER, why)
    clean = find_clean(ledger, facts, policy)
    if clean is not None:
        plan = plan_rejoin(ledger, facts, policy, clean, why)
        return Upkeep(plan=plan, step=Step.RETIRE, trouble=why)
    return _copy_or_hold(ledger, facts, policy, why)


def _copy_or_hold(ledger: Ledger, facts: Facts, policy: Policy, why: str) -> Upkeep:
    """Lay a copy where that may be; make room for one; or say what is in the way."""
    assert ledger.primary is not None
    leaving = find_leaver(ledger, facts, policy)
    spare = find_spare(ledger, facts, policy, taken=(ledger.primary.zone,))
    if spare is not None:
        return _restore(ledger, facts, policy, spare, Step.PROVISION, why)
    dismissing = plan_dismiss(ledger, facts, policy)
    if dismissing.plan is not None:
        return dismissing
    stopped = stopped_acker(ledger, facts, policy)
    if stopped is not None:
        return _restore(ledger, facts, policy, stopped, Step.REGISTER, why)
    if leaving is not None:
        return plan_retire(ledger, facts, policy, leaving)
    examining = plan_examine(ledger, facts, policy)
    if examining.plan is not None:
        return replace(examining, trouble=why)
    return Upkeep(trouble=why, vetoes=(_NO_SPARE_ZONE,))


_NO_SPARE_ZONE = Veto(
    name="no_spare_zone", reason="no healthy zone is free for a replica"
)


def _follower(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return a server that receives from the primary and may now be counted.

    One that is registered already only if with it there are as many as commits are
    to wait for: alone it would prove nothing, again and again.
    """
    known = {a.server for a in ledger.ackers}
    for fact in facts.servers.values():
        if not follows_primary(ledger, facts, policy, fact):
            continue
        waits = can_wait(ledger, facts, policy, fact.member)
        if waits or not policy.required_acks or fact.member.server not in known:
            return fact.member
    return None


def roles(ledger: Ledger) -> dict[ServerId, str]:
    """Return each known server's role in words."""
    known = dict.fromkeys(ledger.retired, "retired")
    known |= dict.fromkeys((m.server for m in ledger.suspects), "suspect")
    known |= {a.server: "replica" for a in ledger.ackers}
    if ledger.primary is not None:
        known[ledger.primary.server] = "primary"
    return known


def _ill(ledger: Ledger, facts: Facts) -> list[str]:
    """Return what is down, each with its role, in zone order.

    A zone whose database has no role has no pages to serve: its origin is
    down by design and no illness.
    """
    known = roles(ledger)
    serving = {
        f.member.zone
        for s, f in facts.servers.items()
        if known.get(s) in {"primary", "replica"}
    }
    found = []
    for zone, fact in sorted(facts.zones.items()):
        down = [
            n
            for n, r in {**fact.services, **fact.also}.items()
            if r.verdict is Verdict.DOWN and (n != "origin" or zone in serving)
        ]
        found += [f"{name} of zone {zone} is down" for name in sorted(down)]
    for server, seen in sorted(facts.servers.items()):
        if seen.reading.verdict is Verdict.DOWN and known.get(server) == "replica":
            found.append(f"replica {server} is down")
    return found


def _ailments(ledger: Ledger, facts: Facts) -> str:
    return "; ".join(_ill(ledger, facts))


def _no_role(ledger: Ledger, facts: Facts) -> tuple[Veto, ...]:
    """Say why illness outside the primary's database moves nothing."""
    if not _ill(ledger, facts):
        return ()
    assert ledger.primary is not None
    kept = " and is protected" if ledger.durability.protected else ""
    return (
        Veto(
            name="primary_unaffected",
            reason=f"the primary {ledger.primary.server} serves{kept}:"
            " nothing is moved",
        ),
    )
