"""Command probe: whatever can say by its exit code whether a service is well."""

import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from typing_extensions import override

from health.detector import FAULTY
from health.ports import SILENCE, Probe, Sample

CANNOT_TELL = 75
"""EX_TEMPFAIL of sysexits.h: it could not look, which says nothing of the service."""


class Ended(Protocol):
    """One run of the command."""

    @property
    def code(self) -> int | None:
        """Return its exit code, negative for a signal; None: it took too long."""

    @property
    def said(self) -> str:
        """Return the last line it printed, printable and bounded."""


class CommandProbe(Probe):
    """Judges what a command ended with."""

    def __init__(
        self, run: Callable[[], Awaitable[Ended]], *, timeout_s: float
    ) -> None:
        """*run* starts it and ends its process group after *timeout_s*.

        It raises `OSError` when the command cannot be started.
        """
        self._run = run
        self._timeout_s = timeout_s

    @override
    async def probe(self) -> Sample:
        began_s = time.monotonic()
        try:
            phase, reason = self._judge(await self._run())
        except OSError as error:
            phase, reason = FAULTY, f"not started: {error.strerror}"
        return Sample(phase=phase, reason=reason, latency_s=time.monotonic() - began_s)

    def _judge(self, ended: Ended) -> tuple[str, str]:
        code, said = ended.code, ended.said
        if code is None:
            return "read", f"{SILENCE} within {self._timeout_s:g} s"
        if code == 0:
            return "", "answers"
        if code == CANNOT_TELL:
            return FAULTY, f"it could not look: {said or 'it said nothing'}"
        if code < 0:  # somebody here ended it: our memory, our operator
            return FAULTY, f"ended by signal {-code}: {said or 'it said nothing'}"
        return "status", f"exit code {code}: {said or 'it said nothing'}"
