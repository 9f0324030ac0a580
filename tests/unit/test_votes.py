"""Votes: a strict majority of those expected, and none that is old, unfit or said twice."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.vote_wire import parse_vote, render_vote
from health.votes import Ballot, Says, Tally, Vote, VoteBoard, Word, tally

DB = "a/database"
STALE_S = 2.0


def board(*expected: str) -> VoteBoard:
    return VoteBoard(
        me="daemon",
        boot="d1",
        expected=expected or ("daemon", "b", "c"),
        stale_s=STALE_S,
    )


def said(found: VoteBoard, now_s: float) -> Word:
    """Have the board's owner speak at *now_s*."""
    return found.word(now_s, {}, fit=True, age_s=0.0).word


def vote(who: str, seq: int, says: Says, heard: Word | None, **more: Any) -> Vote:
    found = Vote(
        observer=who,
        word=Word(boot=f"{who}1", seq=seq),
        fit=True,
        age_s=0.1,
        says={DB: says},
        heard={} if heard is None else {"daemon": heard},
    )
    return replace(found, **more)


def mine(says: Says, *, fit: bool = True) -> Ballot:
    why = "" if fit else "unfit"
    return Ballot(observer="daemon", age_s=0.0, fit=fit, says={DB: says}, why=why)


def counted(found: VoteBoard, now_s: float, own: Says = Says.DOWN) -> Tally:
    return tally(found.ballots(now_s, mine(own)), DB)


def test_two_of_three_is_a_majority_and_one_is_not() -> None:
    found = board()
    heard = said(found, 10.0)
    assert not counted(found, 10.0).is_down
    assert found.hear(vote("b", 1, Says.DOWN, heard), 10.1) == ""
    assert counted(found, 10.2).is_down
    assert counted(found, 10.2).missing == ("c",)


def test_two_of_four_is_no_majority() -> None:
    """Strict: a half that is cut off with the controller moves nothing."""
    found = board("daemon", "a", "b", "c")
    found.hear(vote("b", 1, Says.DOWN, said(found, 10.0)), 10.1)
    assert counted(found, 10.2).majority == 3
    assert not counted(found, 10.2).is_down


def test_a_stale_vote_is_shown_and_not_counted() -> None:
    found = board()
    found.hear(vote("b", 1, Says.DOWN, said(found, 10.0)), 10.1)
    late_s = 10.0 + STALE_S + 0.1
    b = found.ballots(late_s, mine(Says.DOWN))[1]
    assert b.says == {DB: Says.DOWN}
    assert b.age_s == pytest.approx(STALE_S + 0.1)
    assert b.why.startswith("stale")
    assert not counted(found, late_s).is_down
    assert counted(found, late_s).missing == ("b", "c")


def test_a_vote_that_a_frozen_broker_kept_is_as_old_as_the_word_it_heard() -> None:
    """Received now, sent a minute ago: only what it heard of us tells."""
    found = board()
    heard = said(found, 10.0)
    said(found, 70.0)
    found.hear(vote("b", 1, Says.DOWN, heard), 70.1)
    assert found.ballots(70.1, mine(Says.DOWN))[1].why.startswith("stale")


def test_samples_that_were_old_when_sent_are_older_when_heard() -> None:
    found = board()
    found.hear(vote("b", 1, Says.DOWN, said(found, 10.0), age_s=1.9), 10.1)
    assert found.ballots(10.3, mine(Says.DOWN))[1].age_s == pytest.approx(2.1)
    assert not counted(found, 10.3).is_down


@pytest.mark.parametrize(
    "heard", [None, Word(boot="d0", seq=1), Word(boot="d1", seq=9)]
)
def test_who_never_heard_this_process_has_an_unknown_age(heard: Word | None) -> None:
    found = board()
    said(found, 10.0)
    found.hear(vote("b", 1, Says.DOWN, heard), 10.1)
    assert math.isinf(found.ballots(10.1, mine(Says.DOWN))[1].age_s)
    assert not counted(found, 10.1).is_down


def test_an_unfit_observer_does_not_count_nor_do_we_when_unfit() -> None:
    found = board()
    heard = said(found, 10.0)
    found.hear(vote("b", 1, Says.DOWN, heard, fit=False), 10.1)
    assert counted(found, 10.2).missing == ("b", "c")
    found.hear(vote("b", 2, Says.DOWN, heard), 10.2)
    assert counted(found, 10.3).is_down
    ballots = found.ballots(10.3, mine(Says.DOWN, fit=False))
    assert tally(ballots, DB).missing == ("daemon", "c")


def test_a_replay_changes_nothing() -> None:
    found = board()
    heard = said(found, 10.0)
    first, second = (vote("b", n, s, heard) for n, s in ((1, Says.DOWN), (2, Says.UP)))
    assert found.hear(first, 10.1) == ""
    assert found.hear(second, 10.2) == ""
    assert "before" in found.hear(first, 10.3)
    assert "before" in found.hear(second, 10.3)
    assert counted(found, 10.3).up == ("b",)
    assert found.refused == 2


def test_a_process_that_was_followed_by_another_is_not_heard_any_more() -> None:
    found = board()
    heard = said(found, 10.0)
    old = vote("b", 7, Says.DOWN, heard)
    found.hear(old, 10.1)
    new = replace(old, word=Word(boot="b2", seq=1), says={DB: Says.UP})
    assert found.hear(new, 10.2) == ""
    again = replace(old, word=Word(boot="b1", seq=8))
    assert "another process" in found.hear(again, 10.3)
    assert counted(found, 10.3).up == ("b",)


def test_strangers_and_our_own_double_are_refused_and_counted() -> None:
    found = board()
    assert "no expected" in found.hear(vote("x", 1, Says.DOWN, said(found, 1.0)), 1.0)
    assert "calls itself" in found.hear(vote("daemon", 1, Says.DOWN, None), 1.0)
    assert "an age" in found.hear(vote("b", 1, Says.DOWN, None, age_s=-9.0), 1.0)
    assert found.refused == 3


def test_whom_the_broker_calls_offline_does_not_count_until_it_speaks() -> None:
    found = board()
    heard = said(found, 10.0)
    found.hear(vote("b", 1, Says.DOWN, heard), 10.1)
    found.present("b", online=False)
    assert found.ballots(10.2, mine(Says.DOWN))[1].why == "offline"
    found.hear(vote("b", 2, Says.DOWN, heard), 10.3)
    assert counted(found, 10.3).is_down


def test_our_own_word_coming_back_says_that_the_broker_lives() -> None:
    found = board()
    own = found.word(10.0, {}, fit=True, age_s=0.0)
    assert math.isinf(found.echo_age_s(10.0))
    assert found.hear(own, 10.1) == ""
    assert found.echo_age_s(11.0) == pytest.approx(1.0)


def test_the_sentence_names_everybody() -> None:
    found = board()
    found.hear(vote("b", 1, Says.UP, said(found, 10.0)), 10.1)
    assert counted(found, 10.2).sentence() == (
        "1 of 3 observers see it down, 2 are needed"
        " (down: daemon; up: b; not counted: c)"
    )


@given(
    st.lists(
        st.sampled_from(["down", "up", "unsure", "missing"]), min_size=1, max_size=9
    )
)
def test_down_and_up_are_never_both_the_majority(words: list[str]) -> None:
    """Nor does leaving an observer out of the count make a majority."""
    ballots = [
        Ballot(
            observer=str(n),
            age_s=0.0,
            fit=True,
            says={} if w == "missing" else {DB: Says(w)},
            why="gone" if w == "missing" else "",
        )
        for n, w in enumerate(words)
    ]
    found = tally(ballots, DB)
    assert found.expected == len(words)
    assert not (found.is_down and found.is_up)
    assert found.is_down is (2 * words.count("down") > len(words))


def test_a_vote_survives_the_wire() -> None:
    told = vote("b", 3, Says.DOWN, Word(boot="d1", seq=4))
    assert parse_vote(render_vote(told)) == told


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"v":2}',
        b'{"v":1}',
        b'{"v":1,"observer":7,"boot":"x","seq":1,"fit":true,"age_s":0,"says":{},"heard":{}}',
        b'{"v":1,"observer":"b","boot":"x","seq":true,"fit":true,"age_s":0,"says":{},"heard":{}}',
        b'{"v":1,"observer":"b","boot":"x","seq":1,"fit":1,"age_s":0,"says":{},"heard":{}}',
        b'{"v":1,"observer":"b","boot":"x","seq":1,"fit":true,"age_s":0,"says":{"a":"maybe"},"heard":{}}',
        b'{"v":1,"observer":"b","boot":"x","seq":1,"fit":true,"age_s":0,"says":[],"heard":{}}',
        b'{"v":1,"observer":"b","boot":"x","seq":1,"fit":true,"age_s":1'
        + b"0" * 400
        + b',"says":{},"heard":{}}',
        b"[" * 70_000,
        b"[" * 50_000,
    ],
)
def test_what_is_no_vote_is_refused(told: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_vote(told)
