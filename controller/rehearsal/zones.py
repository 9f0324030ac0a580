"""The out-of-band hand, as far as it reaches."""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome, Unknown
from deploy.ports import FenceProof, InstanceState, Provisioner


@dataclass(frozen=True, slots=True)
class OutsideFence(FenceProof):
    """Proof (e) in memory: ends a database whatever its zone's network does."""

    inner: FenceProof
    answers: Callable[[], bool]
    timeout_s: float = 1.2

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        if not self.answers():
            return Unknown("took too long after 1.00 s: said nothing")
        return await self.inner.prove(order)


@dataclass(frozen=True, slots=True)
class CuttableProvisioner(Provisioner):
    """A provisioner that answers nothing for a zone it cannot reach."""

    inner: Provisioner
    reaches: Callable[[ZoneId], bool]

    @override
    async def state(self, zone: ZoneId) -> InstanceState | NotSeen:
        if not self.reaches(zone):
            return NotSeen("read", f"zone {zone} does not answer")
        return await self.inner.state(zone)

    @override
    async def ensure_stopped(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        if not self.reaches(zone):
            return Unknown(f"zone {zone} does not answer")
        return await self.inner.ensure_stopped(zone, server, epoch)

    @override
    async def ensure_instance(
        self, zone: ZoneId, server: ServerId, epoch: Epoch, *, donor: ServerId
    ) -> Outcome:
        if not self.reaches(zone):
            return Unknown(f"zone {zone} does not answer")
        return await self.inner.ensure_instance(zone, server, epoch, donor=donor)
