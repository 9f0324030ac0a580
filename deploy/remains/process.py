"""Remains in the local lab: files, read from outside, of a process seen dead.

Each question takes the lock the database would hold, so that what is read is read
while nothing of it runs; the order file, too, must still forbid a start.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from typing_extensions import override

from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from deploy.adapters.process import GREETING_S, greets
from deploy.lab.control import NoAnswerError, ask
from deploy.lab.durable import try_lock
from deploy.lab.poll import poll
from deploy.lab.slot import Order, Slot, StaleOrderError, UnreadableOrderError
from deploy.lab.spec import ZONES, LabSpec, load_spec
from deploy.ports import LogFile, Remains

CHUNK_BYTES = 256 << 10
"""Read in one go: some milliseconds to look through, between probes."""
_INDEX = "binlog.index"

T = TypeVar("T")


class ProcessRemains(Remains):
    """Dead databases of the local lab."""

    def __init__(self, spec: LabSpec) -> None:
        self._spec = spec

    @classmethod
    def open(cls, directory: Path) -> "ProcessRemains":
        """Return the remains of the lab in *directory*; `LabError`: there is none."""
        return cls(load_spec(directory))

    @override
    async def logs(
        self, zone: ZoneId, server: ServerId
    ) -> tuple[LogFile, ...] | NotSeen:
        return await self._of_the_dead(zone, server, _logs)

    @override
    async def read(
        self, zone: ZoneId, server: ServerId, name: str, *, offset: int
    ) -> bytes | NotSeen:
        def take(data: Path) -> bytes:
            if name not in _names(data):
                raise FileNotFoundError(f"{name} is not in {_INDEX}")
            with (data / name).open("rb") as file:
                file.seek(offset)
                return file.read(CHUNK_BYTES)

        return await self._of_the_dead(zone, server, take)

    @override
    async def laid_at(self, zone: ZoneId, server: ServerId) -> str | NotSeen:
        def recorded(_: Path) -> str:
            noted = Slot(self._spec.zone_dir(zone)).seed() or {}
            return str(noted.get("position") or "")

        return await self._of_the_dead(zone, server, recorded)

    @override
    async def ensure_resumed(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        if not self._known(zone, server):
            return Refused(f"there is no server {server} in zone {zone}")
        return await asyncio.to_thread(self._resume, zone, epoch)

    async def _of_the_dead(
        self, zone: ZoneId, server: ServerId, look: Callable[[Path], T]
    ) -> T | NotSeen:
        if not self._known(zone, server):
            return NotSeen("read", f"there is no server {server} in zone {zone}")
        return await asyncio.to_thread(self._look, zone, look)

    def _look(self, zone: ZoneId, look: Callable[[Path], T]) -> T | NotSeen:
        slot = Slot(self._spec.zone_dir(zone))
        try:
            proof = try_lock(slot.lock_file)
        except OSError as error:
            return NotSeen("read", str(error))
        if proof is None:
            return NotSeen("read", "its process runs")
        try:
            if not slot.order().inhibited:
                return NotSeen("read", "nothing keeps it from being started")
            return look(slot.data)
        except OSError as error:
            return NotSeen("read", str(error))
        finally:
            os.close(proof)

    def _resume(self, zone: ZoneId, epoch: Epoch) -> Outcome:
        slot = Slot(self._spec.zone_dir(zone))
        if not slot.is_seeded():
            return Refused("it has no data to go on with")
        try:
            slot.record(Order(epoch=epoch, inhibited=False, why="it rejoins"))
        except (StaleOrderError, UnreadableOrderError, TimeoutError) as error:
            return Refused(str(error))
        except OSError as error:
            return Unknown(f"the permission to start may not be durable: {error}")
        return self._start(slot, zone, epoch)

    def _start(self, slot: Slot, zone: ZoneId, epoch: Epoch) -> Outcome:
        try:
            answer = ask(slot.zone_dir, "start-database")
        except NoAnswerError as error:
            return Unknown(f"the supervisor was asked to start it: {error}")
        if answer.get("ok") is not True:
            return Refused(f"not started: {answer.get('why')}")
        instance = self._spec.instance(zone)
        if not poll(lambda: greets(instance.host, instance.port), GREETING_S):
            return Unknown(f"{instance.server} was started and does not greet")
        return Done({"epoch": str(epoch)})

    def _known(self, zone: ZoneId, server: ServerId) -> bool:
        return zone in ZONES and self._spec.server(zone) == server


def _names(data: Path) -> list[str]:
    """Return the log files in the order the server itself keeps them in."""
    text = (data / _INDEX).read_text(encoding="utf-8")
    return [Path(line).name for line in text.splitlines() if line.strip()]


def _logs(data: Path) -> tuple[LogFile, ...]:
    return tuple(
        LogFile(name=name, size_bytes=(data / name).stat().st_size)
        for name in _names(data)
    )
