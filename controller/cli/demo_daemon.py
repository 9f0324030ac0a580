"""The daemon as the demo's child: started, asked, and started again.

With a crash point it kills itself in the middle of one step; we notice, start
it again without the crash point, and measure how long nobody was in control.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

import controller
from controller.incident.record import Record, parse_record
from deploy.lab import procs
from deploy.lab.engine import LabError

CRASH_VARIABLE = "SITEDR_CRASH_AT"
_ANSWER_S = 1.0
_STOP_S = 5.0
_LOG_LINES = 12
_ROOT = Path(controller.__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """One death of the daemon. Times are monotonic seconds."""

    died_s: float
    answered_s: float | None
    why: str


@dataclass(slots=True)
class DaemonClient:
    """The control API of one daemon; None or nothing while it does not answer."""

    state_dir: Path

    def _socket(self) -> str:
        """Return where it listens: elsewhere when our own path is too long."""
        told = self.state_dir / "control.path"
        try:
            return told.read_text("utf-8").strip()
        except OSError:
            return str(self.state_dir / "control.sock")

    async def _get(self, path: str, **params: str) -> Any:  # noqa: ANN401  JSON
        connector = aiohttp.UnixConnector(self._socket(), force_close=True)
        try:
            async with (
                asyncio.timeout(_ANSWER_S),
                aiohttp.ClientSession(connector=connector) as session,
                session.get(f"http://daemon{path}", params=params) as answer,
            ):
                return await answer.json() if answer.status == 200 else None
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return None

    async def status(self) -> Mapping[str, Any] | None:
        """Return the status tree."""
        found = await self._get("/status")
        return found if isinstance(found, dict) else None

    async def records(self, after_seq: int) -> Sequence[Record]:
        """Return the journal's records after number *after_seq*, oldest first."""
        found = await self._get("/records", since=str(after_seq))
        if not isinstance(found, list):
            return ()
        return [r for r in map(parse_record, found) if r.seq > after_seq]


@dataclass(slots=True)
class DaemonProcess:
    """Keeps one daemon running.

    crash_at: `STEP[:intent|effect]`, in force from `arm` to the first crash.
    """

    site_file: Path
    log: Path
    client: DaemonClient
    crash_at: str | None = None
    crashes: list[Crash] = field(default_factory=list)
    _armed: bool = False
    _process: asyncio.subprocess.Process | None = None
    _keeper: asyncio.Task[None] | None = None

    async def start(self, bound_s: float = 15.0) -> None:
        """Start it and wait until it answers.

        Raises:
            LabError: it ended or stayed silent; its last words are in the text.
        """
        self._process = await self._spawn(self.crash_at if self._armed else None)
        end = time.monotonic() + bound_s
        while await self.client.status() is None:
            if self._process.returncode is not None or time.monotonic() > end:
                code = self._process.returncode
                raise LabError(f"the daemon does not answer (exit code {code})")
            await asyncio.sleep(0.02)
        self._keeper = asyncio.create_task(self._keep())

    async def arm(self) -> None:
        """Have it die at *crash_at*; starts it anew, with the same journal.

        Not from the beginning: setting up redundancy goes through some of the
        same steps, and it is the failover that is to be interrupted.

        Raises:
            LabError: as `start`.
        """
        if self.crash_at is None:
            return
        await self.stop()
        self._armed = True
        await self.start()

    async def _spawn(self, crash_at: str | None) -> asyncio.subprocess.Process:
        known = os.environ.get("PYTHONPATH", "")
        env = {k: v for k, v in os.environ.items() if k != CRASH_VARIABLE}
        env["PYTHONPATH"] = f"{_ROOT}{os.pathsep}{known}" if known else str(_ROOT)
        if crash_at is not None:
            env[CRASH_VARIABLE] = crash_at
        argv = (sys.executable, "-P", "-m", "controller.main")
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *argv,
                "run",
                "-c",
                str(self.site_file),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.site_file.parent,
                env=env,
                preexec_fn=procs.die_with_parent(os.getpid()),
            )

    async def _keep(self) -> None:
        """Start it again, as systemd would, whenever it ends."""
        while True:
            assert self._process is not None
            code = await self._process.wait()
            died_s = time.monotonic()
            expected = self._armed and not self.crashes
            why = f"killed at {self.crash_at}" if expected else f"exit code {code}"
            self.crashes.append(Crash(died_s=died_s, answered_s=None, why=why))
            if not expected:
                return  # a daemon that ends by itself is for the report, not for us
            self._process = await self._spawn(None)
            while await self.client.status() is None:
                if self._process.returncode is not None:
                    break
                await asyncio.sleep(0.02)
            else:
                back_s = time.monotonic()
                self.crashes[-1] = Crash(died_s=died_s, answered_s=back_s, why=why)

    @property
    def is_gone(self) -> bool:
        """Tell whether it ended without being asked to, and stays away."""
        return self._keeper is not None and self._keeper.done()

    def last_words(self) -> str:
        """Return the end of its log."""
        try:
            lines = self.log.read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-_LOG_LINES:])

    async def stop(self) -> None:
        """End it, gently first; safe to call twice."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def running_daemon(
    directory: Path, crash_at: str | None
) -> AsyncIterator[DaemonProcess]:
    """Run a daemon on the lab in *directory*; it ends on leaving.

    Raises:
        LabError: it does not start; says where its log is.
    """
    daemon = DaemonProcess(
        site_file=directory / "site.yaml",
        log=directory / "daemon.log",
        client=DaemonClient(directory / "state"),
        crash_at=crash_at,
    )
    try:
        try:
            await daemon.start()
        except LabError as error:
            words = daemon.last_words()
            raise LabError(f"{error}; its last words:\n{words}") from error
        yield daemon
    finally:
        await daemon.stop()
