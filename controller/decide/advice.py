"""What a person should do after a halt, in the words of the run; pure.

Advice, no permission: whatever is tried again passes every guard and every row.
"""

from controller.decide.saga import Kind, Plan, Step
from controller.model.commands import Member

LOOK = "look, then `sitedr resume`"


def after_halt(plan: Plan, cause: Step, last: Step) -> str:
    """Return one sentence: what *cause*, the step that led to the halt, asks for.

    last: the step it ended at. An OPEN that was undone had been refused; one
    that is itself the last was not answered.
    """
    if plan.lost is None or plan.kind not in {Kind.FAILOVER, Kind.SWITCHOVER}:
        return LOOK
    if plan.kind is Kind.SWITCHOVER and last is not Step.OPEN:
        return _after_planned(plan.lost, plan.target, last)
    lost, target = plan.lost, plan.target
    again = (
        f"`sitedr failover --to {target.zone} --why REASON --override cooldown` tries"
        " again at once"
    )
    match cause:
        case Step.FENCE:
            return (
                f"nothing proves that {lost.server} is fenced: see that its zone, or"
                " what can end it there, answers, then `sitedr resume`; while it stays"
                f" lost, {again}"
            )
        case Step.OPEN if last is Step.OPEN:
            return (
                f"{target.server} may accept writes and counts as a primary: see which"
                " server does, then `sitedr resume`"
            )
        case Step.DRAIN | Step.VERIFY | Step.UNPROTECT | Step.OPEN:
            return (
                f"{lost.server} may be ended and {target.server} was not opened: mend"
                f" what is named, then `sitedr resume`; {again}"
            )
        case _:
            return LOOK


def _after_planned(old: Member, target: Member, last: Step) -> str:
    """Say what a planned move left behind: the old primary lives, and is closed."""
    if last is Step.UNHOLD_FENCED:
        return (
            f"{old.server} was closed and could not be opened again, {target.server}"
            " was not opened: `sitedr resume`, then open the one by hand or `sitedr"
            f" failover --to {target.zone}`"
        )
    return (
        f"{target.server} was opened and may hold writes of its own, {old.server} is"
        f" closed and holds all from before: see why {target.server} does not serve,"
        " then `sitedr resume`"
    )
