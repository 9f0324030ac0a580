"""Commands of the operator's: started without a shell, bounded, never left behind."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from typing_extensions import override

SAID_MAX = 200
REAP_S = 0.3
_OUTPUT_BYTES_MAX = 1 << 16
_CHUNK_BYTES = 4096
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One run of a command; code None: it had to be killed."""

    code: int | None
    said: str
    seconds: float

    def evidence(self) -> Mapping[str, str]:
        """Return what goes on record of it."""
        return {
            "exit_code": "killed" if self.code is None else str(self.code),
            "seconds": f"{self.seconds:.2f}",
            "said": self.said,
        }

    @override
    def __str__(self) -> str:
        how = "took too long" if self.code is None else f"exit code {self.code}"
        return f"{how} after {self.seconds:.2f} s: {self.said or 'said nothing'}"


async def run_bounded(
    argv: Sequence[str], told: Mapping[str, str], *, bound_s: float
) -> Ended:
    """Run *argv* for *bound_s* seconds at most; then its process group is killed.

    Its environment is `PATH`, `HOME`, `LANG` and *told*; it reads nothing. Raises
    `OSError` when it cannot be started. Cancelled, it is killed too.
    """
    kept = {n: os.environ[n] for n in _KEPT_ENVIRONMENT if n in os.environ}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**kept, **told},
        start_new_session=True,
    )
    tail = bytearray()
    code: int | None = None
    try:
        async with asyncio.timeout(bound_s):
            await _drain(process, tail)
            code = await process.wait()
    except TimeoutError:
        await _kill_group(process)
    except asyncio.CancelledError:
        await _kill_group(process)
        raise
    return Ended(
        code=code, said=last_line(bytes(tail)), seconds=time.monotonic() - began
    )


async def _drain(process: asyncio.subprocess.Process, tail: bytearray) -> None:
    """Read until the end of its output, keeping the end of it."""
    assert process.stdout is not None
    while chunk := await process.stdout.read(_CHUNK_BYTES):
        tail += chunk
        del tail[:-_OUTPUT_BYTES_MAX]


async def _kill_group(process: asyncio.subprocess.Process) -> None:
    """Leave nothing of a command behind that did not end by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REAP_S):
            await process.wait()


def last_line(output: bytes) -> str:
    """Return the last line that says anything, printable and bounded."""
    lines = output.decode("utf-8", "replace").splitlines()
    said = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return "".join(c for c in said if c.isprintable())[:SAID_MAX]
