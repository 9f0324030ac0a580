"""The out-of-band hand, as far as it reaches."""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.copying import CopyProgress
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome, Unknown
from deploy.ports import FenceProof, InstanceState, LogFile, Provisioner, Remains


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

    @override
    async def copying(self, zone: ZoneId) -> CopyProgress | NotSeen | None:
        if not self.reaches(zone):
            return NotSeen("read", f"zone {zone} does not answer")
        return await self.inner.copying(zone)


@dataclass(frozen=True, slots=True)
class CuttableRemains(Remains):
    """What is left in a zone that cannot be reached tells nothing."""

    inner: Remains
    reaches: Callable[[ZoneId], bool]
    read_from: Callable[[ServerId], None]

    @override
    async def logs(
        self, zone: ZoneId, server: ServerId
    ) -> tuple[LogFile, ...] | NotSeen:
        if not self.reaches(zone):
            return NotSeen("read", f"zone {zone} does not answer")
        return await self.inner.logs(zone, server)

    @override
    async def read(
        self, zone: ZoneId, server: ServerId, name: str, *, offset: int
    ) -> bytes | NotSeen:
        if not self.reaches(zone):
            return NotSeen("read", f"zone {zone} does not answer")
        answer = await self.inner.read(zone, server, name, offset=offset)
        if not isinstance(answer, NotSeen):
            self.read_from(server)
        return answer

    @override
    async def laid_at(self, zone: ZoneId, server: ServerId) -> str | NotSeen:
        if not self.reaches(zone):
            return NotSeen("read", f"zone {zone} does not answer")
        return await self.inner.laid_at(zone, server)

    @override
    async def ensure_resumed(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        if not self.reaches(zone):
            return Unknown(f"zone {zone} does not answer")
        return await self.inner.ensure_resumed(zone, server, epoch)
