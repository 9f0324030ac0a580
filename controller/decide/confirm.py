"""CONFIRM: whom to read anew, and what the guards say of the answers; pure."""

from controller.decide.closed import evidence_against, read_too_early
from controller.decide.facts import Facts, Policy, Veto
from controller.decide.guards import remaining, vantages, vetoes
from controller.decide.ledger import Ledger
from controller.decide.planned import planned_vetoes, transactions_unseen
from controller.decide.saga import Kind, Plan
from controller.decide.zone_errors import against
from controller.model.ids import ServerId
from controller.model.outcomes import Done, Outcome, Refused, Unknown

BEGUN = frozenset(
    {"awaiting_approval", "recent_attempt", "cooldown", "maintenance", "quarantined"}
)
"""What holds the beginning of a failover, and none that is under way."""


def witnesses(plan: Plan) -> list[ServerId]:
    """Return the servers whose word *plan* rests on."""
    about = plan.target if plan.lost is None else plan.lost
    return sorted({about.server, *(a.server for a in plan.ackers)})


def judged(ledger: Ledger, facts: Facts, policy: Policy, plan: Plan) -> Outcome:
    """Return whether *plan* may go on by what was just read."""
    if plan.kind is Kind.REOPEN:
        held = evidence_against(ledger, facts, policy, plan)
        if not held and (early := read_too_early(ledger, facts, policy)):
            return Unknown(early)
        seen = {"boot_id": str(plan.boot_id)}
    elif plan.kind is Kind.SWITCHOVER:
        held = _against_moving(ledger, facts, policy, plan)
        seen = {"probes": "primary serves, target follows"}
    else:
        granted = {*plan.overrides, *BEGUN}
        held = remaining(vetoes(ledger, facts, policy, plan.target), granted)
        seen = {"probes": "primary down", **vantages(ledger, facts, policy)}
    if held:
        return Refused("; ".join(f"{v.name}: {v.reason}" for v in held))
    return Done(seen)


def _against_moving(
    ledger: Ledger, facts: Facts, policy: Policy, plan: Plan
) -> tuple[Veto, ...]:
    """Return what stands against a planned move that has touched nothing yet."""
    assert plan.lost is not None
    found = (
        against(ledger, facts, policy, plan.target)
        if plan.unasked
        else planned_vetoes(ledger, facts, policy, plan.target)
    )
    held = remaining((*found, *transactions_unseen(facts)), plan.overrides)
    fact = facts.servers.get(plan.lost.server)
    if fact is None or fact.view is None or fact.view.boot_id == plan.lost_boot:
        return held
    reason = f"{plan.lost.server} restarted meanwhile"
    return (
        *held,
        Veto(name="primary_restarted", reason=reason, overridable=False),
    )
