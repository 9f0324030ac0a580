"""CONFIRM: whom to read anew, and what the guards say of the answers; pure."""

from controller.decide.closed import evidence_against, read_too_early
from controller.decide.facts import Facts, Policy
from controller.decide.guards import remaining, vantages, vetoes
from controller.decide.ledger import Ledger
from controller.decide.saga import Kind, Plan
from controller.model.ids import ServerId
from controller.model.outcomes import Done, Outcome, Refused, Unknown


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
    else:
        granted = {*plan.overrides, "awaiting_approval", "recent_attempt", "cooldown"}
        held = remaining(vetoes(ledger, facts, policy, plan.target), granted)
        seen = {"probes": "primary down", **vantages(ledger, facts, policy)}
    if held:
        return Refused("; ".join(f"{v.name}: {v.reason}" for v in held))
    return Done(seen)
