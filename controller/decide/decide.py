"""What next: the one function the daemon asks at every evaluation.

Order of concern: a lost primary, a stalled primary, missing redundancy,
servers that must not come back. An evaluation that sees trouble and starts
nothing returns the vetoes that held it (promise 4).
"""

from dataclasses import dataclass, replace

from controller.decide.blind import ailing
from controller.decide.choice import choose_target, plan_failover, wished_member
from controller.decide.classify import (
    NOTHING,
    Conditions,
    classify,
    common_cause,
    named_plan,
)
from controller.decide.closed import another_primary, is_closed
from controller.decide.facts import (
    Facts,
    Policy,
    Veto,
    answers_now,
    hears_source,
    is_seen,
)
from controller.decide.fitness import doctor_blocker
from controller.decide.giving_way import gives_way
from controller.decide.guards import quiet, remaining, vetoes
from controller.decide.leaving import open_in_doubt, plan_closing, plan_ending
from controller.decide.ledger import Ledger, Wish
from controller.decide.observers import too_few_observers, unfit_now
from controller.decide.planned import plan_wished
from controller.decide.reconcile import plan_reconcile
from controller.decide.redundancy import plan_second_copy, plan_upkeep
from controller.decide.rejoin import left_alone
from controller.decide.reopen import plan_reopen
from controller.decide.rest import with_rest
from controller.decide.restore import COPYING
from controller.decide.saga import Kind, Plan, Step
from controller.decide.standing import wish_age_s
from controller.decide.switchover import opened_nothing
from controller.decide.topology import contradictions
from controller.decide.writing import (
    dead_for_s,
    may_be_left,
    write_dead,
    write_dead_words,
)
from controller.decide.zone_errors import errors, plan_leaving
from controller.model.commands import Member
from controller.model.ids import ServerId
from health.detector import Verdict

UNFIT = "no failover would begin by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Begin *plan* at *step*; *preempts* the run now under way, if any."""

    plan: Plan
    step: Step
    preempts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to start, or why nothing; *trouble* in one sentence, empty: none.

    conditions: what is seen, by name; it allows nothing by itself.
    vetoes: of what is not done; also beside a start, when there is more trouble.
        Without trouble: of what would not be done.
    """

    start: Start | None = None
    trouble: str = ""
    vetoes: tuple[Veto, ...] = ()
    conditions: Conditions = NOTHING


def decide(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    """Return what should begin now, or the trouble and what holds us."""
    conditions = classify(ledger, facts, policy)
    found = _decide(ledger, facts, policy)
    return replace(_suspecting(found, ledger, conditions), conditions=conditions)


def _suspecting(found: Decision, ledger: Ledger, conditions: Conditions) -> Decision:
    """Hold what everything being lost at once holds; name what a failover is for."""
    held, start = common_cause(conditions), found.start
    if start is not None and start.plan.kind is Kind.FAILOVER:
        held = remaining(held, start.plan.overrides)
        plan = named_plan(start.plan, ledger, conditions)
        found = replace(found, start=None if held else replace(start, plan=plan))
    if not held:
        return found
    trouble = found.trouble or conditions.site.why
    return replace(found, trouble=trouble, vetoes=(*held, *found.vetoes))


def _decide(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    if ledger.wish is not None:
        ledger = replace(ledger, wish=current_wish(ledger, facts, policy))
    if ledger.primary is None:
        return Decision(trouble="no primary is known yet")
    if ledger.halted:
        return _halted(ledger, facts, policy)
    if is_primary_lost(ledger, facts):
        return _failover(_unplanned(ledger), facts, policy)
    return _while_it_answers(ledger, facts, policy)


def current_wish(ledger: Ledger, facts: Facts, policy: Policy) -> Wish | None:
    """Return the wish that may still begin; hours later nobody expects it."""
    wish = ledger.wish
    if wish is None or wish_age_s(wish, facts.now_s, facts.wall_s) > policy.wish_s:
        return None
    return wish


def _while_it_answers(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    """The primary is not lost: does it take writes, and is there a second copy?"""
    if is_stalled(ledger, facts, policy) and _may_degrade_now(ledger):
        return _degrade(ledger, facts, policy)
    if ledger.wish is None and ledger.run is None:
        dead_s = dead_for_s(ledger, facts, policy)
        if dead_s:
            return _write_dead(ledger, facts, policy, dead_s)
        leaving = plan_leaving(ledger, facts, policy)
        if leaving.plan is not None:
            start = Start(plan=leaving.plan, step=Step.CONFIRM)
            return Decision(start=start, trouble=leaving.trouble)
    if ledger.wish is None:
        return _go_on(ledger, facts, policy)
    wished = _wished(ledger, facts, policy, ledger.wish)
    if wished.start is not None:
        return wished
    rest = _go_on(ledger, facts, policy)  # what is held holds up nothing else
    return Decision(
        start=rest.start,
        trouble="; ".join(t for t in (wished.trouble, rest.trouble) if t),
        vetoes=tuple(dict.fromkeys((*wished.vetoes, *rest.vetoes))),
    )


def _wished(ledger: Ledger, facts: Facts, policy: Policy, wish: Wish) -> Decision:
    """A person asked for a move, and the primary answers."""
    if not wish.planned:
        found = _failover(ledger, facts, policy)
        asked = f"a failover to zone {wish.to_zone} was asked for"
        return replace(found, trouble=asked if found.trouble else "")
    planned = plan_wished(ledger, facts, policy, wish)
    if planned.plan is None:
        return Decision(trouble=planned.trouble, vetoes=planned.vetoes)
    start = Start(plan=planned.plan, step=Step.CONFIRM)
    return Decision(start=start, trouble=planned.trouble)


def _write_dead(
    ledger: Ledger, facts: Facts, policy: Policy, dead_s: float
) -> Decision:
    """It answers and writes nothing: left if policy says so, otherwise named."""
    trouble = write_dead_words(ledger, facts, dead_s)
    vetoes: tuple[Veto, ...] = (write_dead(ledger, policy),)
    if may_be_left(ledger, facts, policy):
        left = _failover(ledger, facts, policy)
        if left.start is not None:
            plan = replace(left.start.plan, why=trouble)
            return replace(left, start=replace(left.start, plan=plan), trouble=trouble)
        vetoes = left.vetoes
    rest = _go_on(ledger, facts, policy)  # what is held holds up nothing else
    return replace(
        rest,
        trouble="; ".join(t for t in (trouble, rest.trouble) if t),
        vetoes=tuple(dict.fromkeys((*vetoes, *rest.vetoes))),
    )


def _go_on(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    """Nobody asks for anything: what runs goes on, what is missing is mended."""
    closed = is_closed(ledger, facts, policy)
    if closed and not _reopens(ledger):
        return _closed(ledger, facts, policy)
    if ledger.run is not None:
        routes = plan_reconcile(ledger, facts, policy)
        found = Decision(trouble=routes.trouble, vetoes=routes.vetoes)
    else:
        found = _maintain(ledger, facts, policy)
    alone = left_alone(ledger, facts, policy)
    failing = errors(ledger, facts, policy)
    for trouble, veto in (*ailing(ledger, facts, policy), *failing, *alone):
        told = "; ".join(t for t in (trouble, found.trouble) if t)
        found = replace(found, trouble=told, vetoes=(veto, *found.vetoes))
    found = replace(found, vetoes=with_rest(found.vetoes, ledger, facts))
    return _with_fitness(found, ledger, facts, policy)


def _with_fitness(
    found: Decision, ledger: Ledger, facts: Facts, policy: Policy
) -> Decision:
    """Say beside *found* what would hold a failover, before there is need of one."""
    assert ledger.primary is not None
    unfit = doctor_blocker(ledger, facts, policy, ledger.primary)
    against = contradictions(ledger, facts, policy)
    starved = unfit_now(facts, policy)
    few = too_few_observers(ledger, facts, policy)
    held = (*(v for v in (starved, unfit, few) if v is not None), *against)
    if not held:
        return found
    trouble = f"{found.trouble}; {UNFIT}" if found.trouble else ""
    return replace(found, trouble=trouble, vetoes=(*found.vetoes, *held))


def _reopens(ledger: Ledger) -> bool:
    """Tell whether a run under way closed the primary, or opens it, by itself.

    Not while it only makes a copy: who closes or restarts then is news.
    """
    run = ledger.run
    if run is None or run.plan.kind is Kind.REOPEN:
        return run is not None
    moves = run.plan.kind in {Kind.FAILOVER, Kind.SWITCHOVER}
    return moves and run.step not in COPYING


def _halted(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    """A person must look; meanwhile only what OPEN made history is closed."""
    veto = Veto(name="halted", reason=ledger.halted, overridable=False)
    found = plan_closing(ledger, facts, policy)
    if found.plan is None or found.step is None:
        return Decision(trouble="halted", vetoes=(veto,))
    held = quiet(ledger, facts, policy)
    return Decision(
        start=None if held else Start(plan=found.plan, step=found.step),
        trouble=f"halted; {found.trouble}",
        vetoes=(veto, *held),
    )


def is_primary_lost(ledger: Ledger, facts: Facts) -> bool:
    """Tell whether our own probes call the primary down."""
    assert ledger.primary is not None
    fact = facts.servers.get(ledger.primary.server)
    return fact is not None and fact.reading.verdict is Verdict.DOWN


def is_stalled(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell acker loss from primary loss: durable hangs, local commits (rule 6).

    The local canary must have committed when the durable one had already hung
    for *stall_s*: one from before, or from the moment a server froze, says
    nothing. And the primary itself must say that commits wait: a connection of
    ours that is broken, or a server that just thawed, hangs a canary too.
    """
    canary = facts.canary
    if ledger.primary is None:
        return False
    fact = facts.servers.get(ledger.primary.server)
    return (
        fact is not None
        and is_seen(fact, policy)
        and fact.view is not None
        and fact.view.source_side.waiters > 0
        and canary.local_ok_age_s is not None
        and canary.durable_hung_s - canary.local_ok_age_s >= policy.stall_s
    )


def _closed(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    """Not lost, not serving: open it again if it only restarted, or say why not."""
    run = ledger.run
    yields = run is not None and gives_way(run)
    found = plan_reopen(ledger, facts, policy, gives_way=yields)
    held = (*quiet(ledger, facts, policy), *found.vetoes)
    if found.plan is not None and found.step is not None and not held:
        start = Start(plan=found.plan, step=found.step, preempts=run is not None)
        return Decision(start=start, trouble=found.trouble)
    ending = plan_ending(ledger, facts, policy)
    if ending.plan is None or ending.step is None or quiet(ledger, facts, policy):
        return Decision(trouble=found.trouble, vetoes=held)
    # It may be what keeps the primary closed, and it can only be closed.
    start = Start(plan=ending.plan, step=ending.step)
    trouble = f"{found.trouble}; {ending.trouble}"
    return Decision(start=start, trouble=trouble, vetoes=held)


def _may_degrade_now(ledger: Ledger) -> bool:
    """Nobody waits for a copy to finish while writes wait for a lost acker.

    A run that has just degraded is left alone: its hanging canary may be told
    so a moment later.
    """
    run = ledger.run
    if run is None:
        return True
    waits = ledger.durability.protected or run.step is Step.PROTECT
    return gives_way(run) and waits


def _failover(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    assert ledger.primary is not None
    lost = ledger.primary
    trouble = f"primary {lost.server} in zone {lost.zone} is lost"
    run = ledger.run
    if run is not None and not (gives_way(run) or opened_nothing(run)):
        return Decision()
    target = choose_target(ledger, facts, policy) or wished_member(ledger, facts)
    if target is None:
        nobody = Member(server=ServerId("none"), zone=lost.zone)
        found = vetoes(ledger, facts, policy, nobody)
        return Decision(trouble=trouble, vetoes=found)
    plan = plan_failover(ledger, facts, policy, target)
    held = remaining(vetoes(ledger, facts, policy, target), plan.overrides)
    if held:
        return Decision(trouble=trouble, vetoes=held)
    start = Start(plan=plan, step=Step.CONFIRM, preempts=ledger.run is not None)
    return Decision(start=start, trouble=trouble)


def _unplanned(ledger: Ledger) -> Ledger:
    """A planned move was asked for while the primary lived: no yes to a failover."""
    planned = ledger.wish is not None and ledger.wish.planned
    return replace(ledger, wish=None) if planned else ledger


def _degrade(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    """Writes wait: for an acker that is gone by its own or our observation."""
    assert ledger.primary is not None
    waited, hung_s = _waited_for(ledger, facts), facts.canary.durable_hung_s
    missing = "no acker answers" if waited == 1 else f"not {waited} ackers answer"
    trouble = f"writes stall for {hung_s:.1f} s: {missing}"
    held = list(quiet(ledger, facts, policy))
    closing = plan_closing(ledger, facts, policy)
    if closing.plan is not None and closing.step is not None and not held:
        start = Start(plan=closing.plan, step=closing.step)
        return Decision(start=start, trouble=f"{trouble}; {closing.trouble}")
    if doubted := open_in_doubt(ledger):
        held.append(
            Veto(
                name="open_in_doubt",
                reason=f"{doubted[0].server} may accept writes since an unanswered"
                " OPEN: it must be fenced first (rule 5)",
                overridable=False,
            )
        )
    elif rival := another_primary(
        ledger, facts, policy, facts.servers[ledger.primary.server]
    ):
        held.append(rival)  # after DEGRADE two would acknowledge
    alive = [
        a.server
        for a in ledger.ackers
        if (fact := facts.servers.get(a.server)) is not None
        and answers_now(fact, policy)
        and hears_source(fact, policy)
    ]
    if len(alive) >= waited:
        held.append(
            Veto(
                name="acker_alive",
                reason=f"{', '.join(alive)} still hears the primary: no second"
                " vantage sees a lost acker",
            )
        )
    if held:
        return Decision(trouble=trouble, vetoes=tuple(held))
    plan = plan_second_copy(ledger, facts, policy, trouble)
    preempts = ledger.run is not None
    start = Start(plan=plan, step=Step.DEGRADE, preempts=preempts)
    return Decision(start=start, trouble=trouble)


def _waited_for(ledger: Ledger, facts: Facts) -> int:
    """Return how many acknowledgements a commit on the primary waits for now."""
    assert ledger.primary is not None
    view = facts.servers[ledger.primary.server].view
    return max(view.source_side.acks if view is not None else 1, 1)


def _maintain(ledger: Ledger, facts: Facts, policy: Policy) -> Decision:
    """Users first, then redundancy, then what must not come back, then the ill."""
    routes = plan_reconcile(ledger, facts, policy)
    copies = plan_upkeep(ledger, facts, policy)
    trouble = "; ".join(u.trouble for u in (routes, copies) if u.trouble)
    vetoes = (*routes.vetoes, *copies.vetoes)
    first = routes if routes.plan is not None else copies
    if first.plan is None or first.step is None:
        return Decision(trouble=trouble, vetoes=vetoes)
    held = quiet(ledger, facts, policy)
    if held:
        return Decision(trouble=trouble, vetoes=(*held, *vetoes))
    start = Start(plan=first.plan, step=first.step)
    return Decision(start=start, trouble=trouble, vetoes=routes.vetoes)
