"""The history checker against planted violations: what it misses is no promise."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.history.checker import (
    Fate,
    Judgement,
    Read,
    Span,
    Write,
    judge,
    unprotected_spans,
)


def write(name: str, fate: Fate = Fate.OK, at_s: float = 1.0) -> Write:
    return Write(client="c1", id=name, fate=fate, invoked_s=at_s, returned_s=at_s + 0.1)


def read(*ids: str, isolated: bool = False) -> Read:
    return Read(
        client="r1",
        ids=frozenset(ids),
        invoked_s=1.0,
        returned_s=1.1,
        isolated=isolated,
    )


WRITES = (
    write("w1"),
    write("w2"),
    write("w3", Fate.FAIL),
    write("w4", Fate.INFO),
    write("w5", Fate.INFO),
)
GOOD = ("w1", "w2", "w4")
READS = (read("w1"), read("w1", "w4"), read("w1", "w5", isolated=True))


def test_a_good_history_breaks_nothing() -> None:
    judged = judge(WRITES, READS, GOOD)
    assert judged.violations() == []
    assert judged == Judgement(vanished_isolated=("w5",))


@pytest.mark.parametrize(
    ("final", "reads", "field", "ids"),
    [
        pytest.param(("w1", "w4"), (), "lost", ("w2",), id="lost"),
        pytest.param((*GOOD, "w2"), (), "duplicated", ("w2",), id="twice"),
        pytest.param((*GOOD, "w3"), (), "undead", ("w3",), id="refused-yet-there"),
        pytest.param((*GOOD, "x"), (), "unknown_origin", ("x",), id="from-nowhere"),
        pytest.param(GOOD, (read("w5"),), "vanished", ("w5",), id="read-and-gone"),
        pytest.param(
            GOOD, (read("w3"),), "vanished", ("w3",), id="refused-read-and-gone"
        ),
    ],
)
def test_each_planted_violation_is_named(
    final: tuple[str, ...], reads: tuple[Read, ...], field: str, ids: tuple[str, ...]
) -> None:
    judged = judge(WRITES, reads, final)
    assert judged == replace(Judgement(), **{field: ids})
    (sentence,) = judged.violations()
    assert ids[0] in sentence


def test_a_row_seen_by_both_kinds_of_reader_is_no_isolated_one() -> None:
    reads = (read("w5", isolated=True), read("w5"))
    judged = judge(WRITES, reads, GOOD)
    assert (judged.vanished, judged.vanished_isolated) == (("w5",), ())


def test_only_what_ran_while_unprotected_is_excused() -> None:
    writes = (write("early", at_s=1.0), write("late", at_s=5.0))
    judged = judge(writes, (), (), unprotected=[Span(from_s=4.9, to_s=6.0)])
    assert judged.lost == ("early",)
    assert judged.lost_unprotected == ("late",)


def test_a_history_that_proves_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="written twice"):
        judge((write("w1"), write("w1")), (), ())
    backwards = replace(write("w1"), returned_s=0.0)
    with pytest.raises(ValueError, match="before it was invoked"):
        judge((backwards,), (), ())


def test_unprotected_spans_follow_the_changes() -> None:
    changes = [(1.0, True), (5.0, False), (5.5, False), (8.0, True), (9.0, False)]
    assert unprotected_spans(changes, 2.0, 10.0) == [
        Span(from_s=5.0, to_s=8.0),
        Span(from_s=9.0, to_s=10.0),
    ]
    assert unprotected_spans([], 2.0, 10.0) == [Span(from_s=2.0, to_s=10.0)]
    assert unprotected_spans([(1.0, True)], 2.0, 10.0) == []


fates = st.sampled_from(Fate)


@given(st.lists(fates, max_size=30), st.data())
def test_any_outcome_a_correct_database_allows_is_accepted(
    drawn: list[Fate], data: st.DataObject
) -> None:
    writes = [write(f"w{n}", fate) for n, fate in enumerate(drawn)]
    final = {w.id for w in writes if w.fate is Fate.OK}
    maybe = sorted(w.id for w in writes if w.fate is Fate.INFO)
    final |= set(data.draw(st.lists(st.sampled_from(maybe)))) if maybe else set()
    seen = sorted(final)
    reads = [read(*data.draw(st.lists(st.sampled_from(seen))))] if seen else [read()]
    assert judge(writes, reads, final) == Judgement()


@given(st.lists(fates, min_size=1, max_size=30), st.data())
def test_no_single_loss_escapes(drawn: list[Fate], data: st.DataObject) -> None:
    writes = [write(f"w{n}", fate) for n, fate in enumerate(drawn)]
    acked = [w.id for w in writes if w.fate is Fate.OK]
    if not acked:
        return
    victim = data.draw(st.sampled_from(acked))
    judged = judge(writes, (), set(acked) - {victim})
    assert judged.lost == (victim,)
