"""When a planned move begins, and the name of everything that holds it."""

from dataclasses import replace
from typing import Any

import pytest

from controller.decide.codec import parse_plan, render_plan
from controller.decide.confirm import judged, witnesses
from controller.decide.decide import decide
from controller.decide.facts import Facts, Mode
from controller.decide.ledger import Ledger, Wish
from controller.decide.outlook import switchover_tree
from controller.decide.saga import Kind, Run, Step
from controller.model.commands import Acker
from controller.model.ids import BootId, EdgeId, Epoch, ZoneId
from controller.model.outcomes import Done, Refused
from health.detector import Verdict
from replication.gtid import count_behind
from replication.ports import OpenTransaction, Receiving
from tests.unit.test_switchover_table import PLAN
from tests.unit.world_facts import (
    LEDGER,
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

IDLE: tuple[OpenTransaction, ...] = ()


def asked(*overrides: str, to: str = "b") -> Ledger:
    """Return the ledger with a planned wish."""
    wish = replace(a_wish(*overrides), planned=True, to_zone=ZoneId(to))
    return replace(LEDGER, wish=wish)


def wish_of(ledger: Ledger) -> Wish:
    assert ledger.wish is not None
    return ledger.wish


def held(ledger: Ledger, facts: Facts, **policy: Any) -> list[str]:
    """Return what holds the planned move, which then does not begin."""
    rules = replace(POLICY, **policy)
    decision = decide(ledger, facts, rules)
    assert decision.start is None or decision.start.plan.kind is not Kind.SWITCHOVER
    assert "switchover to zone" in decision.trouble
    tree = switchover_tree(ledger, facts, rules, wish_of(ledger))
    assert tree["would_act"] is False
    vetoes = tree["vetoes"]
    assert isinstance(vetoes, list)
    names = [v["name"] for v in vetoes if not v["waived"]]
    assert set(names) - {"transactions_unseen"} <= {v.name for v in decision.vetoes}
    return [name for name in names if name != "transactions_unseen"]


def test_a_healthy_site_is_moved_with_a_plan_that_says_all() -> None:
    """Who is left, in which process, who takes over, and where the copy goes."""
    decision = decide(asked(), some_facts(), POLICY)
    assert decision.start is not None
    plan = decision.start.plan
    assert (plan.kind, plan.lost, plan.target, plan.spare) == (
        Kind.SWITCHOVER,
        A,
        B,
        A,
    )
    assert (plan.lost_boot, plan.pause_max_s) == ("boot-db-a", 5.0)
    assert (decision.start.step, decision.start.preempts) == (Step.CONFIRM, False)
    assert parse_plan(render_plan(plan)) == plan


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("primary_closed", some_facts(a_server(A, writable=False))),
        ("newer_epoch", some_facts(a_server(A, epoch=Epoch(9)))),
        ("target_unready", some_facts(a_server(B, receiving=Receiving.STOPPED))),
        ("target_unready", some_facts(a_server(B, silent_s=3.0))),
        ("target_unready", some_facts(a_server(B, applying=False))),
        ("acker_restarted", some_facts(a_server(B, boot_id=BootId("other")))),
        ("target_lagging", some_facts(a_server(A, executed="u:1-2000"))),
        ("target_lagging", some_facts(a_server(A, executed="what?:"))),
        ("lease_lost", some_facts(lease_held=False)),
        (
            "long_transaction",
            some_facts(transactions=(OpenTransaction(connection_id=7, age_s=9.0),)),
        ),
    ],
)
def test_each_reason_not_to_move_has_its_name(name: str, facts: Facts) -> None:
    assert held(asked(), facts) == [name]


def test_a_long_transaction_is_named_by_its_connection_and_age() -> None:
    """Never by its SQL; and a person may waive it."""
    facts = some_facts(transactions=(OpenTransaction(connection_id=7, age_s=9.0),))
    (veto,) = decide(asked(), facts, POLICY).vetoes
    assert "connection 7 for 9 s" in veto.reason
    assert decide(asked("long_transaction"), facts, POLICY).start is not None


def test_what_protects_data_is_never_waived() -> None:
    bare = replace(LEDGER.durability, protected=False)
    ledger = replace(asked("unprotected"), durability=bare)
    assert "unprotected" in held(ledger, some_facts())
    lagging = some_facts(a_server(A, executed="u:1-2000"))
    assert decide(asked("target_lagging"), lagging, POLICY).start is not None
    assert held(asked("observe_mode"), some_facts(), mode=Mode.OBSERVE) == [
        "observe_mode"
    ]


def test_an_order_is_a_yes_in_approve_mode() -> None:
    approve = replace(POLICY, mode=Mode.APPROVE)
    assert decide(asked(), some_facts(), approve).start is not None


def test_only_a_registered_replica_is_a_target() -> None:
    assert held(asked(to="c"), some_facts()) == ["no_candidate"]
    assert held(asked(to="a"), some_facts()) == ["already_primary"]


def test_an_unseen_acker_or_edge_or_a_dead_origin_holds() -> None:
    two = (
        *LEDGER.ackers,
        Acker(server=C.server, zone=C.zone, boot_id=BootId("boot-db-c")),
    )
    assert held(replace(asked(), ackers=two), some_facts()) == ["acker_unseen"]
    facts = some_facts()
    edges = {EdgeId("e1"): replace(facts.edges[EdgeId("e1")], reachable=False)}
    assert held(asked(), replace(facts, edges=edges)) == ["edge_unreachable"]
    zones = {
        **facts.zones,
        B.zone: replace(
            facts.zones[B.zone], services={"origin": reading(Verdict.DOWN)}
        ),
    }
    found = held(asked(), replace(facts, zones=zones))
    assert "candidate_zone_down" in found


def test_without_semi_sync_a_planned_move_still_compares() -> None:
    """`durability: none`: zero loss is proven by the closed primary itself."""
    bare = replace(LEDGER.durability, protected=False)
    ledger = replace(asked(), durability=bare)
    decision = decide(ledger, some_facts(), replace(POLICY, required_acks=False))
    assert decision.start is not None
    assert not decision.start.plan.waits


def test_a_lost_primary_is_no_planned_move_and_the_wish_no_yes() -> None:
    """Approve mode asks all the same; the failover itself is not steered by it."""
    approve = replace(POLICY, mode=Mode.APPROVE)
    decision = decide(asked(), primary_gone(), approve)
    assert [v.name for v in decision.vetoes] == ["awaiting_approval"]
    start = decide(asked(), primary_gone(), POLICY).start
    assert start is not None
    assert start.plan.kind is Kind.FAILOVER


def test_it_waits_for_whatever_runs_and_holds_up_nothing_itself() -> None:
    """A held order must not keep an ex-primary from being ended."""
    restore = replace(PLAN, kind=Kind.RESTORE, lost=None, spare=C)
    busy = replace(asked(), run=Run(plan=restore, step=Step.PROVISION))
    assert held(busy, some_facts()) == ["run_under_way"]
    suspect = replace(asked(to="a"), suspects=(C,))
    decision = decide(suspect, some_facts(a_server(C)), POLICY)
    assert decision.start is not None
    assert decision.start.plan.kind is Kind.RETIRE
    assert [v.name for v in decision.vetoes] == ["already_primary"]


@pytest.mark.parametrize("step", [Step.CLOSE, Step.FREEZE, Step.REOPEN])
def test_the_loss_of_the_primary_preempts_what_opened_nothing(step: Step) -> None:
    running = replace(LEDGER, run=Run(plan=PLAN, step=step))
    start = decide(running, primary_gone(), POLICY).start
    assert start is not None
    assert (start.plan.kind, start.preempts) == (Kind.FAILOVER, True)


@pytest.mark.parametrize("step", [Step.OPEN, Step.CANARY, Step.REROUTE])
def test_nothing_preempts_a_move_that_may_have_opened(step: Step) -> None:
    running = replace(LEDGER, run=Run(plan=PLAN, step=step))
    assert decide(running, primary_gone(), POLICY).start is None


def test_confirm_judges_by_the_same_guards_and_by_the_process() -> None:
    """It is the last look while nothing is touched."""
    plan = replace(PLAN, lost_boot=BootId("boot-db-a"))
    well = some_facts(transactions=IDLE)
    assert witnesses(plan) == ["db-a", "db-b"]
    assert isinstance(judged(LEDGER, well, POLICY, plan), Done)
    unread = judged(LEDGER, some_facts(), POLICY, plan)
    assert isinstance(unread, Refused)
    assert "transactions_unseen" in unread.reason
    restarted = judged(LEDGER, well, POLICY, PLAN)
    assert isinstance(restarted, Refused)
    assert "primary_restarted" in restarted.reason


def test_the_dry_run_names_vetoes_plan_and_steps() -> None:
    ledger = asked()
    tree = switchover_tree(
        LEDGER, some_facts(transactions=IDLE), POLICY, wish_of(ledger)
    )
    assert (tree["would_act"], tree["vetoes"]) == (True, [])
    steps = tree["steps"]
    assert isinstance(steps, list)
    names = [s["step"] for s in steps]
    assert tree["unprotected_meanwhile"] is True
    assert names[:4] == ["confirm", "hold", "close", "catch_up"]
    assert names.index("open") < names.index("release") < names.index("retire")
    halted = switchover_tree(
        replace(LEDGER, halted="look"), some_facts(), POLICY, wish_of(ledger)
    )
    assert halted["would_act"] is False
    unknown = replace(LEDGER, primary=None)
    tree = switchover_tree(unknown, some_facts(), POLICY, wish_of(ledger))
    assert tree["would_act"] is False


def test_lag_is_counted_in_both_notations() -> None:
    assert count_behind("u:1-9", "u:1-12") == 3
    assert count_behind("u:1-9,v:1-4", "u:1-12") == 3
    assert count_behind("0-1-9", "0-1-12,3-1-2") == 5
    assert count_behind("0-1-12", "0-1-9") == 0
    assert count_behind("nonsense", "0-1-9") is None
