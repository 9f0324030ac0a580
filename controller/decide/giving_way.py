"""Which runs a lost primary, or a stall, does not wait for. Pure."""

from controller.decide.saga import Kind, Run, Step

PREEMPTIBLE = frozenset(
    {
        Step.PROVISION,
        Step.SEED,
        Step.REGISTER,
        Step.ATTACH,
        Step.PROTECT,
        Step.VERIFY_END,
        Step.RETIRE,
        Step.UNFREEZE_AGAIN,
        Step.COMPARE,
        Step.SAVE,
        Step.REPORT,
        Step.RESUME,
    }
)
"""A lost primary does not wait for a copy to finish, nor a stall for a deaf acker."""

GIVING_WAY = frozenset({Kind.RECONCILE, Kind.REOPEN})
"""A lost primary is past reopening, and no edge is pointed at it any more."""


def gives_way(run: Run) -> bool:
    """Tell whether *run* may be preempted by what is more urgent, whatever it is."""
    return run.plan.kind in GIVING_WAY or run.step in PREEMPTIBLE
