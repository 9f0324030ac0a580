"""A primary that answers and lets no write through: a full disk, hung storage. Pure.

Established on MariaDB 10.11 and MySQL 9.7 with a full disk: a commit waits for
somebody to free space, inside the server and not for an acknowledgement; reads,
the local canary and the replica's heartbeats go on as ever, and the SQL fence is
not to be had (MariaDB cannot log an ALTER, MySQL cannot persist a setting). So
only its own durable canary and what the replica does *not* receive tell.
"""

from collections.abc import Mapping

from controller.decide.facts import Facts, Policy, Veto, hears_source, is_seen
from controller.decide.ledger import Ledger, elapsed_s

NAMED_AFTER_S = 2.0
"""A commit may be slow for a while; from here on it is trouble."""


def dead_for_s(ledger: Ledger, facts: Facts, policy: Policy) -> float:
    """Return how long the primary has answered and let no write through; 0: it does.

    A commit that waits for an acknowledgement is an acker's trouble (rule 6) while
    local ones pass; when they hang too the server itself is ill. What happened
    before the last run ended says nothing.
    """
    fact = facts.servers.get(ledger.primary.server) if ledger.primary else None
    if fact is None or fact.view is None or not is_seen(fact, policy):
        return 0.0
    canary = facts.canary
    local_ok_age_s = canary.local_ok_age_s
    passes_locally = (
        local_ok_age_s is not None and local_ok_age_s < canary.durable_hung_s
    )
    hung_s = canary.durable_hung_s
    if passes_locally:
        hung_s = min(hung_s, fact.waited_age_s)
    longest_s = max(hung_s, canary.durable_refused_s)
    if longest_s < NAMED_AFTER_S or not fact.view.writable:
        return 0.0
    since_s = min((elapsed_s(e, facts.now_s) for e in ledger.endings), default=999.0)
    return min(longest_s, since_s) if since_s >= NAMED_AFTER_S else 0.0


def may_be_left(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether the primary is write-dead for so long that policy leaves it."""
    if not policy.write_dead_moves:
        return False
    return dead_for_s(ledger, facts, policy) >= policy.write_dead_s


def received_nothing(ledger: Ledger, facts: Facts, policy: Policy) -> Mapping[str, str]:
    """Return the ackers whose own view says that a primary to be left writes nothing.

    They hear it, and for so long no transaction came: one that writes sends a
    canary several times a second. Empty while the primary may not be left.
    """
    if not may_be_left(ledger, facts, policy):
        return {}
    return {
        acker.server: f"received nothing for {fact.received_age_s:.1f} s"
        for acker in ledger.ackers
        if (fact := facts.servers.get(acker.server)) is not None
        and is_seen(fact, policy)
        and hears_source(fact, policy)
        and fact.received_age_s >= policy.write_dead_s
    }


def write_dead_words(ledger: Ledger, facts: Facts, dead_s: float) -> str:
    """Say what is wrong, for people."""
    assert ledger.primary is not None
    canary, server = facts.canary, ledger.primary.server
    how = f"refused: {canary.durable_reason}" if canary.durable_refused_s else "hangs"
    return (
        f"primary {server} answers and takes no writes for {dead_s:.0f} s"
        f" (a durable canary {how}): is its disk full?"
    )


def write_dead(ledger: Ledger, policy: Policy) -> Veto:
    """Say why a write-dead primary is not left now, and how a person does it."""
    assert ledger.primary is not None
    waived = ("primary_answers", "still_receiving", "no_second_vantage")
    by_hand = " ".join(f"--override {name}" for name in waived)
    why = (
        f"left after {policy.write_dead_s:g} s"
        if policy.write_dead_moves
        else "`write_dead.action` is hold: free its disk, or `sitedr failover --to"
        f" ZONE {by_hand}`"
    )
    return Veto(name="write_dead", reason=why)
