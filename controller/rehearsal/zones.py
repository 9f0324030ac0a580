"""The out-of-band hand, as far as it reaches."""

from dataclasses import dataclass

from typing_extensions import override

from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome, Unknown
from deploy.ports import InstanceState, Provisioner
from replication.adapters.memory.wires import Wires


@dataclass(frozen=True, slots=True)
class CuttableProvisioner(Provisioner):
    """A provisioner that answers nothing for a zone that is cut from *place*."""

    inner: Provisioner
    wires: Wires
    place: str

    def _reaches(self, zone: ZoneId) -> bool:
        return self.wires.both_open(self.place, zone)

    @override
    async def state(self, zone: ZoneId) -> InstanceState | NotSeen:
        if not self._reaches(zone):
            return NotSeen("read", f"zone {zone} does not answer")
        return await self.inner.state(zone)

    @override
    async def ensure_stopped(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        if not self._reaches(zone):
            return Unknown(f"zone {zone} does not answer")
        return await self.inner.ensure_stopped(zone, server, epoch)

    @override
    async def ensure_instance(
        self, zone: ZoneId, server: ServerId, epoch: Epoch, *, donor: ServerId
    ) -> Outcome:
        if not self._reaches(zone):
            return Unknown(f"zone {zone} does not answer")
        return await self.inner.ensure_instance(zone, server, epoch, donor=donor)
