"""What an agent relies on in every `ProcessHand`; one test a promise."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator

import pytest

from controller.model.ids import Epoch
from controller.model.outcomes import Done, Refused
from deploy.agent.ports import HandState, ProcessHand


def state_of(hand: ProcessHand) -> tuple[bool, bool]:
    found = asyncio.run(hand.state())
    assert isinstance(found, HandState), found
    return found.running, found.inhibited


class ProcessHandContract(ABC):
    """The database process lives and may be started."""

    keeps_epochs = True
    """Commands know none: there the agent's own memory is all there is."""

    @abstractmethod
    def make(self) -> Iterator[ProcessHand]:
        """Yield the hand in that situation; clean up afterwards."""

    @pytest.fixture
    def hand(self) -> Iterator[ProcessHand]:
        yield from self.make()

    def test_killed_means_dead_and_inhibited_and_may_be_asked_twice(
        self, hand: ProcessHand
    ) -> None:
        assert state_of(hand) == (True, False)
        for _ in range(2):
            done = asyncio.run(hand.kill(Epoch(3), "fenced"))
            assert isinstance(done, Done), done
            assert {"pid", "inhibited"} <= set(done.evidence)
            assert state_of(hand) == (False, True)

    def test_without_an_epoch_it_is_killed_under_what_is_on_record(
        self, hand: ProcessHand
    ) -> None:
        assert isinstance(asyncio.run(hand.kill(Epoch(3), "fenced")), Done)
        assert isinstance(asyncio.run(hand.kill(None, "alone")), Done)
        assert state_of(hand) == (False, True)

    def test_the_fence_of_a_newer_epoch_is_not_lifted(self, hand: ProcessHand) -> None:
        asyncio.run(hand.kill(Epoch(3), "fenced"))
        if self.keeps_epochs:
            told = asyncio.run(hand.release(Epoch(2), "by a person"))
            assert isinstance(told, Refused), told
            assert state_of(hand) == (False, True)

    def test_released_means_that_it_may_run_again(self, hand: ProcessHand) -> None:
        asyncio.run(hand.kill(Epoch(3), "fenced"))
        done = asyncio.run(hand.release(Epoch(3), "by a person"))
        assert isinstance(done, Done), done
        assert state_of(hand)[1] is False
