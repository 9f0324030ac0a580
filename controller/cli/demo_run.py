"""One run: traffic, a fault, the daemon's work, and the truth afterwards."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from controller.cli.demo_check import Databases, Findings
from controller.cli.demo_daemon import Crash, DaemonProcess
from controller.cli.demo_stores import Stores, count_cache, documents, edit_pages
from controller.incident.record import Record, RecordKind
from controller.model.ids import ServerId, ZoneId
from deploy.lab.engine import LabError
from deploy.lab.inzone import LocalWrite, in_zone
from deploy.lab.launcher import Lab
from deploy.lab.spec import EDGES, SLOTS, ZONES
from deploy.lab.traffic import Fate, Rates, Traffic

POLL_S = 0.05
_READY_S = 20.0
_RETIRED_S = 12.0
_CALM_S = 2.0


class Fault(StrEnum):
    """What happens to the zone."""

    KILL = "kill"  # SIGKILL of every process
    FREEZE = "freeze"  # SIGSTOP of every process, thawed at the end
    CUT = "cut"  # a black hole around the zone, mended at the end
    ACK_CUT = "ack-cut"  # only what it sends to the primary's zone is lost


class Role(StrEnum):
    """What a zone is for, at the moment."""

    PRIMARY = "primary"
    REPLICA = "replica"
    SPARE = "spare"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """One run. *lose*: a zone's name or its role. Times in seconds.

    name: a prefix of the clients' ids, unique among all runs on one database.
    """

    lose: str = "a"
    fault: Fault = Fault.KILL
    rates: Rates = field(default_factory=Rates)
    warm_up_s: float = 3.0
    protect_within_s: float = 30.0
    name: str = field(default_factory=lambda: f"w{time.monotonic_ns():x}")


class Viewer:
    """Hears what goes on; this one says nothing."""

    def phase(self, text: str) -> None:
        """Say what is being done now."""

    def fault(self, at_s: float) -> None:
        """Note when the fault was injected, monotonic seconds."""

    def record(self, record: Record) -> None:
        """See one new journal record."""


@dataclass(slots=True)
class Stage:
    """Where runs take place."""

    lab: Lab
    daemon: DaemonProcess
    viewer: Viewer
    seen_seq: int = 0

    async def new_records(self) -> Sequence[Record]:
        """Return, and show, what the journal got since the last look."""
        found = await self.daemon.client.records(self.seen_seq)
        for record in found:
            self.seen_seq = max(self.seen_seq, record.seq)
            self.viewer.record(record)
        return found

    async def until(
        self,
        holds: Callable[[Mapping[str, Any]], bool],
        bound_s: float,
        keep: list[Record],
    ) -> Mapping[str, Any] | None:
        """Watch until *holds* of the status; None when it did not in time.

        Every record seen meanwhile is added to *keep*. A halted or vanished
        daemon is not waited for.
        """
        end = time.monotonic() + bound_s
        while True:
            status = await self.daemon.client.status()
            keep.extend(await self.new_records())
            if status is not None and holds(status):
                return status
            halted = status is not None and bool(status["halted"])
            if halted or self.daemon.is_gone or time.monotonic() > end:
                return None
            await asyncio.sleep(POLL_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything one run has shown; `demo_report` makes figures of it.

    Times are monotonic seconds. *calm*: the daemon came to rest, protected,
    within the bound. *local*: writes of clients inside the lost zone.
    records: from before the fault to the end of the run.
    crash_at: where the daemon was to be killed; *crashes*: where it died.
    """

    settings: RunSettings
    engine: str
    zone_lost: ZoneId
    role: Role
    began_s: float
    fault_s: float
    ended_s: float
    traffic: Traffic
    local: Sequence[LocalWrite]
    records: Sequence[Record]
    journal_records: int
    status: Mapping[str, Any] | None
    calm: bool
    findings: Findings
    stores: Stores
    documents_left: frozenset[str] | None
    zone_primary: ZoneId | None
    zone_replica: ZoneId | None
    epoch: int
    crash_at: str | None
    crashes: Sequence[Crash]


def is_at_rest(status: Mapping[str, Any]) -> bool:
    """Tell whether nothing runs and every write is in two zones."""
    return status["run"] is None and bool(status["durability"]["protected"])


def roles(lab: Lab, status: Mapping[str, Any]) -> Mapping[ZoneId, Role]:
    """Return what each zone is for, by the daemon's own word."""
    primary = status["primary_zone"]
    ackers = {lab.spec.zone_of(ServerId(s)) for s in status["ackers"]}
    found = dict.fromkeys(ZONES, Role.SPARE)
    for zone in ZONES:
        if zone == primary:
            found[zone] = Role.PRIMARY
        elif zone in ackers:
            found[zone] = Role.REPLICA
    return found


def zone_to_lose(lose: str, known: Mapping[ZoneId, Role]) -> ZoneId:
    """Return the zone meant by its name or its role.

    Raises:
        LabError: no zone has that role at the moment.
    """
    for zone, role in known.items():
        if lose in {zone, role.value}:
            return zone
    raise LabError(f"no zone is {lose!r} at the moment: {dict(known)}")


async def run_once(stage: Stage, settings: RunSettings) -> Evidence:
    """Lose one zone under traffic and return what happened.

    Raises:
        LabError: the site was not ready, or the fault could not be injected.
    """
    records: list[Record] = []
    stage.viewer.phase("waiting until every write is in two zones")
    ready = await stage.until(is_at_rest, _READY_S, records)
    if ready is not None and stage.daemon.crash_at is not None:
        await stage.daemon.arm()
        ready = await stage.until(is_at_rest, _READY_S, records)
    if ready is None:
        raise LabError(
            f"not protected within {_READY_S:g} s: the daemon says "
            f"{await _sentence(stage)}"
        )
    known = roles(stage.lab, ready)
    zone = zone_to_lose(settings.lose, known)
    primary = zone_to_lose(Role.PRIMARY.value, known)
    if settings.fault is Fault.ACK_CUT and zone == primary:
        raise LabError("ack-cut is for a replica's zone: the primary's sends no acks")
    return await _Run(stage, settings, zone, known[zone], primary, records).play()


async def _sentence(stage: Stage) -> str:
    status = await stage.daemon.client.status()
    if status is None:
        return f"nothing; its last words:\n{stage.daemon.last_words()}"
    return str(status["sentence"])


@dataclass(slots=True)
class _Run:
    stage: Stage
    settings: RunSettings
    zone: ZoneId
    role: Role
    primary: ZoneId
    records: list[Record]
    fault_s: float = 0.0
    stores: Stores = field(
        default_factory=lambda: Stores(sessions=None, cached_pages=None, documents=None)
    )

    async def play(self) -> Evidence:
        """Run all phases."""
        spec, viewer = self.stage.lab.spec, self.stage.viewer
        name = self.settings.name
        traffic = Traffic(
            edges={e: spec.edge_url(e) for e in EDGES},
            sites=[s for group in SLOTS.values() for s in group],
            name=name,
            rates=self.settings.rates,
        )
        viewer.phase(
            f"readers and writers on both edges, {self.settings.warm_up_s:g} s"
        )
        async with traffic, self._local_clients(name) as local:
            await self._warm_up(traffic, local, name)
            await self._inject()
            calm = await self._watch()
            calm = await self._undo() and calm
            viewer.phase("stopping the clients, waiting for their last answers")
            await traffic.finish()
        viewer.phase("reading every acknowledged write back")
        return await self._evidence(traffic, local, calm=calm)

    @asynccontextmanager
    async def _local_clients(self, name: str) -> AsyncIterator[list[LocalWrite]]:
        """Clients inside the zone; killed, there would be nobody left in it."""
        if self.settings.fault is Fault.KILL:
            yield []
            return
        async with in_zone(self.stage.lab.spec, self.zone, name) as clients:
            yield clients.writes

    async def _warm_up(
        self, traffic: Traffic, local: Sequence[LocalWrite], name: str
    ) -> None:
        spec = self.stage.lab.spec
        await edit_pages(spec, f"{name}-page")
        left_s = traffic.began_s + self.settings.warm_up_s - time.monotonic()
        await asyncio.sleep(max(0.0, left_s))
        if not traffic.acked():
            whys = {w.why for w in traffic.writes}
            raise LabError(f"no write was acknowledged before the fault: {whys}")
        expected = self.role is Role.PRIMARY and self.settings.fault is not Fault.KILL
        if expected and not any(w.fate is Fate.ACKED for w in local):
            raise LabError(f"clients inside zone {self.zone} do not get through")
        sessions, pages = await asyncio.to_thread(count_cache, spec, self.zone)
        self.stores = Stores(
            sessions=sessions,
            cached_pages=pages,
            documents=await documents(spec, self.zone),
        )

    async def _inject(self) -> None:
        lab, zone = self.stage.lab, self.zone
        inject = {
            Fault.KILL: lab.kill,
            Fault.FREEZE: lab.freeze,
            Fault.CUT: lab.cut,
            Fault.ACK_CUT: self._cut_acks,
        }
        self.records.extend(await self.stage.new_records())
        self.fault_s = time.monotonic()
        self.stage.viewer.fault(self.fault_s)
        self.stage.viewer.phase(f"zone {zone} ({self.role}): {self.settings.fault}")
        await asyncio.to_thread(inject[self.settings.fault], zone)

    def _cut_acks(self, zone: ZoneId) -> None:
        """Let the zone receive from the primary and not answer it."""
        self.stage.lab.cut(zone, peers=[self.primary], one_way="out")

    def _since_fault(self, kind: RecordKind) -> list[Record]:
        return [
            r for r in self.records if r.kind is kind and r.at_mono_s >= self.fault_s
        ]

    async def _watch(self) -> bool:
        """Wait until the daemon has done its work; False: not in time."""

        def done(status: Mapping[str, Any]) -> bool:
            ended = self._since_fault(RecordKind.ENDED)
            return bool(ended) and is_at_rest(status)

        def noticed(status: Mapping[str, Any]) -> bool:
            services = status["zones"][self.zone]["services"].values()
            return "down" in services and is_at_rest(status)

        bound_s = self.settings.protect_within_s
        if self.role is not Role.SPARE:
            return await self.stage.until(done, bound_s, self.records) is not None
        if await self.stage.until(noticed, bound_s, self.records) is None:
            return False
        return await self._stays_calm(is_at_rest)

    async def _stays_calm(self, calm: Callable[[Mapping[str, Any]], bool]) -> bool:
        """Watch for a while that *calm* holds all the time."""
        broken = await self.stage.until(lambda s: not calm(s), _CALM_S, self.records)
        return broken is None

    async def _undo(self) -> bool:
        """Thaw or mend the zone; wait until what it brings back is dealt with."""
        lab = self.stage.lab
        undo = {
            Fault.FREEZE: lab.thaw,
            Fault.CUT: lab.mend,
            Fault.ACK_CUT: lab.mend,
        }.get(self.settings.fault)
        if undo is None:
            return True
        word = "thawed" if self.settings.fault is Fault.FREEZE else "mended"
        self.stage.viewer.phase(f"zone {self.zone} is {word}: is it harmless?")
        await asyncio.to_thread(undo, self.zone)

        def harmless(status: Mapping[str, Any]) -> bool:
            return is_at_rest(status) and not status["suspects"]

        if await self.stage.until(harmless, _RETIRED_S, self.records) is None:
            return False
        return await self._stays_calm(lambda s: not s["suspects"])

    async def _evidence(
        self, traffic: Traffic, local: Sequence[LocalWrite], *, calm: bool
    ) -> Evidence:
        stage, spec = self.stage, self.stage.lab.spec
        self.records.extend(await stage.new_records())
        status = await stage.daemon.client.status()
        databases = Databases(spec)
        findings = await asyncio.to_thread(databases.findings, self.zone)
        primary = findings.writable[0] if len(findings.writable) == 1 else None
        left = None if primary is None else await documents(spec, primary)
        return Evidence(
            settings=self.settings,
            engine=spec.engine,
            zone_lost=self.zone,
            role=self.role,
            began_s=traffic.began_s,
            fault_s=self.fault_s,
            ended_s=traffic.ended_s,
            traffic=traffic,
            local=tuple(local),
            records=tuple(self.records),
            journal_records=stage.seen_seq,
            status=status,
            calm=calm,
            findings=findings,
            stores=self.stores,
            documents_left=left,
            zone_primary=primary,
            zone_replica=findings.in_sync,
            epoch=0 if status is None else int(status["epoch"]),
            crash_at=stage.daemon.crash_at,
            crashes=tuple(stage.daemon.crashes),
        )
