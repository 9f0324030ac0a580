"""Whether this process may judge at all, and what the other observers say. Pure."""

from collections.abc import Mapping

from controller.decide.facts import Facts, Policy, Veto
from controller.decide.ledger import Ledger
from controller.decide.writing import may_be_left
from controller.model.commands import Member
from health.votes import Ballot, Electorate, Says, Tally, tally


def unfit_now(facts: Facts, policy: Policy) -> Veto | None:
    """Our own loop stood still: what failed meanwhile says something about us.

    Until everything that counts as fresh was asked afterwards. Nobody may waive it:
    it ends by itself, and whoever waives it moves a site on answers nobody read.
    """
    fit = facts.fitness
    left_s = policy.fresh_s - fit.lag_age_s
    if left_s <= 0:
        return None
    return Veto(
        name="unfit_observer",
        reason=f"our own loop stood still for {fit.lag_s:.2f} s: what failed then is no"
        f" evidence, and every verdict is earned anew; {left_s:.1f} s left. If it goes"
        " on, the daemon gets too little of this machine",
        overridable=False,
    )


def unfit_observer(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Hold every move while our own probes are no evidence."""
    del ledger, target
    return unfit_now(facts, policy)


def subject_of(member: Member) -> str:
    """Return what votes call a zone's database."""
    return f"{member.zone}/database"


def tally_of(ledger: Ledger, facts: Facts) -> Tally | None:
    """Return the count for the primary's database; None: nobody votes."""
    if facts.electorate is None or ledger.primary is None:
        return None
    return tally(facts.electorate.ballots, subject_of(ledger.primary))


def witnesses_among(ledger: Ledger, facts: Facts) -> Mapping[str, str]:
    """Return the observers that see the primary down, once they are the majority.

    With us among them there is another one: a strict majority of two is both.
    """
    found = tally_of(ledger, facts)
    if found is None or not found.is_down or found.expected < 2:
        return {}
    return {f"observer {who}": "sees the primary down" for who in found.down}


def no_quorum(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Where observers are expected, most of them must see the primary down.

    When our broker is out of reach there is no vote to be had, and it may be gone with
    the very zone that is lost: then a second vantage (replicas, edges) will do, unless
    policy says otherwise. Votes that are still fresh and see it up, most of them, hold
    in any case. What is left though it answers, because it takes no writes, is proved
    by other evidence; and what was confirmed in this incident is not asked for twice.
    """
    del target
    found = tally_of(ledger, facts)
    if found is None or found.is_down or may_be_left(ledger, facts, policy):
        return None
    assert facts.electorate is not None
    told = found.sentence()
    if found.is_up:
        return Veto(name="no_quorum", reason=f"most see it up: {told}")
    if ledger.confirmed:
        return None
    if not facts.electorate.reachable:
        if not policy.quorum_or_hold:
            return None
        told += f"; broker: {facts.electorate.why}"
    return Veto(name="no_quorum", reason=told)


def too_few_observers(ledger: Ledger, facts: Facts, policy: Policy) -> Veto | None:
    """Say before there is need of it that no majority could be had now."""
    found = tally_of(ledger, facts)
    if found is None or facts.electorate is None:
        return None
    counted = found.expected - len(found.missing)
    if counted >= found.majority:
        return None
    if not facts.electorate.reachable and not policy.quorum_or_hold:
        return None
    why = "; ".join(f"{b.observer}: {b.why}" for b in facts.electorate.ballots if b.why)
    return Veto(
        name="no_quorum",
        reason=f"{counted} of {found.expected} expected observers count,"
        f" {found.majority} are needed: {why}",
    )


def dissent(ledger: Ledger, facts: Facts) -> tuple[str, Veto] | None:
    """Somebody else sees the primary down and we do not: named, and nothing moves."""
    found = tally_of(ledger, facts)
    if found is None or not found.down:
        return None
    assert ledger.primary is not None
    return (
        f"observers see primary {ledger.primary.server} down, and it answers us",
        Veto(name="observers_disagree", reason=found.sentence()),
    )


def is_heard(electorate: Electorate | None) -> bool:
    """Tell whether all that can be known of the observers at a start is known."""
    if electorate is None:
        return True
    counted = sum(not b.why for b in electorate.ballots)
    return counted > len(electorate.ballots) // 2


ALONE = (
    "no observers are configured: what other places see is not known; our own probes,"
    " the replicas and the edges are all there is"
)


def observers_tree(ledger: Ledger, facts: Facts) -> Mapping[str, object]:
    """Return every observer with age and word, and the count for the primary."""
    electorate, found = facts.electorate, tally_of(ledger, facts)
    tree: dict[str, object] = {
        "lag_worst_s": round(facts.fitness.worst_s, 3),
        "unknown": "",
        "tally": "" if found is None else found.sentence(),
        "majority": None if found is None else found.majority,
        "ballots": [],
    }
    if electorate is None:
        return {**tree, "unknown": ALONE}
    gone = f"what the others see is not known: {electorate.why}"
    return {
        **tree,
        "unknown": "" if electorate.reachable else gone,
        "refused": electorate.refused,
        "refusal": electorate.refusal,
        "ballots": [_ballot(b) for b in electorate.ballots],
    }


def _ballot(ballot: Ballot) -> Mapping[str, object]:
    known = ballot.age_s < float("inf")
    return {
        "observer": ballot.observer,
        "age_s": round(ballot.age_s, 2) if known else None,
        "fit": ballot.fit,
        "counts": not ballot.why,
        "why": ballot.why,
        "down": sorted(s for s, said in ballot.says.items() if said is Says.DOWN),
        "unsure": sorted(s for s, said in ballot.says.items() if said is Says.UNSURE),
    }
