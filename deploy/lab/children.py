"""One child of a supervisor: start it, notice its end, start it again."""

import asyncio
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.lab import procs

LOG_BYTES_MAX = 5 * 1024 * 1024
BACKOFF_FIRST_S = 0.1
BACKOFF_MAX_S = 5.0
STEADY_S = 10.0  # so long without a crash: the back-off begins anew


def back_off_s(crashes: int) -> float:
    """Return how long to wait before start number *crashes* + 1; bounded."""
    return min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** min(crashes - 1, 10))


def open_log(directory: Path, name: str) -> int:
    """Open a process's log for appending; a large one becomes `NAME.log.1`."""
    directory.mkdir(exist_ok=True)
    path = directory / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.rename(directory / f"{name}.log.1")
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)


class Child:
    """One running program, watched through its pidfd on the running loop."""

    def __init__(
        self, name: str, log_dir: Path, ended: "Callable[[Child], None]"
    ) -> None:
        self.name = name
        self.crashes = 0
        self.starts = 0
        self.exit_code: int | None = None
        self._log_dir = log_dir
        self._ended = ended
        self._popen: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def process(self) -> procs.Process | None:
        """Return the living process."""
        return None if self._popen is None else procs.identify(self._popen.pid)

    def start(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        keep_open: Sequence[int] = (),
    ) -> None:
        """Start the program; it dies with this process.

        Raises:
            OSError: it cannot be started.
        """
        assert self._popen is None, "one process a child at a time"
        log = open_log(self._log_dir, self.name)
        try:
            self._popen = subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **env},
                pass_fds=tuple(keep_open),
                preexec_fn=procs.die_with_parent(os.getpid()),  # noqa: PLW1509  one thread
            )
        finally:
            os.close(log)
        self.starts += 1
        loop = asyncio.get_running_loop()
        self._started_at = loop.time()
        handle = os.pidfd_open(self._popen.pid)
        loop.add_reader(handle, self._on_end, handle)

    def _on_end(self, handle: int) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(handle)
        os.close(handle)
        assert self._popen is not None
        self.exit_code = self._popen.wait()
        self._popen = None
        steady = loop.time() - self._started_at > STEADY_S
        self.crashes = 1 if steady else self.crashes + 1
        self._ended(self)

    def kill(self) -> None:
        """SIGKILL it; its end is noticed by the loop."""
        if self._popen is not None:
            self._popen.kill()
