"""Probes: an answer, a refusal, silence and nonsense, each told apart by phase."""

import asyncio
import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from typing_extensions import override

import health.adapters
from health.adapters.http import HttpProbe
from health.adapters.memory import MemoryProbe
from health.adapters.redis import RedisProbe
from health.ports import Probe
from health.registry import PROBES

TIMEOUT_S = 0.3
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: bytes | None) -> AsyncIterator[int]:
    """Listen and give *answer* to the first bytes; None: never answer."""
    told = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if answer is None:
            await told.wait()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        told.set()
        server.close()


async def closed_port() -> int:
    async with serving(b"") as port:
        pass
    return port


class NetworkProbeContract(ABC):
    """What the observatory relies on; none of it raises."""

    good: bytes
    nonsense: bytes

    @abstractmethod
    def make(self, port: int) -> Probe:
        """Return a probe of the service on *port* of this machine."""

    async def ask(self, port: int) -> tuple[str, float]:
        probe = self.make(port)
        sample = await probe.probe()
        if isinstance(probe, HttpProbe):
            await probe.aclose()
        assert sample.reason
        return sample.phase, sample.latency_s

    def test_an_answer_has_no_phase(self) -> None:
        async def story() -> None:
            async with serving(self.good) as port:
                assert (await self.ask(port))[0] == ""

        asyncio.run(story())

    def test_a_refused_connection_is_told(self) -> None:
        async def story() -> None:
            assert (await self.ask(await closed_port()))[0] == "connect"

        asyncio.run(story())

    def test_a_frozen_server_accepts_and_is_not_alive(self) -> None:
        """TCP alone is no proof of life."""

        async def story() -> None:
            async with serving(None) as port:
                phase, latency_s = await self.ask(port)
                assert phase == "read"
                assert TIMEOUT_S * 0.9 <= latency_s < TIMEOUT_S * 4

        asyncio.run(story())

    def test_another_answer_is_no_life_either(self) -> None:
        async def story() -> None:
            async with serving(self.nonsense) as port:
                assert (await self.ask(port))[0] not in {"", "connect"}

        asyncio.run(story())


class TestHttpProbe(NetworkProbeContract):
    """HTTP."""

    good = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
    nonsense = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    @override
    def make(self, port: int) -> Probe:
        return HttpProbe(f"http://127.0.0.1:{port}/healthz", timeout_s=TIMEOUT_S)


class TestRedisProbe(NetworkProbeContract):
    """Redis."""

    good = b"+PONG\r\n"
    nonsense = b"HTTP/1.1 400 Bad Request\r\n\r\n"

    @override
    def make(self, port: int) -> Probe:
        return RedisProbe("127.0.0.1", port, timeout_s=TIMEOUT_S)

    def test_a_password_we_lack_is_blindness_not_death(self) -> None:
        async def story() -> None:
            async with serving(b"-NOAUTH Authentication required.\r\n") as port:
                assert (await self.ask(port))[0] == "auth"

        asyncio.run(story())


def test_a_memory_probe_answers_what_is_so_now() -> None:
    """It asks at the moment of probing."""
    up = [True]
    probe = MemoryProbe(lambda: up[0])

    async def phases() -> list[str]:
        first = await probe.probe()
        up[0] = False
        return [first.phase, (await probe.probe()).phase]

    assert asyncio.run(phases()) == ["", "connect"]


def test_every_probe_file_is_registered() -> None:
    """Files on disk and names in the registry: all the same."""
    files = {m.name for m in pkgutil.iter_modules(health.adapters.__path__)}
    assert files == set(PROBES)
    for name, probe in PROBES.items():
        module = importlib.import_module(f"health.adapters.{name}")
        assert probe.__module__ == module.__name__
