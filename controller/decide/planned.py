"""Reasons not to move on purpose, and the plan when there are none; pure.

A failover asks whether the primary is surely lost; a planned move asks whether it
surely lives and can help, and whether the target lacks nothing. Who may not act
at all is the same question for both, and the same guards.
"""

from dataclasses import replace

from controller.decide.ackers import (
    acker_restarted,
    acker_unproven,
    acker_unseen,
    acks_held,
    errant_sets,
    plan_ackers,
)
from controller.decide.candidates import (
    candidate_errant,
    candidate_newer,
    promotion_never,
)
from controller.decide.facts import (
    Facts,
    Policy,
    ServerFact,
    Veto,
    hears_source,
    is_seen,
)
from controller.decide.fitness import doctor_blocker
from controller.decide.flapping import quarantined
from controller.decide.guards import (
    Guard,
    candidate_unfit,
    lease_lost,
    observe_mode,
    paused,
    remaining,
    unprotected,
)
from controller.decide.leaving import Upkeep, open_in_doubt
from controller.decide.ledger import Ledger, Wish
from controller.decide.maintenance import candidate_in_maintenance
from controller.decide.observers import unfit_observer
from controller.decide.reconcile import is_newer
from controller.decide.saga import Kind, Plan
from controller.decide.standing import NO_DURABILITY
from controller.decide.topology import TOPOLOGY_GUARDS
from controller.decide.zones import unfit_for_users
from controller.model.commands import Acker, Member, Proof
from controller.model.ids import Epoch, ServerId
from replication.gtid import count_behind
from replication.ports import ServerView


def _primary(ledger: Ledger, facts: Facts, policy: Policy) -> ServerView | None:
    """Return what the primary said a moment ago; None: it is not seen."""
    fact = facts.servers.get(ledger.primary.server) if ledger.primary else None
    return fact.view if fact is not None and is_seen(fact, policy) else None


def _same_zone(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """There is nothing to move."""
    del facts, policy
    if target != ledger.primary:
        return None
    reason = f"{target.server} in zone {target.zone} is the primary already"
    return Veto(name="already_primary", reason=reason, overridable=False)


def _observing(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Observing means touching nothing, whoever asks: the lock is not taken."""
    found = observe_mode(ledger, facts, policy, target)
    return None if found is None else replace(found, overridable=False)


def _primary_unfit(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Only a primary that answers and takes writes can help; else it is a failover."""
    del target
    view = _primary(ledger, facts, policy)
    assert ledger.primary is not None
    name = ledger.primary.server
    if view is None:
        return Veto(
            name="primary_unseen",
            reason=f"{name} does not answer: a planned move needs its help;"
            " `sitedr failover` does not",
            overridable=False,
        )
    if not view.writable:
        return Veto(
            name="primary_closed",
            reason=f"{name} answers but is read-only: `sitedr failover` moves it",
            overridable=False,
        )
    if is_newer(ledger, view.epoch):
        reason = f"{name} has seen epoch {view.epoch}, we are at {ledger.epoch}"
        return Veto(name="newer_epoch", reason=reason, overridable=False)
    return None


def _not_protected(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """A planned move may lose nothing, also when the primary dies in the middle."""
    found = unprotected(ledger, facts, policy, target)
    if found is None:
        return None
    reason = f"unprotected ({ledger.durability.why}): a planned move loses nothing"
    return replace(found, reason=reason, overridable=False)


def _in_doubt(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Somebody else may be open since an unanswered OPEN (rule 5)."""
    del facts, policy, target
    doubted = open_in_doubt(ledger)
    if not doubted:
        return None
    reason = f"{doubted[0].server} may accept writes since an unanswered OPEN"
    return Veto(name="open_in_doubt", reason=reason, overridable=False)


def _target_unready(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """The target is seen, receives, applies, and has earned `protected`."""
    fact = facts.servers.get(target.server)
    acker = next((a for a in ledger.ackers if a.server == target.server), None)
    if acker is None or fact is None:
        return None  # `no_candidate` says so
    problem = _problem(fact, acker, policy)
    if not problem:
        return None
    reason = f"{target.server} {problem}"
    return Veto(name="target_unready", reason=reason, overridable=False)


def _problem(fact: ServerFact, acker: Acker, policy: Policy) -> str:
    if fact.view is None or not is_seen(fact, policy):
        return "was not seen just now"
    if not hears_source(fact, policy):
        told = fact.view.receiving.value
        return f"does not hear the primary: receiver {told}, {fact.silent_s:.1f} s"
    if not fact.view.applying:
        return "does not apply what it receives"
    if policy.required_acks and not acker.boot_id:
        return "has not earned `protected` yet"
    return ""


def _target_lagging(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """What the target lacks would be applied while users wait."""
    fact = facts.servers.get(target.server)
    mine = _primary(ledger, facts, policy)
    if mine is None or fact is None or fact.view is None:
        return None
    behind = count_behind(fact.view.executed, mine.executed)
    if behind is not None and behind <= policy.lag_max:
        return None
    told = "an unreadable number of" if behind is None else str(behind)
    return Veto(
        name="target_lagging",
        reason=f"{target.server} lacks {told} transactions, the limit is"
        f" {policy.lag_max}: writes would wait for them",
    )


def _long_transaction(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Closing the primary ends what is open there, and rolls it back."""
    del ledger, target
    old = [t for t in facts.transactions or () if t.age_s > policy.transaction_max_s]
    if not old:
        return None
    told = ", ".join(f"connection {t.connection_id} for {t.age_s:.0f} s" for t in old)
    return Veto(
        name="long_transaction",
        reason=f"open on the primary: {told}; the limit is"
        f" {policy.transaction_max_s:g} s, and what is open would be rolled back",
    )


def _edge_silent(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """At an edge nobody reaches, writes are refused instead of held."""
    del ledger, policy, target
    silent = [e for e, fact in sorted(facts.edges.items()) if not fact.reachable]
    if not silent:
        return None
    reason = f"{', '.join(silent)} does not answer: its users' writes would fail"
    return Veto(name="edge_unreachable", reason=reason)


def _target_zone_down(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Nobody is sent on purpose to where no pages are served."""
    del ledger, policy
    unfit = unfit_for_users(facts.zones[target.zone])
    if not unfit:
        return None
    return Veto(name="candidate_zone_down", reason=unfit, overridable=False)


def _target_unfit(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Only a registered replica of this very controller's epoch is promoted."""
    if target == ledger.primary:
        return None  # `already_primary` says so
    found = candidate_unfit(ledger, facts, policy, target)
    return None if found is None or found.name == "candidate_zone_down" else found


PLANNED_GUARDS: tuple[Guard, ...] = (
    _same_zone,
    _observing,
    paused,
    lease_lost,
    unfit_observer,
    doctor_blocker,
    _primary_unfit,
    _not_protected,
    _in_doubt,
    *TOPOLOGY_GUARDS,
    acker_unseen,
    acker_restarted,
    acker_unproven,
    _target_unfit,
    promotion_never,
    candidate_in_maintenance,
    quarantined,
    candidate_newer,
    candidate_errant,
    _target_unready,
    _target_zone_down,
    _target_lagging,
    _long_transaction,
    _edge_silent,
)


def planned_vetoes(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> tuple[Veto, ...]:
    """Return every reason not to move to *target* on purpose now, in order."""
    found = (guard(ledger, facts, policy, target) for guard in PLANNED_GUARDS)
    return tuple(v for v in found if v is not None)


def transactions_unseen(facts: Facts) -> tuple[Veto, ...]:
    """Whoever asked the primary what is open there needs its answer to go on."""
    if facts.transactions is not None:
        return ()
    reason = "the primary did not say which transactions are open"
    return (Veto(name="transactions_unseen", reason=reason),)


def run_under_way(ledger: Ledger) -> tuple[Veto, ...]:
    """A planned move waits for whatever runs; it is never more urgent."""
    if ledger.run is None:
        return ()
    reason = f"a {ledger.run.plan.kind.value} run is under way, and ends first"
    return (Veto(name="run_under_way", reason=reason, overridable=False),)


def wished_target(ledger: Ledger, facts: Facts, wish: Wish) -> Member:
    """Return the member a planned *wish* names; an acker before another server."""
    ackers = {a.server for a in ledger.ackers}
    here = [f.member for f in facts.servers.values() if f.member.zone == wish.to_zone]
    here.sort(key=lambda m: (m.server not in ackers, m.server))
    return here[0] if here else Member(server=ServerId("none"), zone=wish.to_zone)


def plan_wished(ledger: Ledger, facts: Facts, policy: Policy, wish: Wish) -> Upkeep:
    """Return the planned move to begin now, or every reason why it does not.

    A person moves a living primary; nothing that runs is preempted for it.
    """
    target = wished_target(ledger, facts, wish)
    found = planned_vetoes(ledger, facts, policy, target)
    held = (*run_under_way(ledger), *remaining(found, wish.overrides))
    trouble = f"a switchover to zone {wish.to_zone} was asked for: {wish.why}"
    if held:
        return Upkeep(trouble=trouble, vetoes=held)
    plan = plan_switchover(ledger, facts, policy, target, wish)
    return Upkeep(plan=plan, trouble=trouble)


def plan_switchover(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member, wish: Wish
) -> Plan:
    """Return the plan that moves the primary's duties to *target*, with its help.

    The old primary is the new replica: it is ended, compared, and follows on its own
    data if it is clean, and so the way back is open.
    """
    old = ledger.primary
    assert old is not None
    fact = facts.servers[old.server]
    ackers, parted = plan_ackers(ledger, facts, policy, wish, target)
    plan = Plan(
        kind=Kind.SWITCHOVER,
        epoch=Epoch(ledger.epoch + 1),
        lost=old,
        target=target,
        ackers=ackers,
        spare=old,
        laid=ledger.laid_at(target),
        had=ledger.had.get(target.server, ""),
        proofs=(Proof.PROCESS, Proof.SQL),
        why=wish.why + ("" if policy.required_acks else f"; {NO_DURABILITY}"),
        overrides=wish.overrides,
        waits=policy.required_acks,
        pause_max_s=policy.pause_max_s,
        parted=parted,
        acks=policy.acks,
        acked_by=max(1, acks_held(ledger, facts)),
        errant=errant_sets(ledger, facts, policy, ackers),
    )
    return plan if fact.view is None else replace(plan, lost_boot=fact.view.boot_id)
