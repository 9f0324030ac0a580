"""Who was proven clean may follow in a later run: as a member on record, or not."""

import pytest

from controller.rehearsal.reading import Case
from controller.rehearsal.rejoining import (
    ex_primary_is_seeded_first,
    nobody_rejoins_with_more,
    saved_before_laid_anew,
)
from tests.sim.histories import history

REJOINED = """
fact opened a epoch=1
fact opened b epoch=2
started rejoin 3 a
outcome compare done 3
fact started a
intent register 3
ended under_replicated 3
fact killed a
fact started a
started reopen 4 a
fact receiving a source=b
"""
"""Proven clean, registered, lost before it followed, and back while b reopens."""


def case(text: str) -> Case:
    """Return a finished story."""
    return Case(history=history(text))


def without(line: str) -> str:
    """Return the story minus the first *line*."""
    assert line in REJOINED
    return REJOINED.replace(line + "\n", "", 1)


def since(*lines: str) -> str:
    """Return the story with *lines* between the two runs."""
    ended = "ended under_replicated 3\n"
    return REJOINED.replace(ended, ended + "\n".join(lines) + "\n")


def test_who_was_registered_clean_is_a_member_and_follows_in_a_later_run() -> None:
    """Membership is on record; the run that proved it clean need not live on."""
    assert not ex_primary_is_seeded_first(case(REJOINED))


@pytest.mark.parametrize(
    "text",
    [
        without("outcome compare done 3"),
        without("intent register 3"),
        # Its logs were read, and nobody started it on them before it was a member.
        without("fact started a"),
        # Registered by another run than the one that proved it clean.
        REJOINED.replace("intent register 3", "intent register 2"),
        # Ended for good since: a member no more.
        since(
            "started retire 4 a\noutcome retire done 4 proof=process",
        ),
        # Primary again since, and left again: of that time nobody read its logs.
        since(
            "fact opened a epoch=5\nfact opened b epoch=6",
        ),
    ],
)
def test_without_proof_and_record_nobody_follows_later(text: str) -> None:
    """Rule 7: each part of it is needed."""
    assert ex_primary_is_seeded_first(case(text))


def test_a_member_that_was_written_to_follows_with_more() -> None:
    """Membership excuses no transaction of its own."""
    text = REJOINED.replace("source=b", "source=b only_here=x")
    assert nobody_rejoins_with_more(case(text))


LAID = """
fact opened a epoch=1
fact opened b epoch=2
fact receiving a source=b{only_here}
fact opened c epoch=3
fact laid a only_here=b:7
"""
"""An old primary follows its successor, which is left: it holds a write of that one's."""


def test_what_a_replica_received_is_its_primarys_to_save() -> None:
    """It was clean when it followed: none of its own writes is laid over."""
    assert not saved_before_laid_anew(case(LAID.format(only_here="")))


def test_what_it_had_of_its_own_when_it_followed_is_not_forgotten() -> None:
    """Following makes nothing saved."""
    assert saved_before_laid_anew(case(LAID.format(only_here=" only_here=a:3")))


def test_its_primary_is_an_old_one_by_then() -> None:
    """What only that one has is kept before it is laid anew."""
    laid = LAID.format(only_here="").replace("laid a", "laid b")
    assert saved_before_laid_anew(case(laid))
