"""The dry run of a planned move says when writes are not protected meanwhile."""

from dataclasses import replace

import pytest

from controller.cli.operate import _unprotected_words
from controller.decide.outlook import switchover_tree
from tests.unit.test_k_of_n import ONE_OF_TWO, TWO_OF_TWO, ledger_with, side
from tests.unit.world_facts import A, C, a_server, a_wish, some_facts


@pytest.mark.parametrize("acks", [1, 2])
def test_the_dry_run_says_that_too_few_follow_the_new_primary(acks: int) -> None:
    """Two of two in three zones: until the old one follows there is one."""
    policy = TWO_OF_TWO if acks == 2 else ONE_OF_TWO
    facts = some_facts(a_server(A, source_side=side(acks)), a_server(C))
    wish = replace(a_wish(), planned=True)
    tree = switchover_tree(ledger_with(acks), facts, policy, wish)
    assert tree["unprotected_meanwhile"] is (acks == 2)
    if acks == 2:
        words = _unprotected_words(tree)
        assert "1 of 2 to wait for" in words
        assert "until the old primary follows" in words
