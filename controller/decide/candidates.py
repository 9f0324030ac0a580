"""Reasons not to promote this one server, each a function; pure.

Evaluated for every candidate before anything is touched: the choice prefers who
has none, and `plan` names those of all. What cannot be read vetoes nothing here:
VERIFY compares what was frozen, and refuses in doubt.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from controller.decide.facts import Facts, Policy, ServerFact, Veto, is_seen
from controller.decide.flapping import quarantined
from controller.decide.ledger import Ledger
from controller.decide.maintenance import candidate_in_maintenance
from controller.model.commands import Acker, Member
from health.detector import Verdict
from replication.gtid import count_behind, errant, surely_holds, without
from replication.ports import ServerView


class Rule(StrEnum):
    """What the operator says of promoting a server, or any of a zone."""

    PREFER = "prefer"
    NEUTRAL = "neutral"
    AVOID = "avoid"  # only when nobody better is fit
    NEVER = "never"  # a person may, by name


_ORDER = tuple(Rule)

CandidateGuard = Callable[[Ledger, Facts, Policy, Member], Veto | None]


def rule_of(policy: Policy, member: Member) -> Rule:
    """Return the rule of the server's own name, else of its zone, else neutral."""
    rules: Mapping[str, str] = policy.promotion
    return Rule(rules.get(member.server, rules.get(member.zone, Rule.NEUTRAL)))


def rank(policy: Policy, member: Member) -> int:
    """Return the place of *member* by its rule; lower is better."""
    return _ORDER.index(rule_of(policy, member))


def _view(facts: Facts, member: Member | Acker) -> ServerView | None:
    fact = facts.servers.get(member.server)
    return None if fact is None else fact.view


def _others(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member | Acker
) -> list[ServerFact]:
    """Return the other registered ackers that were seen just now."""
    found = (facts.servers.get(a.server) for a in ledger.ackers)
    return [
        f
        for f in found
        if f is not None and is_seen(f, policy) and f.member.server != target.server
    ]


def promotion_never(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """The operator said that nobody is promoted there."""
    del ledger, facts
    if rule_of(policy, target) is not Rule.NEVER:
        return None
    return Veto(
        name="promotion_never",
        reason=f"{target.server} in zone {target.zone} is never promoted by itself:"
        " `promotion` in the configuration says so",
    )


def candidate_lagging(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Writes would wait until all it received is applied; it is never thrown away."""
    del ledger
    view = _view(facts, target)
    behind = count_behind(view.executed, view.received) if view is not None else 0
    if behind is None or behind <= policy.unapplied_max:
        return None
    return Veto(
        name="candidate_lagging",
        reason=f"{target.server} has {behind} transactions to apply, the limit is"
        f" {policy.unapplied_max}: writes would wait for them",
    )


def candidate_newer(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """An older series cannot follow a newer one."""
    mine = _view(facts, target)
    newest = series(mine.version) if mine is not None else ()
    if mine is None or not newest:
        return None
    rest = [f.view for f in _others(ledger, facts, policy, target)]
    if ledger.primary is not None and ledger.primary != target:
        rest.append(_view(facts, ledger.primary))
    older = [v for v in rest if v is not None and () < series(v.version) < newest]
    if not older:
        return None
    told = ", ".join(f"{v.server} runs {v.version}" for v in older)
    return Veto(
        name="candidate_newer",
        reason=f"{target.server} runs {mine.version} and {told}: an older series"
        " cannot follow a newer one, and there would be no way back",
    )


def series(version: str) -> tuple[int, ...]:
    """Return `(major, minor)` of what a server calls its version; empty: unreadable."""
    parts = version.split("-", 1)[0].split(".")[:2]
    return tuple(int(p) for p in parts) if all(p.isdigit() for p in parts) else ()


def candidate_errant(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """What was written on the replica itself would become everybody's history.

    The primary's own transactions are no such thing, whoever has them first.
    """
    found = errant_of(ledger, facts, policy, target)
    if not found:
        return None
    return Veto(
        name="candidate_errant",
        reason=f"{target.server} has transactions that never were on the primary:"
        f" {found}; promoted, they would be everybody's",
    )


def errant_of(
    ledger: Ledger, facts: Facts, policy: Policy, member: Member | Acker
) -> str:
    """Return the transactions that were written on *member* itself; "": none known.

    Claim: none of them was acknowledged. Whoever takes writes began with all that
    was acknowledged before, so what another origin wrote and a primary that takes
    writes lacks was acknowledged by nobody. Without such a primary's word nothing
    is called errant. Nor of a server an OPEN went out to: what it wrote is ours.
    """
    mine = _view(facts, member)
    source = _view(facts, ledger.primary) if ledger.primary is not None else None
    opened = any(m.server == member.server for m in ledger.suspects)
    if mine is None or source is None or not source.origin or opened:
        return ""
    if not source.writable:
        return ""
    others = [f.view for f in _others(ledger, facts, policy, member)]
    known = [source.executed]
    known += [t for v in others if v is not None for t in (v.executed, v.received)]
    return errant(mine.executed, known, source.origin)


def split_history(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Whoever is promoted must hold what every other holds; else writes are lost.

    Only of a lost primary: while it lives, what one received just now another
    receives in a moment.
    """
    mine = _view(facts, target)
    if mine is None or not _is_lost(ledger, facts):
        return None
    for fact in _others(ledger, facts, policy, target):
        theirs = fact.view
        own = errant_of(ledger, facts, policy, fact.member)
        if theirs is None or holds(mine, theirs, own):
            continue
        if holds(theirs, mine):
            reason = f"{target.server} lacks what {theirs.server} holds"
            name = "candidate_behind"
        else:
            reason = f"neither {target.server} nor {theirs.server} holds all"
            name = "split_history"
        told = f": {target.server} {_told(mine)}; {theirs.server} {_told(theirs)}"
        return Veto(name=name, reason=reason + told, overridable=False)
    return None


def _is_lost(ledger: Ledger, facts: Facts) -> bool:
    fact = facts.servers.get(ledger.primary.server) if ledger.primary else None
    return fact is not None and fact.reading.verdict is Verdict.DOWN


def holds(mine: ServerView, theirs: ServerView, own: str = "") -> bool:
    """Tell whether *mine* has all that *theirs* has, but for its *own* errant ones."""
    return all(
        surely_holds(mine.received, mine.executed, without(part, own))
        for part in (theirs.received, theirs.executed)
    )


def _told(view: ServerView) -> str:
    return f"executed {view.executed or 'nothing'}, received {view.received or '-'}"


CANDIDATE_GUARDS: tuple[CandidateGuard, ...] = (
    promotion_never,
    candidate_in_maintenance,
    quarantined,
    candidate_lagging,
    candidate_newer,
    candidate_errant,
    split_history,
)


def candidate_vetoes(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> tuple[Veto, ...]:
    """Return every reason against *target* itself, in the order of the guards."""
    found = (guard(ledger, facts, policy, target) for guard in CANDIDATE_GUARDS)
    return tuple(v for v in found if v is not None)
