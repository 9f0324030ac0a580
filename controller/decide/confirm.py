"""What CONFIRM asks and how its answer is judged; pure."""

from controller.decide.facts import Facts, Policy, Veto
from controller.decide.guards import remaining, vantages, vetoes
from controller.decide.ledger import Ledger
from controller.decide.planned import planned_vetoes, transactions_unseen
from controller.decide.saga import Kind, Plan
from controller.model.ids import ServerId
from controller.model.outcomes import Done, Outcome, Refused


def servers_of(plan: Plan) -> list[ServerId]:
    """Return the servers whose answers *plan* rests on."""
    asked = {a.server for a in plan.ackers}
    if plan.lost is not None:
        asked.add(plan.lost.server)
    return sorted(asked)


def judge(ledger: Ledger, facts: Facts, policy: Policy, plan: Plan) -> Outcome:
    """Return `Done` while nothing stands against *plan* by the newest *facts*."""
    if plan.kind is Kind.SWITCHOVER:
        return _judge_planned(ledger, facts, policy, plan)
    granted = {*plan.overrides, "awaiting_approval", "recent_attempt", "cooldown"}
    held = remaining(vetoes(ledger, facts, policy, plan.target), granted)
    if held:
        return Refused(_told(held))
    return Done({"probes": "primary down", **vantages(ledger, facts, policy)})


def _judge_planned(ledger: Ledger, facts: Facts, policy: Policy, plan: Plan) -> Outcome:
    found = planned_vetoes(ledger, facts, policy, plan.target)
    found += transactions_unseen(facts)
    held = list(remaining(found, plan.overrides))
    assert plan.lost is not None
    fact = facts.servers.get(plan.lost.server)
    if fact is not None and fact.view and fact.view.boot_id != plan.lost_boot:
        reason = f"{plan.lost.server} restarted meanwhile"
        held.append(Veto(name="primary_restarted", reason=reason, overridable=False))
    if held:
        return Refused(_told(tuple(held)))
    return Done({"probes": "primary serves, target follows"})


def _told(held: tuple[Veto, ...]) -> str:
    return "; ".join(f"{v.name}: {v.reason}" for v in held)
