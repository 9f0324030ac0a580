"""A process hand that exists only in memory, under the contract of the real ones."""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from deploy.agent.memo import NO_EPOCH
from deploy.agent.ports import HandState, ProcessHand


def _nothing() -> None:
    return None


@dataclass(slots=True)
class MemoryHand(ProcessHand):
    """killed, started: what the world does then. lives: its word on the process.

    stuck: it cannot be killed now. kill_s: what it says of itself.
    """

    killed: Callable[[], None] = _nothing
    started: Callable[[], None] = _nothing
    lives: Callable[[], bool] | None = None
    running: bool = True
    stuck: bool = False
    inhibited: bool = False
    epoch: Epoch = NO_EPOCH
    kill_s: float = 0.0

    @override
    async def state(self) -> HandState | NotSeen:
        running = self.running if self.lives is None else self.lives()
        return HandState(running=running, inhibited=self.inhibited)

    @override
    async def kill(self, epoch: Epoch | None, why: str) -> Outcome:
        if epoch is not None and epoch < self.epoch:
            return Refused(f"epoch {epoch} is older than the recorded {self.epoch}")
        self.epoch = epoch or self.epoch
        if self.stuck:
            return Unknown("restart inhibited, death not proven")
        self.running, self.inhibited = False, True
        self.killed()
        return Done({"pid": "1", "inhibited": "true"})

    @override
    async def release(self, epoch: Epoch, why: str) -> Outcome:
        if epoch < self.epoch:
            return Refused(f"a newer order stands: epoch {self.epoch}")
        self.epoch = epoch
        self.running, self.inhibited = True, False
        self.started()
        return Done({"started": "true"})
