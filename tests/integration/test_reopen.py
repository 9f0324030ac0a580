"""The primary's database process dies and its supervisor starts it again.

Nobody calls it down meanwhile (the detector is given more patience than a start
takes): it comes up read-only and without semi-sync, and the daemon opens it again.
"""

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pymysql
import pytest
import yaml
from typing_extensions import override

from controller.cli.demo_daemon import DaemonClient, running_daemon
from controller.incident.record import Record, RecordKind
from controller.model.ids import ZoneId
from deploy.lab.engines import ENGINES
from deploy.lab.launcher import Lab
from deploy.lab.secret_files import read_accounts
from deploy.lab.slot import Slot
from deploy.lab.spec import ZONES
from tests.labs import running_lab, until

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(240)]
A, B, _ = ZONES
WRITES_AGAIN_S = 15.0
"""Loose: a start of the server, one more until its boot id counts, and the rows."""


class Writer(threading.Thread):
    """An application that writes row after row to the primary, and remembers."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(daemon=True)
        self._lab = lab
        self.ending = threading.Event()
        self.acknowledged: dict[str, float] = {}

    @override
    def run(self) -> None:
        number = 0
        while not self.ending.is_set():
            try:
                with closing(connected(self._lab, A, timeout_s=5)) as line:
                    while not self.ending.is_set():
                        number += 1
                        self._write(line, f"w{number}")
            except pymysql.MySQLError:
                self.ending.wait(0.01)

    def _write(self, line: Any, row: str) -> None:
        with line.cursor() as cursor:
            cursor.execute("INSERT INTO cms.writes (id, zone) VALUES (%s, 'a')", (row,))
        self.acknowledged[row] = time.monotonic()
        self.ending.wait(0.005)


def connected(lab: Lab, zone: ZoneId, *, timeout_s: int) -> Any:
    accounts = read_accounts(lab.spec.directory / "secrets")
    instance = lab.spec.instance(zone)
    return pymysql.connect(
        host=instance.host,
        port=instance.port,
        user=accounts.application.user,
        password=accounts.application.password,
        autocommit=True,
        read_timeout=timeout_s,
        connect_timeout=timeout_s,
    )


def rows(lab: Lab, zone: ZoneId) -> set[str]:
    with closing(connected(lab, zone, timeout_s=10)) as line, line.cursor() as cursor:
        cursor.execute("SELECT id FROM cms.writes")
        return {str(row[0]) for row in cursor.fetchall()}


@pytest.fixture
def lab(engine: str) -> Iterator[Lab]:
    """A lab whose daemon waits longer for a silent server than a start takes."""
    with running_lab(engine=engine) as lab:
        site = lab.spec.directory / "site.yaml"
        tree = yaml.safe_load(site.read_text())
        tree["probe"]["rounds_down"] = 50
        tree["rto_target_s"] = 120
        site.write_text(yaml.safe_dump(tree))
        yield lab


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_primary_that_restarts_takes_writes_again(lab: Lab, engine: str) -> None:
    """By itself, in place; every acknowledged write is there, in two zones."""
    writer = Writer(lab)
    killed_s, records = asyncio.run(restart_under(lab, writer))
    writer.join(20)
    ended = [r.body for r in records if r.kind is RecordKind.ENDED]
    assert (ended[-1]["kind"], ended[-1]["end"]) == ("reopen", "completed")
    assert "failover" not in {e["kind"] for e in ended}
    before = [at for at in writer.acknowledged.values() if at <= killed_s]
    after = [at for at in writer.acknowledged.values() if at > killed_s]
    assert min(len(before), len(after)) > 20
    gap_s = min(after) - max(before)
    steps = "; ".join(steps_told(records))
    print(f"{engine}: write gap {gap_s:.2f} s: {steps}")  # noqa: T201  with -s
    assert gap_s < WRITES_AGAIN_S
    assert set(writer.acknowledged) <= rows(lab, A), "an acknowledged write is gone"
    until(lambda: set(writer.acknowledged) <= rows(lab, B), "the replica has them too")


async def restart_under(lab: Lab, writer: Writer) -> tuple[float, list[Record]]:
    """Kill the primary's database under a writer; return when, and the journal."""
    async with running_daemon(lab.spec.directory, None) as daemon:
        await seen(daemon.client, lambda s: s["durability"]["protected"])
        await seen(daemon.client, lambda s: s["run"] is None)
        writer.start()
        await asyncio.sleep(1.0)
        killed_s = kill_database(lab)
        await seen(daemon.client, lambda s: s["run"] is not None, 30.0)
        await seen(daemon.client, lambda s: s["run"] is None, 30.0)
        await asyncio.sleep(1.0)
        status = await daemon.client.status()
        records = list(await daemon.client.records(0))
    writer.ending.set()
    assert status is not None
    assert (status["primary"], status["trouble"]) == ("db-a", "")
    assert status["durability"]["protected"]
    return killed_s, records


def kill_database(lab: Lab) -> float:
    """SIGKILL the primary's database process alone; return when, monotonic."""
    process = Slot(lab.spec.zone_dir(A)).process()
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    return time.monotonic()


async def seen(
    client: DaemonClient, holds: Callable[[Any], bool], bound_s: float = 20.0
) -> None:
    deadline = time.monotonic() + bound_s
    while True:
        status = await client.status()
        if status is not None and holds(status):
            return
        assert time.monotonic() < deadline, json.dumps(status)[:2000]
        await asyncio.sleep(0.02)


def steps_told(records: list[Record]) -> list[str]:
    """Return the outcomes of the last run, with seconds since it began."""
    begun = [r for r in records if r.kind is RecordKind.STARTED][-1]
    return [
        f"{r.at_wall_s - begun.at_wall_s:.2f} {r.body['step']} {r.body['outcome']}"
        for r in records
        if r.kind is RecordKind.OUTCOME and r.incident == begun.incident
    ]
