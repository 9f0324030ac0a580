"""What a late or restarted agent makes of a database that others have settled."""

import asyncio
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Done, NotSeen
from deploy.agent.boots import OPENED_S
from deploy.agent.memo import Held
from deploy.agent.memory import MemoryHand
from deploy.agent.ports import HandState
from tests.unit.agent_stage import Stage, play, served_for

AGAIN = BootId("boot-2")


@pytest.fixture
def stage() -> Stage:
    return served_for(2.0)


def came_back_unheard(stage: Stage) -> None:
    """The database was opened anew while its agent was away; then it hears nobody."""
    stage.serves(boot=AGAIN)
    stage.contacts = False
    stage.begin()
    play(stage, OPENED_S + 3)


def test_an_agent_that_heard_nobody_yet_closes_nothing(stage: Stage) -> None:
    came_back_unheard(stage)
    assert not stage.database.orders
    assert "no word" in stage.agent.state().trouble
    stage.contacts = True
    stage.says(opened=AGAIN)
    play(stage, OPENED_S + 3)
    assert not stage.database.orders
    assert not stage.agent.state().trouble


def test_once_heard_it_judges_from_then_on(stage: Stage) -> None:
    came_back_unheard(stage)
    stage.contacts = True
    play(stage, OPENED_S - 1)
    assert not stage.database.orders, "who opened it has its time to say so"
    play(stage, 2.0)
    assert "end_clients" in stage.database.orders


def test_fenced_again_while_dead_it_is_let_go_when_it_was_laid_anew(
    stage: Stage,
) -> None:
    """Fenced twice, and resumed before the agent looked again."""
    for epoch in (Epoch(9), Epoch(12)):
        assert isinstance(asyncio.run(stage.fence(epoch)), Done)
        stage.says(epoch=epoch, renews=False, opened=BootId(""))
    stage.hand.inhibited = False
    stage.serves(writable=False, boot=AGAIN)
    stage.says(renews=True, follows=True)
    play(stage, 2.0)
    assert stage.agent.state().held is Held.NOT


def test_a_kill_in_doubt_is_no_new_life(stage: Stage) -> None:
    stage.hand.stuck = True
    asyncio.run(stage.fence(Epoch(9)))
    stage.says(epoch=Epoch(9), renews=False)
    play(stage, 2.0)
    assert stage.agent.state().held is Held.FENCED
    assert stage.agent.memo.epoch == Epoch(9)


@dataclass(slots=True)
class SlowHand(MemoryHand):
    """Answers with what it read a moment ago."""

    read: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def state(self) -> HandState | NotSeen:
        seen = await MemoryHand.state(self)
        self.read.set()
        await asyncio.sleep(0.02)
        return seen


def test_what_was_read_before_the_fence_lifts_nothing(stage: Stage) -> None:
    """The order is carried out while a round waits for its answers."""
    stage.agent.hand = hand = SlowHand()

    async def story() -> None:
        waits = asyncio.ensure_future(stage.agent.tick())
        await hand.read.wait()
        assert isinstance(await stage.fence(Epoch(9)), Done)
        await waits

    asyncio.run(story())
    assert stage.agent.memo.held is Held.FENCED
    assert not stage.agent.state().running
