"""Zones that exist only in memory: for rehearsals and as a verified fake.

What dying and being seeded mean for the data is the world's business; it is
told through two hooks.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from typing_extensions import override

from controller.model.copying import CopyPhase, CopyProgress
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from deploy.ports import InstanceState, Provisioner

NO_EPOCH = Epoch(0)


def _nothing(*_: ServerId) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryHooks:
    """What the world does when processes change.

    stopped(server): the process dies now, without a last word.
    laid(server, donor): its data becomes a copy of the donor's as of now (empty,
        to be cloned, where the engine clones over the network).
    started(server): it boots read-only, not replicating.
    """

    stopped: Callable[[ServerId], None] = _nothing
    laid: Callable[[ServerId, ServerId], None] = _nothing
    started: Callable[[ServerId], None] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Instance:
    server: ServerId
    running: bool
    seeded: bool
    inhibited: bool = False
    epoch: Epoch = NO_EPOCH
    seeded_from: tuple[Epoch, ServerId] | None = None


class MemoryProvisioner(Provisioner):
    """One database slot a zone, as plain values."""

    def __init__(
        self,
        servers: Mapping[ZoneId, ServerId],
        *,
        running: Collection[ZoneId],
        hooks: MemoryHooks | None = None,
        seeding_s: float = 1.0,
        size_bytes: int = 1_000_000,
    ) -> None:
        """Make the slots; zones in *running* have a complete, living database.

        Args:
            servers: the server of every zone.
            running: zones whose database lives already.
            hooks: told of every change of a process.
            seeding_s: how long a copy takes, on the running loop's clock.
            size_bytes: what a copy's evidence says.
        """
        self._hooks = hooks or MemoryHooks()
        self._seeding_s = seeding_s
        self._size_bytes = size_bytes
        self._copies: dict[ZoneId, tuple[ServerId, float]] = {}
        self._instances = {
            zone: _Instance(
                server=server, running=zone in running, seeded=zone in running
            )
            for zone, server in servers.items()
        }

    def died(self, zone: ZoneId) -> None:
        """The database ended by itself or with its zone (a fault, not an order)."""
        self._change(zone, running=False)

    def booted(self, zone: ZoneId) -> bool:
        """The zone starts what it may; tell whether its database is among that."""
        instance = self._instances[zone]
        if instance.running:
            return True
        if instance.inhibited or not instance.seeded:
            return False
        self._change(zone, running=True)
        self._hooks.started(instance.server)
        return True

    def end(self, zone: ZoneId, epoch: Epoch | None) -> Outcome:
        """Do what the zone's own agent does; None: under the recorded epoch."""
        known = self._instances[zone].epoch
        newest = known if epoch is None else epoch
        if newest < known:
            return Refused(f"epoch {newest} is older than the recorded {known}")
        return self._stop(zone, newest)

    def release(self, zone: ZoneId) -> None:
        """Lift the inhibition; the zone starts what it may."""
        self._change(zone, inhibited=False)
        self.booted(zone)

    @override
    async def state(self, zone: ZoneId) -> InstanceState | NotSeen:
        found = self._instances.get(zone)
        if found is None:
            return NotSeen("read", f"unknown zone {zone}")
        return InstanceState(
            zone=zone,
            exists=found.seeded or found.running,
            running=found.running,
            inhibited=found.inhibited,
            seeded=found.seeded,
        )

    @override
    async def ensure_stopped(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        refused = self._refusal(zone, server, epoch)
        return refused or self._stop(zone, epoch)

    def _stop(self, zone: ZoneId, epoch: Epoch) -> Done:
        instance = self._instances[zone]
        self._change(zone, running=False, inhibited=True, epoch=epoch)
        if instance.running:
            self._hooks.stopped(instance.server)
        pid = "1" if instance.running else "none"
        return Done({"pid": pid, "inhibited": "true", "epoch": str(epoch)})

    @override
    async def ensure_instance(
        self, zone: ZoneId, server: ServerId, epoch: Epoch, *, donor: ServerId
    ) -> Outcome:
        refused = self._refusal(zone, server, epoch)
        if refused is not None:
            return refused
        given = next((z for z, i in self._instances.items() if i.server == donor), None)
        if given in {None, zone}:
            return Refused(f"{donor} cannot be a donor for zone {zone}")
        evidence = {"bytes": str(self._size_bytes), "seconds": f"{self._seeding_s:.2f}"}
        instance = self._instances[zone]
        if instance.running and instance.seeded_from == (epoch, donor):
            return Done(evidence)
        self._stop(zone, epoch)
        await self._copied(zone, donor)
        overtaken = self._refusal(zone, server, epoch)
        if overtaken is not None:
            return overtaken
        if given is None or not self._instances[given].running:
            return Refused(f"{donor} does not run: nothing to copy from")
        self._hooks.laid(server, donor)
        self._change(
            zone, running=True, seeded=True, inhibited=False, seeded_from=(epoch, donor)
        )
        self._hooks.started(server)
        return Done(evidence)

    def keeps(self, zone: ZoneId, server: ServerId) -> bool:
        """Tell whether *server* is the database of *zone*."""
        instance = self._instances.get(zone)
        return instance is not None and instance.server == server

    def resume(self, zone: ZoneId, server: ServerId, epoch: Epoch) -> Outcome:
        """Start the database again on the data it has; see `Remains`."""
        refused = self._refusal(zone, server, epoch)
        if refused is not None:
            return refused
        instance = self._instances[zone]
        if not instance.seeded:
            return Refused("it has no data to go on with")
        self._change(zone, running=True, inhibited=False, epoch=epoch)
        if not instance.running:
            self._hooks.started(server)
        return Done({"epoch": str(epoch)})

    async def _copied(self, zone: ZoneId, donor: ServerId) -> None:
        """Take the time a copy takes, visibly."""
        mine = (donor, asyncio.get_running_loop().time())
        self._copies[zone] = mine
        try:
            await asyncio.sleep(self._seeding_s)
        finally:
            if self._copies.get(zone) == mine:
                del self._copies[zone]

    @override
    async def copying(self, zone: ZoneId) -> CopyProgress | NotSeen | None:
        if zone not in self._copies:
            return None
        donor, began_s = self._copies[zone]
        took_s = asyncio.get_running_loop().time() - began_s
        share = min(took_s / self._seeding_s, 1.0) if self._seeding_s else 1.0
        return CopyProgress(
            donor=donor,
            method="memory",
            phase=CopyPhase.COPYING,
            copied_bytes=round(share * self._size_bytes),
            total_bytes=self._size_bytes,
        )

    def _refusal(self, zone: ZoneId, server: ServerId, epoch: Epoch) -> Refused | None:
        instance = self._instances.get(zone)
        if instance is None or instance.server != server:
            return Refused(f"there is no server {server} in zone {zone}")
        if epoch < instance.epoch:
            return Refused(f"epoch {epoch} is older than the recorded {instance.epoch}")
        return None

    def _change(self, zone: ZoneId, **changes: object) -> None:
        self._instances[zone] = replace(self._instances[zone], **changes)  # type: ignore[arg-type]
