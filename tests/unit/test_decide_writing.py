"""A primary that answers and takes no writes, is crowded, or refuses us."""

from dataclasses import replace

import pytest

from controller.decide.confirm import judged
from controller.decide.decide import decide
from controller.decide.facts import CanaryFact, Facts, Policy
from controller.decide.saga import Kind
from controller.decide.writing import dead_for_s
from controller.model.outcomes import Done, Refused
from health.detector import Verdict
from replication.ports import SourceSide
from tests.unit.world_facts import (
    LEDGER,
    POLICY,
    A,
    B,
    a_server,
    a_view,
    reading,
    some_facts,
)

LEFT = replace(POLICY, write_dead_moves=True)
WAITS = SourceSide(required=True, active=True, receivers=1, waiters=3)
WAITING = replace(a_server(A, source_side=WAITS), waited_age_s=0.1)


def canary(hung_s: float = 12.0, *, local_s: float | None = 0.1) -> CanaryFact:
    return CanaryFact(
        durable_hung_s=hung_s, durable_ok_age_s=hung_s, local_ok_age_s=local_s
    )


def hanging(hung_s: float = 12.0, *, received_age_s: float = 12.0) -> Facts:
    """Return facts of a full disk: nothing ails but the durable canary."""
    replica = replace(a_server(B), received_age_s=received_age_s)
    return some_facts(replica, canary=canary(hung_s))


def names(facts: Facts, policy: Policy) -> list[str]:
    return [v.name for v in decide(LEDGER, facts, policy).vetoes]


def test_by_default_it_is_named_and_left_to_a_person() -> None:
    """With the way to leave it by hand, and without a run."""
    found = decide(LEDGER, hanging(), POLICY)
    assert found.start is None
    assert "takes no writes for 12 s" in found.trouble
    assert found.vetoes[0].name == "write_dead"
    assert "--override still_receiving" in found.vetoes[0].reason


def test_by_policy_it_is_left_when_the_replica_received_nothing() -> None:
    found = decide(LEDGER, hanging(), LEFT)
    assert found.start is not None
    assert (found.start.plan.kind, found.start.plan.target) == (Kind.FAILOVER, B)
    assert "takes no writes" in found.start.plan.why


def test_a_replica_that_receives_holds_it_before_and_in_confirm() -> None:
    """Our own canary may hang on a broken connection: that is no second vantage."""
    plan = decide(LEDGER, hanging(), LEFT).start
    assert plan is not None
    healed = hanging(received_age_s=0.2)
    assert names(healed, LEFT) == ["still_receiving", "no_second_vantage"]
    assert isinstance(judged(LEDGER, hanging(), LEFT, plan.plan), Done)
    assert isinstance(judged(LEDGER, healed, LEFT, plan.plan), Refused)
    assert isinstance(judged(LEDGER, some_facts(), LEFT, plan.plan), Refused)


def test_it_is_named_before_its_time_and_not_left() -> None:
    found = decide(LEDGER, hanging(4.0), LEFT)
    assert found.start is None
    assert found.vetoes[0].reason == "left after 10 s"


@pytest.mark.parametrize(
    ("facts", "seconds"),
    [
        (some_facts(), 0.0),
        (hanging(1.0), 0.0),
        (some_facts(WAITING, canary=canary()), 0.0),
        (some_facts(replace(WAITING, waited_age_s=3.0), canary=canary()), 3.0),
        (some_facts(WAITING, canary=canary(local_s=None)), 12.0),
        (some_facts(a_server(A, writable=False), canary=canary()), 0.0),
        (some_facts(a_server(A, Verdict.DOWN), canary=canary()), 0.0),
        (
            some_facts(canary=replace(canary(0.0), durable_refused_s=7.0)),
            7.0,
        ),
    ],
    ids=[
        "well",
        "slow",
        "acker",
        "acker back",
        "both hang",
        "closed",
        "lost",
        "refused",
    ],
)
def test_what_counts_as_write_dead(facts: Facts, seconds: float) -> None:
    """A stall for want of an acknowledgement is another trouble, unless all hangs."""
    assert dead_for_s(LEDGER, facts, POLICY) == seconds


def test_a_crowd_is_an_overload_and_moves_nothing() -> None:
    crowded = replace(a_server(A), view=a_view(A, crowded=True))
    found = decide(LEDGER, some_facts(crowded), POLICY)
    assert (found.start, [v.name for v in found.vetoes]) == (None, ["overload"])
    assert "overloaded" in found.trouble


def test_who_refuses_us_everywhere_is_named_and_moves_nothing() -> None:
    blind = [
        replace(a_server(m), reading=reading(Verdict.CANNOT_OBSERVE, "1045: no"))
        for m in (A, B)
    ]
    found = decide(LEDGER, some_facts(*blind), POLICY)
    assert (found.start, [v.name for v in found.vetoes]) == (None, ["cannot_observe"])
    assert "db-a, db-b cannot be observed" in found.trouble
    assert "1045: no" in found.vetoes[0].reason
