"""What the controller says to agents, and what of their words it may rely on."""

from dataclasses import replace
from typing import Any

import pytest

from controller.config import budget
from controller.config.load import parse_site
from controller.config.policy import decide_policy
from controller.decide.agents import armed_notes, armed_s, contact_for, may_renew
from controller.decide.decide import decide
from controller.decide.facts import AgentFact, Facts
from controller.decide.ledger import Ledger, apply
from controller.decide.ledger_state import Armed
from controller.decide.proofs import prospects
from controller.decide.saga import Kind, Plan, Run, Step
from controller.decide.standing import Serving
from controller.incident.record import Record, RecordKind
from controller.model.commands import Member, Proof
from controller.model.ids import BootId, Epoch, IncidentId, ZoneId
from deploy.agent.memo import Held
from deploy.agent.ports import AgentState
from deploy.fencing import self_fence
from health.detector import Verdict
from tests.unit.test_config import changed, problems
from tests.unit.test_decide import names
from tests.unit.world_facts import (
    LEDGER,
    POLICY,
    A,
    B,
    C,
    a_server,
    primary_gone,
    some_facts,
)

BOOT = BootId("boot-db-a")
SERVED = replace(LEDGER, serving=Serving(server=A.server, boot_id=BOOT))
ARMED = replace(SERVED, armed={A.zone: Armed(ttl_s=10.0, boot=BOOT)})
WAITS = replace(POLICY, proofs=(Proof.SELF_FENCE,), promote_wait_s=13.0, fence_s=16.5)


def an_agent(member: Member, *, age_s: float = 0.3, **changes: Any) -> AgentFact:
    zones = [m.zone for m in (A, B, C) if m != member]
    state = AgentState(
        zone=member.zone,
        server=member.server,
        epoch=Epoch(4),
        running=True,
        inhibited=False,
        writable=member is A,
        held=Held.NOT,
        armed_s=10.0 if member is A else 0.0,
        nonce="n",
        boot=BootId(f"boot-{member.server}"),
        peers=tuple(zones),
    )
    return AgentFact(state=replace(state, **changes), age_s=age_s)


def with_agents(facts: Facts, **changed_ones: AgentFact) -> Facts:
    agents = {m.zone: an_agent(m) for m in (A, B, C)}
    agents |= {ZoneId(zone): fact for zone, fact in changed_ones.items()}
    return replace(facts, agents=agents)


def said(ledger: Ledger, member: Member = A, *, lease_held: bool = True) -> bool:
    return contact_for(ledger, member, nonce="", lease_held=lease_held).renews


def away_from(member: Member, kind: Kind = Kind.FAILOVER) -> Run:
    plan = Plan(kind=kind, epoch=Epoch(5), lost=member, target=B)
    return Run(plan=plan, step=Step.CONFIRM)


def test_only_members_are_vouched_for_and_only_by_who_may_act() -> None:
    assert said(SERVED)
    assert said(SERVED, B), "a replica may be the next primary at any moment"
    assert not said(SERVED, C)
    assert not said(replace(SERVED, suspects=(B,)), B)
    assert not said(replace(SERVED, run=away_from(B, Kind.RETIRE)), B)
    assert not said(SERVED, lease_held=False)


@pytest.mark.parametrize(
    "ledger",
    [
        replace(SERVED, run=away_from(A)),
        replace(SERVED, retired={A.server: "self_fence"}),
        replace(SERVED, suspects=(B,)),
    ],
)
def test_nobody_is_vouched_for_whom_another_may_follow(ledger: Ledger) -> None:
    """From the record that begins it: that is the controller's own oath."""
    assert not may_renew(ledger)
    assert not said(ledger)


def test_a_run_of_another_kind_takes_nothing_from_the_primary() -> None:
    assert said(replace(SERVED, run=away_from(B, Kind.RETIRE)))


def test_an_armed_agent_goes_on_record_once() -> None:
    facts = with_agents(some_facts())
    (note,) = armed_notes(SERVED, facts)
    assert (note["zone"], note["ttl_s"], note["boot"]) == ("a", 10.0, BOOT)
    record = Record(
        seq=1,
        at_wall_s=0.0,
        at_mono_s=0.0,
        incident=IncidentId(""),
        epoch=Epoch(4),
        kind=RecordKind.ARMED,
        body=note,
    )
    ledger = apply(SERVED, record)
    assert armed_s(ledger) == 10.0
    assert armed_notes(ledger, facts) == []


def test_what_was_armed_in_another_process_is_no_record() -> None:
    """The zone was lost, filled anew and made primary while its agent was dead."""
    serving = Serving(server=A.server, boot_id=BootId("another"))
    assert armed_s(replace(ARMED, serving=serving)) == 0
    assert armed_s(replace(ARMED, serving=None)) == 0


def test_an_agent_that_died_beside_its_database_is_taken_off_the_record() -> None:
    silent = with_agents(some_facts(), a=an_agent(A, age_s=3.0))
    (note,) = armed_notes(ARMED, silent)
    assert (note["zone"], note["ttl_s"]) == ("a", 0.0)
    assert "silent" in str(note["why"])


def test_what_is_lost_together_stays_on_record() -> None:
    """Zone and agent are cut off at the same moment: that is what (d) is for."""
    gone = with_agents(primary_gone(), a=an_agent(A, age_s=5.3))
    assert armed_notes(ARMED, gone) == []


def test_who_renews_must_be_somebody_we_can_ask() -> None:
    stranger = an_agent(A, peers=(ZoneId("b"), ZoneId("x")))
    assert armed_notes(SERVED, with_agents(some_facts(), a=stranger)) == []


def test_proof_d_begins_a_failover_only_when_it_could_be_had() -> None:
    gone = with_agents(primary_gone(), a=an_agent(A, age_s=5.3))
    ledger = replace(ARMED, durability=replace(LEDGER.durability))
    begun = decide(ledger, gone, WAITS)
    assert begun.start is not None
    assert (begun.start.plan.armed_s, begun.start.plan.fence_s) == (10.0, 16.5)


@pytest.mark.parametrize(
    ("ledger", "changes", "why"),
    [
        (SERVED, {}, "no armed agent of zone a"),
        (ARMED, {"c": AgentFact(state=None, age_s=float("inf"))}, "silent: c"),
        (ARMED, {"b": an_agent(B, age_s=9.0)}, "silent: b"),
        (
            replace(ARMED, armed={A.zone: Armed(ttl_s=11.0, boot=BOOT)}),
            {},
            "longer than promote_wait_s",
        ),
    ],
)
def test_why_proof_d_cannot_be_had_is_said(
    ledger: Ledger, changes: dict[str, AgentFact], why: str
) -> None:
    gone = with_agents(primary_gone(), **changes)
    (prospect,) = prospects(ledger, gone, WAITS)
    assert not prospect.possible
    assert why in prospect.why
    assert "no_fence_proof" in names(decide(ledger, gone, WAITS))


ZONES = "{a: 'http://h:1', b: 'http://h:2', c: 'http://h:3'}"
AGENTS = (
    "cooldown_s: 60",
    f"agents: {{token: 'file:x', zones: {ZONES}}}\ncooldown_s: 60",
)
PROOFS = ("proofs: [process,", "proofs: [self_fence, process,")
TARGET = ("rto_target_s: 30 ", "rto_target_s: 60 ")


def test_promotion_waits_longer_than_a_primary_lives_alone() -> None:
    """The inequality that prevents two primaries, checked before anything runs."""
    short = (AGENTS[0], AGENTS[1].replace("}}", "}, promote_wait_s: 12}"))
    assert "too short" in "".join(problems(changed(PROOFS, TARGET, short)))
    assert "agent of every zone" in "".join(problems(changed(PROOFS, TARGET)))
    site = parse_site(changed(PROOFS, TARGET, AGENTS), name="site.yaml")
    policy = decide_policy(site)
    assert (policy.promote_wait_s, policy.fence_s) == (14.0, 17.5)
    assert budget.OATHS_S == self_fence.OATHS_S


def test_a_database_that_answers_without_its_agent_is_no_ailment() -> None:
    """Agents are a help: without one nothing else changes."""
    quiet = some_facts(a_server(A, Verdict.OK))
    assert decide(SERVED, quiet, POLICY) == decide(SERVED, with_agents(quiet), POLICY)
