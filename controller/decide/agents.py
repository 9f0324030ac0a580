"""What the controller says to the zones' agents, and notes of what they say. Pure."""

from collections.abc import Mapping

from controller.decide.facts import AgentFact, Facts
from controller.decide.leaving import open_in_doubt
from controller.decide.ledger import Ledger
from controller.decide.ledger_state import Armed
from controller.decide.saga import Kind, Run
from controller.model.commands import Member
from controller.model.ids import BootId, ZoneId
from deploy.agent.ports import MARGIN_S, AgentState, Contact

SILENT_S = 2.0
"""An agent that is silent for so long while its database answers has died."""

_LEAVING = frozenset({Kind.FAILOVER, Kind.RETIRE, Kind.LEAVE})


def contact_for(
    ledger: Ledger, member: Member, *, nonce: str, lease_held: bool
) -> Contact:
    """Return the controller's word to the agent of *member*'s zone."""
    serving = ledger.serving
    opened = (
        serving.boot_id
        if serving is not None and serving.server == member.server
        else BootId("")
    )
    primary = ledger.primary
    return Contact(
        epoch=ledger.epoch,
        renews=lease_held and _vouches(ledger, member),
        nonce=nonce,
        known_ttl_s=_ttl_of(ledger.armed.get(member.zone)),
        opened=opened if member == primary else BootId(""),
        follows=_follows(ledger, member),
    )


def _vouches(ledger: Ledger, member: Member) -> bool:
    """Tell whether *member* may go on, or may be the next primary at any moment.

    A replica is kept renewed, too: its zone may have been sworn away when it was
    primary last, and its agent would end it the moment it is opened.
    """
    if member == ledger.primary:
        return may_renew(ledger)
    run = ledger.run
    leaving = run is not None and run.plan.kind in _LEAVING and run.plan.lost == member
    known = member.server in {a.server for a in ledger.ackers}
    gone = member in ledger.suspects or member.server in ledger.retired
    return known and not gone and not leaving


def may_renew(ledger: Ledger) -> bool:
    """Tell whether the journal lets the primary go on: nothing takes its place.

    From the record that begins a run away from it nobody is renewed, also by a
    controller that was started again: that is the controller's own oath.
    """
    primary, run = ledger.primary, ledger.run
    if primary is None or primary.server in ledger.retired or open_in_doubt(ledger):
        return False
    return run is None or run.plan.kind not in _LEAVING or run.plan.lost != primary


def _follows(ledger: Ledger, member: Member) -> bool:
    known = {a.server for a in ledger.ackers} | {_spare_of(ledger.run)}
    return member.server in known and may_renew(ledger)


def _spare_of(run: Run | None) -> str:
    spare = run.plan.spare if run is not None else None
    return spare.server if spare is not None else ""


def _ttl_of(armed: Armed | None) -> float:
    return armed.ttl_s if armed is not None else 0.0


def armed_s(ledger: Ledger) -> float:
    """Return the ttl on record of the primary's agent; 0: none in this very process.

    A record of an earlier life of the zone says nothing of the process that serves.
    """
    if ledger.primary is None or ledger.serving is None:
        return 0.0
    armed = ledger.armed.get(ledger.primary.zone)
    serving = ledger.serving
    same = serving.server == ledger.primary.server and armed is not None
    return armed.ttl_s if same and armed and armed.boot == serving.boot_id else 0.0


def armed_notes(ledger: Ledger, facts: Facts) -> list[Mapping[str, object]]:
    """Return what to record: agents that armed, disarmed, or died beside a database."""
    notes: list[Mapping[str, object]] = []
    for zone, fact in facts.agents.items():
        known = ledger.armed.get(zone)
        told = known if fact.state is None else _armed(fact.state, facts)
        why = "" if told is not None else "it says so"
        if told is not None and _died(zone, fact, facts):
            told, why = None, "the agent is silent and its database answers"
        if told != known:
            notes.append(
                {
                    "zone": zone,
                    "ttl_s": _ttl_of(told),
                    "boot": told.boot if told is not None else "",
                    "why": why,
                }
            )
    return notes


def _armed(state: AgentState, facts: Facts) -> Armed | None:
    """Return what may be relied on: armed, and renewed by nobody we cannot ask."""
    strangers = set(state.peers) - set(facts.agents)
    if not state.armed_s or strangers or not state.boot:
        return None
    return Armed(ttl_s=state.armed_s, boot=state.boot)


def _died(zone: ZoneId, fact: AgentFact, facts: Facts) -> bool:
    """Lost together they are cut off; the agent alone, longer ago, has died.

    Not while we stood still ourselves: then it was not asked.
    """
    if facts.fitness.lag_age_s < SILENT_S:
        return False
    servers = [f for f in facts.servers.values() if f.member.zone == zone]
    return any(f.view is not None and fact.age_s - f.age_s >= SILENT_S for f in servers)


def unheard(facts: Facts, lost: ZoneId, fresh_s: float) -> list[ZoneId]:
    """Return the agents that could not swear now that nobody renews *lost*."""
    return sorted(
        zone
        for zone, fact in facts.agents.items()
        if zone != lost and (fact.state is None or fact.age_s > fresh_s)
    )


def self_fence_prospect(
    ledger: Ledger, facts: Facts, *, promote_wait_s: float, fresh_s: float
) -> tuple[bool, str]:
    """Tell whether proof (d) could be had for the present primary, and why not."""
    assert ledger.primary is not None
    zone, ttl_s = ledger.primary.zone, armed_s(ledger)
    if not ttl_s:
        return False, f"no armed agent of zone {zone} is on record"
    if late := _too_slow(ttl_s, promote_wait_s):
        return False, late
    if silent := unheard(facts, zone, fresh_s):
        return False, f"agents that could renew it are silent: {', '.join(silent)}"
    return True, f"its agent ends it {ttl_s:g} s after nobody renews it any more"


def _too_slow(ttl_s: float, promote_wait_s: float) -> str:
    """Return why an agent on record with *ttl_s* is not relied on; empty: it is."""
    gone_s = ttl_s + MARGIN_S
    if gone_s <= promote_wait_s:
        return ""
    return (
        f"its agent may need {gone_s:g} s (self_fence_after_s, and process.timeout_s of"
        f" its hand): longer than promote_wait_s {promote_wait_s:g} allows"
    )


def agents_tree(
    ledger: Ledger, facts: Facts, promote_wait_s: float
) -> Mapping[str, object]:
    """Return what is known of every agent; `armed_s` is what the journal says.

    0 as well where it is too slow for what proof (d) waits, which is its trouble then.
    """
    tree: dict[str, object] = {}
    for zone, fact in sorted(facts.agents.items()):
        known_s, state = _ttl_of(ledger.armed.get(zone)), fact.state
        late = _too_slow(known_s, promote_wait_s) if known_s else ""
        tree[zone] = {
            "answers": state is not None and fact.age_s <= SILENT_S,
            "armed_s": 0.0 if late else known_s,
            "held": state.held.value if state is not None else "",
            "trouble": fact.why or (state.trouble if state else "") or late,
        }
    return tree
