"""Proof (e): a command of the operator's ends the server from outside.

Power switch, hypervisor, security group, storage fence: whatever the site has.
The command is started without a shell and learns from its environment alone
what to fence: `SITEDR_ZONE`, `SITEDR_SERVER` and `SITEDR_EPOCH`; no secret is
handed over, it brings its own. It must be safe to repeat, and must not say 0
before the server can acknowledge nothing any more.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.ids import Epoch, ZoneId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.ports import FenceProof

REFUSED_EXIT = 10
"""The one exit code that means: certainly nothing was fenced."""

SAID_MAX = 200
_OUTPUT_BYTES_MAX = 1 << 16
_CHUNK_BYTES = 4096
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG")
_REAP_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """One run of a command; code None: it had to be killed."""

    code: int | None
    said: str
    seconds: float

    def evidence(self) -> Mapping[str, str]:
        return {
            "exit_code": "killed" if self.code is None else str(self.code),
            "seconds": f"{self.seconds:.2f}",
            "said": self.said,
        }

    @override
    def __str__(self) -> str:
        how = "took too long" if self.code is None else f"exit code {self.code}"
        return f"{how} after {self.seconds:.2f} s: {self.said or 'said nothing'}"


@dataclass(slots=True)
class CommandFence(FenceProof):
    """Runs *argv*; with *check*, 0 from that is what counts as fenced.

    argv: 0 says fenced, `REFUSED_EXIT` says certainly not, any other end and a
        time-out leave it unknown.
    check: reads back, changing nothing: 0 says that the server is fenced now. It
        is asked after an *argv* that said 0 and after one that did not answer.
    command_s: for each of the two, seconds; then its whole process group is killed.
    """

    argv: Sequence[str]
    command_s: float
    check: Sequence[str] = ()
    _newest: dict[ZoneId, Epoch] = field(default_factory=dict)

    @property
    @override
    def timeout_s(self) -> float:
        runs = 2 if self.check else 1
        return runs * (self.command_s + _REAP_S) + _REAP_S

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        """Run the command; evidence `exit_code`, `seconds`, `said` (its last line).

        An older epoch than one that was run for is `Refused` and runs nothing; the
        command sees the epoch too, for what it keeps itself.
        """
        zone, newest = order.lost.zone, self._newest.get(order.lost.zone)
        if newest is not None and order.epoch < newest:
            return Refused(f"epoch {order.epoch} is older than {newest}, carried out")
        self._newest[zone] = order.epoch
        try:
            ended = await self._run(self.argv, order)
        except OSError as error:
            return Refused(f"{self.argv[0]}: not started: {error.strerror}")
        if ended.code == REFUSED_EXIT:
            return Refused(str(ended))
        if self.check:
            return await self._read_back(order, ended)
        return Done(ended.evidence()) if ended.code == 0 else Unknown(str(ended))

    async def _read_back(self, order: EnsureFenced, ended: _Ended) -> Outcome:
        try:
            seen = await self._run(self.check, order)
        except OSError as error:
            return Unknown(f"{ended}; {self.check[0]}: not started: {error.strerror}")
        if seen.code == 0:
            return Done({**ended.evidence(), "check": seen.said or "0"})
        return Unknown(f"{ended}; check: {seen}")

    async def _run(self, argv: Sequence[str], order: EnsureFenced) -> _Ended:
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=_environment(order),
            start_new_session=True,
        )
        tail = bytearray()
        try:
            async with asyncio.timeout(self.command_s):
                await _drain(process, tail)
                code = await process.wait()
        except TimeoutError:
            code = None
            await _kill_group(process)
        except asyncio.CancelledError:
            await _kill_group(process)
            raise
        return _Ended(
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
        async with asyncio.timeout(_REAP_S):
            await process.wait()


def _environment(order: EnsureFenced) -> Mapping[str, str]:
    kept = {n: os.environ[n] for n in _KEPT_ENVIRONMENT if n in os.environ}
    return {
        **kept,
        "SITEDR_ZONE": order.lost.zone,
        "SITEDR_SERVER": order.lost.server,
        "SITEDR_EPOCH": str(order.epoch),
    }


def last_line(output: bytes) -> str:
    """Return the last line that says anything, printable and bounded."""
    lines = output.decode("utf-8", "replace").splitlines()
    said = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return "".join(c for c in said if c.isprintable())[:SAID_MAX]
