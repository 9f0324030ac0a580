"""A missing replica, and what ails while the primary serves. Pure."""

from collections.abc import Iterable

from controller.decide.donor import choose_donor
from controller.decide.facts import Facts, Policy, ServerFact, Veto, is_seen
from controller.decide.leaving import (
    Upkeep,
    find_leaver,
    is_rested,
    open_in_doubt,
    plan_closing,
    plan_retire,
)
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.saga import End, Kind, Plan, Step
from controller.model.commands import Acker, Member
from controller.model.ids import Epoch, ServerId, ZoneId
from health.detector import Verdict
from replication.ports import Receiving


def find_spare(
    ledger: Ledger, facts: Facts, policy: Policy, *, taken: Iterable[ZoneId]
) -> Member | None:
    """Return the member of a healthy zone that may get a new database.

    Never a zone of *taken*, of a registered acker, or of a suspect: their data
    may still be needed.
    """
    busy = {*taken, *(a.zone for a in ledger.ackers)}
    busy |= {m.zone for m in ledger.suspects}
    fit = [
        fact.member
        for fact in facts.servers.values()
        if fact.member.zone not in busy
        and _zone_works(fact.member.zone, facts)
        and is_rested(ledger, facts, policy, fact.member.server)
    ]
    return min(fit, key=lambda m: m.zone) if fit else None


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
            return plan_retire(ledger, leaving)
    if _lacks_copy(ledger, facts, policy):
        return _protect(ledger, facts, policy)
    leaving = find_leaver(ledger, facts, policy)
    if leaving is not None:
        return plan_retire(ledger, leaving)
    return Upkeep(trouble=_ailments(ledger, facts), vetoes=_no_role(ledger, facts))


def _lacks_copy(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether a second copy is missing: unproven, or with `none` not there."""
    if policy.required_acks:
        return not ledger.durability.protected
    return not any(_is_copy(a, ledger, facts, policy) for a in ledger.ackers)


def _is_copy(acker: Acker, ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether a replica nobody waits for still counts as a second copy.

    One that only looks for its source may be the first to notice a dead primary;
    one that was just finished may not have been asked yet.
    """
    assert ledger.primary is not None
    fresh = any(
        e.end is End.COMPLETED and elapsed_s(e, facts.now_s) < policy.fresh_s
        for e in ledger.endings
    )
    fact = facts.servers.get(acker.server)
    if fresh or fact is None or fact.reading.verdict is Verdict.DOWN:
        return fresh
    if fact.view is None:
        return True
    source = facts.servers[ledger.primary.server].address
    looks = fact.view.receiving is Receiving.CONNECTING
    receives = fact.view.receiving is Receiving.YES
    return fact.view.source == source and (
        receives or (looks and fact.silent_s < policy.retry_s)
    )


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
        spare=spare,
        donor=choose_donor(ledger, facts, policy, target=primary, spare=spare)
        if copies
        else None,
        why=why,
        waits=policy.required_acks,
    )
    return Upkeep(plan=plan, step=step, trouble=why)


def _protect(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    assert ledger.primary is not None
    why = (
        f"unprotected: {ledger.durability.why}"
        if policy.required_acks
        else "no replica follows the primary, as far as is known"
    )
    for fact in facts.servers.values():
        if _follows_primary(ledger, facts, policy, fact):
            return _restore(ledger, facts, policy, fact.member, Step.REGISTER, why)
    leaving = find_leaver(ledger, facts, policy)
    spare = find_spare(ledger, facts, policy, taken=(ledger.primary.zone,))
    if spare is not None:
        return _restore(ledger, facts, policy, spare, Step.PROVISION, why)
    stopped = _stopped_acker(ledger, facts, policy)
    if stopped is not None:
        return _restore(ledger, facts, policy, stopped, Step.REGISTER, why)
    if leaving is not None:
        return plan_retire(ledger, leaving)
    veto = Veto(name="no_spare_zone", reason="no healthy zone is free for a replica")
    return Upkeep(trouble=why, vetoes=(veto,))


def _follows_primary(
    ledger: Ledger, facts: Facts, policy: Policy, fact: ServerFact
) -> bool:
    """A server that already receives from the primary only has to prove it."""
    assert ledger.primary is not None
    source = facts.servers[ledger.primary.server].address
    return (
        fact.member.server != ledger.primary.server
        and fact.member not in ledger.suspects
        and is_seen(fact, policy)
        and fact.view is not None
        and fact.view.receiving is Receiving.YES
        and fact.view.source == source
        and is_rested(ledger, facts, policy, fact.member.server)
    )


def _stopped_acker(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return a registered replica of the primary whose receiver is stopped.

    It restarted, or was frozen for a failover that was given up; it is a member,
    read-only, and set to follow this very primary, so it may go on and prove it.
    """
    assert ledger.primary is not None
    source = facts.servers[ledger.primary.server].address
    suspects = {m.server for m in ledger.suspects}
    for acker in ledger.ackers:
        fact = facts.servers.get(acker.server)
        if (
            fact is not None
            and acker.server not in suspects
            and is_seen(fact, policy)
            and fact.view is not None
            and fact.view.receiving is Receiving.STOPPED
            and fact.view.source == source
            and not fact.view.writable
            and is_rested(ledger, facts, policy, acker.server)
        ):
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
            for n, r in fact.services.items()
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
