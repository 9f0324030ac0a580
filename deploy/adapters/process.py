"""The local lab's hypervisor: works on zones that are dead, frozen or cut off.

It needs nobody's help inside the zone to stop a database: the order file, a
SIGKILL and the lock the database held are all outside. Only starting one goes
through the zone's supervisor.
"""

import asyncio
import socket
import threading
import time
from pathlib import Path

from typing_extensions import override

from controller.model.copying import CopyProgress
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from deploy.lab.control import NoAnswerError, ask
from deploy.lab.engine import LabError, Progress
from deploy.lab.engines import load_engine
from deploy.lab.poll import poll
from deploy.lab.pump import Meter
from deploy.lab.seeding import CancelledSeedingError, Copy, Seed, Seeding
from deploy.lab.slot import Order, Slot
from deploy.lab.spec import ZONES, LabSpec, load_spec
from deploy.lab.stopping import NOT_RECORDED, stop_slot
from deploy.ports import CopyMethod, InstanceState, Provisioner

GREETING_S = 20.0
_GREETING_BYTES = 5
_HANDSHAKE_VERSION = 10


class ProcessProvisioner(Provisioner):
    """Databases as processes of the local lab."""

    def __init__(
        self,
        spec: LabSpec,
        *,
        progress: Progress = lambda _line: None,
        rate_b_s: float = 0.0,
        method: CopyMethod = "auto",
    ) -> None:
        """Work on the lab of *spec*.

        Args:
            spec: the lab.
            progress: hears what is being done.
            rate_b_s: a copy of files moves so many bytes a second; 0: no limit.
            method: `logical` lays an empty server, for replication to fill; so
                does `auto` where the tool that copies files is missing.
        """
        self._method = method
        self._spec = spec
        self._progress = progress
        self._rate_b_s = rate_b_s
        self._copies: dict[ZoneId, Copy] = {}

    @classmethod
    def open(
        cls, directory: Path, *, rate_b_s: float = 0.0, method: CopyMethod = "auto"
    ) -> "ProcessProvisioner":
        """Return the provisioner of the lab in *directory*.

        Raises:
            LabError: there is no lab.
        """
        return cls(load_spec(directory), rate_b_s=rate_b_s, method=method)

    @override
    async def state(self, zone: ZoneId) -> InstanceState | NotSeen:
        if zone not in ZONES:
            return NotSeen("read", f"unknown zone {zone}")
        try:
            return await asyncio.to_thread(self._state, zone)
        except OSError as error:
            return NotSeen("read", str(error))

    def _state(self, zone: ZoneId) -> InstanceState:
        slot = self._slot(zone)
        order = slot.order()
        seeded = slot.is_seeded()
        running = slot.is_running()
        return InstanceState(
            zone=zone,
            exists=seeded or running,
            running=running,
            inhibited=order.inhibited,
            seeded=seeded,
        )

    @override
    async def ensure_stopped(
        self, zone: ZoneId, server: ServerId, epoch: Epoch
    ) -> Outcome:
        """Inhibit durably, SIGKILL, prove by the lock; within about a second."""
        wrong = self._wrong(zone, server)
        if wrong is not None:
            return wrong
        return await asyncio.to_thread(self._stop, zone, epoch, "fenced")

    def _stop(self, zone: ZoneId, epoch: Epoch, why: str) -> Outcome:
        return stop_slot(self._slot(zone), epoch, why)

    @override
    async def ensure_instance(
        self, zone: ZoneId, server: ServerId, epoch: Epoch, *, donor: ServerId
    ) -> Outcome:
        """Lay a copy of *donor* and start it; MariaDB's evidence has `position`."""
        wrong = self._wrong(zone, server)
        if wrong is not None:
            return wrong
        if self._spec.zone_of(donor) in {None, zone}:
            return Refused(f"{donor} cannot be a donor for zone {zone}")
        cancelled = threading.Event()
        work = asyncio.get_running_loop().run_in_executor(
            None, self._instance, zone, epoch, donor, cancelled
        )
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # The thread ends by itself soon; the lay lock keeps the next try out.
            cancelled.set()
            raise

    def _instance(
        self, zone: ZoneId, epoch: Epoch, donor: ServerId, cancelled: threading.Event
    ) -> Outcome:
        slot = self._slot(zone)
        began = time.monotonic()
        known = self._already(slot, epoch, donor)
        if known is not None:
            return self._greeted(zone, known, began)
        try:
            ask(slot.zone_dir, "status", timeout_s=1.0)
        except NoAnswerError as error:
            return Refused(f"zone {zone}: its supervisor does not answer: {error}")
        stopped = self._stop(zone, epoch, "data is being laid")
        if not isinstance(stopped, Done):
            return stopped
        seed = self._seed(zone, donor, cancelled)
        if isinstance(seed, Refused | Unknown):
            return seed
        return self._start(slot, epoch, donor, seed, began)

    def _already(self, slot: Slot, epoch: Epoch, donor: ServerId) -> Seed | None:
        """Return the seed when this very order was carried out before."""
        order, noted = slot.order(), slot.seed()
        if order.epoch != epoch or order.inhibited or noted is None:
            return None
        if noted.get("epoch") != int(epoch) or noted.get("donor") != donor:
            return None
        if not slot.is_running():
            return None
        position = noted.get("position")
        return Seed(
            size_bytes=int(str(noted.get("bytes", 0))),
            position=None if position is None else str(position),
        )

    def _seed(
        self, zone: ZoneId, donor: ServerId, cancelled: threading.Event
    ) -> Seed | Refused | Unknown:
        from_zone = self._spec.zone_of(donor)
        assert from_zone is not None
        engine = load_engine(self._spec.engine, self._spec.cache)
        copy = Copy(
            donor=donor, method="mariadb-backup", meter=Meter(rate_b_s=self._rate_b_s)
        )
        files = self._method == "physical" or engine.can_copy_files()
        files = files and not engine.has_clone and self._method != "logical"
        if files:
            self._copies[zone] = copy
        try:
            return Seeding(
                spec=self._spec,
                engine=engine,
                copy=copy,
                files=files,
                donor=self._spec.instance(from_zone),
                target=self._spec.instance(zone),
                progress=self._progress,
                cancelled=cancelled,
            ).lay()
        except (LabError, TimeoutError) as error:
            return Refused(f"no copy in zone {zone}: {error}")
        except CancelledSeedingError:
            return Refused("cancelled; no copy was published")
        except OSError as error:
            return Refused(f"no copy in zone {zone}, it stays inhibited: {error}")
        finally:
            if self._copies.get(zone) is copy:
                del self._copies[zone]

    @override
    async def copying(self, zone: ZoneId) -> CopyProgress | None:
        """Tell what this process copies; a copy ends with the one who began it."""
        copy = self._copies.get(zone)
        return None if copy is None else copy.progress()

    def _start(
        self, slot: Slot, epoch: Epoch, donor: ServerId, seed: Seed, began: float
    ) -> Outcome:
        body = {
            "epoch": int(epoch),
            "donor": str(donor),
            "position": seed.position,
            "bytes": seed.size_bytes,
        }
        try:
            slot.note_seed(body)
            why = f"seeded from {donor}"
            slot.record(Order(epoch=epoch, inhibited=False, why=why))
        except NOT_RECORDED as error:
            return Refused(str(error))
        except OSError as error:
            return Unknown(f"the permission to start may not be durable: {error}")
        try:
            answer = ask(slot.zone_dir, "start-database")
        except NoAnswerError as error:
            return Unknown(f"the supervisor was asked to start it: {error}")
        if answer.get("ok") is not True:
            return Refused(f"not started: {answer.get('why')}")
        return self._greeted(ZoneId(slot.zone_dir.name), seed, began)

    def _greeted(self, zone: ZoneId, seed: Seed, began: float) -> Outcome:
        instance = self._spec.instance(zone)
        if not poll(lambda: greets(instance.host, instance.port), GREETING_S):
            return Unknown(f"{instance.server} was started and does not greet")
        evidence = {
            "bytes": str(seed.size_bytes),
            "seconds": f"{time.monotonic() - began:.2f}",
        }
        if seed.position is not None:
            evidence["position"] = seed.position
        return Done(evidence)

    def _slot(self, zone: ZoneId) -> Slot:
        return Slot(self._spec.zone_dir(zone))

    def _wrong(self, zone: ZoneId, server: ServerId) -> Refused | None:
        if zone in ZONES and self._spec.server(zone) == server:
            return None
        return Refused(f"there is no server {server} in zone {zone}")


def greets(host: str, port: int, *, timeout_s: float = 1.0) -> bool:
    """Tell whether a database says hello; a bare connection may be a frozen one's."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as line:
            line.settimeout(timeout_s)
            hello = b""
            while len(hello) < _GREETING_BYTES:
                more = line.recv(_GREETING_BYTES - len(hello))
                if not more:
                    return False
                hello += more
    except OSError:
        return False
    return hello[4] == _HANDSHAKE_VERSION
