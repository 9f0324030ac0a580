"""Who may begin a promotion when a zone takes hundreds of primaries with it. Pure.

All of them are lost in the same second, and not all can be promoted in the same
second: edges, provisioners and the controller itself would be late for everybody.
So the fleet begins so many at once, the most important first. What has to wait is
held by a veto with a name, asked again at every evaluation; there is no queue that
anybody could be forgotten in, and evidence is read anew by CONFIRM after the wait.

(orchestrator #519 asks for promotions of one data centre in parallel; a budget
against mass failover is what its users built around it.)
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from controller.decide.decide import Decision
from controller.decide.facts import Veto
from controller.decide.failover import BEFORE_OPEN
from controller.decide.guards import remaining
from controller.decide.saga import Kind, Plan, Run, Step

NAME = "promotion_budget"
MOVES = "moves_budget"

DRAIN_S = 0.5
"""A candidate that applies what it received takes nothing that others need."""

PLACED = BEFORE_OPEN | {Step.OPEN}
"""The steps that are taken on a place only; an undoing waits for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a fleet may do at once; seconds unless said.

    promotions_max: failovers between their start and OPEN.
    stuck_s: a promotion whose present step takes longer holds its place no more: the
        step goes on beside as many others as the limit allows (`place_s`), and before
        the next one it takes a place again.
    moves_max: automatic failovers that may begin within *moves_window_s* in the whole
        fleet; 0: no bound. What moves so much may be one mistake of ours.
    gather_s: how long one waits for those of higher priority whose primary fails to
        answer but is not called lost yet: a zone dies at once, and is noticed
        cluster by cluster.
    """

    promotions_max: int
    stuck_s: float
    gather_s: float = 0.5
    moves_max: int = 0
    moves_window_s: float = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One cluster that wants to promote, or is about to.

    asks: it would begin now. Otherwise its primary does not answer, and nobody has
    called it lost yet. lost_since_s: of its first missing answer, monotonic.
    """

    cluster: str
    priority: int
    lost_since_s: float
    asks: bool


def place_s(step: Step | None, limits: Limits) -> float:
    """Return for how long *step* may hold a place among the promotions, seconds."""
    if step is Step.DRAIN:
        return min(DRAIN_S, limits.stuck_s)
    return limits.stuck_s


def goes_before(one: Claim, other: Claim) -> bool:
    """Tell whether *one* is promoted before *other*: by priority, then by its loss.

    Who does not ask yet only goes before a lower priority.
    """
    if not one.asks:
        return one.priority > other.priority
    return _rank(one) < _rank(other)


def _rank(claim: Claim) -> tuple[int, float, str]:
    return (-claim.priority, claim.lost_since_s, claim.cluster)


def budget_veto(
    mine: Claim, others: Iterable[Claim], *, under_way: int, limits: Limits
) -> Veto | None:
    """Say why *mine* may not begin now, or None.

    others: every other claim; those that do not ask yet are left out by the caller
    once *mine* has waited for `gather_s`.
    """
    limit = limits.promotions_max
    free = limit - under_way
    if free <= 0:
        reason = f"{under_way} promotions are under way, {limit} at most"
        return Veto(name=NAME, reason=reason)
    first = [c for c in others if goes_before(c, mine)]
    if len(first) < free:
        return None
    names = ", ".join(c.cluster for c in first[:3])
    more = f" and {len(first) - 3} more" if len(first) > 3 else ""
    return Veto(name=NAME, reason=f"{names}{more} go first, {limit} at once at most")


def moves_veto(moves: int, limits: Limits) -> Veto | None:
    """Say why no more may be moved by itself, *moves* having begun in the window."""
    if not limits.moves_max or moves < limits.moves_max:
        return None
    reason = (
        f"{moves} failovers began within {limits.moves_window_s:g} s,"
        f" {limits.moves_max} at most by themselves: look, then override"
    )
    return Veto(name=MOVES, reason=reason)


def takes_place(run: Run) -> bool:
    """Tell whether *run* may take its step on a place only."""
    return counts(run.plan) and run.step in PLACED


def goes_on_veto(
    run: Run, mine: Claim, others: Iterable[Claim], *, under_way: int, limits: Limits
) -> Veto | None:
    """Say why *run*, which was stuck and is so no more, may not go on now, or None.

    others: of those that wait to go on, too. Who has not begun goes after all of
    them: their users' writes are held at the edges already.
    """
    veto = budget_veto(mine, others, under_way=under_way, limits=limits)
    found = remaining(() if veto is None else (veto,), run.plan.overrides)
    return found[0] if found else None


def waits_also(found: Decision, veto: Veto | None) -> Decision:
    """Return *found*, and that by *veto* the failover under way does not go on."""
    if veto is None:
        return found
    trouble = found.trouble or "a failover that was stuck waits for its place"
    return replace(found, trouble=trouble, vetoes=(*found.vetoes, veto))


def is_promotion(found: Decision) -> bool:
    """Tell whether *found* would begin a failover, or a move nobody asked for."""
    return found.start is not None and counts(found.start.plan)


def counts(plan: Plan) -> bool:
    """Tell whether *plan* is one of the moves a fleet has a limit for."""
    return plan.kind is Kind.FAILOVER or plan.unasked


def within_budget(found: Decision, held: tuple[Veto, ...]) -> Decision:
    """Return *found*, or what is left of it while something of *held* stands.

    A person may waive each by name, as every veto that protects no data.
    """
    if found.start is None:
        return found
    standing = remaining(held, found.start.plan.overrides)
    if not standing:
        return found
    return replace(found, start=None, vetoes=(*found.vetoes, *standing))
