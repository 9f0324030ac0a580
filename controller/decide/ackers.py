"""The registered ackers: who must be frozen, who is proven, who comes along. Pure.

The arithmetic is `replication.durability`; here it meets the ledger and the facts.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from controller.decide.candidates import errant_of
from controller.decide.facts import (
    Facts,
    Policy,
    ServerFact,
    Veto,
    answers_now,
    is_seen,
)
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.standing import Wish, passed_s
from controller.model.commands import Acker, Member
from controller.model.ids import ServerId
from replication.durability import least_met, may_enlist, meets_every_ack
from replication.ports import ServerView


def acks_held(ledger: Ledger, facts: Facts) -> int:
    """Return how many registered ackers surely hold each acknowledged write.

    What was earned, or less when the primary was last seen to wait for less: a
    person may have told it so. Unprotected counts as one: nobody may be left out.
    0: it takes writes and waits for nobody, so nobody surely holds anything.
    """
    if not ledger.durability.protected or ledger.primary is None:
        return 1
    fact = facts.servers.get(ledger.primary.server)
    held_s = passed_s(ledger.durability.at_mono_s, facts.now_s)
    if fact is None or fact.view is None or fact.age_s >= held_s:
        return ledger.durability.acks
    return waited_for(ledger, fact.view)


def seen_primary(ledger: Ledger, facts: Facts, policy: Policy) -> ServerFact | None:
    """Return the primary's answer if it is fresh and newer than what is on record.

    That is the end of every run, and when it was opened, be it by one under way.
    """
    assert ledger.primary is not None
    fact = facts.servers.get(ledger.primary.server)
    if fact is None or fact.view is None or not is_seen(fact, policy):
        return None
    since_s = [elapsed_s(e, facts.now_s) for e in ledger.endings]
    if ledger.serving is not None:
        since_s.append(passed_s(ledger.serving.at_mono_s, facts.now_s))
    return fact if fact.age_s < min(since_s, default=math.inf) else None


def told_acks(ledger: Ledger, facts: Facts, policy: Policy) -> int:
    """Return how many acknowledgements the primary is seen to wait for; 0: unknown.

    More than is on record where it was to be fewer, and the order was not answered.
    """
    fact = seen_primary(ledger, facts, policy)
    side = fact.view.source_side if fact is not None and fact.view else None
    return side.acks if side is not None and side.required else 0


def waited_for(ledger: Ledger, view: ServerView) -> int:
    """Return how many acknowledgements commits were ever let wait for, at the least.

    view: of the primary, while `protected` holds. Closed it commits nothing, and
    after a restart waits for nobody until it is opened (rule 8).
    """
    earned, side = ledger.durability.acks, view.source_side
    if not side.required:
        return 0 if view.writable else earned
    return max(min(earned, side.acks), 1)


def is_enlistable(ledger: Ledger, policy: Policy, member: Member | Acker) -> bool:
    """Tell whether *member* may acknowledge for the primary on record."""
    assert ledger.primary is not None
    return may_enlist(ledger.primary.zone, member.zone, cross_zone=policy.cross_zone)


def bound_ackers(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[Acker, ...]:
    """Return the ackers a failover must freeze, drain and compare.

    All that are seen, if those of them that are proven meet every set of ackers a
    write may have been acknowledged by; else all: one that is missing is a veto.
    With `durability: none` nothing waits for a replica, so one that is out of
    reach has let no commit return; those that answer are compared all the same.
    """
    if not (policy.required_acks or ledger.durability.protected):
        return tuple(
            a
            for a in ledger.ackers
            if (fact := facts.servers.get(a.server)) is not None
            and answers_now(fact, policy)
        )
    if not are_enough(ledger, facts, policy):
        return ledger.ackers
    return tuple(a for a in ledger.ackers if _is_seen(a, facts, policy))


def are_enough(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether every acknowledged write is held by an acker seen and proven."""
    names = [a.server for a in ledger.ackers]
    proven = [a.server for a in ledger.ackers if is_proven(a, facts, policy)]
    return meets_every_ack(names, proven, acks_held(ledger, facts))


def is_proven(acker: Acker, facts: Facts, policy: Policy) -> bool:
    """Tell whether *acker* answers in the very process whose word counts.

    The one that earned `protected`; while it joins, the one it was registered in.
    """
    fact = facts.servers.get(acker.server)
    return (
        bool(acker.boot_id or acker.process)
        and fact is not None
        and is_seen(fact, policy)
        and fact.view is not None
        and fact.view.boot_id == (acker.boot_id or acker.process)
    )


def _is_seen(acker: Acker, facts: Facts, policy: Policy) -> bool:
    fact = facts.servers.get(acker.server)
    return fact is not None and is_seen(fact, policy)


def acker_unseen(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Too few answer to hold every write that was acknowledged (rule 2)."""
    del target
    bound = bound_ackers(ledger, facts, policy)
    unseen = [a.server for a in bound if not _is_seen(a, facts, policy)]
    if not unseen:
        return None
    return Veto(
        name="acker_unseen",
        reason=f"{', '.join(unseen)} may have acknowledged writes and does not answer"
        + _arithmetic(ledger, facts),
        overridable=False,
    )


def _arithmetic(ledger: Ledger, facts: Facts) -> str:
    """Say how many would be enough, where that is not all of them."""
    acks, all_ = acks_held(ledger, facts), len(ledger.ackers)
    if acks <= 1:
        return ""
    return (
        f"; each write is held by {acks} of {all_}, so {least_met(all_, acks)} must"
        " answer"
    )


def acker_restarted(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """A restarted replica may have thrown acknowledged writes away (rule 4)."""
    del target
    changed = [
        a.server for a in ledger.ackers if a.boot_id and is_other_process(a, facts)
    ]
    if not changed or are_enough(ledger, facts, policy):
        return None
    return Veto(
        name="acker_restarted",
        reason=f"{', '.join(changed)} restarted since it earned `protected` and may"
        " have lost what it acknowledged",
    )


def is_other_process(acker: Acker, facts: Facts) -> bool:
    """Tell whether *acker* was last seen in another process than is on record."""
    fact = facts.servers.get(acker.server)
    view = fact.view if fact is not None else None
    return view is not None and view.boot_id != acker.boot_id


def acker_unproven(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """One that joins acknowledges, and may have lost what it did (rule 4)."""
    del target
    joining = [a.server for a in ledger.ackers if not a.boot_id]
    protected = ledger.durability.protected
    if not protected or not joining or are_enough(ledger, facts, policy):
        return None
    return Veto(
        name="acker_unproven",
        reason=f"{', '.join(joining)} may have acknowledged writes while it joined, and"
        " is not known to be the same process since: it may have lost them",
    )


def plan_ackers(
    ledger: Ledger, facts: Facts, policy: Policy, wish: Wish | None, target: Member
) -> tuple[tuple[Acker, ...], tuple[Acker, ...]]:
    """Return whom a move to *target* freezes, and who does not come along.

    Each that is frozen is held to a process from now on. One that never earned
    `protected` has none on record, and one whose restart a person accepted, or
    the others make up for, an old one: OPEN would refuse both for ever, after the
    fence. Only a person's overrides, or enough others, let such a plan begin.
    """
    accepted = wish is not None and "acker_restarted" in wish.overrides
    accepted = accepted or are_enough(ledger, facts, policy)
    bound = bound_ackers(ledger, facts, policy)
    frozen = tuple(identified(a, facts, accepted=accepted) for a in bound)
    if not policy.required_acks:
        return frozen, ()
    names = {a.server for a in bound}
    return frozen, tuple(
        a
        for a in ledger.ackers
        if a.server != target.server
        and (
            a.server not in names
            or errant_of(ledger, facts, policy, a)
            or not may_enlist(target.zone, a.zone, cross_zone=policy.cross_zone)
        )
    )


def errant_sets(
    ledger: Ledger, facts: Facts, policy: Policy, ackers: Sequence[Acker]
) -> tuple[tuple[ServerId, str], ...]:
    """Return the transactions of its own that each of *ackers* is known to have."""
    found = ((a.server, errant_of(ledger, facts, policy, a)) for a in ackers)
    return tuple((server, own) for server, own in found if own)


def identified(acker: Acker, facts: Facts, *, accepted: bool) -> Acker:
    """Return *acker* held to the process it is seen in, if it has none on record.

    accepted: nor does it matter which it had.
    """
    fact = facts.servers.get(acker.server)
    if fact is None or fact.view is None or (acker.boot_id and not accepted):
        return acker
    return replace(acker, boot_id=fact.view.boot_id)


def are_revocable(
    ledger: Ledger, facts: Facts, frozen: Sequence[Acker], unbound: Sequence[Acker]
) -> bool:
    """Tell whether with *frozen* deaf no new commit can be acknowledged (proof b).

    unbound: those of the registered that stay as they are.
    """
    if not ledger.durability.protected:
        return False
    deaf: list[ServerId] = [a.server for a in frozen]
    every = [*deaf, *(a.server for a in unbound)]
    return meets_every_ack(every, deaf, acks_held(ledger, facts))
