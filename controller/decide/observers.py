"""Whether this process may judge at all, and what the other observers say. Pure."""

from controller.decide.facts import Facts, Policy, Veto
from controller.decide.ledger import Ledger
from controller.model.commands import Member


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
