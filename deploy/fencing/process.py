"""Proof (a): whoever runs the zone's processes ended the database for good."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.ports import FenceProof, Provisioner


@dataclass(frozen=True, slots=True)
class ProcessFence(FenceProof):
    """Asks a provisioner: dead, and its restart inhibited; neither alone counts."""

    provisioner: Provisioner
    timeout_s: float = 1.2

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        lost = order.lost
        return await self.provisioner.ensure_stopped(
            lost.zone, lost.server, order.epoch
        )


@dataclass(frozen=True, slots=True)
class EitherFence(FenceProof):
    """Asks several hands that end the same process; one that has done it will do.

    hands: by name, asked side by side. The slowest bounds the answer only while
    none has proven it.
    """

    hands: Mapping[str, FenceProof]

    @property
    @override
    def timeout_s(self) -> float:
        return max(hand.timeout_s for hand in self.hands.values())

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        """Return the first proof; otherwise `Refused` only if every hand says so."""
        asked = {
            asyncio.ensure_future(hand.prove(order)): name
            for name, hand in self.hands.items()
        }
        failed: list[Refused | Unknown] = []
        try:
            for answer in asyncio.as_completed(asked):
                outcome = await answer
                if isinstance(outcome, Done):
                    return outcome
                failed.append(outcome)
        finally:
            for task in asked:
                task.cancel()
            await asyncio.wait(asked)  # nothing of a hand is left behind
        told = "; ".join(outcome.reason for outcome in failed)
        unknown = any(isinstance(o, Unknown) for o in failed)
        return Unknown(told) if unknown else Refused(told)
