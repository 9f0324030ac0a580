"""Reasons not to fail over, each a function that returns its veto or nothing.

All are evaluated every time, before anything is touched, so that `plan` shows
every one of them at once. A person may override a veto one by one, except
those that protect data: they say `overridable=False`.
"""

from collections.abc import Callable, Iterable

from controller.decide.ackers import (
    acker_restarted,
    acker_unproven,
    acker_unseen,
    acks_held,
)
from controller.decide.candidates import CANDIDATE_GUARDS
from controller.decide.facts import (
    Facts,
    Mode,
    Policy,
    ServerFact,
    Veto,
    hears_source,
    is_seen,
)
from controller.decide.fitness import doctor_blocker
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.maintenance import in_maintenance
from controller.decide.observers import (
    no_quorum,
    unfit_now,
    unfit_observer,
    witnesses_among,
)
from controller.decide.proofs import no_fence
from controller.decide.saga import End, Kind
from controller.decide.standing import closed_words, errors_words
from controller.decide.topology import TOPOLOGY_GUARDS
from controller.decide.writing import may_be_left, received_nothing
from controller.decide.zones import lacks_mandatory, unfit_for_users
from controller.model.commands import Member
from controller.model.ids import ServerId
from health.detector import Verdict
from replication.ports import Receiving

Guard = Callable[[Ledger, Facts, Policy, Member], Veto | None]


def _primary_fact(ledger: Ledger, facts: Facts) -> ServerFact | None:
    return facts.servers.get(ledger.primary.server) if ledger.primary else None


def observe_mode(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Observing means touching nothing."""
    del ledger, facts, target
    if policy.mode is Mode.OBSERVE:
        return Veto(name="observe_mode", reason="mode is observe: reporting only")
    return None


def paused(ledger: Ledger, facts: Facts, policy: Policy, target: Member) -> Veto | None:
    """A person asked for quiet."""
    del facts, policy, target
    if ledger.paused:
        return Veto(name="paused", reason=f"paused: {ledger.paused}")
    return None


def awaiting_approval(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """In approve mode a person says yes first; a wish is a yes.

    A yes to opening the primary again where it stands is none to leaving it, and one
    to a planned move, which loses nothing, none to a failover.
    """
    del facts, target
    primary, approved = ledger.primary, ledger.approved
    other = primary is not None and (
        approved == closed_words(primary) or errors_words(primary.zone) in approved
    )
    granted = approved and not other
    if policy.mode is not Mode.APPROVE or ledger.wish or granted:
        return None
    return Veto(name="awaiting_approval", reason="run `sitedr approve` to go ahead")


def lease_lost(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Another controller may be acting."""
    del ledger, policy, target
    if facts.lease_held:
        return None
    return Veto(
        name="lease_lost",
        reason="another controller holds the lease or a database lock",
        overridable=False,
    )


def primary_answers(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """What answers is not lost, unless it lets no write through and policy says so."""
    del target
    fact = _primary_fact(ledger, facts)
    if fact is None or fact.reading.verdict is Verdict.DOWN:
        return None
    if may_be_left(ledger, facts, policy):
        return None
    if fact.reading.verdict is Verdict.CANNOT_OBSERVE:
        return Veto(
            name="cannot_observe",
            reason=f"the primary refuses us, which is not being down:"
            f" {fact.reading.reason}",
        )
    return Veto(
        name="primary_answers",
        reason=f"the primary is {fact.reading.verdict.value}: {fact.reading.reason}",
    )


def cooldown(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """No second automatic move right after one (GitHub 2020: the new one died)."""
    del target
    ended_s = [
        elapsed_s(e, facts.now_s)
        for e in ledger.endings
        if e.kind is Kind.FAILOVER and e.end is not End.ABANDONED
    ]
    left_s = policy.cooldown_s - min(ended_s, default=policy.cooldown_s)
    if left_s <= 0:
        return None
    return Veto(
        name="cooldown", reason=f"a failover ended recently; {left_s:.0f} s left"
    )


def recent_attempt(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """An abandoned attempt is not repeated at once."""
    del target
    ended_s = [
        elapsed_s(e, facts.now_s)
        for e in ledger.endings
        if e.kind is Kind.FAILOVER and e.end is End.ABANDONED
    ]
    left_s = policy.retry_s - min(ended_s, default=policy.retry_s)
    if left_s <= 0:
        return None
    return Veto(
        name="recent_attempt",
        reason=f"the last attempt was abandoned; {left_s:.0f} s left",
    )


def unprotected(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Without protection a promotion may lose acknowledged writes."""
    del target
    held = ledger.durability
    if not policy.required_acks or (held.protected and acks_held(ledger, facts)):
        return None
    why = "it was last seen to wait for nobody" if held.protected else held.why
    return Veto(
        name="unprotected",
        reason=f"unprotected ({why}): a promotion could lose"
        " acknowledged writes; only a person may accept that",
    )


def still_receiving(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """The replica's own view: while it hears the primary, only we are cut off."""
    del target
    told = hearing(ledger, facts, policy)
    if not told:
        return None
    return Veto(
        name="still_receiving",
        reason=f"{', '.join(told)} still hears the primary: we may be cut off",
    )


def hearing(ledger: Ledger, facts: Facts, policy: Policy) -> list[ServerId]:
    """Return the ackers that get signs of life, and writes, from the primary."""
    unfed = received_nothing(ledger, facts, policy)
    return [
        a.server
        for a in ledger.ackers
        if (fact := facts.servers.get(a.server)) is not None
        and is_seen(fact, policy)
        and hears_source(fact, policy)
        and not _follows_another(ledger, facts, fact)
        and a.server not in unfed
    ]


def _follows_another(ledger: Ledger, facts: Facts, fact: ServerFact) -> bool:
    """Tell whether a receiver listens to a member that is not the primary.

    REPOINT of an attempt that was given up leaves it so: then it is no witness
    of the primary, neither of its life nor of its death.
    """
    elsewhere = {
        f.address for f in facts.servers.values() if f.member != ledger.primary
    }
    return fact.view is not None and fact.view.source in elsewhere


def vantages(ledger: Ledger, facts: Facts, policy: Policy) -> dict[str, str]:
    """Return who besides our own probes says the primary is lost, and why.

    A replica whose receiver we stopped is deaf by our own hand and no witness.
    """
    assert ledger.primary is not None
    found: dict[str, str] = {}
    for acker in ledger.ackers:
        fact = facts.servers.get(acker.server)
        if fact is None or fact.view is None or not is_seen(fact, policy):
            continue
        if _follows_another(ledger, facts, fact):
            continue
        if fact.view.receiving is not Receiving.STOPPED and not hears_source(
            fact, policy
        ):
            found[acker.server] = (
                f"receiver {fact.view.receiving.value}, silent {fact.silent_s:.1f} s"
            )
    found |= received_nothing(ledger, facts, policy)
    for edge in facts.edges.values():
        if edge.reachable and edge.zones_up.get(ledger.primary.zone) is False:
            found[edge.edge] = f"origin of zone {ledger.primary.zone} down"
    found |= witnesses_among(ledger, facts)
    if ledger.confirmed:
        found["journal"] = "confirmed earlier in this incident"
    return found


def no_second_vantage(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """No action on our own word alone (promise 3)."""
    del target
    if vantages(ledger, facts, policy):
        return None
    return Veto(
        name="no_second_vantage",
        reason="only our own probes say so: no replica and no edge confirms it",
    )


def candidate_unfit(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Only a registered acker that follows the primary is promoted."""
    fact = facts.servers.get(target.server)
    if target.server not in {a.server for a in ledger.ackers}:
        reason = f"{target.server} is no registered replica of the primary"
        if not ledger.ackers:
            reason = "no replica is registered: nobody has a copy to promote"
        return Veto(name="no_candidate", reason=reason, overridable=False)
    if fact is not None and fact.view is not None and fact.view.epoch > ledger.epoch:
        return Veto(
            name="newer_epoch",
            reason=f"{target.server} has seen epoch {fact.view.epoch}, we are at"
            f" {ledger.epoch}: another controller acted",
            overridable=False,
        )
    unfit = unfit_for_users if policy.required_acks else lacks_mandatory
    if why := unfit(facts.zones[target.zone]):
        return Veto(name="candidate_zone_down", reason=why)
    return None


GUARDS: tuple[Guard, ...] = (
    observe_mode,
    paused,
    in_maintenance,
    awaiting_approval,
    lease_lost,
    unfit_observer,
    doctor_blocker,
    primary_answers,
    cooldown,
    recent_attempt,
    unprotected,
    *TOPOLOGY_GUARDS,
    still_receiving,
    no_quorum,
    no_second_vantage,
    acker_unseen,
    acker_restarted,
    acker_unproven,
    candidate_unfit,
    *CANDIDATE_GUARDS,
    no_fence,
)


LEASE_LOST = (
    "another controller holds a database's lock, or our state directory is not where"
    " it was: stop the other one, or put the directory back"
)


def vetoes(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> tuple[Veto, ...]:
    """Return every reason not to promote *target* now, in the order of `GUARDS`."""
    found = (guard(ledger, facts, policy, target) for guard in GUARDS)
    return tuple(v for v in found if v is not None)


def remaining(found: Iterable[Veto], overrides: Iterable[str]) -> tuple[Veto, ...]:
    """Return what *overrides* leave standing; what protects data always stands."""
    waived = set(overrides)
    return tuple(v for v in found if not (v.overridable and v.name in waived))


def quiet(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[Veto, ...]:
    """Return what forbids any automatic change, however small."""
    found = []
    if policy.mode is Mode.OBSERVE:
        found.append(Veto(name="observe_mode", reason="mode is observe"))
    if ledger.paused:
        found.append(Veto(name="paused", reason=f"paused: {ledger.paused}"))
    if not facts.lease_held:
        found.append(Veto(name="lease_lost", reason=LEASE_LOST, overridable=False))
    if (starved := unfit_now(facts, policy)) is not None:
        found.append(starved)
    return tuple(found)
