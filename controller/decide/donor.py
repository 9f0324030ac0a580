"""Whom a new replica is copied from. Pure.

A copy reads a whole database off somebody's disk. On the primary every user shares
that disk; a replica has time. But the last acker has none to give: each commit of
every user waits for its disk, as long as that takes. So a replica is the donor when
another one acknowledges without it, or when `provision.rate_mb_s` leaves its disk
room; otherwise the primary is, whose users then wait for reads, not for commits.
"""

from controller.decide.facts import Facts, Policy, ServerFact, hears_source, is_seen
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Kind
from controller.model.commands import Acker, Member


def choose_donor(
    ledger: Ledger,
    facts: Facts,
    policy: Policy,
    *,
    target: Member,
    spare: Member | None,
) -> Member | None:
    """Return the replica to copy *target*'s data from; None: from *target* itself.

    Every acker's data is part of *target*'s: VERIFY proves it before OPEN, and a
    replica of a serving primary has nothing else. What it lacks, following brings.
    """
    if spare is None or _failed_before(ledger, spare):
        return None
    excluded = {target.server, spare.server, *(m.server for m in ledger.suspects)}
    if ledger.primary is not None and ledger.primary != target:
        excluded.add(ledger.primary.server)
    able = [
        a
        for a in ledger.ackers
        if a.server not in excluded and _is_able(a, ledger, facts, policy, target)
    ]
    needed = policy.acks if policy.required_acks else 0
    if not able or (len(able) - 1 < needed and not policy.copy_throttled):
        return None
    donor = min(able, key=lambda a: a.server)
    return Member(server=donor.server, zone=donor.zone)


def _is_able(
    acker: Acker, ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> bool:
    """Tell whether it is seen, whole, and will follow *target*.

    Of a serving primary it must do so now; one that is moved away from is followed
    until the moment it is frozen, and REPOINT comes before the copy.
    """
    fact = facts.servers.get(acker.server)
    if fact is None or fact.view is None or not is_seen(fact, policy):
        return False
    view = fact.view
    same = not acker.boot_id or acker.boot_id == view.boot_id
    if view.writable or not view.applying or not same:
        return False
    moved = ledger.primary is not None and ledger.primary != target
    return moved or _follows(fact, facts, policy, target)


def _follows(fact: ServerFact, facts: Facts, policy: Policy, target: Member) -> bool:
    assert fact.view is not None
    source = facts.servers[target.server].address
    return fact.view.source == source and hears_source(fact, policy)


def _failed_before(ledger: Ledger, spare: Member) -> bool:
    """The last copy into *spare* came to nothing: no riddles, ask the primary."""
    return any(
        e.kind is Kind.RESTORE
        and e.about == spare.server
        and e.end is End.UNDER_REPLICATED
        for e in ledger.endings
    )
