"""Who follows whom, where the servers say otherwise than the ledger."""

from dataclasses import replace

import pytest

from controller.decide.decide import decide
from controller.decide.facts import Facts
from controller.decide.guards import vetoes
from controller.decide.planned import planned_vetoes
from controller.decide.saga import End, Kind
from controller.decide.standing import Ending
from controller.decide.status import status_tree
from controller.decide.topology import contradictions
from controller.model.commands import Member
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    WALL_S,
    A,
    B,
    C,
    a_server,
    some_facts,
)


def follows(member: Member, *sources: str) -> Facts:
    source = sources[0] if sources else None
    return some_facts(a_server(member, source=source, sources=sources))


def two_open() -> Facts:
    return some_facts(a_server(C, writable=True))


CASES = [
    pytest.param(
        follows(B, "db-a:3306", "db-c:3306"), "multi_source", "follows 2", id="multi"
    ),
    pytest.param(
        follows(B, "far:3306"), "unknown_source", "far:3306", id="unknown source"
    ),
    pytest.param(
        follows(A, "db-b:3306"), "replication_cycle", "db-a follows db-b", id="cycle"
    ),
    pytest.param(
        follows(A, "db-a:3306"), "replication_cycle", "db-a follows db-a", id="itself"
    ),
    pytest.param(two_open(), "two_primaries", "db-c accepts", id="two primaries"),
]


@pytest.mark.parametrize(("facts", "name", "told"), CASES)
def test_a_contradiction_is_named_and_holds_every_move(
    facts: Facts, name: str, told: str
) -> None:
    """In `status` before there is need, and as a veto nobody can waive."""
    found = {v.name: v for v in contradictions(LEDGER, facts, POLICY)}
    assert told in found[name].reason
    assert not found[name].overridable
    assert name in [v.name for v in vetoes(LEDGER, facts, POLICY, B)]
    assert name in [v.name for v in planned_vetoes(LEDGER, facts, POLICY, B)]
    decision = decide(LEDGER, facts, POLICY)
    assert decision.start is None
    assert name in [v.name for v in decision.vetoes]
    tree = status_tree(LEDGER, facts, POLICY, decision)
    assert name in str(tree["topology"])


def test_all_well_is_no_contradiction() -> None:
    assert contradictions(LEDGER, some_facts(), POLICY) == ()
    assert contradictions(LEDGER, follows(B, "db-a:3306"), POLICY) == ()


def test_a_suspect_that_is_open_is_known() -> None:
    """It is closed by a run of its own, and is no second primary nobody knows."""
    facts = two_open()
    assert not contradictions(replace(LEDGER, suspects=(C,)), facts, POLICY)


def test_an_answer_from_before_a_run_ended_says_nothing_of_now() -> None:
    """The run may have ended that very server."""
    ending = Ending(
        kind=Kind.RETIRE,
        about=C.server,
        end=End.COMPLETED,
        at_mono_s=NOW_S - 0.05,
        at_wall_s=WALL_S,
    )
    facts = two_open()
    assert not contradictions(replace(LEDGER, endings=(ending,)), facts, POLICY)
