"""Remains in memory: the logs a world says a dead server has."""

from collections.abc import Callable, Mapping

from typing_extensions import override

from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome
from deploy.adapters.memory import MemoryProvisioner
from deploy.ports import InstanceState, LogFile, Remains

Logs = Callable[[ServerId], Mapping[str, bytes]]
"""A server's log files by name, oldest first."""


class MemoryRemains(Remains):
    """What `MemoryProvisioner`'s dead databases left."""

    def __init__(self, provisioner: MemoryProvisioner, logs: Logs) -> None:
        self._provisioner = provisioner
        self._logs = logs

    @override
    async def logs(
        self, zone: ZoneId, server: ServerId
    ) -> tuple[LogFile, ...] | NotSeen:
        unseen = await self._not_dead(zone, server)
        return unseen or tuple(
            LogFile(name=name, size_bytes=len(data))
            for name, data in self._logs(server).items()
        )

    @override
    async def read(
        self, zone: ZoneId, server: ServerId, name: str, *, offset: int
    ) -> bytes | NotSeen:
        unseen = await self._not_dead(zone, server)
        if unseen is not None:
            return unseen
        data = self._logs(server).get(name)
        if data is None:
            return NotSeen("read", f"{server} has no {name}")
        return data[offset:]

    @override
    async def laid_at(self, zone: ZoneId, server: ServerId) -> str | NotSeen:
        unseen = await self._not_dead(zone, server)
        return unseen or ""  # its logs name every transaction

    @override
    async def ensure_resumed(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        return self._provisioner.resume(zone, server, epoch)

    async def _not_dead(self, zone: ZoneId, server: ServerId) -> NotSeen | None:
        state = await self._provisioner.state(zone)
        if isinstance(state, NotSeen):
            return state
        if not self._provisioner.keeps(zone, server):
            return NotSeen("read", f"there is no server {server} in zone {zone}")
        return None if _is_dead(state) else NotSeen("read", "it may run")


def _is_dead(state: InstanceState) -> bool:
    return state.inhibited and not state.running and state.seeded
