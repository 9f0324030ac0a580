"""The out-of-band hand, as far as it reaches."""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

from controller.model.copying import CopyProgress
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome, Unknown
from deploy.ports import InstanceState, Provisioner


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

    @override
    async def copying(self, zone: ZoneId) -> CopyProgress | NotSeen | None:
        if not self.reaches(zone):
            return NotSeen("read", f"zone {zone} does not answer")
        return await self.inner.copying(zone)
