"""A primary that answers and takes no writes: since when, and may it be opened. Pure.

Every reason not to open it again is a function that returns its veto or nothing;
all are evaluated every time, and `EVIDENCE` once more right before acting.
"""

from collections.abc import Callable, Mapping

from controller.decide.ackers import (
    are_enough,
    bound_ackers,
    is_enlistable,
    seen_primary,
    waited_for,
)
from controller.decide.facts import Facts, Policy, ServerFact, Veto, is_seen
from controller.decide.leaving import open_in_doubt
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.reconcile import is_newer
from controller.decide.restore import COPYING
from controller.decide.saga import End, Kind, Plan, Step
from controller.model.commands import Acker
from replication.gtid import surely_holds

# ---- is it closed, and since when ----------------------------------------------


def is_closed(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether the primary answers and takes no writes, seen since the last run."""
    fact = seen_primary(ledger, facts, policy)
    return fact is not None and fact.view is not None and not fact.view.writable


def serving_notes(
    ledger: Ledger, facts: Facts, policy: Policy
) -> list[Mapping[str, object]]:
    """Return what the journal should say of the process the primary serves in.

    Taking writes in another process than on record: somebody opened it by hand.
    Closed in the very process on record: somebody closed it, and meant it. What a
    run opens or closes its own records say; but a primary that is opened or closed
    by hand while a copy is made is on record at once, not when the copy is done.
    Closed by an order of ours it waits to be opened again, and no person did it.
    """
    run = ledger.run
    moves = run is not None and run.plan.kind in {Kind.FAILOVER, Kind.SWITCHOVER}
    if ledger.primary is None or (moves and not _only_copies(ledger)):
        return []
    fact = seen_primary(ledger, facts, policy)
    if fact is None or fact.view is None:
        return []
    server, view, was = ledger.primary.server, fact.view, ledger.serving
    same = was is not None and (was.server, was.boot_id) == (server, view.boot_id)
    closed = was is not None and was.closed
    closing = was is not None and was.closing
    opened_by_hand = view.writable and not (same and not closed)
    open_after_all = view.writable and same and closing and run is None
    closed_by_hand = not view.writable and same and not closed and not closing
    news = opened_by_hand or open_after_all
    if not news and not (closed_by_hand and _only_copies(ledger)):
        return []
    # After a restart semi-sync is off (rule 8), unless EARN switched it on there.
    known = was is not None and was.server == server and not same
    return [
        {
            "server": server,
            "boot_id": view.boot_id,
            "writable": view.writable,
            "waits": not known or view.boot_id == ledger.earned_in,
        }
    ]


def waiting_notes(
    ledger: Ledger, facts: Facts, policy: Policy
) -> list[Mapping[str, object]]:
    """Return what the journal should say of commits that wait for fewer than earned.

    A person told the primary so. Some were let return with fewer copies since, and
    whoever starts from the journal must know it also when the primary is gone.
    """
    run, was = ledger.run, ledger.serving
    counts = run is not None and run.step in _COUNTING
    if not (policy.required_acks and ledger.durability.protected) or counts:
        return []
    fact = seen_primary(ledger, facts, policy) if _only_copies(ledger) else None
    if fact is None or fact.view is None or was is None or was.closed or was.closing:
        return []
    server, view = fact.member.server, fact.view
    told = waited_for(ledger, view)
    same = (was.server, was.boot_id) == (server, view.boot_id)
    if told >= ledger.durability.acks or not (same and view.writable):
        return []
    return [
        {
            "server": server,
            "boot_id": view.boot_id,
            "writable": True,
            "waits": told > 0,
            "acks": told,
        }
    ]


_COUNTING = frozenset({Step.PROTECT, Step.WITHDRAW, Step.VERIFY_END})
"""Rows that let commits wait for another number, or in which that was read before."""


def _only_copies(ledger: Ledger) -> bool:
    """Tell whether no run touches the primary: none is under way, or it copies.

    Nor does one that looks at an old primary, however long its logs are.
    """
    run = ledger.run
    if run is None or run.plan.kind is Kind.REOPEN:
        return run is None
    moves = run.plan.kind in {Kind.FAILOVER, Kind.SWITCHOVER}
    return run.step in COPYING if moves else run.plan.lost != ledger.primary


# ---- why not -------------------------------------------------------------------

JUST_NOW_S = 0.3
"""What CONFIRM has read again is no older."""

Guard = Callable[[Ledger, Facts, Policy, ServerFact], Veto | None]


def _veto(name: str, reason: str) -> Veto:
    """No wish exists for reopening; a person opens by hand, or fails over."""
    return Veto(name=name, reason=reason, overridable=False)


def closed_by_hand(
    ledger: Ledger, facts: Facts, policy: Policy, primary: ServerFact
) -> Veto | None:
    """Only a restart is undone, and our own order; what a person did is not."""
    del facts, policy
    server, serving = primary.member.server, ledger.serving
    assert primary.view is not None
    by_hand = "Open it by hand, or `sitedr failover --to` another zone"
    if primary.view.source is not None:
        return _veto(
            "primary_follows", f"{server} was set to follow {primary.view.source}"
        )
    if server in ledger.retired:
        proof = ledger.retired[server]
        reason = f"{server} was ended for good (proof: {proof}). {by_hand}"
        return _veto("primary_fenced", reason)
    if serving is None or serving.server != server:
        reason = f"in which process {server} took writes is not on record. {by_hand}"
    elif serving.closed:
        reason = f"{server} was closed, and not by a restart. {by_hand}"
    elif serving.boot_id == primary.view.boot_id and not serving.closing:
        reason = f"{server} did not restart: it was closed by hand. {by_hand}"
    else:
        return None
    return _veto("primary_closed", reason)


def another_primary(
    ledger: Ledger, facts: Facts, policy: Policy, primary: ServerFact
) -> Veto | None:
    """Nobody else takes writes, may, or was told to by another controller."""
    if doubted := open_in_doubt(ledger):
        reason = f"{doubted[0].server} may accept writes since an unanswered OPEN"
        return _veto("open_in_doubt", reason)
    others = [f for f in facts.servers.values() if f.member != primary.member]
    writable = [
        f.member.server
        for f in others
        if f.view is not None and f.view.writable and is_seen(f, policy)
    ]
    if writable:
        reason = f"{', '.join(writable)} accepts writes too: end all but one by hand"
        return _veto("another_writable", reason)
    newer = [
        str(f.member.server)
        for f in facts.servers.values()
        if f.view is not None and is_newer(ledger, f.view.epoch)
    ]
    newer += [
        f"edge {e}"
        for e, f in sorted(facts.edges.items())
        if f.reachable and is_newer(ledger, f.epoch)
    ]
    if not newer:
        return None
    told = f"{', '.join(newer)} has seen an epoch newer than {ledger.epoch}"
    return _veto("newer_epoch", f"{told}: another controller acted")


def _seen_ackers(ledger: Ledger, facts: Facts, policy: Policy) -> list[Acker]:
    """Return those of the ackers whose word counts that answer now."""
    return [
        a
        for a in bound_ackers(ledger, facts, policy)
        if (fact := facts.servers.get(a.server)) is not None and is_seen(fact, policy)
    ]


def ackers_unseen(
    ledger: Ledger, facts: Facts, policy: Policy, primary: ServerFact
) -> Veto | None:
    """What an acker holds decides, so every one must answer (rule 2)."""
    del primary
    seen = _seen_ackers(ledger, facts, policy)
    bound = bound_ackers(ledger, facts, policy)
    unseen = [a.server for a in bound if a not in seen]
    if policy.required_acks and not seen:
        reason = "no acker answers: only a person may open it unprotected, by hand"
        return _veto("no_acker", reason)
    if not unseen:
        return None
    reason = f"{', '.join(unseen)} may hold acknowledged writes and does not answer"
    return _veto("acker_unseen", reason)


def acks_to_have(ledger: Ledger, facts: Facts, policy: Policy) -> int:
    """Return how many acknowledgements commits can wait for once it is opened.

    As many as they shall; as many as they waited for where the others were never
    brought; 0: fewer answer, or commits wait for nobody.
    """
    if not policy.required_acks:
        return 0
    seen = _seen_ackers(ledger, facts, policy)
    able = [a for a in seen if is_enlistable(ledger, policy, a)]
    held = ledger.durability
    waited = min(held.acks, policy.acks) if held.protected else policy.acks
    for acks in (policy.acks, waited):
        if len(able) >= acks:
            return acks
    return 0


def too_few_ackers(
    ledger: Ledger, facts: Facts, policy: Policy, primary: ServerFact
) -> Veto | None:
    """Nothing is lost by opening it, and every commit would wait for ever."""
    del primary
    bound = bound_ackers(ledger, facts, policy)
    seen = [a.server for a in _seen_ackers(ledger, facts, policy)]
    if not policy.required_acks or not seen or len(seen) < len(bound):
        return None  # `ackers_unseen` says it
    if acks_to_have(ledger, facts, policy):
        return None
    reason = (
        f"commits wait for {policy.acks} acknowledgements and only"
        f" {', '.join(seen)} answers: it is opened when more do; only a person may"
        " open it unprotected, by hand"
    )
    return _veto("too_few_ackers", reason)


def acker_restarted(
    ledger: Ledger, facts: Facts, policy: Policy, primary: ServerFact
) -> Veto | None:
    """It may have thrown away the one proof of what the primary lost (rule 4).

    Not where the others make up for it: they hold all that was acknowledged, and
    whether the primary still does is `acker_ahead`'s question.
    """
    del primary
    if policy.required_acks and are_enough(ledger, facts, policy):
        return None
    changed = [
        a.server
        for a in bound_ackers(ledger, facts, policy)
        if (fact := facts.servers.get(a.server)) is not None
        and fact.view is not None
        and a.boot_id
        and fact.view.boot_id != a.boot_id
    ]
    if not changed:
        return None
    return _veto(
        "acker_restarted",
        f"{', '.join(changed)} restarted too: whether the primary still has all that"
        " was acknowledged can be proven by nobody. Look, then open it by hand",
    )


def acker_ahead(
    ledger: Ledger, facts: Facts, policy: Policy, primary: ServerFact
) -> Veto | None:
    """What an acker holds and the primary does not, the primary has lost.

    What cannot be read is not held, so in doubt this says no.
    """
    assert primary.view is not None
    mine = primary.view.executed
    ahead = [
        f"{a.server} (received {view.received or 'nothing'}, executed {view.executed})"
        for a in bound_ackers(ledger, facts, policy)
        if (fact := facts.servers.get(a.server)) is not None
        and (view := fact.view) is not None
        and not all(
            surely_holds("", mine, theirs) for theirs in (view.received, view.executed)
        )
    ]
    if not ahead:
        return None
    server = primary.member.server
    return _veto(
        "acker_ahead",
        f"{server} executed {mine or 'nothing'} and lacks what others have:"
        f" {'; '.join(ahead)}. It lost writes that may have been acknowledged:"
        " `sitedr failover --to` their zone",
    )


def resting(
    ledger: Ledger, facts: Facts, policy: Policy, primary: ServerFact
) -> Veto | None:
    """A server that restarts again and again is not opened again and again."""
    for ending in ledger.endings:
        if ending.kind is not Kind.REOPEN or ending.about != primary.member.server:
            continue
        gave_up = ending.end is End.ABANDONED
        pause_s = policy.retry_s if gave_up else policy.cooldown_s
        left_s = pause_s - elapsed_s(ending, facts.now_s)
        if left_s > 0:
            name = "recent_attempt" if gave_up else "cooldown"
            told = "an attempt was abandoned" if gave_up else "it was opened again"
            return _veto(name, f"{told} recently; {left_s:.0f} s left")
    return None


EVIDENCE: tuple[Guard, ...] = (
    closed_by_hand,
    another_primary,
    ackers_unseen,
    too_few_ackers,
    acker_restarted,
    acker_ahead,
)
"""What CONFIRM judges once more, of what was read again right then."""


def found(
    ledger: Ledger, facts: Facts, policy: Policy, guards: tuple[Guard, ...]
) -> tuple[Veto, ...]:
    """Return every reason of *guards* not to open the primary, in their order."""
    assert ledger.primary is not None
    primary = facts.servers[ledger.primary.server]
    said = (guard(ledger, facts, policy, primary) for guard in guards)
    return tuple(v for v in said if v is not None)


def evidence_against(
    ledger: Ledger, facts: Facts, policy: Policy, plan: Plan
) -> tuple[Veto, ...]:
    """Return why *plan*, under way, must not go on by what is known now."""
    primary = facts.servers[plan.target.server]
    if primary.view is None or not is_seen(primary, policy):
        return (_veto("primary_unseen", f"{plan.target.server} does not answer"),)
    if primary.view.writable:
        return (_veto("primary_answers", f"{plan.target.server} takes writes"),)
    if primary.view.boot_id != plan.boot_id:
        return (_veto("primary_restarted", f"{plan.target.server} restarted again"),)
    return found(ledger, facts, policy, EVIDENCE)


def read_too_early(ledger: Ledger, facts: Facts, policy: Policy) -> str:
    """Name the ackers that were not read since the primary's restart; empty: none.

    One that was read before may have received, and acknowledged, more since. A
    server's uptime counts whole seconds, so for the first one nothing counts; and
    its clock may jump after a boot, so only what was read just now does.
    """
    assert ledger.primary is not None
    primary = facts.servers[ledger.primary.server]
    assert primary.view is not None
    up_s = primary.view.uptime_s + primary.age_s
    before = [
        a.server
        for a in bound_ackers(ledger, facts, policy)
        if (fact := facts.servers.get(a.server)) is not None
        and fact.age_s >= min(up_s, JUST_NOW_S)
    ]
    return f"{', '.join(before)} may not be read since the restart" if before else ""
