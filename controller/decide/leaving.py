"""Servers that must leave: suspects, surplus ackers, an old primary still open. Pure.

With one required acknowledgement a failover needs all ackers frozen (rule 2), so
one beyond those that are wanted is retired: it makes failover less likely to be
possible, not more.
"""

from dataclasses import dataclass

from controller.decide.ackers import is_enlistable, is_proven, told_acks
from controller.decide.facts import Facts, Policy, Veto, hears_source, is_seen
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.saga import End, Kind, Plan, Step
from controller.model.commands import Acker, Member, Proof
from controller.model.ids import Epoch, ServerId
from health.detector import Verdict

FROM_OUTSIDE = (Proof.EXTERNAL,)
"""Proofs that need nothing of the lost zone, and end a server for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What to begin at which step, or the trouble that cannot be mended now."""

    plan: Plan | None = None
    step: Step | None = None
    trouble: str = ""
    vetoes: tuple[Veto, ...] = ()


def open_in_doubt(ledger: Ledger) -> tuple[Member, ...]:
    """Return who may be open since an OPEN nobody answered (rule 5).

    It is a suspect and still a registered acker; an ex-primary is the first
    only. Until it is fenced, two servers may accept writes.
    """
    assert ledger.primary is not None
    ackers = {a.server for a in ledger.ackers}
    return tuple(
        m
        for m in ledger.suspects
        if m.server in ackers and m.server != ledger.primary.server
    )


def find_leaver(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return the server to retire first: a suspect, then a useless acker."""
    assert ledger.primary is not None
    wanted = [m for m in ledger.suspects if m.server != ledger.primary.server]
    useless = [a for a in ledger.ackers if _useless(a, ledger, facts, policy)]
    wanted += [Member(server=a.server, zone=a.zone) for a in useless]
    for member in wanted:
        if is_rested(ledger, facts, policy, member.server) and (
            _reaches_lost_zones(policy) or is_back(member, facts)
        ):
            return member
    return None


def _reaches_lost_zones(policy: Policy) -> bool:
    """Tell whether a server can be ended while its zone answers nobody."""
    return bool({Proof.PROCESS, *FROM_OUTSIDE} & set(policy.proofs))


def _useless(acker: Acker, ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether as many newer ackers as wanted earned `protected`: it is surplus.

    Only while those are seen to receive, in the processes that earned it: otherwise
    this one may hold a copy of what was acknowledged that is needed. And only where
    they are as many as commits still wait for: without it those would hang.
    """
    if not ledger.durability.protected:
        return False
    keepers = _keepers(ledger, facts, policy)
    told = told_acks(ledger, facts, policy)
    needed = max(policy.replicas_wanted, ledger.durability.acks, told)
    return len(keepers) >= needed and acker not in keepers


def _keepers(ledger: Ledger, facts: Facts, policy: Policy) -> list[Acker]:
    """Return the newest proven ackers that receive, as many as are wanted.

    With one wanted it is the newest that earned it or nobody; where several are
    wanted one that is lost keeps no place from one that acknowledges.
    """
    wanted = policy.replicas_wanted
    earned = [
        a for a in ledger.ackers if a.boot_id and is_enlistable(ledger, policy, a)
    ]
    newest = earned if wanted > 1 else earned[-1:]
    receiving = [
        a
        for a in newest
        if is_proven(a, facts, policy) and hears_source(facts.servers[a.server], policy)
    ]
    return receiving[-wanted:]


def _stays(
    ledger: Ledger, facts: Facts, policy: Policy, leaving: Member
) -> Member | None:
    """Return the acker that is to prove what *leaving* alone may have acknowledged.

    The newest that is counted on; with none, the newest that earned `protected`.
    """
    kept = _keepers(ledger, facts, policy) or [a for a in ledger.ackers if a.boot_id]
    rest = [
        Member(server=a.server, zone=a.zone) for a in kept if a.server != leaving.server
    ]
    return rest[-1] if rest else None


def is_back(member: Member, facts: Facts) -> bool:
    """Tell whether the zone answers again: its own supervisor can be asked."""
    services = facts.zones[member.zone].services.values()
    database = facts.servers[member.server].reading.verdict
    return database is Verdict.OK or any(r.verdict is Verdict.OK for r in services)


def plan_closing(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return what ends an old primary that takes writes beside its successor.

    Both are seen to, so OPEN took effect, answered or not, and from then on the
    old one is history. It can only close, so no person is waited for, not even
    after a halt. A successor that is not seen open proves nothing: which of two
    goes is then a person's to say.
    """
    assert ledger.primary is not None
    if ledger.run is not None:
        return Upkeep()

    def is_open(member: Member) -> bool:
        return _seen_open(member, facts, policy)

    def rested(member: Member) -> bool:
        return is_rested(ledger, facts, policy, member.server)

    primary, doubted = ledger.primary, open_in_doubt(ledger)
    if not is_open(primary):
        return Upkeep()
    if doubted:
        opened = [m for m in doubted if is_open(m)]
        close = bool(opened) and rested(primary)
        return _close(ledger, policy, primary, opened[0]) if close else Upkeep()
    return plan_ending(ledger, facts, policy)


def plan_ending(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return what ends a suspect that is seen to take writes, whoever serves.

    An ex-primary on record is history, also while its successor is closed or
    restarts: that one holds all that was acknowledged. Nothing while it is in
    doubt who was opened.
    """
    if ledger.run is not None or open_in_doubt(ledger):
        return Upkeep()
    old = [
        m
        for m in ledger.suspects
        if m != ledger.primary
        and _seen_open(m, facts, policy)
        and is_rested(ledger, facts, policy, m.server)
    ]
    return plan_retire(ledger, facts, policy, old[0]) if old else Upkeep()


def _close(ledger: Ledger, policy: Policy, old: Member, successor: Member) -> Upkeep:
    """End *old* by a proof that is accepted: a failover will ask for it again."""
    accepted = tuple(p for p in policy.proofs if p is not Proof.ACKS_REVOKED)
    why = f"{old.server} takes writes beside {successor.server}, which was opened"
    plan = Plan(
        kind=Kind.RETIRE,
        epoch=Epoch(ledger.epoch + 1),
        lost=old,
        target=successor,
        proofs=accepted or (Proof.PROCESS, Proof.SQL),
        why=why,
        fence_s=policy.fence_s,
    )
    return Upkeep(plan=plan, step=Step.RETIRE, trouble=why)


def _seen_open(member: Member, facts: Facts, policy: Policy) -> bool:
    fact = facts.servers.get(member.server)
    return (
        fact is not None
        and is_seen(fact, policy)
        and fact.view is not None
        and fact.view.writable
    )


def plan_retire(
    ledger: Ledger, facts: Facts, policy: Policy, leaving: Member
) -> Upkeep:
    """Return the run that ends *leaving* for good; who stays is named."""
    assert ledger.primary is not None
    is_suspect = leaving in ledger.suspects
    outside = tuple(p for p in FROM_OUTSIDE if p in policy.proofs)
    by_itself = (Proof.SQL,) if is_suspect else ()
    proofs = (Proof.PROCESS, *by_itself, *outside)
    why = f"{leaving.server} in zone {leaving.zone} is no member any more"
    stays = None if is_suspect else _stays(ledger, facts, policy, leaving)
    plan = Plan(
        kind=Kind.RETIRE if stays is None else Kind.LEAVE,
        epoch=Epoch(ledger.epoch + 1),
        lost=leaving,
        target=ledger.primary,
        ackers=() if is_suspect else ledger.ackers,
        spare=stays,
        acks=ledger.durability.acks,
        proofs=proofs,
        why=why,
        fence_s=policy.fence_s,
    )
    return Upkeep(plan=plan, step=Step.RETIRE, trouble=why)


def is_rested(ledger: Ledger, facts: Facts, policy: Policy, server: ServerId) -> bool:
    """Tell whether no run about *server* failed within the retry pause."""
    ended_s = [
        elapsed_s(e, facts.now_s)
        for e in ledger.endings
        if e.about == server
        and e.end not in {End.COMPLETED, End.HALTED}
        and e.kind not in {Kind.FAILOVER, Kind.RECONCILE, Kind.REOPEN}
    ]
    return min(ended_s, default=policy.retry_s) >= policy.retry_s
