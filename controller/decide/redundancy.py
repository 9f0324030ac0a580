"""Upkeep while the primary serves: a missing replica, and servers to retire.

With `k` ackers and one required acknowledgement a failover needs all of them
frozen (rule 2), so a surplus acker is retired: it makes failover less likely
to be possible, not more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from controller.decide.facts import (
    Facts,
    Policy,
    ServerFact,
    Veto,
    hears_source,
    is_seen,
)
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.saga import End, Kind, Plan, Step
from controller.model.commands import Acker, Member, Proof
from controller.model.ids import Epoch, ServerId, ZoneId
from health.detector import Verdict
from replication.ports import Receiving


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What to begin at which step, or the trouble that cannot be mended now."""

    plan: Plan | None = None
    step: Step | None = None
    trouble: str = ""
    vetoes: tuple[Veto, ...] = ()


def find_spare(
    ledger: Ledger, facts: Facts, policy: Policy, *, taken: Iterable[ZoneId]
) -> Member | None:
    """Return the member of a healthy zone that may get a new database.

    Never a zone of *taken*, of a registered acker, or of a suspect: their data
    may still be needed.
    """
    busy = {*taken, *(a.zone for a in ledger.ackers)}
    busy |= {m.zone for m in ledger.suspects}
    fit = [
        fact.member
        for fact in facts.servers.values()
        if fact.member.zone not in busy
        and _zone_works(fact.member.zone, facts)
        and _rested(ledger, facts, policy, fact.member.server)
    ]
    return min(fit, key=lambda m: m.zone) if fit else None


def _zone_works(zone: ZoneId, facts: Facts) -> bool:
    """A zone without a database cannot serve pages; its cache shows it lives."""
    services = facts.zones[zone].services
    return any(r.verdict is Verdict.OK for r in services.values())


def _rested(ledger: Ledger, facts: Facts, policy: Policy, server: ServerId) -> bool:
    ended_s = [
        elapsed_s(e, facts.now_s)
        for e in ledger.endings
        if e.about == server
        and e.end not in {End.COMPLETED, End.HALTED}
        and e.kind not in {Kind.FAILOVER, Kind.RECONCILE, Kind.REOPEN}
    ]
    return min(ended_s, default=policy.retry_s) >= policy.retry_s


def plan_upkeep(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    """Return what a serving primary needs next."""
    assert ledger.primary is not None
    if open_in_doubt(ledger):
        closing = plan_closing(ledger, facts, policy)
        if closing.plan is not None:
            return closing
        leaving = _leaver(ledger, facts, policy)
        if leaving is not None:
            return _retire(ledger, leaving)
    if _lacks_copy(ledger, facts, policy):
        return _protect(ledger, facts, policy)
    leaving = _leaver(ledger, facts, policy)
    if leaving is not None:
        return _retire(ledger, leaving)
    return Upkeep(trouble=_ailments(ledger, facts), vetoes=_no_role(ledger, facts))


def _lacks_copy(ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether a second copy is missing: unproven, or with `none` not there."""
    if policy.required_acks:
        return not ledger.durability.protected
    return not any(_is_copy(a, ledger, facts, policy) for a in ledger.ackers)


def _is_copy(acker: Acker, ledger: Ledger, facts: Facts, policy: Policy) -> bool:
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


def _restore(
    ledger: Ledger, policy: Policy, spare: Member, step: Step, why: str
) -> Upkeep:
    assert ledger.primary is not None
    plan = Plan(
        kind=Kind.RESTORE,
        epoch=Epoch(ledger.epoch + 1),
        lost=None,
        target=ledger.primary,
        spare=spare,
        why=why,
        waits=policy.required_acks,
    )
    return Upkeep(plan=plan, step=step, trouble=why)


def _protect(ledger: Ledger, facts: Facts, policy: Policy) -> Upkeep:
    assert ledger.primary is not None
    why = (
        f"unprotected: {ledger.durability.why}"
        if policy.required_acks
        else "no replica follows the primary, as far as is known"
    )
    for fact in facts.servers.values():
        if _follows_primary(ledger, facts, policy, fact):
            return _restore(ledger, policy, fact.member, Step.REGISTER, why)
    leaving = _leaver(ledger, facts, policy)
    spare = find_spare(ledger, facts, policy, taken=(ledger.primary.zone,))
    if spare is not None:
        return _restore(ledger, policy, spare, Step.PROVISION, why)
    stopped = _stopped_acker(ledger, facts, policy)
    if stopped is not None:
        return _restore(ledger, policy, stopped, Step.REGISTER, why)
    if leaving is not None:
        return _retire(ledger, leaving)
    veto = Veto(name="no_spare_zone", reason="no healthy zone is free for a replica")
    return Upkeep(trouble=why, vetoes=(veto,))


def _follows_primary(
    ledger: Ledger, facts: Facts, policy: Policy, fact: ServerFact
) -> bool:
    """A server that already receives from the primary only has to prove it."""
    assert ledger.primary is not None
    source = facts.servers[ledger.primary.server].address
    return (
        fact.member.server != ledger.primary.server
        and fact.member not in ledger.suspects
        and is_seen(fact, policy)
        and fact.view is not None
        and fact.view.receiving is Receiving.YES
        and fact.view.source == source
        and _rested(ledger, facts, policy, fact.member.server)
    )


def _stopped_acker(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return a registered replica of the primary whose receiver is stopped.

    It restarted, or was frozen for a failover that was given up; it is a member,
    read-only, and set to follow this very primary, so it may go on and prove it.
    """
    assert ledger.primary is not None
    source = facts.servers[ledger.primary.server].address
    suspects = {m.server for m in ledger.suspects}
    for acker in ledger.ackers:
        fact = facts.servers.get(acker.server)
        if (
            fact is not None
            and acker.server not in suspects
            and is_seen(fact, policy)
            and fact.view is not None
            and fact.view.receiving is Receiving.STOPPED
            and fact.view.source == source
            and not fact.view.writable
            and _rested(ledger, facts, policy, acker.server)
        ):
            return fact.member
    return None


def _leaver(ledger: Ledger, facts: Facts, policy: Policy) -> Member | None:
    """Return the server to retire first: a suspect, then a useless acker."""
    assert ledger.primary is not None
    wanted = [m for m in ledger.suspects if m.server != ledger.primary.server]
    useless = [a for a in ledger.ackers if _useless(a, ledger, facts, policy)]
    wanted += [Member(server=a.server, zone=a.zone) for a in useless]
    for member in wanted:
        if _rested(ledger, facts, policy, member.server) and (
            Proof.PROCESS in policy.proofs or _is_back(member, facts)
        ):
            return member
    return None


def _useless(acker: Acker, ledger: Ledger, facts: Facts, policy: Policy) -> bool:
    """Tell whether a newer acker has earned `protected`, so this one is surplus.

    Only while the newer one is seen to receive, in the process that earned it:
    otherwise this one may hold the only second copy of what was acknowledged.
    """
    earned = [a for a in ledger.ackers if a.boot_id]
    if not earned or not ledger.durability.protected:
        return False
    keeper = earned[-1]
    fact = facts.servers.get(keeper.server)
    return (
        keeper.server != acker.server
        and fact is not None
        and is_seen(fact, policy)
        and hears_source(fact, policy)
        and fact.view is not None
        and fact.view.boot_id == keeper.boot_id
    )


def _earned(ledger: Ledger) -> Member | None:
    """Return the acker that stays: the newest that earned `protected`."""
    earned = [Member(server=a.server, zone=a.zone) for a in ledger.ackers if a.boot_id]
    return earned[-1] if earned else None


def _is_back(member: Member, facts: Facts) -> bool:
    """The zone answers again, so its own supervisor can be asked to stop it."""
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
        return _rested(ledger, facts, policy, member.server)

    primary, doubted = ledger.primary, open_in_doubt(ledger)
    if not is_open(primary):
        return Upkeep()
    if doubted:
        opened = [m for m in doubted if is_open(m)]
        close = bool(opened) and rested(primary)
        return _close(ledger, policy, primary, opened[0]) if close else Upkeep()
    old = [m for m in ledger.suspects if is_open(m) and rested(m)]
    return _retire(ledger, old[0]) if old else Upkeep()


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


def _retire(ledger: Ledger, leaving: Member) -> Upkeep:
    assert ledger.primary is not None
    is_suspect = leaving in ledger.suspects
    proofs = (Proof.PROCESS, Proof.SQL) if is_suspect else (Proof.PROCESS,)
    why = f"{leaving.server} in zone {leaving.zone} is no member any more"
    stays = None if is_suspect else _earned(ledger)
    plan = Plan(
        kind=Kind.RETIRE if stays is None else Kind.LEAVE,
        epoch=Epoch(ledger.epoch + 1),
        lost=leaving,
        target=ledger.primary,
        spare=stays,
        proofs=proofs,
        why=why,
    )
    return Upkeep(plan=plan, step=Step.RETIRE, trouble=why)


def roles(ledger: Ledger) -> dict[ServerId, str]:
    """Return each known server's role in words."""
    known = dict.fromkeys(ledger.retired, "retired")
    known |= dict.fromkeys((m.server for m in ledger.suspects), "suspect")
    known |= {a.server: "replica" for a in ledger.ackers}
    if ledger.primary is not None:
        known[ledger.primary.server] = "primary"
    return known


def _ill(ledger: Ledger, facts: Facts) -> list[str]:
    """Return what is down, each with its role, in zone order.

    A zone whose database has no role has no pages to serve: its origin is
    down by design and no illness.
    """
    known = roles(ledger)
    serving = {
        f.member.zone
        for s, f in facts.servers.items()
        if known.get(s) in {"primary", "replica"}
    }
    found = []
    for zone, fact in sorted(facts.zones.items()):
        down = [
            n
            for n, r in fact.services.items()
            if r.verdict is Verdict.DOWN and (n != "origin" or zone in serving)
        ]
        found += [f"{name} of zone {zone} is down" for name in sorted(down)]
    for server, seen in sorted(facts.servers.items()):
        if seen.reading.verdict is Verdict.DOWN and known.get(server) == "replica":
            found.append(f"replica {server} is down")
    return found


def _ailments(ledger: Ledger, facts: Facts) -> str:
    return "; ".join(_ill(ledger, facts))


def _no_role(ledger: Ledger, facts: Facts) -> tuple[Veto, ...]:
    """Say why illness outside the primary's database moves nothing."""
    if not _ill(ledger, facts):
        return ()
    assert ledger.primary is not None
    kept = " and is protected" if ledger.durability.protected else ""
    return (
        Veto(
            name="primary_unaffected",
            reason=f"the primary {ledger.primary.server} serves{kept}:"
            " nothing is moved",
        ),
    )
