"""The memory engine's GTID sets against plain Python sets."""

from hypothesis import given
from hypothesis import strategies as st

from replication.adapters.memory.gtids import Gtids

PAIRS = st.lists(st.tuples(st.sampled_from("xyz"), st.integers(1, 12)), max_size=30)


def made(pairs: list[tuple[str, int]]) -> Gtids:
    """Return the set that holds *pairs*."""
    gtids = Gtids()
    for origin, number in pairs:
        gtids.add(origin, number)
    return gtids


@given(PAIRS)
def test_it_holds_exactly_what_was_put_in(pairs: list[tuple[str, int]]) -> None:
    """Order and repetition do not matter; the text is canonical."""
    gtids = made(pairs)
    assert list(gtids) == sorted(set(pairs))
    assert str(gtids) == str(made(pairs[::-1]))
    for origin in "xyz":
        mine = {number for o, number in pairs if o == origin}
        assert gtids.last(origin) == max(mine, default=0)
        assert {n for n in range(14) if gtids.has(origin, n)} == mine


@given(PAIRS, PAIRS)
def test_within_is_subset(
    some: list[tuple[str, int]], other: list[tuple[str, int]]
) -> None:
    """Compared by membership, never by count."""
    assert made(some).within(made(other)) == (set(some) <= set(other))


def test_the_text_is_mysqls() -> None:
    """Runs as `low-high`, gaps kept, origins sorted."""
    gtids = made([("y", 2), ("x", 1), ("x", 2), ("x", 3), ("x", 5)])
    assert str(gtids) == "x:1-3:5,y:2"
    assert not str(Gtids())
