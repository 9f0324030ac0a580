"""An agent that leaves takes its guard along, and nobody counts on either."""

import asyncio

import pytest

from controller.agent_main import leave_alone
from controller.model.ids import Epoch
from deploy.agent.guard import must_end
from tests.unit.agent_stage import TTL_S, Stage, lives, play, served_for


@pytest.fixture
def stage() -> Stage:
    stage = served_for(2.0)
    assert stage.agent.state().armed_s == TTL_S
    return stage


def guard_ends(stage: Stage, after_s: float = 10 * TTL_S) -> bool:
    return must_end(stage.store.lease(), stage.now_s + after_s, stage.kernel)


def test_who_leaves_takes_the_guard_along(stage: Stage) -> None:
    stage.agent.leave()
    assert stage.agent.state().armed_s == 0, "the controller hears it first"
    assert not stage.agent.stand_down()
    play(stage, 0.5)
    assert not stage.agent.stand_down(), "it is still on record"
    stage.says(known_ttl_s=0.0)
    play(stage, 0.5)
    assert stage.agent.stand_down()
    stage.contact()  # the door is open a little longer
    assert not guard_ends(stage)
    assert lives(stage)


def test_a_word_from_before_the_leave_dismisses_nobody(stage: Stage) -> None:
    """It was sent before the journal called the agent armed."""
    late = stage.nonce
    stage.agent.leave()
    stage.says(known_ttl_s=0.0)
    stage.contact(nonce=late)
    assert not stage.agent.stand_down()
    assert guard_ends(stage)


def test_a_run_that_counts_on_its_end_dismisses_nobody(stage: Stage) -> None:
    """It goes on by what was on record when it began, whatever is disarmed since."""
    stage.agent.leave()
    stage.says(renews=False, known_ttl_s=0.0)
    play(stage, 2.0)
    assert not stage.agent.stand_down()
    assert guard_ends(stage)
    assert (stage.agent.ttl_s, stage.store.memo.known_ttl_s) == (TTL_S, TTL_S)
    stage.says(renews=True)
    play(stage, 0.5)
    assert stage.agent.stand_down()


def test_unheard_it_disarms_nobody_silently(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.cut(peers=False)
    assert not asyncio.run(leave_alone(stage.agent, within_s=0.3))
    assert guard_ends(stage), "the controller counts on that"
    assert "counts on it" in capsys.readouterr().out


def test_what_nobody_counts_on_is_left_at_once() -> None:
    replica = Stage()
    replica.serves(writable=False)
    replica.says(follows=True)
    play(replica, 2.0)
    assert asyncio.run(leave_alone(replica.agent, within_s=0.0))
    unfenced = Stage(ttl_s=0.0)
    unfenced.serves()
    unfenced.says(known_ttl_s=0.0)
    play(unfenced, 2.0)
    assert asyncio.run(leave_alone(unfenced.agent, within_s=0.0))
    assert not guard_ends(replica)
    assert not guard_ends(unfenced)


def test_who_comes_back_does_not_count_the_time_it_was_away(stage: Stage) -> None:
    stage.agent.leave()
    stage.says(known_ttl_s=0.0)
    play(stage, 1.0)
    assert stage.agent.stand_down()
    stage.now_s += 5 * TTL_S
    stage.begin()
    stage.contacts = False
    play(stage, 1.0)
    assert lives(stage)
    stage.contacts = True
    stage.says(epoch=Epoch(4), known_ttl_s=TTL_S)
    play(stage, 1.0)
    assert stage.agent.state().armed_s == TTL_S
