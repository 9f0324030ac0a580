"""What is told of a copy: pace, time left, and when the timeline hears of it."""

from dataclasses import replace

from controller.decide.copying import CopyFact, copy_fact, copy_tree, is_due, read_on
from controller.model.copying import CopyPhase, CopyProgress
from controller.model.ids import ServerId
from controller.sla.copying import copy_line

C = ServerId("db-c")
AT = CopyProgress(
    donor=ServerId("db-a"),
    method="clone",
    phase=CopyPhase.COPYING,
    copied_bytes=0,
    total_bytes=1_000_000_000,
)


def after(*answers: tuple[float, int], total: int = 1_000_000_000) -> CopyFact:
    """Return what is known at the last of *answers* (at_s, copied bytes)."""
    pace = None
    for at_s, copied in answers:
        progress = replace(AT, copied_bytes=copied, total_bytes=total)
        pace = read_on(pace, C, progress, at_s)
    fact = copy_fact(pace, answers[-1][0])
    assert fact is not None
    return fact


def test_one_answer_gives_no_rate() -> None:
    fact = after((10.0, 5))
    assert (fact.rate_b_s, fact.left_s) == (None, None)


def test_the_rate_is_of_the_last_seconds_not_of_the_whole_copy() -> None:
    seconds = [(float(s), s * 1_000_000) for s in range(11)]
    fact = after(*seconds, (11.0, 20_000_000), (12.0, 30_000_000), (16.0, 70_000_000))
    assert fact.rate_b_s == 10_000_000
    assert fact.left_s == 93.0
    assert fact.elapsed_s == 16.0


def test_an_unknown_total_promises_no_end() -> None:
    fact = after((0.0, 0), (1.0, 10), total=0)
    assert (fact.rate_b_s, fact.left_s) == (10.0, None)
    tree = copy_tree(fact)
    assert tree is not None
    assert "could not say how much" in copy_line(tree)


def test_a_copy_that_stands_still_says_so() -> None:
    fact = after((0.0, 0), (1.0, 10), (9.0, 10))
    assert fact.still_s == 8.0
    tree = copy_tree(fact)
    assert tree is not None
    assert "no byte for 8 s" in copy_line(tree)


def test_a_copy_that_begins_again_is_another_one() -> None:
    fact = after((0.0, 0), (1.0, 500), (2.0, 20))
    assert (fact.elapsed_s, fact.rate_b_s) == (0.0, None)


def test_a_database_that_outgrew_its_estimate_is_not_past_its_end() -> None:
    fact = after((0.0, 0), (1.0, 1_200_000_000))
    assert fact.left_s == 0
    tree = copy_tree(fact)
    assert tree is not None
    assert "(100%)" in copy_line(tree)


def test_the_line_says_what_a_person_wants_to_know() -> None:
    tree = copy_tree(after((0.0, 0), (2.0, 100_000_000)))
    assert tree is not None
    assert copy_line(tree) == (
        "copy db-a -> db-c by clone: copying, 100.0 of about 1000.0 MB (10%),"
        " 50.0 MB/s, about 18 s left; 2 s so far"
    )


def test_the_timeline_hears_of_long_copies_only_and_not_at_every_round() -> None:
    assert not is_due(None, None)
    assert not is_due(after((0.0, 0), (1.9, 10)), None)
    first = after((0.0, 0), (2.0, 10))
    assert is_due(first, None)
    assert not is_due(after((0.0, 0), (11.0, 10)), first)
    assert is_due(after((0.0, 0), (12.0, 10)), first)
    prepared = replace(
        first, progress=replace(first.progress, phase=CopyPhase.PREPARING)
    )
    assert is_due(prepared, first)
    assert is_due(replace(first, began_s=100.0), first)
