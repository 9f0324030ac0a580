"""Who is promoted, and the plan of it. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from controller.decide.donor import choose_donor
from controller.decide.facts import Facts, Policy, is_seen
from controller.decide.guards import bound_ackers
from controller.decide.ledger import Ledger, Wish
from controller.decide.redundancy import find_spare
from controller.decide.saga import Kind, Plan
from controller.decide.standing import NO_DURABILITY
from controller.model.commands import Acker, Member
from controller.model.ids import Epoch
from replication.gtid import surely_holds


def choose_target(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return the acker to promote: seen, holding what the others hold, earned.

    Whether it holds the superset is proven later, by VERIFY; but a choice that
    VERIFY refuses leaves the site down beside a server that would do.
    """
    wish = ledger.wish
    fit = [
        Member(server=a.server, zone=a.zone)
        for a in ledger.ackers
        if (wish is None or a.zone == wish.to_zone)
        and (fact := facts.servers.get(a.server)) is not None
        and is_seen(fact, policy)
    ]
    earned = {a.server for a in ledger.ackers if a.boot_id}
    ranked = sorted(
        fit, key=lambda m: (_lacking(m, fit, facts), m.server not in earned, m.server)
    )
    return ranked[0] if ranked else None


def _lacking(member: Member, others: Iterable[Member], facts: Facts) -> int:
    """Return how many of *others* hold something *member* may not have."""
    mine = facts.servers[member.server].view
    views = [facts.servers[m.server].view for m in others]
    return sum(
        mine is None
        or view is None
        or not surely_holds(mine.received, mine.executed, view.received)
        or not surely_holds(mine.received, mine.executed, view.executed)
        for view in views
    )


def wished_member(ledger: Ledger, facts: Facts) -> Member | None:
    """Return the member of the zone a person named, fit or not."""
    if ledger.wish is None:
        return None
    for fact in facts.servers.values():
        if fact.member.zone == ledger.wish.to_zone:
            return fact.member
    return None


def plan_failover(ledger: Ledger, facts: Facts, policy: Policy, target: Member) -> Plan:
    """Return the plan that moves the primary's duties to *target*."""
    lost = ledger.primary
    assert lost is not None
    spare = find_spare(ledger, facts, policy, taken=(lost.zone, target.zone))
    wish = ledger.wish
    return Plan(
        kind=Kind.FAILOVER,
        epoch=Epoch(ledger.epoch + 1),
        lost=lost,
        target=target,
        ackers=tuple(
            _identified(a, facts, wish) for a in bound_ackers(ledger, facts, policy)
        ),
        spare=spare,
        donor=choose_donor(ledger, facts, policy, target=target, spare=spare),
        acks_revocable=ledger.durability.protected,
        proofs=policy.proofs,
        why=(wish.why if wish else f"{lost.server} in zone {lost.zone} is lost")
        + ("" if policy.required_acks else f"; {NO_DURABILITY}"),
        overrides=wish.overrides if wish else (),
        waits=policy.required_acks,
    )


def _identified(acker: Acker, facts: Facts, wish: Wish | None) -> Acker:
    """Return *acker* with a boot id to hold it to from now on.

    One that never earned `protected` has none on record, and one whose restart
    a person accepted has an old one: OPEN would refuse both for ever, after the
    fence. Only a person's overrides let such a plan begin.
    """
    accepted = wish is not None and "acker_restarted" in wish.overrides
    fact = facts.servers.get(acker.server)
    if fact is None or fact.view is None or (acker.boot_id and not accepted):
        return acker
    return replace(acker, boot_id=fact.view.boot_id)
