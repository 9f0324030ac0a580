"""Redis probe: PING must be answered with PONG; an error reply is still life.

Speaks the one command by hand on a raw connection: a pooled client would retry
and hide the phase that failed.
"""

import asyncio
import socket
import time

from typing_extensions import override

from health.ports import Probe, Sample


class RedisProbe(Probe):
    """Asks one Redis server on a new connection each time."""

    def __init__(self, host: str, port: int, *, timeout_s: float) -> None:
        """*timeout_s* bounds connect and answer together."""
        self._host = host
        self._port = port
        self._timeout_s = timeout_s

    @override
    async def probe(self) -> Sample:
        began_s = time.monotonic()
        phase, reason = await self._ask()
        return Sample(phase=phase, reason=reason, latency_s=time.monotonic() - began_s)

    async def _ask(self) -> tuple[str, str]:
        phase = "connect"
        try:
            async with asyncio.timeout(self._timeout_s):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                phase = "read"
                try:
                    writer.write(b"PING\r\n")
                    line = await _line(reader)
                finally:
                    writer.close()
        except TimeoutError:
            return phase, f"no answer within {self._timeout_s:g} s"
        except socket.gaierror as error:
            return "dns", str(error)
        except OSError as error:
            return phase, str(error)
        return _judge(line)


async def _line(reader: asyncio.StreamReader) -> bytes:
    """Return the first line; what has no end is returned as far as one looks at it."""
    try:
        return await reader.readline()
    except ValueError:
        return b"an answer without an end of line"


def _judge(line: bytes) -> tuple[str, str]:
    if line == b"+PONG\r\n":
        return "", "answers"
    if line.startswith((b"-NOAUTH", b"-WRONGPASS")):
        return "auth", line.decode(errors="replace").strip()
    return "body", f"unexpected answer {line[:40]!r}"
