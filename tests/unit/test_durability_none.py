"""`durability: none`: nobody waits, so nothing is earned, and nothing revoked."""

from dataclasses import replace

import pytest

from controller.decide.decide import decide
from controller.decide.facts import ServerFact
from controller.decide.failover import FAILOVER
from controller.decide.ledger import Durability, Ending
from controller.decide.restore import LOOSEN, SUFFIX
from controller.decide.saga import End, Kind, Plan, Step
from controller.model.commands import (
    CommitCanary,
    EnsureDegraded,
    EnsureRepointed,
    Proof,
)
from controller.model.ids import BootId, Epoch
from health.detector import Verdict
from replication.ports import Receiving
from tests.unit.test_decide import names
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    A,
    B,
    C,
    a_server,
    primary_gone,
    some_facts,
)

NONE = replace(POLICY, required_acks=False)
BARE = Durability(protected=False, since_wall_s=0.0, why="nothing proven yet")
ENLISTED = replace(LEDGER.ackers[0], boot_id=BootId(""))
ALONE = replace(LEDGER, durability=BARE, ackers=())
SITE = replace(LEDGER, durability=BARE, ackers=(ENLISTED,))


def test_a_replica_that_nobody_waits_for_is_enlisted() -> None:
    """Otherwise no failover would ever find a candidate."""
    start = decide(ALONE, some_facts(), NONE).start
    assert start is not None
    assert (start.step, start.plan.spare, start.plan.waits) == (Step.REGISTER, B, False)


def test_the_choice_of_none_is_the_policy_that_permits_a_loss() -> None:
    """The cost is in the plan, which is journalled and told to people."""
    start = decide(SITE, primary_gone(), NONE).start
    assert start is not None
    assert start.plan.target == B
    assert not start.plan.acks_revocable
    assert "durability none" in start.plan.why


def test_frozen_ackers_alone_prove_nothing() -> None:
    """Proof (b) rests on a primary that waits."""
    only = replace(NONE, proofs=(Proof.ACKS_REVOKED,))
    assert "no_fence_proof" in names(decide(SITE, primary_gone(), only))


def test_a_replica_out_of_reach_held_no_commit_up() -> None:
    """It let none return either; the others are compared all the same."""
    gone = replace(ENLISTED, server=C.server, zone=C.zone)
    site = replace(SITE, ackers=(ENLISTED, gone))
    start = decide(site, primary_gone(), NONE).start
    assert start is not None
    assert [a.server for a in start.plan.ackers] == [B.server]
    assert "acker_unseen" in names(decide(site, primary_gone(), POLICY))


@pytest.mark.parametrize(
    ("replica", "begins"),
    [
        (a_server(B), False),
        (a_server(B, receiving=Receiving.CONNECTING, silent_s=2.0), False),
        (a_server(B, Verdict.DOWN), True),
    ],
)
def test_a_lost_replica_is_built_anew(replica: ServerFact, *, begins: bool) -> None:
    """One that looks for its source may be the first to see the primary dead."""
    start = decide(SITE, some_facts(replica), NONE).start
    assert (start is not None) is begins
    assert start is None or start.step is Step.PROVISION


def test_no_order_makes_such_a_server_wait() -> None:
    plan = Plan(
        kind=Kind.FAILOVER, epoch=Epoch(5), lost=A, target=B, spare=C, waits=False
    )
    repoint = FAILOVER[Step.REPOINT].order(plan)
    assert isinstance(repoint, EnsureRepointed)
    assert not repoint.waits
    assert isinstance(SUFFIX[Step.PROTECT].order(plan), CommitCanary)


def test_protection_that_is_not_asked_for_any_more_is_given_up_on_record() -> None:
    """A reload to none: else every acker would have to be found at a failover."""
    decision = decide(LEDGER, some_facts(), NONE)
    assert decision.start is not None
    assert (decision.start.plan.kind, decision.start.step) == (
        Kind.LOOSEN,
        Step.WITHDRAW,
    )
    assert isinstance(LOOSEN[Step.WITHDRAW].order(decision.start.plan), EnsureDegraded)
    assert decide(SITE, some_facts(), NONE).start is None


def test_giving_protection_up_is_not_tried_again_at_once() -> None:
    failed = Ending(
        kind=Kind.LOOSEN,
        about=A.server,
        end=End.UNDER_REPLICATED,
        at_mono_s=NOW_S - 1.0,
        at_wall_s=0.0,
    )
    decision = decide(replace(LEDGER, endings=(failed,)), some_facts(), NONE)
    assert decision.start is None
    assert names(decision) == {"recent_attempt"}
