"""Decisions as examples: what begins, and the name of what holds it back."""

from dataclasses import replace

import pytest

from controller.decide.decide import Decision, decide
from controller.decide.facts import CanaryFact, Facts, Mode, Policy
from controller.decide.ledger import Durability, Ending, Ledger
from controller.decide.saga import End, Kind, Run, Step
from controller.model.commands import Acker, Proof
from controller.model.ids import BootId, Epoch
from health.detector import Verdict
from replication.ports import Receiving
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    A,
    B,
    C,
    a_server,
    a_wish,
    primary_gone,
    reading,
    some_facts,
)


def names(decision: Decision) -> set[str]:
    return {v.name for v in decision.vetoes}


def test_nothing_begins_while_all_is_well() -> None:
    """Peace: no start, no trouble, no veto."""
    assert decide(LEDGER, some_facts(), POLICY) == Decision()


def test_a_lost_primary_begins_a_failover_under_a_new_epoch() -> None:
    """The plan freezes every registered acker and names the spare zone."""
    decision = decide(LEDGER, primary_gone(), POLICY)
    assert decision.start is not None
    plan = decision.start.plan
    assert (plan.kind, plan.epoch, plan.lost, plan.target) == (
        Kind.FAILOVER,
        Epoch(5),
        A,
        B,
    )
    assert plan.ackers == LEDGER.ackers
    assert plan.spare == C
    assert plan.acks_revocable
    assert decision.start.step is Step.CONFIRM


@pytest.mark.parametrize(
    ("veto", "ledger", "facts", "policy"),
    [
        ("observe_mode", LEDGER, primary_gone(), replace(POLICY, mode=Mode.OBSERVE)),
        (
            "awaiting_approval",
            LEDGER,
            primary_gone(),
            replace(POLICY, mode=Mode.APPROVE),
        ),
        ("paused", replace(LEDGER, paused="lunch"), primary_gone(), POLICY),
        ("lease_lost", LEDGER, replace(primary_gone(), lease_held=False), POLICY),
        (
            "unprotected",
            replace(
                LEDGER,
                durability=Durability(protected=False, since_wall_s=1.0, why="x"),
            ),
            primary_gone(),
            POLICY,
        ),
        (
            "still_receiving",
            LEDGER,
            primary_gone(receiving=Receiving.YES, silent_s=0.1),
            POLICY,
        ),
        (
            "no_second_vantage",
            LEDGER,
            primary_gone(receiving=Receiving.STOPPED),
            POLICY,
        ),
        (
            "acker_unseen",
            LEDGER,
            some_facts(a_server(A, Verdict.DOWN), a_server(B, Verdict.DOWN)),
            POLICY,
        ),
        ("acker_restarted", LEDGER, primary_gone(boot_id=BootId("other")), POLICY),
        ("newer_epoch", LEDGER, primary_gone(epoch=Epoch(9)), POLICY),
        (
            "no_candidate",
            replace(LEDGER, ackers=()),
            primary_gone(),
            POLICY,
        ),
        (
            "no_fence_proof",
            replace(
                LEDGER,
                durability=Durability(protected=False, since_wall_s=1.0, why="x"),
            ),
            primary_gone(),
            replace(POLICY, proofs=(Proof.ACKS_REVOKED,)),
        ),
        (
            "cooldown",
            replace(
                LEDGER,
                endings=(
                    Ending(
                        kind=Kind.FAILOVER,
                        about=C.server,
                        end=End.COMPLETED,
                        at_mono_s=NOW_S - 5,
                        at_wall_s=0.0,
                    ),
                ),
            ),
            primary_gone(),
            POLICY,
        ),
        (
            "recent_attempt",
            replace(
                LEDGER,
                endings=(
                    Ending(
                        kind=Kind.FAILOVER,
                        about=A.server,
                        end=End.ABANDONED,
                        at_mono_s=NOW_S - 5,
                        at_wall_s=0.0,
                    ),
                ),
            ),
            primary_gone(),
            POLICY,
        ),
    ],
)
def test_each_veto_holds_by_its_name(
    veto: str, ledger: Ledger, facts: Facts, policy: Policy
) -> None:
    """Promise 4: trouble without action names what held it; nothing begins."""
    decision = decide(ledger, facts, policy)
    assert decision.start is None
    assert veto in names(decision)
    assert decision.trouble


def test_a_password_that_is_refused_is_not_a_dead_primary() -> None:
    """CANNOT_OBSERVE moves nothing, with or without a wish."""
    blind = replace(a_server(A), reading=reading(Verdict.CANNOT_OBSERVE))
    assert decide(LEDGER, some_facts(blind), POLICY).start is None
    wish = a_wish()
    wished = decide(replace(LEDGER, wish=wish), some_facts(blind), POLICY)
    assert "cannot_observe" in names(wished)


def test_a_person_overrides_one_by_one_but_never_what_protects_data() -> None:
    """A wish waives what it names; `acker_unseen` stands whatever it names."""
    wish = a_wish("primary_answers", "still_receiving", "no_second_vantage")
    waived = decide(replace(LEDGER, wish=wish), some_facts(), POLICY)
    assert waived.start is not None
    assert waived.start.plan.why == "drill"
    greedy = replace(wish, overrides=(*wish.overrides, "acker_unseen", "lease_lost"))
    gone = some_facts(a_server(B, Verdict.DOWN), lease_held=False)
    held = decide(replace(LEDGER, wish=greedy), gone, POLICY)
    assert {"acker_unseen", "lease_lost"} <= names(held)


def stalled(
    facts: Facts, *, local_ok_age_s: float | None = 0.1, waiters: int = 1
) -> Facts:
    canary = CanaryFact(
        durable_hung_s=0.8, durable_ok_age_s=0.9, local_ok_age_s=local_ok_age_s
    )
    fact = facts.servers[A.server]
    assert fact.view is not None
    side = replace(fact.view.source_side, waiters=waiters)
    primary = replace(fact, view=replace(fact.view, source_side=side))
    return replace(facts, canary=canary, servers={**facts.servers, A.server: primary})


def test_durable_hangs_and_local_commits_is_a_lost_acker() -> None:
    """Rule 6: degrade, do not fail over."""
    facts = stalled(some_facts(a_server(B, Verdict.DOWN)))
    decision = decide(LEDGER, facts, POLICY)
    assert decision.start is not None
    assert (decision.start.plan.kind, decision.start.step) == (
        Kind.RESTORE,
        Step.DEGRADE,
    )
    assert decision.start.plan.spare == C


def test_both_canaries_hanging_is_no_lost_acker() -> None:
    """Without the local commit the primary itself may be stuck: no degrade."""
    facts = stalled(some_facts(a_server(B, Verdict.DOWN)), local_ok_age_s=5.0)
    decision = decide(LEDGER, facts, POLICY)
    assert decision.start is None


def test_a_primary_that_just_froze_is_no_lost_acker() -> None:
    """The last local commit is from before the freeze, however recent it is."""
    facts = stalled(some_facts(a_server(B, silent_s=0.8)), local_ok_age_s=0.7)
    assert decide(LEDGER, facts, POLICY).start is None


def test_a_stall_with_an_acker_that_hears_the_primary_is_held_by_name() -> None:
    """No second vantage sees the acker gone: say so instead of degrading."""
    decision = decide(LEDGER, stalled(some_facts()), POLICY)
    assert decision.start is None
    assert names(decision) == {"acker_alive"}


def test_an_acker_that_has_just_come_up_is_slow_and_not_lost() -> None:
    """It is called down until it answered often; its latest answers count."""
    up = replace(a_server(B), reading=replace(reading(Verdict.DOWN), good_in_a_row=2))
    decision = decide(LEDGER, stalled(some_facts(up)), POLICY)
    assert decision.start is None
    assert names(decision) == {"acker_alive"}
    gone = replace(up, reading=reading(Verdict.DOWN))
    assert decide(LEDGER, stalled(some_facts(gone)), POLICY).start is not None


def test_unprotected_is_mended_from_a_follower_before_a_new_copy() -> None:
    """A server that already follows only has to prove it."""
    bare = replace(
        LEDGER,
        ackers=(),
        durability=Durability(protected=False, since_wall_s=1.0, why="x"),
    )
    decision = decide(bare, some_facts(), POLICY)
    assert decision.start is not None
    assert (decision.start.step, decision.start.plan.spare) == (Step.REGISTER, B)
    alone = some_facts(a_server(B, Verdict.DOWN))
    rebuilt = decide(bare, alone, POLICY)
    assert rebuilt.start is not None
    assert rebuilt.start.step is Step.PROVISION


def test_unprotected_without_a_spare_zone_stays_visible() -> None:
    """Promise 8: an open, visible `unprotected since`."""
    bare = replace(
        LEDGER, durability=Durability(protected=False, since_wall_s=1.0, why="x")
    )
    dead = {
        z: replace(f, services={n: reading(Verdict.DOWN) for n in f.services})
        for z, f in some_facts().zones.items()
    }
    facts = replace(some_facts(a_server(B, Verdict.DOWN)), zones=dead)
    assert names(decide(bare, facts, POLICY)) == {"no_spare_zone", "everything_down"}


def test_losing_the_spare_zone_moves_nothing_and_says_so() -> None:
    """Zone c holds no role: trouble is shown, the reason named."""
    facts = some_facts()
    zones = dict(facts.zones)
    zones[C.zone] = replace(zones[C.zone], services={"redis": reading(Verdict.DOWN)})
    decision = decide(LEDGER, replace(facts, zones=zones), POLICY)
    assert decision.start is None
    assert names(decision) == {"primary_unaffected"}
    assert "zone c" in decision.trouble


def test_a_suspect_is_retired_as_soon_as_somebody_can_stop_it() -> None:
    """An ex-primary fenced only by revoked acks is ended when it can be."""
    ledger = replace(LEDGER, suspects=(C,))
    decision = decide(ledger, some_facts(), POLICY)
    assert decision.start is not None
    assert (decision.start.plan.kind, decision.start.plan.lost) == (Kind.RETIRE, C)


def test_a_surplus_acker_is_retired_and_the_newest_kept() -> None:
    """Two ackers and one required ack: failover needs both frozen (rule 2)."""
    newer = Acker(server=C.server, zone=C.zone, boot_id=BootId("boot-db-c"))
    ledger = replace(LEDGER, ackers=(*LEDGER.ackers, newer))
    decision = decide(ledger, some_facts(a_server(C)), POLICY)
    assert decision.start is not None
    assert decision.start.plan.lost == B


def test_a_lost_primary_preempts_a_copy_under_way_but_no_open_saga() -> None:
    """A second failure during re-seeding is not silently blocked."""
    begun = decide(LEDGER, primary_gone(), POLICY).start
    assert begun is not None
    copying = replace(LEDGER, run=Run(plan=begun.plan, step=Step.SEED))
    decision = decide(copying, primary_gone(), POLICY)
    assert decision.start is not None
    assert decision.start.preempts
    opening = replace(LEDGER, run=Run(plan=begun.plan, step=Step.OPEN))
    assert decide(opening, primary_gone(), POLICY).start is None


def test_halted_stays_halted_until_a_person_resumes() -> None:
    """Automation stops, and says so at every evaluation."""
    decision = decide(replace(LEDGER, halted="open: lost"), primary_gone(), POLICY)
    assert names(decision) == {"halted"}
