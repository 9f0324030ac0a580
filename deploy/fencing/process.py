"""Proof (a): whoever runs the zone's processes ended the database for good."""

from dataclasses import dataclass

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.outcomes import Outcome
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
