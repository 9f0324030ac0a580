"""TCP probe: whether a port accepts. Never proof of life.

The kernel accepts for a process that is frozen, deadlocked or out of memory, and for a
proxy with nothing behind it. So this can say that a service is gone, and otherwise only
that somebody listens; what matters must be asked in its own protocol.
"""

import asyncio
import socket
import time

from typing_extensions import override

from health.lack import phase_of
from health.ports import SILENCE, Probe, Sample

ACCEPTS = "accepts connections, which is no proof of life"


class TcpProbe(Probe):
    """Connects, says nothing, and closes."""

    def __init__(self, host: str, port: int, *, timeout_s: float) -> None:
        """*timeout_s* bounds it all."""
        self._host = host
        self._port = port
        self._timeout_s = timeout_s

    @override
    async def probe(self) -> Sample:
        began_s = time.monotonic()
        phase, reason = await self._connect()
        return Sample(phase=phase, reason=reason, latency_s=time.monotonic() - began_s)

    async def _connect(self) -> tuple[str, str]:
        try:
            async with asyncio.timeout(self._timeout_s):
                _, writer = await asyncio.open_connection(self._host, self._port)
                writer.close()
        except TimeoutError:
            return "connect", f"{SILENCE} within {self._timeout_s:g} s"
        except socket.gaierror as error:
            return "dns", str(error)
        except OSError as error:
            return phase_of(error, "connect"), str(error)
        return "", ACCEPTS
