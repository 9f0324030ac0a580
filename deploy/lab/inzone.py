"""Clients inside a zone that write straight to the zone's own database.

Nobody tells them of a failover: while their zone is cut off or frozen they go
on, and once it is back they are the first to reach the old primary. What it
acknowledges to them is the proof, or the end, of the fence.

Run as `python -m deploy.lab.inzone --lab DIR --zone ZONE`, in the zone's
network where it has one. Two JSON lines a write go to stdout, times in monotonic
seconds: `{"id": …, "sent_s": …}` before it, and once it was answered
`{"id": …, "at_s": …, "fate": "acked"|"failed"|"unknown"}`.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiomysql
import pymysql.err

from controller.model.ids import ZoneId
from deploy.lab import netns, procs
from deploy.lab.engine import Account, InstanceSpec, LabError
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import LabSpec, Net, load_spec
from deploy.lab.start import environment
from deploy.lab.traffic import Fate

GROUP = "clients"  # no zone: they are neither killed nor frozen with it
_EVERY_S = 0.2
_CONNECT_S = 0.5
_PATIENCE_S = 2.0
_LOST = (OSError, EOFError, pymysql.err.MySQLError, TimeoutError)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalWrite:
    """One write of a client inside the zone; unanswered at the end: `UNKNOWN`."""

    id: str
    sent_s: float
    at_s: float
    fate: Fate


class _Client:
    """One writer.

    patient: keeps its connection and waits for COMMIT however long it takes;
    otherwise a new connection for every write, given up after a while.
    """

    def __init__(
        self, where: InstanceSpec, account: Account, name: str, *, patient: bool
    ) -> None:
        self._where = where
        self._account = account
        self._name = f"{name}-{'patient' if patient else 'fresh'}"
        self._patient = patient
        self._connection: Any = None

    async def write_for_ever(self) -> None:
        number = 0
        while True:
            number += 1
            write_id = f"{self._name}-{number}"
            _tell(id=write_id, sent_s=time.monotonic())
            fate = await self._write(write_id)
            _tell(id=write_id, at_s=time.monotonic(), fate=fate.value)
            await asyncio.sleep(_EVERY_S)

    async def _write(self, write_id: str) -> Fate:
        committing = False
        try:
            async with asyncio.timeout(None if self._patient else _PATIENCE_S):
                conn = await self._open()
                async with conn.cursor() as cursor:
                    await cursor.execute(
                        "INSERT INTO cms.writes (id, zone) VALUES (%s, %s)",
                        (write_id, self._where.zone),
                    )
                committing = True
                await conn.commit()
        except _LOST:
            self._close()
            return Fate.UNKNOWN if committing else Fate.FAILED
        if not self._patient:
            self._close()
        return Fate.ACKED

    async def _open(self) -> Any:  # noqa: ANN401  aiomysql carries no types
        if self._connection is None:
            async with asyncio.timeout(_CONNECT_S):
                self._connection = await aiomysql.connect(
                    host=self._where.host,
                    port=self._where.port,
                    user=self._account.user,
                    password=self._account.password,
                    autocommit=False,
                )
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _tell(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


@dataclass(slots=True)
class InZone:
    """The running clients, seen from outside; grows while they write."""

    process: asyncio.subprocess.Process
    writes: list[LocalWrite] = field(default_factory=list)
    _sent_s: dict[str, float] = field(default_factory=dict)

    def acked(self) -> list[LocalWrite]:
        """Return what the zone's database acknowledged."""
        return [w for w in self.writes if w.fate is Fate.ACKED]

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            tree = json.loads(line)
            write_id = str(tree["id"])
            if "sent_s" in tree:
                self._sent_s[write_id] = float(tree["sent_s"])
            else:
                self._hear(write_id, float(tree["at_s"]), Fate(tree["fate"]))
        for write_id in tuple(self._sent_s):  # killed while they waited
            self._hear(write_id, time.monotonic(), Fate.UNKNOWN)

    def _hear(self, write_id: str, at_s: float, fate: Fate) -> None:
        sent_s = self._sent_s.pop(write_id)
        self.writes.append(LocalWrite(id=write_id, sent_s=sent_s, at_s=at_s, fate=fate))


@asynccontextmanager
async def in_zone(spec: LabSpec, zone: ZoneId, name: str) -> AsyncIterator[InZone]:
    """Run clients inside *zone*; they end, and are heard out, on leaving.

    Args:
        spec: the lab.
        zone: where they live, and whose database they write to.
        name: a prefix of their ids, unique among all runs on one database.

    Raises:
        LabError: they cannot be started.
    """
    argv = [sys.executable, "-P", "-m", "deploy.lab.inzone"]
    argv += ["--lab", str(spec.directory), "--zone", zone, "--name", name]
    if spec.net is Net.NETNS:
        argv = [*netns.inside(spec, zone), *argv]
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            env=environment(spec.mark(GROUP)),
            preexec_fn=procs.die_with_parent(os.getpid()),
        )
    except OSError as error:
        raise LabError(f"{argv[0]} cannot be started: {error}") from error
    clients = InZone(process)
    listener = asyncio.create_task(clients._listen())  # noqa: SLF001  its own module
    try:
        yield clients
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await listener


async def _main(spec: LabSpec, zone: ZoneId, name: str) -> None:
    account = read_accounts(spec.directory / "secrets").application
    where = spec.instance(zone)
    async with asyncio.TaskGroup() as group:
        for patient in (True, False):
            client = _Client(where, account, f"{name}-in-{zone}", patient=patient)
            group.create_task(client.write_for_ever())


def main() -> int:
    """Write until killed; 2 when there is no such lab."""
    parser = argparse.ArgumentParser(prog="deploy.lab.inzone")
    parser.add_argument("--lab", type=Path, required=True)
    parser.add_argument("--zone", type=ZoneId, required=True)
    parser.add_argument("--name", required=True)
    arguments = parser.parse_args()
    try:
        spec = load_spec(arguments.lab)
        asyncio.run(_main(spec, arguments.zone, arguments.name))
    except LabError as error:
        sys.stderr.write(f"inzone: {error}\n")
        return 2
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
