"""Which servers hold, or may at once hold, a second copy. Pure."""

from controller.decide.ackers import is_enlistable
from controller.decide.candidates import holds
from controller.decide.facts import Facts, Policy, ServerFact, is_seen
from controller.decide.leaving import is_rested
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.saga import End
from controller.model.commands import Acker, Member
from health.detector import Verdict
from replication.ports import Receiving


def is_copy(acker: Acker, ledger: Ledger, facts: Facts, policy: Policy) -> bool:
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


def can_wait(
    ledger: Ledger, facts: Facts, policy: Policy, spare: Member | None
) -> bool:
    """Tell whether commits can wait for as many as they shall, once *spare* follows.

    With `durability: none` they never do.
    """
    there = {
        a.server
        for a in ledger.ackers
        if (fact := facts.servers.get(a.server)) is not None
        and hears_primary(ledger, facts, policy, fact)
    }
    if spare is not None:
        there.add(spare.server)
    return policy.required_acks and len(there) >= policy.acks


def follows_primary(
    ledger: Ledger, facts: Facts, policy: Policy, fact: ServerFact
) -> bool:
    """A server that already receives from the primary only has to prove it."""
    assert ledger.primary is not None
    return (
        fact.member.server != ledger.primary.server
        and fact.member not in ledger.suspects
        and fact.member.server not in ledger.old
        and is_enlistable(ledger, policy, fact.member)
        and hears_primary(ledger, facts, policy, fact)
        and is_rested(ledger, facts, policy, fact.member.server)
    )


def hears_primary(
    ledger: Ledger, facts: Facts, policy: Policy, fact: ServerFact
) -> bool:
    """Tell whether a server that is seen receives from the primary on record."""
    assert ledger.primary is not None
    source = facts.servers[ledger.primary.server].address
    return (
        is_seen(fact, policy)
        and fact.view is not None
        and fact.view.receiving is Receiving.YES
        and fact.view.source == source
        and len(fact.view.sources) <= 1
    )


def stopped_acker(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return a registered replica of the primary whose receiver is stopped.

    It restarted, or was frozen for a failover that was given up, or was lost between
    REGISTER and ATTACH; it is a member and read-only, so it may go on and prove it.
    """
    assert ledger.primary is not None
    suspects = {m.server for m in ledger.suspects}
    for acker in ledger.ackers:
        fact = facts.servers.get(acker.server)
        if (
            fact is not None
            and acker.server not in suspects
            and is_seen(fact, policy)
            and (
                _is_stopped(ledger, facts, fact) or _never_followed(ledger, facts, fact)
            )
            and is_enlistable(ledger, policy, acker)
            and is_rested(ledger, facts, policy, acker.server)
        ):
            return fact.member
    return None


def _is_stopped(ledger: Ledger, facts: Facts, fact: ServerFact) -> bool:
    """Tell whether it is set to follow this very primary, and does not."""
    assert ledger.primary is not None
    view = fact.view
    return (
        view is not None
        and view.receiving is Receiving.STOPPED
        and view.source == facts.servers[ledger.primary.server].address
        and not view.writable
    )


def _never_followed(ledger: Ledger, facts: Facts, fact: ServerFact) -> bool:
    """Tell whether it follows nobody, and has nothing the primary lacks.

    It was a copy, or proven clean, when it was registered. What it was made to commit
    since shows in its own set, but for what waits for an acknowledgement (rule 7).
    """
    assert ledger.primary is not None
    view, serves = fact.view, facts.servers[ledger.primary.server].view
    return (
        view is not None
        and serves is not None
        and view.receiving is Receiving.NONE
        and not (view.source or view.sources or view.writable)
        and not (view.source_side.required or view.source_side.waiters)
        and holds(serves, view)
    )
