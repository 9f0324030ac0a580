"""Decisions in the sequences a review found: each once ended badly."""

from dataclasses import replace

import pytest

from controller.decide.decide import Decision, decide
from controller.decide.facts import ServerFact, ZoneFact
from controller.decide.ledger import Durability, Ledger
from controller.decide.saga import Kind, Plan, Run, Step
from controller.decide.status import status_tree
from controller.model.commands import Acker, Member, Proof
from controller.model.ids import BootId, Epoch, ZoneId
from health.detector import Verdict
from replication.ports import Receiving
from tests.unit.test_decide import names, stalled
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    WALL_S,
    A,
    B,
    C,
    a_server,
    a_wish,
    primary_gone,
    reading,
    some_facts,
)

BARE = Durability(protected=False, since_wall_s=1.0, why="x")
NEWER = Acker(server=C.server, zone=C.zone, boot_id=BootId("boot-db-c"))
TWO = replace(LEDGER, ackers=(*LEDGER.ackers, NEWER))
RESTORE = Plan(kind=Kind.RESTORE, epoch=Epoch(5), lost=None, target=A, spare=C)


@pytest.mark.parametrize(
    "keeper",
    [
        a_server(C, Verdict.DOWN),
        a_server(C, receiving=Receiving.CONNECTING, silent_s=2.0),
        a_server(C, boot_id=BootId("another")),
    ],
)
def test_a_surplus_acker_is_kept_while_the_newer_one_is_in_doubt(
    keeper: object,
) -> None:
    """Ended now, what only it acknowledged would be in one zone, unrecorded."""
    decision = decide(TWO, some_facts(keeper), POLICY)  # type: ignore[arg-type]
    assert decision.start is None


@pytest.mark.parametrize(
    ("recorded", "override"), [("", "unprotected"), ("old", "acker_restarted")]
)
def test_what_a_person_accepted_is_not_refused_after_the_fence(
    recorded: str, override: str
) -> None:
    """The candidate is held to the boot id seen now, not to one it never had."""
    acker = replace(LEDGER.ackers[0], boot_id=BootId(recorded))
    wish = a_wish("unprotected", override)
    ledger = replace(LEDGER, ackers=(acker,), durability=BARE, wish=wish)
    decision = decide(ledger, primary_gone(), POLICY)
    assert decision.start is not None
    assert [a.boot_id for a in decision.start.plan.ackers] == ["boot-db-b"]


def test_without_a_word_of_the_primary_nothing_is_degraded() -> None:
    """A broken connection of ours, or a server just thawed, is no lost acker."""
    alone = some_facts(a_server(B, Verdict.DOWN))
    assert decide(LEDGER, stalled(alone), POLICY).start is not None
    assert decide(LEDGER, stalled(alone, waiters=0), POLICY).start is None


def test_nothing_is_degraded_while_another_server_may_be_open() -> None:
    """Rule 5: after an unknown OPEN of b, a and b would both acknowledge."""
    ledger = replace(LEDGER, suspects=(B,), durability=BARE)
    facts = stalled(some_facts(a_server(B, Verdict.DOWN)))
    decision = decide(ledger, facts, POLICY)
    assert decision.start is None
    assert "open_in_doubt" in names(decision)


def test_a_server_that_may_be_open_is_fenced_before_a_copy_is_made() -> None:
    """Two may accept writes: that comes before redundancy."""
    ledger = replace(LEDGER, suspects=(B,), durability=BARE)
    decision = decide(ledger, some_facts(), POLICY)
    assert decision.start is not None
    assert (decision.start.step, decision.start.plan.lost) == (Step.RETIRE, B)


def test_what_may_be_open_out_of_reach_is_ended_from_outside() -> None:
    """Proof (e) ends the hold of an OPEN in doubt, where (a) and (c) have no hand."""
    ledger = replace(LEDGER, suspects=(B,), durability=BARE)
    gone = some_facts(a_server(B, Verdict.DOWN))
    gone = replace(gone, zones={**gone.zones, B.zone: silent_zone(B.zone)})
    without = replace(POLICY, proofs=(Proof.ACKS_REVOKED, Proof.SQL))
    assert not retires(decide(ledger, gone, without))
    by_command = replace(without, proofs=(*without.proofs, Proof.EXTERNAL), fence_s=7.0)
    decision = decide(ledger, gone, by_command)
    assert retires(decision)
    assert decision.start is not None
    assert decision.start.plan.lost == B
    assert Proof.EXTERNAL in decision.start.plan.proofs
    assert decision.start.plan.fence_s == 7.0


def retires(decision: Decision) -> bool:
    return decision.start is not None and decision.start.step is Step.RETIRE


def silent_zone(zone: ZoneId) -> ZoneFact:
    down = {n: reading(Verdict.DOWN) for n in ("origin", "redis")}
    return ZoneFact(zone=zone, services=down)


OPENED = a_server(B, writable=True, receiving=Receiving.NONE, source=None)
IN_DOUBT = replace(LEDGER, suspects=(B,), durability=BARE)
MOVED = replace(LEDGER, primary=B, ackers=(), suspects=(A,), durability=BARE)


@pytest.mark.parametrize(
    ("ledger", "halted"), [(IN_DOUBT, ""), (IN_DOUBT, "open: x"), (MOVED, "reroute: x")]
)
def test_the_old_primary_is_ended_beside_its_successor(
    ledger: Ledger, halted: str
) -> None:
    """Both are seen to take writes: ending the old one only closes, halted or not."""
    decision = decide(replace(ledger, halted=halted), some_facts(OPENED), POLICY)
    assert decision.start is not None
    plan = decision.start.plan
    assert (plan.kind, plan.lost, plan.target) == (Kind.RETIRE, A, B)
    assert names(decision) == ({"halted"} if halted else set())


def test_a_stall_does_not_hide_that_the_old_primary_must_be_ended() -> None:
    """Its ackers are frozen, so it always stalls; the veto said fence, nobody did."""
    decision = decide(IN_DOUBT, stalled(some_facts(OPENED)), POLICY)
    assert decision.start is not None
    assert (decision.start.step, decision.start.plan.lost) == (Step.RETIRE, A)


@pytest.mark.parametrize(
    ("ledger", "successor"),
    [
        (IN_DOUBT, a_server(B)),
        (IN_DOUBT, a_server(B, Verdict.DOWN, writable=True)),
        (MOVED, a_server(B, Verdict.DOWN, writable=True)),
    ],
)
def test_after_a_halt_nothing_is_ended_for_a_successor_not_seen_open(
    ledger: Ledger, successor: ServerFact
) -> None:
    """Which of two is to go is then a person's to say."""
    halted = replace(ledger, halted="open: lost")
    decision = decide(halted, some_facts(successor), POLICY)
    assert decision.start is None
    assert names(decision) == {"halted"}


@pytest.mark.parametrize(
    ("changes", "veto"), [({"lease_held": False}, "lease_lost"), ({}, "paused")]
)
def test_after_a_halt_nothing_is_ended_against_a_lease_or_a_pause(
    changes: dict[str, object], veto: str
) -> None:
    """It closes, and it is an order all the same."""
    paused = "" if changes else "by hand"
    ledger = replace(MOVED, halted="reroute: x", paused=paused)
    decision = decide(ledger, some_facts(OPENED, **changes), POLICY)
    assert decision.start is None
    assert names(decision) == {"halted", veto}


@pytest.mark.parametrize(
    ("step", "ledger", "begins"),
    [
        (Step.PROVISION, TWO, True),
        (Step.PROTECT, replace(TWO, durability=BARE), True),
        (Step.PROVISION, replace(TWO, durability=BARE), False),
        (Step.DEGRADE, TWO, False),
    ],
)
def test_writes_do_not_wait_for_a_copy_to_finish(
    step: Step, ledger: Ledger, *, begins: bool
) -> None:
    """A copy may take 45 minutes; a run that has just degraded is left alone."""
    running = replace(ledger, run=Run(plan=RESTORE, step=step))
    facts = stalled(some_facts(a_server(B, Verdict.DOWN)))
    start = decide(running, facts, POLICY).start
    assert (start is not None) is begins
    assert start is None or (start.preempts and start.step is Step.DEGRADE)


def test_a_wish_that_is_held_does_not_hold_up_a_degrade() -> None:
    """Writes would wait as long as nobody takes the wish back."""
    wish = a_wish()
    facts = stalled(some_facts(a_server(B, Verdict.DOWN)))
    start = decide(replace(LEDGER, wish=wish), facts, POLICY).start
    assert start is not None
    assert start.step is Step.DEGRADE


@pytest.mark.parametrize(
    ("more", "less"), [("u:1-12", "u:1-9"), ("0-1-12", "0-1-9"), ("0-2-3", "0-1-2")]
)
@pytest.mark.parametrize("ahead", [B, C])
def test_of_two_ackers_the_one_that_received_more_is_promoted(
    ahead: Member, more: str, less: str
) -> None:
    """VERIFY would refuse the other, after the fence, and the site stays down."""
    seen = [
        a_server(
            m,
            received=more if m is ahead else less,
            executed=less,
            receiving=Receiving.CONNECTING,
            silent_s=2.0,
        )
        for m in (B, C)
    ]
    decision = decide(TWO, some_facts(a_server(A, Verdict.DOWN), *seen), POLICY)
    assert decision.start is not None
    assert decision.start.plan.target == ahead


def test_a_member_that_only_stopped_goes_on_when_no_zone_is_free() -> None:
    """Frozen for a failover that was given up, it stayed deaf for ever."""
    bare = replace(LEDGER, durability=BARE)
    facts = some_facts(a_server(B, receiving=Receiving.STOPPED))
    dead = {n: reading(Verdict.DOWN) for n in facts.zones[C.zone].services}
    zones = {**facts.zones, C.zone: replace(facts.zones[C.zone], services=dead)}
    decision = decide(bare, replace(facts, zones=zones), POLICY)
    assert decision.start is not None
    assert (decision.start.step, decision.start.plan.spare) == (Step.REGISTER, B)


@pytest.mark.parametrize("receiving", [Receiving.YES, Receiving.CONNECTING])
def test_a_replica_of_another_server_says_nothing_of_the_primary(
    receiving: Receiving,
) -> None:
    """REPOINT had c follow b, then OPEN was refused: c neither hears a nor misses it."""
    silent_s = 0.1 if receiving is Receiving.YES else 2.0
    elsewhere = a_server(C, receiving=receiving, silent_s=silent_s, source="db-b:3306")
    deaf = a_server(B, receiving=Receiving.STOPPED)
    facts = some_facts(a_server(A, Verdict.DOWN), deaf, elsewhere)
    assert names(decide(TWO, facts, POLICY)) == {"no_second_vantage"}


SURE = ("primary_answers", "still_receiving", "no_second_vantage")


@pytest.mark.parametrize(
    ("mono_s", "wall_s", "begins"),
    [(59.0, 59.0, True), (61.0, 61.0, False), (1.0, 7200.0, False), (-5.0, 1.0, False)],
)
def test_a_wish_that_could_not_begin_is_forgotten(
    mono_s: float, wall_s: float, *, begins: bool
) -> None:
    """Hours later nobody expects it; either clock, or a machine restarted, ends it."""
    wish = replace(a_wish(*SURE), at_mono_s=NOW_S - mono_s, at_wall_s=WALL_S - wall_s)
    decision = decide(replace(LEDGER, wish=wish), some_facts(), POLICY)
    assert (decision.start is not None) is begins
    assert begins or not decision.trouble


def test_a_wish_is_shown_as_long_as_it_may_begin() -> None:
    """And no more afterwards."""
    for age_s, shown in (
        (20.0, {"to": "b", "why": "drill", "planned": False, "left_s": 40.0}),
        (61, None),
    ):
        ledger = replace(LEDGER, wish=a_wish(age_s=age_s))
        facts = some_facts()
        decision = decide(ledger, facts, POLICY)
        assert status_tree(ledger, facts, POLICY, decision)["wish"] == shown
