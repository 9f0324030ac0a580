"""A registered replica that never followed anybody goes on, or why it must not."""

from dataclasses import replace

import pytest

from controller.decide.copies import stopped_acker
from controller.decide.ledger import Durability
from health.detector import Verdict
from replication.ports import Receiving, SourceSide
from tests.unit.world_facts import LEDGER, POLICY, A, B, a_server, some_facts

BARE = replace(
    LEDGER, durability=Durability(protected=False, since_wall_s=1.0, why="x")
)
ALONE = {"source": None, "receiving": Receiving.NONE}
"""Lost between REGISTER and ATTACH, and back."""


def found(**changes: object) -> bool:
    """Tell whether *B*, alone but for *changes*, may go on from REGISTER."""
    facts = some_facts(a_server(B, Verdict.OK, **{**ALONE, **changes}))
    return stopped_acker(BARE, facts, POLICY) == B


def test_a_member_that_never_followed_goes_on() -> None:
    """Promise 8: nobody else would give it a source, and its zone counts as taken."""
    assert found()


@pytest.mark.parametrize(
    "changes",
    [
        {"writable": True},
        {"executed": "u:1-99"},
        {"received": "u:1-99"},
        {"sources": ("elsewhere:3306",)},
        {"source": "elsewhere:3306"},
        {"source_side": SourceSide(required=True, active=True, receivers=1, waiters=0)},
        {
            "source_side": SourceSide(
                required=False, active=False, receivers=0, waiters=1
            )
        },
    ],
    ids=str,
)
def test_one_that_may_have_more_than_the_primary_does_not(
    changes: dict[str, object],
) -> None:
    """Rule 7: a tail of its own gets nowhere, also one that is not executed yet."""
    assert not found(**changes)


def test_nor_one_that_cannot_be_compared_with_the_primary() -> None:
    facts = some_facts(
        a_server(B, Verdict.OK, **ALONE), replace(a_server(A), view=None)
    )
    assert stopped_acker(BARE, facts, POLICY) is None


def test_nor_one_that_is_no_member_any_more() -> None:
    facts = some_facts(a_server(B, Verdict.OK, **ALONE))
    assert stopped_acker(replace(BARE, suspects=(B,)), facts, POLICY) is None
    assert stopped_acker(replace(BARE, ackers=()), facts, POLICY) is None
