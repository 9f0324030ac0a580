"""GTID arithmetic keeps its promises for any history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replication.gtid import GtidError, GtidPosition, GtidSet, ahead, covers, parse

U1 = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
U2 = "4e11fa47-71ca-11e1-9e33-c80aa9429562"

numbers = st.integers(1, 40)
origins = st.sampled_from([U1, U2, f"{U1}:night"])
transactions = st.frozensets(st.tuples(origins, numbers), max_size=30)
domains = st.dictionaries(
    st.integers(0, 3), st.tuples(st.integers(1, 3), st.integers(1, 9)), max_size=3
)


def as_set(members: frozenset[tuple[str, int]]) -> GtidSet:
    return GtidSet.parse(",".join(f"{origin}:{n}" for origin, n in members))


@given(transactions, transactions)
def test_sets_answer_like_sets(
    left: frozenset[tuple[str, int]], right: frozenset[tuple[str, int]]
) -> None:
    """Covers, ahead and union agree with plain sets of transactions."""
    one, two = as_set(left), as_set(right)
    assert one.covers(two) == (left >= right)
    assert one.ahead_of(two) == as_set(left - right)
    assert one.union(two) == as_set(left | right)
    assert one.count == len(left)
    assert bool(one) == bool(left)


@given(transactions)
def test_a_set_survives_being_written(members: frozenset[tuple[str, int]]) -> None:
    assert GtidSet.parse(str(as_set(members))) == as_set(members)


@given(transactions, transactions)
def test_what_is_ahead_is_what_was_lacking(
    left: frozenset[tuple[str, int]], right: frozenset[tuple[str, int]]
) -> None:
    """Adding what was ahead makes the other cover it: nothing is forgotten."""
    one, two = as_set(left), as_set(right)
    assert two.union(one.ahead_of(two)).covers(one)


@given(domains)
def test_a_position_covers_itself_and_survives_being_written(
    last: dict[int, tuple[int, int]],
) -> None:
    position = GtidPosition(dict(sorted(last.items())))
    assert position.covers(position)
    assert GtidPosition.parse(str(position)) == position


@given(domains, domains)
def test_positions_that_cover_each_other_are_equal(
    left: dict[int, tuple[int, int]], right: dict[int, tuple[int, int]]
) -> None:
    """Split histories at one number never pass for the same place."""
    one, two = GtidPosition(left), GtidPosition(right)
    if one.covers(two) and two.covers(one):
        assert left == right


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"{U1}:1-3:5", f"{U1}:1-3:5"),
        (f"{U1.upper()}:5:1-3:4", f"{U1}:1-5"),
        (f"{U1}:1-3,\n{U2}:7", f"{U1}:1-3,{U2}:7"),
        (f"{U1}:1:tag:2-3:other:4", f"{U1}:1,{U1}:other:4,{U1}:tag:2-3"),
        ("", ""),
    ],
)
def test_mysql_notation(text: str, written: str) -> None:
    assert str(GtidSet.parse(text)) == written


@pytest.mark.parametrize("text", [f"{U1}", f"{U1}:0", f"{U1}:5-2", "a:!", "0-1-5:x-"])
def test_what_is_no_set_is_refused(text: str) -> None:
    with pytest.raises(GtidError):
        GtidSet.parse(text)


@pytest.mark.parametrize("text", ["0-1", "0-1-2-3", "x", "0-1-5,0-2-6"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(GtidError):
        GtidPosition.parse(text)


def test_callers_need_only_the_engines_name() -> None:
    assert covers("0-2-16", "0-1-15", "mariadb")
    assert not covers("0-2-15", "0-1-15", "mariadb")
    assert not covers("", "0-1-15", "mariadb")
    assert ahead("0-1-15,1-1-2", "0-1-20", "mariadb") == "1-1-2"
    assert covers(f"{U1}:1-9", f"{U1}:3-4", "mysql")
    assert ahead(f"{U1}:1-9", f"{U1}:3-4", "mysql") == f"{U1}:1-2:5-9"
    assert covers("a:1-2", "a:1", "memory")
    assert isinstance(parse("", "mysql"), GtidSet)
    assert isinstance(parse("", "mariadb"), GtidPosition)
