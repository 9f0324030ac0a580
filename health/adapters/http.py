"""HTTP probe: a GET that must answer with the wanted status within the time-out."""

import asyncio
import socket
import time

import aiohttp
from typing_extensions import override

from health.ports import Probe, Sample


class HttpProbe(Probe):
    """Asks *url* on a new connection each time: a kept one hides a dead listener."""

    def __init__(self, url: str, *, timeout_s: float, status: int = 200) -> None:
        """*timeout_s* bounds connect, request and answer together."""
        self._url = url
        self._timeout_s = timeout_s
        self._status = status
        self._session: aiohttp.ClientSession | None = None

    @override
    async def probe(self) -> Sample:
        began_s = time.monotonic()
        phase, reason = await self._ask()
        return Sample(phase=phase, reason=reason, latency_s=time.monotonic() - began_s)

    async def _ask(self) -> tuple[str, str]:
        """Return the failing phase and why; an empty phase means it answered."""
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._client().get(self._url, allow_redirects=False) as answer,
            ):
                await answer.read()
                if answer.status != self._status:
                    return "status", f"HTTP {answer.status}"
                return "", "answers"
        except TimeoutError:
            return "read", f"no answer within {self._timeout_s:g} s"
        except aiohttp.ClientConnectorError as error:
            blind = isinstance(error.os_error, socket.gaierror)
            return ("dns" if blind else "connect"), str(error.os_error)
        except (aiohttp.ClientError, OSError) as error:
            return "read", f"{type(error).__name__}: {error}"

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(force_close=True, limit=0)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session

    async def aclose(self) -> None:
        """Close the client; safe to call twice."""
        if self._session is not None:
            await self._session.close()
            self._session = None
