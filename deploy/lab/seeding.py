"""Lay a copy of another zone's database into a slot, so that a crash leaves none.

The copy grows in `data.partial`, which nothing ever starts, and appears as
`data` by one rename when it is complete and prepared.
"""

import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.lab import netns, procs
from deploy.lab.children import open_log
from deploy.lab.durable import write_durably
from deploy.lab.engine import Engine, InstanceSpec, LabError, Progress
from deploy.lab.engine_files import accounts_file
from deploy.lab.engine_mariadb import position_in_backup
from deploy.lab.secret_files import read_accounts
from deploy.lab.slot import Slot
from deploy.lab.spec import LabSpec, Net

_CHUNK_BYTES = 1 << 18
_TOOL_S = 600.0
_LAY_LOCK_S = 2.0
_POLL_MS = 100
POSITION_FILE = "seed_position"


class CancelledSeedingError(Exception):
    """The one who asked for the copy has gone; nothing was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A finished copy. *position*: GTID text, None when replication clones it."""

    size_bytes: int
    position: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """One copy from *donor* into *target*'s slot; blocking, for a thread of its own."""

    spec: LabSpec
    engine: Engine
    donor: InstanceSpec
    target: InstanceSpec
    progress: Progress
    cancelled: threading.Event

    def lay(self) -> Seed:
        """Lay the data; the database must be dead and inhibited already.

        Raises:
            LabError: a tool failed; `data.partial` may be left and is erased by
                the next try.
            CancelledSeedingError: *cancelled* was set meanwhile.
            TimeoutError: another copy is under way in this slot.
        """
        slot = Slot(self.spec.zone_dir(self.target.zone))
        slot.home.mkdir(parents=True, exist_ok=True)
        with slot.laying(_LAY_LOCK_S) as lock:
            slot.drop_partial()
            if self.engine.has_clone:
                slot.move_aside()
                accounts = read_accounts(self.spec.directory / "secrets")
                self.engine.create_empty(self.target, accounts)
                slot.drop_surplus()
                return Seed(size_bytes=0, position=None)
            return self._copy(slot, lock)

    def _copy(self, slot: Slot, lock: int) -> Seed:
        slot.partial.mkdir(mode=0o700)
        size_bytes = self._stream(slot.partial, lock)
        self.progress(f"prepare the copy of {size_bytes} bytes")
        prepare = self._start(self.engine.prepare_argv(slot.partial), lock)
        self._finish(prepare, "prepare", time.monotonic() + _TOOL_S)
        position = position_in_backup(slot.partial)
        self._stop_if_cancelled()
        write_durably(slot.home / POSITION_FILE, position + "\n")
        slot.move_aside()
        slot.publish_partial()
        slot.drop_surplus()
        return Seed(size_bytes=size_bytes, position=position)

    def _stream(self, into: Path, lock: int) -> int:
        """Run backup | unpack through our hands, to count and to be able to stop."""
        controller = read_accounts(self.spec.directory / "secrets").controller
        options = self.donor.home / "backup.cnf"
        write_durably(options, accounts_file(controller), mode=0o600)
        self.progress(f"copy {self.donor.server} to zone {self.target.zone}")
        source = self._start_backup(options, lock)
        sink = self._start(self.engine.unpack_argv(into), lock, stdin=subprocess.PIPE)
        assert source.stdout is not None
        assert sink.stdin is not None
        try:
            size_bytes = self._pump(source.stdout, sink.stdin)
            sink.stdin.close()
            end = time.monotonic() + _TOOL_S
            self._finish(source, "backup", end)
            self._finish(sink, "unpack", end)
        finally:
            for tool in (source, sink):
                tool.kill()
                tool.wait()
            source.stdout.close()
            sink.stdin.close()
            options.unlink(missing_ok=True)
        return size_bytes

    def _pump(self, source: IO[bytes], sink: IO[bytes]) -> int:
        """Carry the stream over; either side may be frozen, so nothing blocks."""
        size_bytes, end = 0, time.monotonic() + _TOOL_S
        for side in (source, sink):
            os.set_blocking(side.fileno(), False)
        pending = b""
        while True:
            waiting_for = (sink, select.POLLOUT) if pending else (source, select.POLLIN)
            ready = select.poll()
            ready.register(*waiting_for)
            self._stop_if_over(end, "the copy")
            if not ready.poll(_POLL_MS):
                continue
            try:
                if pending:
                    written = os.write(sink.fileno(), pending)
                    pending = pending[written:]
                    size_bytes += written
                elif not (pending := os.read(source.fileno(), _CHUNK_BYTES)):
                    return size_bytes
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return size_bytes  # unpack has failed; its exit code says so

    def _start_backup(self, options: Path, lock: int) -> subprocess.Popen[bytes]:
        """Start the backup on the donor's side: its network, its mark, its fate."""
        argv = list(self.engine.backup_argv(self.donor, options))
        if self.spec.net is Net.NETNS:
            argv = [*netns.inside(self.spec, self.donor.zone), *argv]
        return self._start(
            argv, lock, of=self.donor, stdin=None, stdout=subprocess.PIPE
        )

    def _start(
        self,
        argv: Sequence[str],
        lock: int,
        *,
        of: InstanceSpec | None = None,
        stdin: int | None = None,
        stdout: int | None = None,
    ) -> subprocess.Popen[bytes]:
        zone = self.target.zone if of is None else of.zone
        log = open_log(self.spec.zone_dir(zone) / "log", "seeding")
        env: Mapping[str, str] = {**os.environ, procs.MARK: self.spec.mark(zone)}
        try:
            return subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=log if stdout is None else stdout,
                stderr=log,
                env=env,
                pass_fds=(lock,),
                bufsize=0,
            )
        except OSError as error:
            raise LabError(f"{argv[0]} cannot be started: {error}") from error
        finally:
            os.close(log)

    def _finish(self, tool: subprocess.Popen[bytes], what: str, end: float) -> None:
        try:
            while True:
                self._stop_if_over(end, what)
                with suppress(subprocess.TimeoutExpired):
                    code = tool.wait(_POLL_MS / 1000)
                    break
        except BaseException:
            tool.kill()
            tool.wait()
            raise
        if code != 0:
            raise LabError(f"{what} failed with code {code}; see log/seeding.log")

    def _stop_if_over(self, end: float, what: str) -> None:
        self._stop_if_cancelled()
        if time.monotonic() > end:
            raise LabError(f"{what} did not end within {_TOOL_S:g} s")

    def _stop_if_cancelled(self) -> None:
        if self.cancelled.is_set():
            raise CancelledSeedingError
