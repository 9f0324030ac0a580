"""What `sitedr status` shows, as one JSON-able tree; pure."""

from collections.abc import Mapping

from controller.decide.agents import agents_tree
from controller.decide.classify import Conditions, condition_tree
from controller.decide.codec import render_finding
from controller.decide.copying import copy_tree
from controller.decide.decide import UNFIT, Decision, current_wish
from controller.decide.facts import Facts, LookFact, Policy, ServerFact
from controller.decide.fitness import age_s, blockers, standing_findings
from controller.decide.flapping import flaps_tree
from controller.decide.journeys import answers, journeys_tree, notes, pages_tree
from controller.decide.ledger import Ledger
from controller.decide.maintenance import maintenance_tree
from controller.decide.observers import observers_tree
from controller.decide.old import OldPrimary
from controller.decide.reconcile import standing
from controller.decide.redundancy import roles
from controller.decide.standing import wish_age_s
from controller.decide.topology import contradictions
from health.detector import Verdict
from health.elevated import RateReading
from replication.doctor.inspection import Severity


def status_tree(
    ledger: Ledger, facts: Facts, policy: Policy, decision: Decision
) -> Mapping[str, object]:
    """Return the whole state in the words of the ledger and the facts."""
    on_route = standing(ledger, facts)
    return {
        "mode": policy.mode.value,
        "sentence": sentence(ledger, decision),
        "epoch": ledger.epoch,
        "incident": ledger.incident,
        "primary": ledger.primary.server if ledger.primary else None,
        "primary_zone": ledger.primary.zone if ledger.primary else None,
        "durability": {
            "protected": ledger.durability.protected,
            "since_wall_s": ledger.durability.since_wall_s,
            "why": ledger.durability.why,
            "acks": ledger.durability.acks if ledger.durability.protected else 0,
            "acks_wanted": policy.acks if policy.required_acks else 0,
            "replicas_wanted": policy.replicas_wanted,
        },
        "ackers": [a.server for a in ledger.ackers],
        "suspects": [m.server for m in ledger.suspects],
        "retired": dict(ledger.retired),
        "old_primaries": {s: _old(o) for s, o in sorted(ledger.old.items())},
        "doubtful_orders": len(ledger.doubtful),
        "wish": _wish(ledger, facts, policy),
        "paused": ledger.paused,
        "halted": ledger.halted,
        "maintenance": maintenance_tree(ledger, facts),
        "flapping": flaps_tree(ledger, facts),
        "lease_held": facts.lease_held,
        "run": _run(ledger),
        "copy": copy_tree(facts.copy),
        "trouble": decision.trouble,
        "vetoes": [
            {"name": v.name, "reason": v.reason, "overridable": v.overridable}
            for v in decision.vetoes
        ],
        "condition": condition_tree(decision.conditions.site),
        "zones": _zones(ledger, facts, decision.conditions),
        "edges": {
            e: {
                "reachable": f.reachable,
                "epoch": f.epoch,
                "on_route": on_route[e],
                "reason": f.garbled or f.reading.reason,
            }
            for e, f in sorted(facts.edges.items())
        },
        "journeys": journeys_tree(ledger, facts),
        "canary": {
            "durable_hung_s": round(facts.canary.durable_hung_s, 3),
            "durable_ok_age_s": _rounded(facts.canary.durable_ok_age_s),
            "local_ok_age_s": _rounded(facts.canary.local_ok_age_s),
        },
        "topology": [
            {"name": v.name, "reason": v.reason}
            for v in contradictions(ledger, facts, policy)
        ],
        "doctor": _doctor(ledger, facts, policy),
        "agents": agents_tree(ledger, facts, policy.promote_wait_s),
        "observers": observers_tree(ledger, facts),
    }


def fleet_row(
    ledger: Ledger, policy: Policy, decision: Decision
) -> Mapping[str, object]:
    """Return one cluster in a line: what `status` says first of it."""
    return {
        "mode": policy.mode.value,
        "primary": ledger.primary.server if ledger.primary else None,
        "primary_zone": ledger.primary.zone if ledger.primary else None,
        "epoch": ledger.epoch,
        "protected": ledger.durability.protected,
        "halted": ledger.halted,
        "paused": ledger.paused,
        "step": ledger.run.step.value if ledger.run else None,
        "sentence": sentence(ledger, decision),
        "trouble": decision.trouble,
        "vetoes": [v.name for v in decision.vetoes],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def sentence(ledger: Ledger, decision: Decision) -> str:
    """Return one sentence: what it is doing, or why it does nothing."""
    told = _sentence(ledger, decision)
    return f"PAUSED ({ledger.paused}): {told}" if ledger.paused else told


def _sentence(ledger: Ledger, decision: Decision) -> str:
    if ledger.run is not None:
        run = ledger.run
        return f"{run.plan.kind.value} under way at {run.step.value}: {run.plan.why}"
    names = ", ".join(v.name for v in decision.vetoes)
    if decision.trouble and names:
        return f"{decision.trouble}; nothing is done because of {names}"
    if decision.trouble:
        return decision.trouble
    if ledger.primary is None:
        return "starting: every server is asked for the first time"
    if names:
        return f"{_serves(ledger)}; {UNFIT}: {names}"
    well = ledger.durability.protected and not ledger.paused
    return f"{'all well: ' if well else ''}{_serves(ledger)}"


_WORDS = {2: "two", 3: "three", 4: "four"}


def _serves(ledger: Ledger) -> str:
    assert ledger.primary is not None
    server, durability = ledger.primary.server, ledger.durability
    if durability.protected:
        zones = _WORDS.get(durability.acks + 1, str(durability.acks + 1))
        return f"{server} serves, every write in {zones} zones"
    return f"{server} serves, unprotected: {durability.why}"


def _wish(ledger: Ledger, facts: Facts, policy: Policy) -> Mapping[str, object] | None:
    """Return the operator's wish that waits, and how long it may; None without."""
    wish = current_wish(ledger, facts, policy)
    if wish is None:
        return None
    left_s = policy.wish_s - wish_age_s(wish, facts.now_s, facts.wall_s)
    return {
        "to": wish.to_zone,
        "why": wish.why,
        "planned": wish.planned,
        "left_s": round(left_s, 1),
    }


def _doctor(ledger: Ledger, facts: Facts, policy: Policy) -> Mapping[str, object]:
    """Return what was found, of whom nothing is known, and what holds failovers.

    holds: this very finding does. inspected_s: since the server answered last, None
    when it never did in this process; then *why* says what is known instead.
    """
    found = standing_findings(ledger, facts)
    holding = blockers(ledger, facts) if policy.doctor_holds else ()
    return {
        "holds": policy.doctor_holds,
        "interval_s": policy.inspect_s,
        "counts": {s.value: sum(f.severity is s for f in found) for s in Severity},
        "servers": {
            server: {
                "inspected_s": _rounded(look.answered_s),
                "why": look.why or _unasked(facts.servers[server], look),
            }
            for server, look in sorted(facts.doctor.looks.items())
        },
        "findings": [
            {
                **render_finding(f),
                "age_s": round(age_s(f, ledger, facts), 1),
                "holds": f in holding,
            }
            for f in found
        ],
    }


def _unasked(fact: ServerFact, look: LookFact) -> str:
    """Say why a server was never asked; empty: it answered, or is being asked."""
    if look.asked_s is not None:
        return ""
    down = fact.reading.verdict is Verdict.DOWN
    return f"not asked: {fact.reading.reason}" if down else "not asked yet"


def _old(old: OldPrimary) -> Mapping[str, object]:
    """Return what is known of a server that was primary; never a row of it."""
    return {
        "known": old.known.value,
        "why": old.why,
        "against": old.against,
        "saved": old.saved,
        "report": old.report,
        "counts": {k: v for k, v in old.counts.items() if k != "report"},
        "at_wall_s": old.at_wall_s,
    }


def _run(ledger: Ledger) -> Mapping[str, object] | None:
    if ledger.run is None:
        return None
    run = ledger.run
    return {
        "kind": run.plan.kind.value,
        "step": run.step.value,
        "attempt": run.attempt,
        "target": run.plan.target.server,
        "why": run.plan.why,
    }


def _seen(fact: ServerFact) -> Mapping[str, object]:
    """Return what a server says of itself; nothing while it does not answer."""
    view = fact.view if fact.reading.verdict is Verdict.OK else None
    return {
        "writable": view.writable if view else None,
        "receiving": view.receiving.value if view else None,
        "executed": view.executed if view else None,
        "lag": {
            "receive_s": _rounded(fact.lag.receive_s),
            "apply_s": _rounded(fact.lag.apply_s),
        }
        if view and view.source
        else None,
    }


def _rates(reading: RateReading) -> Mapping[str, object]:
    """Return what users got of a zone; counts are of the short and the long window."""
    return {
        "verdict": reading.says.value,
        "by": reading.by.value,
        "answers": [reading.short.here.total, reading.long.here.total],
        "failures": [reading.short.here.bad, reading.long.here.bad],
        "why": reading.sentence(),
    }


def _zones(
    ledger: Ledger, facts: Facts, conditions: Conditions
) -> Mapping[str, object]:
    known = roles(ledger)
    return {
        zone: {
            "services": {
                n: r.verdict.value
                for n, r in sorted({**fact.services, **fact.also}.items())
            },
            "condition": condition_tree(conditions.zones.get(zone)),
            "notes": notes(fact),
            "answers": answers(fact),
            "pages": pages_tree(fact.pages),
            "rates": _rates(fact.rates),
            "databases": {
                s: {
                    "role": known.get(s, "spare"),
                    "verdict": f.reading.verdict.value,
                    "reason": f.reading.reason,
                    **_seen(f),
                    "age_s": round(f.age_s, 2),
                }
                for s, f in sorted(facts.servers.items())
                if f.member.zone == zone
            },
        }
        for zone, fact in sorted(facts.zones.items())
    }
