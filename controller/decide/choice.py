"""Who is promoted, and the plan of it. Pure."""

from controller.decide.ackers import (
    acks_held,
    are_revocable,
    errant_sets,
    plan_ackers,
)
from controller.decide.agents import armed_s
from controller.decide.candidates import candidate_vetoes, errant_of, holds, rank
from controller.decide.donor import choose_donor
from controller.decide.facts import Facts, Policy, Veto, is_seen
from controller.decide.guards import remaining
from controller.decide.ledger import Ledger
from controller.decide.redundancy import find_spare
from controller.decide.rejoin import find_clean
from controller.decide.saga import Kind, Plan
from controller.decide.standing import NO_DURABILITY
from controller.model.commands import Member
from controller.model.ids import Epoch


def choose_target(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return the acker to promote: without a veto of its own, then the most advanced.

    Then by rule, then who has earned `protected`. Whether it holds the superset is
    proven later, by VERIFY; but a choice that VERIFY refuses leaves the site down
    beside a server that would do.
    """
    ranked = ranked_candidates(ledger, facts, policy)
    return ranked[0][0] if ranked else None


def ranked_candidates(
    ledger: Ledger, facts: Facts, policy: Policy
) -> list[tuple[Member, tuple[Veto, ...]]]:
    """Return every acker that may be asked for, best first, and what is against it."""
    wish = ledger.wish
    fit = [
        Member(server=a.server, zone=a.zone)
        for a in ledger.ackers
        if (wish is None or a.zone == wish.to_zone)
        and (fact := facts.servers.get(a.server)) is not None
        and is_seen(fact, policy)
    ]
    earned = {a.server for a in ledger.ackers if a.boot_id}
    waived = () if wish is None else wish.overrides
    against = {m: candidate_vetoes(ledger, facts, policy, m) for m in fit}

    def place(member: Member) -> tuple[bool, int, int, bool, str]:
        return (
            bool(remaining(against[member], waived)),
            _lacking(ledger, facts, policy, member, fit),
            rank(policy, member),
            member.server not in earned,
            member.server,
        )

    return [(m, against[m]) for m in sorted(fit, key=place)]


def _lacking(
    ledger: Ledger, facts: Facts, policy: Policy, member: Member, others: list[Member]
) -> int:
    """Return how many of *others* hold something *member* may not have."""
    mine = facts.servers[member.server].view
    return sum(
        mine is None
        or (view := facts.servers[m.server].view) is None
        or not holds(mine, view, errant_of(ledger, facts, policy, m))
        for m in others
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
    wish = ledger.wish
    ackers, parted = plan_ackers(ledger, facts, policy, wish, target)
    revocable = are_revocable(ledger, facts, ackers, parted)
    clean = find_clean(ledger, facts, policy, serves=target)
    serves = lost if revocable else target
    taken = (lost.zone, target.zone)
    spare = (
        find_spare(ledger, facts, policy, taken=taken, serves=serves)
        if clean is None
        else None
    )
    own = errant_sets(ledger, facts, policy, ackers)
    return Plan(
        kind=Kind.FAILOVER,
        epoch=Epoch(ledger.epoch + 1),
        lost=lost,
        target=target,
        ackers=ackers,
        spare=spare,
        rejoins="" if clean is None else clean.server,
        donor=choose_donor(ledger, facts, policy, target=target, spare=spare),
        acks_revocable=revocable,
        proofs=policy.proofs,
        why=(wish.why if wish else f"{lost.server} in zone {lost.zone} is lost")
        + ("" if policy.required_acks else f"; {NO_DURABILITY}"),
        overrides=wish.overrides if wish else (),
        waits=policy.required_acks,
        fence_s=policy.fence_s,
        armed_s=armed_s(ledger),
        parted=parted,
        acks=policy.acks,
        acked_by=max(1, acks_held(ledger, facts)),  # 0: whoever has any, counts
        errant=own,
    )
