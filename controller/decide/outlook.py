"""The dry run: the same guards and the same plan as the real thing; pure."""

from collections.abc import Mapping
from dataclasses import replace

from controller.decide.candidates import rule_of
from controller.decide.choice import choose_target, plan_failover, ranked_candidates
from controller.decide.codec import render_plan
from controller.decide.decide import current_wish
from controller.decide.facts import Facts, Policy, Veto
from controller.decide.failover import FAILOVER, others
from controller.decide.guards import vetoes
from controller.decide.ledger import Ledger, Wish
from controller.decide.planned import (
    plan_switchover,
    planned_vetoes,
    run_under_way,
    transactions_unseen,
    wished_target,
)
from controller.decide.proofs import prospects
from controller.decide.saga import Step, Table
from controller.decide.switchover import SWITCHOVER
from controller.model.commands import Member
from controller.model.ids import ServerId, ZoneId

LOSS_VETOES = frozenset({"primary_answers", "still_receiving", "no_second_vantage"})
"""What being alive explains: these would fall away with the zone itself."""


def with_wish(ledger: Ledger, wish: Wish) -> Ledger:
    """Return *ledger* as if an operator's *wish* were on record."""
    return replace(ledger, wish=wish)


def outlook_tree(
    ledger: Ledger, facts: Facts, policy: Policy, lose: ZoneId
) -> Mapping[str, object]:
    """Return what losing zone *lose* right now would lead to."""
    ledger = replace(ledger, wish=current_wish(ledger, facts, policy))
    if ledger.primary is None:
        return {"lose": lose, "action": "none", "why": "no primary is known yet"}
    if ledger.primary.zone != lose:
        return _minor_loss(ledger, policy, lose)
    target = choose_target(ledger, facts, policy)
    named = target or Member(server=ServerId("none"), zone=lose)
    found = vetoes(ledger, facts, policy, named)
    return {
        "lose": lose,
        "action": "failover",
        "vetoes": [
            {
                "name": v.name,
                "reason": v.reason,
                "overridable": v.overridable,
                "explained_by_the_loss": v.name in LOSS_VETOES,
            }
            for v in found
        ],
        "candidates": [
            {
                "server": member.server,
                "zone": member.zone,
                "rule": rule_of(policy, member).value,
                "chosen": member == target,
                "vetoes": [_told(v, ()) for v in against],
            }
            for member, against in ranked_candidates(ledger, facts, policy)
        ],
        "would_act": all(v.name in LOSS_VETOES for v in found),
        "proofs": [
            {"proof": p.proof.value, "possible": p.possible, "why": p.why}
            for p in prospects(ledger, facts, policy)
        ],
        "plan": render_plan(plan_failover(ledger, facts, policy, target))
        if target
        else None,
        "steps": _steps(FAILOVER),
    }


def switchover_tree(
    ledger: Ledger, facts: Facts, policy: Policy, wish: Wish
) -> Mapping[str, object]:
    """Return what a planned move by *wish* would meet and do right now."""
    if ledger.primary is None:
        why = "no primary is known yet"
        veto = Veto(name="not_adopted", reason=why, overridable=False)
        return {"to": wish.to_zone, "would_act": False, "vetoes": [_told(veto, ())]}
    target = wished_target(ledger, facts, wish)
    found = run_under_way(ledger) + planned_vetoes(ledger, facts, policy, target)
    found += transactions_unseen(facts)
    if ledger.halted:
        halted = Veto(name="halted", reason=ledger.halted, overridable=False)
        found = (halted, *found)
    vetoes = [_told(v, wish.overrides) for v in found]
    plan = plan_switchover(ledger, facts, policy, target, wish)
    return {
        "to": wish.to_zone,
        "would_act": all(v["waived"] for v in vetoes),
        "vetoes": vetoes,
        "pause_max_s": policy.pause_max_s,
        "plan": render_plan(plan),
        "unprotected_meanwhile": plan.waits and len(others(plan)) < plan.acks,
        "follow": len(others(plan)),
        "steps": _steps(SWITCHOVER),
    }


def _told(veto: Veto, overrides: tuple[str, ...]) -> Mapping[str, object]:
    return {
        "name": veto.name,
        "reason": veto.reason,
        "overridable": veto.overridable,
        "waived": veto.overridable and veto.name in overrides,
    }


def _minor_loss(ledger: Ledger, policy: Policy, lose: ZoneId) -> Mapping[str, object]:
    here = any(a.zone == lose for a in ledger.ackers)
    left = sum(a.zone != lose and bool(a.boot_id) for a in ledger.ackers)
    protected = policy.required_acks and ledger.durability.protected
    if here and protected and left >= policy.acks:
        return {
            "lose": lose,
            "action": "widen",
            "why": f"nothing stalls, replicas that go on acknowledging: {left}; one"
            " more is built where a healthy zone is free",
        }
    if here:
        return {
            "lose": lose,
            "action": "restore",
            "why": "writes stall until durability is degraded on record; then a new"
            " replica is built in a healthy zone",
        }
    return {"lose": lose, "action": "none", "why": "the zone holds no database role"}


def _steps(table: Table) -> list[Mapping[str, object]]:
    """Return the rows a run that works passes through, in order."""
    found: list[Mapping[str, object]] = []
    step: object = Step.CONFIRM
    while isinstance(step, Step):
        row = table[step]
        found.append({"step": step.value, "timeout_s": row.timeout_s, "why": row.why})
        step = row.done
    return found
