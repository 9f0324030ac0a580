"""Lay a copy of another zone's database into a slot, so that a crash leaves none.

The copy grows in `data.partial`, which nothing ever starts, and appears as
`data` by one rename when it is complete and prepared.
"""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from controller.model.copying import CopyPhase, CopyProgress
from controller.model.ids import ServerId
from deploy.lab import netns, procs
from deploy.lab.children import open_log
from deploy.lab.durable import sync_directory, write_durably
from deploy.lab.engine import Engine, InstanceSpec, LabError, Progress
from deploy.lab.engine_files import accounts_file
from deploy.lab.engine_mariadb import position_in_backup
from deploy.lab.pump import POLL_S, Meter, pump
from deploy.lab.secret_files import read_accounts
from deploy.lab.slot import Slot
from deploy.lab.spec import LabSpec, Net

_TOOL_END_S = 600.0
"""For a tool to end once its stream has: it syncs what it wrote."""
_PREPARE_S = 6 * 3600.0
"""It replays the donor's log; as long as that takes, and yet not for ever."""
_LAY_LOCK_S = 2.0
_TAIL_BYTES = 4096
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""A tool whose controller is killed ends at once: it would write on to a directory
that the next try has to begin anew, and hold its lock. Follows through `ip netns
exec`, which becomes the tool."""
POSITION_FILE = "seed_position"


class CancelledSeedingError(Exception):
    """The one who asked for the copy has gone; nothing was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A finished copy. *position*: GTID text, None when replication clones it."""

    size_bytes: int
    position: str | None


@dataclass(slots=True, kw_only=True)
class Copy:
    """How far one copy is; written by the thread that lays it, read by any other."""

    donor: ServerId
    method: str
    meter: Meter
    phase: CopyPhase = CopyPhase.COPYING
    total_bytes: int = 0

    def progress(self) -> CopyProgress:
        """Return what is known now."""
        return CopyProgress(
            donor=self.donor,
            method=self.method,
            phase=self.phase,
            copied_bytes=self.meter.passed_bytes,
            total_bytes=self.total_bytes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """One copy from *donor* into *target*'s slot; blocking, for a thread of its own."""

    spec: LabSpec
    engine: Engine
    donor: InstanceSpec
    target: InstanceSpec
    progress: Progress
    cancelled: threading.Event
    copy: "Copy"
    files: bool

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
            if not self.files:
                # Of an earlier copy: believed, an empty server would follow from there.
                (slot.home / POSITION_FILE).unlink(missing_ok=True)
                sync_directory(slot.home)
                slot.move_aside()
                accounts = read_accounts(self.spec.directory / "secrets")
                self.engine.create_empty(self.target, accounts)
                slot.drop_surplus()
                return Seed(size_bytes=0, position=None)
            return self._copy(slot, lock)

    def _copy(self, slot: Slot, lock: int) -> Seed:
        slot.partial.mkdir(mode=0o700)
        self.copy.total_bytes = self.engine.copied_bytes(self.donor)
        size_bytes = self._stream(slot.partial, lock)
        self.copy.phase = CopyPhase.PREPARING
        self.progress(f"prepare the copy of {size_bytes} bytes")
        prepare = self._start(self.engine.prepare_argv(slot.partial), lock)
        self._finish(prepare, "prepare", time.monotonic() + _PREPARE_S)
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
            pump(source.stdout, sink.stdin, self.copy.meter, self._stop_if_cancelled)
            sink.stdin.close()
            end = time.monotonic() + _TOOL_END_S
            self._finish(source, "backup", end)
            self._finish(sink, "unpack", end)
        except BrokenPipeError:
            self._finish(sink, "unpack", time.monotonic() + _TOOL_END_S)
            raise LabError("unpack ended before its stream") from None
        finally:
            for tool in (source, sink):
                tool.kill()
                tool.wait()
            source.stdout.close()
            sink.stdin.close()
            options.unlink(missing_ok=True)
        return self.copy.meter.passed_bytes

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
                [*_DIES_WITH_US, *argv],
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
        at = self.donor if what == "backup" else self.target
        log = self.spec.zone_dir(at.zone) / "log" / "seeding.log"
        try:
            while True:
                self._stop_if_over(end, what)
                with suppress(subprocess.TimeoutExpired):
                    code = tool.wait(POLL_S)
                    break
        except BaseException:
            tool.kill()
            tool.wait()
            raise
        if code != 0:
            raise LabError(f"{what} failed with code {code}: {_last_words(log)}")

    def _stop_if_over(self, end: float, what: str) -> None:
        self._stop_if_cancelled()
        if time.monotonic() > end:
            raise LabError(f"{what} did not end in time")

    def _stop_if_cancelled(self) -> None:
        if self.cancelled.is_set():
            raise CancelledSeedingError


def _last_words(log: Path) -> str:
    """Return the line of a tool's log that most likely says why it failed."""
    with suppress(OSError):
        text = log.read_bytes()[-_TAIL_BYTES:].decode(errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        telling = [line for line in lines if "rror" in line or "No space" in line]
        return (telling or lines or [""])[-1]
    return f"see {log}"
