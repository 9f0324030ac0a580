"""A zone's supervisor: `python -m deploy.lab.supervisor --zone-dir DIR`.

It stands for the zone's machine: starts the zone's programs, starts a crashed
one again, and everything ends with it. Three things see to that:

* every child asks the kernel for SIGKILL when the supervisor ends;
* a guard process, forked at the start, watches the supervisor and then kills
  whatever still carries the zone's mark: grandchildren, too;
* with `--owner PID:START` the supervisor watches its owner the same way.

The database is started only with `db.lock` in hand and no inhibition in
`db.order` (see `slot`). It is stopped by SIGKILL only: a primary with waiting
commits must not be shut down in an orderly way, MySQL would acknowledge them.
"""

import argparse
import asyncio
import json
import os
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path

from deploy.lab import procs
from deploy.lab.children import Child, back_off_s
from deploy.lab.control import SOCKET_NAME
from deploy.lab.durable import lock_within, write_durably
from deploy.lab.engine import Engine, LabError
from deploy.lab.engines import load_engine
from deploy.lab.slot import Slot
from deploy.lab.zone_file import ChildSpec, ZoneFile, read_zone_file

DATABASE = "database"
_LOCK_WAIT_S = 0.5


def note(text: str) -> None:
    """Write one line to the supervisor's own log."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def fork_guard(mark: str) -> int:
    """Fork the guard; return its pid.

    The guard keeps the supervisor's lock open, so that nobody takes the zone
    for free while it is still killing.
    """
    supervisor = os.getpid()
    handle = os.pidfd_open(supervisor)
    pid = os.fork()
    if pid:
        os.close(handle)
        return pid
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        while not poll.poll():
            pass
        procs.kill_zone(mark)
    finally:
        os._exit(0)


class DatabaseKeeper:
    """Keeps the slot's database running as long as that is allowed."""

    def __init__(self, zone: ZoneFile, slot: Slot, engine: Engine) -> None:
        self._zone = zone
        self._slot = slot
        self._engine = engine
        self.child = Child(DATABASE, slot.zone_dir / "log", self._ended)
        self.why_not = "not started yet"
        self._retry: asyncio.TimerHandle | None = None

    def start(self) -> bool:
        """Start the database unless it runs; False: not allowed, see `why_not`."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self.child.process is not None:
            return True
        lock = lock_within(self._slot.lock_file, _LOCK_WAIT_S)
        if lock is None:
            self.why_not = "another process holds db.lock"
            return False
        try:
            return self._start_holding(lock)
        finally:
            os.close(lock)  # the database has its own copy now

    def _start_holding(self, lock: int) -> bool:
        order = self._slot.order()
        if order.inhibited:
            by = (
                "an unreadable order" if order.epoch is None else f"epoch {order.epoch}"
            )
            self.why_not = f"inhibited by {by}: {order.why}"
            return False
        if not self._slot.is_seeded():
            self.why_not = "no data directory: the slot is empty"
            return False
        instance = self._zone.instance
        assert instance is not None
        try:
            self._engine.write_options(instance)
            self.child.start(
                self._engine.argv(instance),
                env=self._engine.environment(os.getpid()),
                keep_open=(lock,),
            )
        except (OSError, LabError) as error:
            self.why_not = f"cannot be started: {error}"
            return False
        process = self.child.process
        if process is not None:
            self._slot.note_process(process)
        self.why_not = ""
        return True

    def stop(self) -> None:
        """SIGKILL the database; it is not started again by itself."""
        self.why_not = "stopped on request"
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        self.child.kill()

    def _ended(self, child: Child) -> None:
        note(f"database ended with code {child.exit_code}")
        if self.why_not:  # stopped on request
            return
        at_once = child.exit_code in self._engine.restart_codes
        delay_s = 0.0 if at_once else back_off_s(child.crashes)
        self.why_not = f"ended with code {child.exit_code}, starts again"
        loop = asyncio.get_running_loop()
        self._retry = loop.call_later(delay_s, self._again)

    def _again(self) -> None:
        if not self.start():
            note(f"database not started: {self.why_not}")


class Supervisor:
    """The zone's first process."""

    def __init__(self, zone_dir: Path, zone: ZoneFile) -> None:
        self._zone_dir = zone_dir
        self._zone = zone
        self._specs: dict[str, ChildSpec] = {c.name: c for c in zone.children}
        self._children: dict[str, Child] = {}
        self._keeper: DatabaseKeeper | None = None
        self._stop = asyncio.Event()
        if zone.engine is not None and zone.cache is not None:
            engine = load_engine(zone.engine, zone.cache)
            self._keeper = DatabaseKeeper(zone, Slot(zone_dir), engine)

    async def run(self, owner: procs.Process | None) -> None:
        """Run until told to stop or until *owner* is gone."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop.set)
        if owner is not None:
            self._watch_owner(owner)
        self._watch_guard()
        path = self._zone_dir / SOCKET_NAME
        path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, path)
        path.chmod(0o600)
        if self._keeper is not None and not self._keeper.start():
            note(f"database not started: {self._keeper.why_not}")
        for name in self._specs:
            self._children[name] = Child(name, self._zone_dir / "log", self._ended)
            self._start(name)
        await self._stop.wait()
        server.close()
        for child in self._children.values():
            child.kill()
        if self._keeper is not None:
            self._keeper.stop()

    def _watch_owner(self, owner: procs.Process) -> None:
        try:
            handle = os.pidfd_open(owner.pid)
        except ProcessLookupError:
            self._stop.set()
            return
        if procs.identify(owner.pid) != owner:
            self._stop.set()
            return
        asyncio.get_running_loop().add_reader(handle, self._stop.set)

    def _watch_guard(self) -> None:
        pid = fork_guard(self._zone.mark)
        handle = os.pidfd_open(pid)

        def gone() -> None:
            asyncio.get_running_loop().remove_reader(handle)
            os.close(handle)
            os.waitpid(pid, 0)
            self._watch_guard()

        asyncio.get_running_loop().add_reader(handle, gone)

    def _start(self, name: str) -> None:
        if self._stop.is_set():
            return
        spec = self._specs[name]
        try:
            self._children[name].start(spec.argv, env=spec.env)
        except OSError as error:
            note(f"{name} cannot be started: {error}")

    def _ended(self, child: Child) -> None:
        note(f"{child.name} ended with code {child.exit_code}")
        loop = asyncio.get_running_loop()
        loop.call_later(back_off_s(child.crashes), self._start, child.name)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError, ValueError):
            async for line in reader:
                answer = self._answer(json.loads(line).get("do"))
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        writer.close()

    def _answer(self, request: object) -> dict[str, object]:
        keeper = self._keeper
        match request:
            case "status":
                return {"ok": True, **self._status()}
            case "start-database" if keeper is not None:
                return {"ok": keeper.start(), "why": keeper.why_not}
            case "stop-database" if keeper is not None:
                keeper.stop()
                return {"ok": True, "why": ""}
            case "stop":
                self._stop.set()
                return {"ok": True, "why": ""}
            case _:
                return {"ok": False, "why": f"cannot do {request!r} here"}

    def _status(self) -> dict[str, object]:
        children = list(self._children.values())
        if self._keeper is not None:
            children.append(self._keeper.child)
        rows = {
            c.name: {
                "pid": None if (p := c.process) is None else p.pid,
                "starts": c.starts,
                "exit_code": c.exit_code,
            }
            for c in children
        }
        why = "" if self._keeper is None else self._keeper.why_not
        return {"pid": os.getpid(), "children": rows, "database_why_not": why}


def parse_owner(text: str) -> procs.Process:
    """Read `PID:START`."""
    pid, _, start = text.partition(":")
    return procs.Process(int(pid), int(start))


def main() -> int:
    """Run the supervisor; 3: the zone is already supervised."""
    parser = argparse.ArgumentParser(prog="deploy.lab.supervisor")
    parser.add_argument("--zone-dir", type=Path, required=True)
    parser.add_argument("--owner", type=parse_owner, help="PID:START; end with it")
    arguments = parser.parse_args()
    zone_dir: Path = arguments.zone_dir
    held = lock_within(zone_dir / "supervisor.lock", _LOCK_WAIT_S)
    if held is None:
        note("this zone already has a supervisor")
        return 3
    try:
        zone = read_zone_file(zone_dir)
        me = procs.identify(os.getpid())
        assert me is not None
        assert os.environ.get(procs.MARK) == zone.mark, "start it through the launcher"
        body = json.dumps({"pid": me.pid, "start": me.start})
        write_durably(zone_dir / "supervisor.pid", body + "\n")
        asyncio.run(_main(zone_dir, zone, arguments.owner))
    except LabError as error:
        note(str(error))
        return 2
    return 0


async def _main(zone_dir: Path, zone: ZoneFile, owner: procs.Process | None) -> None:
    await Supervisor(zone_dir, zone).run(owner)


if __name__ == "__main__":
    sys.exit(main())
