"""What the controller relies on in every `FenceProof`; one test a promise."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from controller.model.commands import EnsureFenced, Member, Proof
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused
from deploy.ports import FenceProof

LOST = Member(server=ServerId("db-a"), zone=ZoneId("a"))


def fencing(epoch: int, *, acks_revoked: bool = False) -> EnsureFenced:
    """Return the order to fence db-a under *epoch*."""
    return EnsureFenced(
        lost=LOST,
        proofs=tuple(Proof),
        acks_revoked=acks_revoked,
        epoch=Epoch(epoch),
        armed_s=5.0,
    )


class FenceProofContract(ABC):
    """db-a in zone a lives and acknowledges writes; the way of proof works."""

    @abstractmethod
    def make(self) -> Iterator[FenceProof]:
        """Yield the way of proof in that situation; clean up afterwards."""

    @abstractmethod
    def acknowledges(self) -> bool:
        """Tell, by another way, whether db-a could still acknowledge a write."""

    @abstractmethod
    def run(self, told: Coroutine[Any, Any, Outcome]) -> Outcome:
        """Run *told* on the loop this way of proof needs."""

    def put_on_record(self, fence: FenceProof, epoch: int) -> None:
        """Let an order of *epoch* be carried out where this way of proof acts."""
        assert isinstance(self.run(fence.prove(fencing(epoch))), Done)

    @pytest.fixture
    def fence(self) -> Iterator[FenceProof]:
        yield from self.make()

    def test_done_is_the_truth_and_may_be_asked_twice(self, fence: FenceProof) -> None:
        assert self.acknowledges()
        for _ in range(2):
            done = self.run(fence.prove(fencing(3)))
            assert isinstance(done, Done), done
            assert done.evidence, "a proof says how it is known"
            assert not self.acknowledges()

    def test_an_older_epoch_is_refused(self, fence: FenceProof) -> None:
        self.put_on_record(fence, 3)
        assert isinstance(self.run(fence.prove(fencing(2))), Refused)

    def test_it_says_how_long_to_wait_for_it(self, fence: FenceProof) -> None:
        assert 0 < fence.timeout_s <= 300
