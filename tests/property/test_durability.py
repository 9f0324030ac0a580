"""k of n by brute force: every set of ackers, every way to freeze and to hear."""

from collections.abc import Iterator
from itertools import chain, combinations

import pytest

from controller.model.ids import ZoneId
from replication.durability import least_met, may_enlist, meets_every_ack

N_MAX = 5


def subsets(names: frozenset[str]) -> Iterator[frozenset[str]]:
    sizes = (combinations(sorted(names), size) for size in range(len(names) + 1))
    return (frozenset(s) for s in chain.from_iterable(sizes))


CASES = [
    (frozenset("abcdefg"[:n]), acks)
    for n in range(N_MAX + 1)
    for acks in range(1, n + 2)
]


@pytest.mark.parametrize(("ackers", "acks"), CASES)
def test_frozen_enough_means_nothing_new_is_acknowledged(
    ackers: frozenset[str], acks: int
) -> None:
    """Exactly when no set of *acks* ackers can be found outside the frozen ones."""
    for frozen in subsets(ackers):
        some_set_acks = any(
            len(acking) >= acks and not acking & frozen for acking in subsets(ackers)
        )
        assert meets_every_ack(ackers, frozen, acks) is not some_set_acks


@pytest.mark.parametrize(("ackers", "acks"), CASES)
def test_heard_enough_means_every_acknowledged_write_is_held(
    ackers: frozenset[str], acks: int
) -> None:
    """Whoever acknowledged a write, one of the heard received it; never else."""
    for heard in subsets(ackers):
        holders = [h for h in subsets(ackers) if len(h) >= acks]
        held = all(h & heard for h in holders)
        assert meets_every_ack(ackers, heard, acks) is held


@pytest.mark.parametrize(("ackers", "acks"), CASES)
def test_the_least_number_is_enough_and_one_fewer_never(
    ackers: frozenset[str], acks: int
) -> None:
    least = least_met(len(ackers), acks)
    for some in subsets(ackers):
        assert meets_every_ack(ackers, some, acks) is (len(some) >= least)


@pytest.mark.parametrize("n", range(1, N_MAX + 1))
def test_with_one_required_ack_nobody_may_be_left_out(n: int) -> None:
    """Never weaker than freezing all: today's rule is k = 1."""
    ackers = frozenset("abcdefg"[:n])
    for some in subsets(ackers):
        assert meets_every_ack(ackers, some, 1) is (some == ackers)


@pytest.mark.parametrize(("ackers", "acks"), CASES)
def test_one_who_joins_leaves_every_earlier_write_met(
    ackers: frozenset[str], acks: int
) -> None:
    """A write is held by k of the old n: that many of n + 1 still meet it."""
    wider = ackers | {"new"}
    for holders in subsets(ackers):
        for heard in subsets(wider):
            if len(holders) >= acks and meets_every_ack(wider, heard, acks):
                assert holders & heard


def test_one_who_leaves_takes_its_acknowledgements_along() -> None:
    """So leaving needs a canary that the rest hold, and counts until then."""
    holders, rest = {"a", "b"}, {"b", "c"}
    assert meets_every_ack(rest, {"c"}, 2)
    assert not holders & {"c"}


def test_without_a_required_ack_nothing_revokes_anything() -> None:
    assert not meets_every_ack("ab", "ab", 0)


def test_a_copy_beside_the_primary_is_none_when_zones_are_to_differ() -> None:
    here, there = ZoneId("a"), ZoneId("b")
    assert may_enlist(here, there, cross_zone=True)
    assert may_enlist(here, here, cross_zone=False)
    assert not may_enlist(here, here, cross_zone=True)
