"""The old primary returns: ended, compared, then a replica again or laid anew. Pure.

It never comes back by itself (rule 7): its process is proven dead first, and what
it holds is read from its logs, acknowledged or not. Clean, it becomes a replica on
its own data where a copy is wanted. What only it has is saved and reported before
anything is laid over it. Where nobody can tell, a person is waited for (promise 7).

MariaDB can roll an unacknowledged tail back by itself when it starts as a semi-sync
replica (`init_rpl_role=SLAVE`). That is not used: it cuts off what no replica *of
that moment* acknowledged, without looking at the successor, and leaves nothing to
report.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from controller.decide.copies import can_wait
from controller.decide.facts import Facts, Policy, Veto, is_seen
from controller.decide.fitness import standing_findings
from controller.decide.leaving import Upkeep, is_back, is_rested
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.maintenance import worked_in
from controller.decide.old import Known, OldPrimary
from controller.decide.restore import RESTORE, RETIRE, SUFFIX
from controller.decide.saga import End, Kind, Plan, Row, Step, Table
from controller.decide.standing import passed_s
from controller.model.commands import (
    Compare,
    EnsureReported,
    EnsureResumed,
    EnsureSaved,
    Member,
    Proof,
)
from controller.model.ids import Epoch, ServerId
from health.detector import Verdict
from replication.doctor.checks import NOT_ON_DISK
from replication.ports import Receiving


def _old(plan: Plan) -> Member:
    assert plan.lost is not None
    return plan.lost


_LOOK: Mapping[Step, Row] = {
    Step.RETIRE: replace(
        RETIRE[Step.RETIRE],
        done=Step.COMPARE,
        why="A running ex-primary is never compared: it is proven dead first.",
    ),
    Step.COMPARE: Row(
        order=lambda p: Compare(
            old=_old(p),
            successor=p.target.server,
            epoch=p.epoch,
            laid=p.laid,
            had=p.had,
        ),
        timeout_s=300.0,
        attempts_max=1,
        done=End.COMPLETED,
        refused=Step.SAVE,
        unknown=End.ABANDONED,
        why="Clean is proven from its own logs, or it is not clean.",
    ),
    Step.SAVE: Row(
        order=lambda p: EnsureSaved(
            old=_old(p),
            successor=p.target.server,
            covered=p.acks_revocable,
            epoch=p.epoch,
            laid=p.laid,
            had=p.had,
        ),
        timeout_s=900.0,
        attempts_max=3,
        done=Step.REPORT,
        refused=End.ABANDONED,
        unknown=End.ABANDONED,
        why="What only it holds is kept before anything is laid over it.",
        patient=True,
        pause_s=1.0,
    ),
    Step.REPORT: Row(
        order=lambda p: EnsureReported(old=_old(p), epoch=p.epoch),
        timeout_s=900.0,
        attempts_max=2,
        done=End.COMPLETED,
        # The logs are kept: who cannot read the report can still read them.
        refused=End.COMPLETED,
        unknown=End.COMPLETED,
        why="People are told which writes were lost, row by row.",
    ),
}

LOOKING = (Step.COMPARE, Step.SAVE, Step.REPORT, Step.RESUME)
"""Rows between the proof that it is dead and the register."""

EXAMINE: Table = MappingProxyType(dict(_LOOK))

REJOIN: Table = MappingProxyType(
    {
        Step.DEGRADE: replace(RESTORE[Step.DEGRADE], done=Step.RETIRE),
        Step.RETIRE: replace(
            _LOOK[Step.RETIRE],
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
        ),
        Step.COMPARE: replace(
            _LOOK[Step.COMPARE], done=Step.RESUME, unknown=End.UNDER_REPLICATED
        ),
        Step.SAVE: replace(
            _LOOK[Step.SAVE],
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
        ),
        Step.REPORT: replace(
            _LOOK[Step.REPORT],
            done=End.UNDER_REPLICATED,
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
        ),
        Step.RESUME: Row(
            order=lambda p: EnsureResumed(old=_old(p), epoch=p.epoch),
            timeout_s=60.0,
            attempts_max=3,
            done=Step.REGISTER,
            refused=End.UNDER_REPLICATED,
            unknown=End.UNDER_REPLICATED,
            why="On its own data it lacks minutes of writes, a new copy lacks all.",
            patient=True,
            pause_s=1.0,
        ),
        **{s: r for s, r in SUFFIX.items() if s not in {Step.PROVISION, Step.SEED}},
    }
)


def find_clean(
    ledger: Ledger, facts: Facts, policy: Policy, *, serves: Member | None = None
) -> Member | None:
    """Return an old primary that was clean when it was compared, if it can be had.

    None that may have committed what a power cut took out of its log: its log is
    clean and its tables perhaps are not. It may be laid anew. So may one that was left
    before the primary itself was laid: what it lacks is in no log of the primary's.
    serves: who is primary by then; None: who is now.
    """
    primary = serves or ledger.primary
    laid = ledger.laid.get(primary.server) if primary else None
    since = Epoch(-1) if laid is None else laid.epoch
    clean = [
        o for o in ledger.old.values() if o.known is Known.CLEAN and since < o.left
    ]
    if not clean:
        return None
    doubted = {
        f.server for f in standing_findings(ledger, facts) if f.name == NOT_ON_DISK
    }
    fit = [
        old.member
        for old in clean
        if old.member.server not in doubted and _at_hand(old, ledger, facts, policy)
    ]
    return min(fit, key=lambda m: m.zone) if fit else None


def _at_hand(old: OldPrimary, ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    return (
        old.member not in ledger.suspects
        and old.member != ledger.primary
        and is_back(old.member, facts)
        and old.member.zone not in worked_in(ledger, facts)
        and is_rested(ledger, facts, policy, old.member.server)
    )


def plan_rejoin(
    ledger: Ledger, facts: Facts, policy: Policy, member: Member, why: str
) -> Plan:
    """Return the run that makes *member* a replica again, if it is still clean."""
    assert ledger.primary is not None
    return Plan(
        kind=Kind.REJOIN,
        epoch=Epoch(ledger.epoch + 1),
        lost=member,
        target=ledger.primary,
        ackers=ledger.ackers,
        spare=member,
        acks_revocable=ledger.old[member.server].covered,
        proofs=(Proof.PROCESS,),
        why=why,
        laid=ledger.laid_at(ledger.primary),
        had=ledger.had.get(ledger.primary.server, ""),
        waits=can_wait(ledger, facts, policy, member),
        acks=policy.acks,
    )


def plan_examine(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return the run that compares an old primary whose zone answers again."""
    assert ledger.primary is not None
    for old in ledger.old.values() if policy.examines else ():
        if (
            not spent(old, ledger.primary, facts)
            and _at_hand(old, ledger, facts, policy)
            and _paused_enough(old, ledger, facts, policy)
        ):
            server = old.member.server
            why = f"{server} was primary: does {ledger.primary.server} have all of it?"
            plan = Plan(
                kind=Kind.EXAMINE,
                epoch=Epoch(ledger.epoch + 1),
                lost=old.member,
                target=ledger.primary,
                acks_revocable=old.covered,
                proofs=(Proof.PROCESS,),
                why=why,
                laid=ledger.laid_at(ledger.primary),
                had=ledger.had.get(ledger.primary.server, ""),
            )
            return Upkeep(plan=plan, step=Step.RETIRE, trouble=why)
    return Upkeep()


IN_FLIGHT_S = 0.05
"""An answer its last process gave may be noted so much after the comparison."""


def spent(old: OldPrimary, primary: Member | None, facts: Facts) -> bool:
    """Tell whether nothing would be lost with its data as it is now: *primary* has it.

    What only it had may be saved instead.
    """
    return old.may_be_laid_anew(primary) and not runs_again(old, facts)


def runs_again(old: OldPrimary, facts: Facts) -> bool:
    """Tell whether it has answered since it was compared.

    Its process was proven dead then. The verdict that it is back is on record and
    forgets the comparison; until there is one, a single answer is enough. A clock
    that began anew says nothing of what came first.
    """
    fact = facts.servers.get(old.member.server)
    if fact is None or fact.view is None:
        return False
    answered_s = facts.now_s - fact.age_s
    return answered_s - old.at_mono_s > IN_FLIGHT_S or old.at_mono_s > facts.now_s


def _paused_enough(
    old: OldPrimary, ledger: Ledger, facts: Facts, policy: Policy
) -> bool:
    """Nobody asks every second again what could not be told a moment ago.

    Nor what was told: somebody may start it again and again. What was asked of the
    primary before this one does not count.
    """
    unknown = old.known is Known.UNKNOWN
    pause_s = policy.inspect_s if unknown else policy.reinspect_s
    opened_at_s = ledger.serving.at_mono_s if ledger.serving else -math.inf
    serves_s = passed_s(opened_at_s, facts.now_s)
    ended_s = [
        ago_s
        for e in ledger.endings
        if e.about == old.member.server
        and e.kind in {Kind.EXAMINE, Kind.REJOIN}
        and (ago_s := elapsed_s(e, facts.now_s)) < serves_s
    ]
    return min(ended_s, default=pause_s) >= pause_s


def plan_dismiss(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return what ends one that rejoined and cannot follow: its zone gets a copy.

    Its source has purged what it lacks, say, so its receiver stopped by itself. It
    never earned `protected`, and nothing is protected now: it leaves no
    acknowledgement behind that anybody counts on.
    """
    assert ledger.primary is not None
    for acker in () if ledger.durability.protected else ledger.ackers:
        fact = facts.servers.get(acker.server)
        if (
            not acker.boot_id
            and fact is not None
            and is_seen(fact, policy)
            and fact.view is not None
            and fact.view.receiving is Receiving.STOPPED
            and _rejoined_in_vain(ledger, acker.server)
            and is_rested(ledger, facts, policy, acker.server)
        ):
            why = f"{acker.server} cannot follow on its own data: it gets a copy"
            plan = Plan(
                kind=Kind.RETIRE,
                epoch=Epoch(ledger.epoch + 1),
                lost=fact.member,
                target=ledger.primary,
                proofs=(Proof.PROCESS,),
                why=why,
            )
            return Upkeep(plan=plan, step=Step.RETIRE, trouble=why)
    return Upkeep()


def _rejoined_in_vain(ledger: Ledger, server: ServerId) -> bool:
    """Tell whether the latest that was tried about *server*'s data was to rejoin."""
    tried = [
        e
        for e in ledger.endings
        if e.about == server and e.kind in {Kind.REJOIN, Kind.RESTORE}
    ]
    last = max(tried, key=lambda e: e.at_mono_s, default=None)
    in_vain = last is not None and last.end is End.UNDER_REPLICATED
    return in_vain and last is not None and last.kind is Kind.REJOIN


def unsettled(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[Veto, ...]:
    """Name every old primary that is left alone: nobody can tell, or save."""
    vetoes = []
    for server, old in sorted(ledger.old.items()):
        if old.known is Known.UNKNOWN:
            reason = (
                f"{server} was primary and cannot be compared, so it neither rejoins"
                f" nor is laid anew until `sitedr give-up`: {old.why}"
            )
            vetoes.append(_held("old_primary_unknown", reason))
        elif old.known is Known.NOTHING and not policy.examines:
            reason = (
                f"{server} was primary, and without a provisioner nobody can compare"
                " it: lay it anew by hand, then `sitedr give-up`"
            )
            vetoes.append(_held("old_primary_unknown", reason))
        elif (
            old.known is Known.EXTRA
            and not old.saved
            and not _is_under_way(ledger, old)
        ):
            reason = (
                f"{server} holds what nobody else has, and its logs are not saved, so"
                f" nothing is laid over it until `sitedr give-up`: {old.why}"
            )
            vetoes.append(_held("old_primary_unsaved", reason))
        if _follows_by_hand(ledger, facts, server):
            reason = (
                f"{server} was primary and follows again, not by us: nobody relies on"
                " it; `sitedr give-up` says that it was laid anew"
            )
            vetoes.append(_held("old_primary_follows", reason))
    return tuple(vetoes)


LEFT_ALONE = "an old primary is left as it is"


def left_alone(
    ledger: Ledger, facts: Facts, policy: Policy
) -> tuple[tuple[str, Veto], ...]:
    """Return each of `unsettled` with the trouble it is, said once."""
    held = unsettled(ledger, facts, policy)
    return tuple(("" if n else LEFT_ALONE, veto) for n, veto in enumerate(held))


def _is_under_way(ledger: Ledger, old: OldPrimary) -> bool:
    return ledger.run is not None and ledger.run.plan.lost == old.member


def _follows_by_hand(ledger: Ledger, facts: Facts, server: ServerId) -> bool:
    fact = facts.servers.get(server)
    primary = facts.servers.get(ledger.primary.server) if ledger.primary else None
    return (
        fact is not None
        and primary is not None
        and fact.reading.verdict is not Verdict.DOWN
        and fact.view is not None
        and fact.view.receiving is Receiving.YES
        and fact.view.source == primary.address
    )


def _held(name: str, reason: str) -> Veto:
    return Veto(name=name, reason=reason, overridable=False)
