"""Readers beside a run, and a run's evidence as a history to be judged."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pymysql
import pymysql.err

from controller.cli.demo_run import Evidence, Role
from controller.incident.record import Record, RecordKind
from controller.model.ids import ZoneId
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import ZONES, LabSpec
from deploy.lab.traffic import Fate as ClientFate
from tests.history.checker import (
    Fate,
    Judgement,
    Read,
    Write,
    judge,
    unprotected_spans,
)

_EVERY_S = 0.1
_ANSWER_S = 1
_LOST = (OSError, EOFError, pymysql.err.MySQLError)
_FATES = {
    ClientFate.ACKED: Fate.OK,
    ClientFate.FAILED: Fate.FAIL,
    ClientFate.UNKNOWN: Fate.INFO,
}
_UNPROTECTS = {"open", "degrade", "withdraw"}
_PROTECTS = {"protect", "canary"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one zone's database showed one reader."""

    zone: ZoneId
    ids: frozenset[str]
    invoked_s: float
    returned_s: float


@dataclass(slots=True)
class Readers:
    """One reader a zone, straight at its database; grows while they read."""

    spec: LabSpec
    name: str
    looks: list[Look] = field(default_factory=list)

    def read_until(self, stopped: Event, zone: ZoneId) -> None:
        """Read all ids of this run, again and again; what fails is no look."""
        line: Any = None
        while not stopped.wait(_EVERY_S):
            began_s = time.monotonic()
            try:
                line = line or self._connect(zone)
                ids = self._ids(line)
            except _LOST:
                if line is not None:
                    _close(line)
                line = None
                continue
            look = Look(
                zone=zone, ids=ids, invoked_s=began_s, returned_s=time.monotonic()
            )
            self.looks.append(look)
        if line is not None:
            _close(line)

    def _ids(self, line: Any) -> frozenset[str]:
        with line.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM cms.writes WHERE id LIKE %s", (f"{self.name}-%",)
            )
            return frozenset(str(row[0]) for row in cursor.fetchall())

    def _connect(self, zone: ZoneId) -> Any:
        account = read_accounts(self.spec.directory / "secrets").application
        where = self.spec.instance(zone)
        return pymysql.connect(
            host=where.host,
            port=where.port,
            user=account.user,
            password=account.password,
            connect_timeout=_ANSWER_S,
            read_timeout=_ANSWER_S,
            autocommit=True,
        )


def _close(line: Any) -> None:
    with suppress(pymysql.err.Error):  # closed already
        line.close()


@asynccontextmanager
async def reading(spec: LabSpec, name: str) -> AsyncIterator[Readers]:
    """Read every zone's database while inside; *name* is the run's prefix."""
    readers, stopped = Readers(spec, name), Event()
    tasks = [asyncio.to_thread(readers.read_until, stopped, zone) for zone in ZONES]
    reading_all = asyncio.gather(*tasks)
    try:
        yield readers
    finally:
        stopped.set()
        await reading_all


def judge_run(
    evidence: Evidence, looks: Sequence[Look], *, began_protected: bool
) -> Judgement:
    """Judge one run of the demo by its whole history.

    Args:
        evidence: what `run_once` returned.
        looks: what readers saw meanwhile.
        began_protected: whether durability was `protected` when it began.
    """
    name = f"{evidence.settings.name}-"
    final = [i for i in evidence.findings.present if i.startswith(name)]
    changes = [(evidence.began_s, began_protected), *_changes(evidence.records)]
    spans = unprotected_spans(changes, evidence.began_s, evidence.ended_s)
    return judge(_writes(evidence), _reads(evidence, looks), final, spans)


def _changes(records: Sequence[Record]) -> list[tuple[float, bool]]:
    """Return when protection ended (its intent) and was earned (its outcome)."""
    found = []
    for record in records:
        step = record.body.get("step")
        if record.kind is RecordKind.INTENT and step in _UNPROTECTS:
            found.append((record.at_mono_s, False))
        elif record.kind is RecordKind.OUTCOME and step in _PROTECTS:
            told = record.body.get("evidence")
            if isinstance(told, dict) and told.get("acker_boot_id"):
                found.append((record.at_mono_s, True))
    return found


def _writes(evidence: Evidence) -> list[Write]:
    found = [
        Write(
            client=w.edge,
            id=w.id,
            fate=_FATES[w.fate],
            invoked_s=w.sent_s,
            returned_s=w.done_s,
        )
        for w in evidence.traffic.writes
    ]
    found += [
        Write(
            client=f"in-{evidence.zone_lost}",
            id=w.id,
            fate=_FATES[w.fate],
            invoked_s=w.sent_s,
            returned_s=w.at_s,
        )
        for w in evidence.local
    ]
    return found


def _reads(evidence: Evidence, looks: Sequence[Look]) -> list[Read]:
    return [
        Read(
            client=f"reader-{look.zone}",
            ids=look.ids,
            invoked_s=look.invoked_s,
            returned_s=look.returned_s,
            isolated=evidence.role is Role.PRIMARY
            and look.zone == evidence.zone_lost
            and look.returned_s >= evidence.fault_s,
        )
        for look in looks
    ]
