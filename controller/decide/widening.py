"""More ackers than commits wait for: one more is brought while all is well. Pure.

Nothing stalls while as many acknowledge as commits wait for, and `protected` stays.
So a lack is mended, or told, beside whatever serves. Where all that are wanted are
waited for, a missing one stalls writes: that is DEGRADE's.
"""

from collections.abc import Sequence

from controller.decide.ackers import is_enlistable, is_other_process, told_acks
from controller.decide.copies import follows_primary, is_copy, stopped_acker
from controller.decide.facts import Facts, Policy, Veto
from controller.decide.leaving import Upkeep, is_rested
from controller.decide.ledger import Ledger
from controller.decide.saga import Kind, Plan, Step
from controller.model.commands import Acker, Member
from controller.model.ids import Epoch


def plan_widening(
    ledger: Ledger, facts: Facts, policy: Policy, spare: Member | None
) -> Upkeep:
    """Return the run that brings one more acker, or that one lacks and none is free.

    spare: the server of a healthy zone that may get a new database.
    """
    if not policy.required_acks or not ledger.durability.protected:
        return Upkeep()
    live = _live(ledger, facts, policy)
    recount = is_miscounted(ledger, facts, policy)
    lacks = len(live) < policy.replicas_wanted > policy.acks
    if not live or not (lacks or recount):
        return Upkeep()
    if not lacks and len(live) >= policy.acks:
        told = told_acks(ledger, facts, policy)
        waited = told if told > policy.acks else ledger.durability.acks
        why = f"commits waited for {waited} and shall for {policy.acks}"
        return _one_more(ledger, policy, live, live[-1], Step.PROTECT, why)
    assert ledger.primary is not None
    why = (
        f"{len(live)} of {policy.replicas_wanted} replicas of"
        f" {ledger.primary.server} acknowledge"
    )
    joining = _joining(ledger, facts, policy, live)
    if joining is not None:
        return _one_more(ledger, policy, live, joining, Step.REGISTER, why)
    if spare is not None:
        return _one_more(ledger, policy, live, spare, Step.PROVISION, why)
    return Upkeep(trouble=why)


def is_miscounted(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether commits wait for more or fewer than they shall.

    On record is the least they may have waited for, so the server is asked too.
    """
    told = told_acks(ledger, facts, policy) or policy.acks
    return {ledger.durability.acks, told} != {policy.acks}


def plan_loosening(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return the run that lets commits wait for nobody, where they shall not.

    Until that is on record every acker must be found again at a failover.
    """
    assert ledger.primary is not None
    primary = ledger.primary
    if policy.required_acks or not ledger.durability.protected:
        return Upkeep()
    why = "commits wait for a replica and shall for none"
    if not is_rested(ledger, facts, policy, primary.server):
        pause = Veto(name="recent_attempt", reason="an attempt failed recently")
        return Upkeep(trouble=why, vetoes=(pause,))
    plan = Plan(
        kind=Kind.LOOSEN,
        epoch=Epoch(ledger.epoch + 1),
        lost=None,
        target=primary,
        why=why,
        waits=False,
    )
    return Upkeep(plan=plan, step=Step.WITHDRAW, trouble=why)


def _live(ledger: Ledger, facts: Facts, policy: Policy) -> list[Acker]:
    """Return the ackers that count: proven, and as far as is known receiving."""
    return [
        a
        for a in ledger.ackers
        if a.boot_id
        and is_enlistable(ledger, policy, a)
        and is_copy(a, ledger, facts, policy)
        and not is_other_process(a, facts)
    ]


def _joining(
    ledger: Ledger, facts: Facts, policy: Policy, live: Sequence[Acker]
) -> Member | None:
    """Return a server that only has to go on, or has to prove itself."""
    proven = {a.server for a in live}
    for fact in facts.servers.values():
        if fact.member.server not in proven and follows_primary(
            ledger, facts, policy, fact
        ):
            return fact.member
    return stopped_acker(ledger, facts, policy)


def _one_more(
    ledger: Ledger,
    policy: Policy,
    live: Sequence[Acker],
    spare: Member | Acker,
    step: Step,
    why: str,
) -> Upkeep:
    """Return the run that makes *spare* an acker beside *live*.

    Commits go on waiting for as many as now until more of them are there.
    """
    assert ledger.primary is not None
    reach = len({*(a.server for a in live), spare.server})
    plan = Plan(
        kind=Kind.WIDEN,
        epoch=Epoch(ledger.epoch + 1),
        lost=None,
        target=ledger.primary,
        ackers=ledger.ackers,
        spare=Member(server=spare.server, zone=spare.zone),
        why=why,
        acks=policy.acks if reach >= policy.acks else ledger.durability.acks,
    )
    return Upkeep(plan=plan, step=step, trouble=why)
