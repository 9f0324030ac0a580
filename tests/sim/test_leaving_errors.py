"""The checker of moves for users' errors: what is a reason, and what is none."""

import pytest

from controller.rehearsal.leaving_errors import only_where_the_errors_are
from controller.rehearsal.reading import Case
from tests.sim.histories import history

LATER = "able a\nable a\n"
MOVED = "started unasked 2 a b"


def broken(text: str) -> list[str]:
    return only_where_the_errors_are(Case(history=history(text)))


def test_errors_of_one_zone_for_a_while_are_a_reason() -> None:
    zonal = "fact traffic a good=70 bad=30\nfact traffic b good=98 bad=2\n"
    assert broken(zonal + LATER + MOVED) == []
    assert broken("fact traffic a good=70 bad=30\n" + LATER + MOVED) == []


@pytest.mark.parametrize(
    ("traffic", "why"),
    [
        ("fact traffic a good=100 bad=1\n", "served well"),
        ("fact traffic b good=70 bad=30\n", "served well"),
        ("", "served well"),
        ("fact traffic a good=70 bad=30\nfact traffic b bad=9 good=9\n", "no better"),
        ("fact traffic a good=70 bad=30\nfact traffic c bad=99 good=0\n", "elsewhere"),
    ],
)
def test_what_is_none_is_named(traffic: str, why: str) -> None:
    (found,) = broken(traffic + LATER + MOVED)
    assert why in found


def test_a_blip_is_no_reason_and_one_that_grows_is_no_new_one() -> None:
    blip = "able a\nable a\nfact traffic a good=70 bad=30\n"
    assert broken(blip + MOVED)
    grows = "fact traffic a good=70 bad=30\nable a\nfact traffic a good=5 bad=30\n"
    assert broken(grows + MOVED) == []


def test_what_changed_a_moment_ago_may_not_be_known_yet() -> None:
    """But what changed longer ago is."""
    zonal = "fact traffic a good=70 bad=30\n" + LATER
    over = "fact traffic a good=100 bad=0\n"
    assert broken(zonal + over + MOVED) == []
    assert broken(zonal + "fact traffic b good=0 bad=100\n" + MOVED) == []
    assert broken(zonal + over + LATER + LATER + MOVED)


def test_what_a_person_asked_for_is_no_business_of_this() -> None:
    assert broken("started switchover 2 a") == []
