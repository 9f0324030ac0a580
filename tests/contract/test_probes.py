"""Probes: an answer, a refusal, silence and nonsense, each told apart by phase."""

import asyncio
import datetime as dt
import importlib
import pkgutil
import ssl
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typing_extensions import override

import health.adapters
from controller.act.clock import SystemClock
from health.adapters.http import HttpProbe
from health.adapters.memory import MemoryProbe
from health.adapters.redis import RedisProbe
from health.certificate import CERTIFICATE_LEFT_S
from health.ports import Probe, Sample
from health.registry import PROBES, VOTE_BUSES
from tests.certificates import Authority, Signed

TIMEOUT_S = 0.3
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(
    answer: bytes | None, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
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

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
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

    @pytest.mark.parametrize(
        ("answer", "phase"),
        [
            (b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n", "status"),
            (b"HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n", "auth"),
            (b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n", "auth"),
            (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "status"),
            (b"HTTP/1.0 200 OK\r\n\r\nok, until it is closed", ""),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ""),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", "read"),
            (b"HTTP/1.1 200 OK\r\nContent-Len", "read"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", ""),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", "read"),
            (b"+PONG\r\n", "body"),
            (b"", "read"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3000000, "body"),
        ],
    )  # fmt: skip
    def test_only_a_whole_answer_with_the_wanted_status_is_one(
        self, answer: bytes, phase: str
    ) -> None:
        async def story() -> None:
            async with serving(answer) as port:
                assert (await self.ask(port))[0] == phase

        asyncio.run(story())

    @pytest.mark.parametrize(("wanted", "phase"), [("ok", ""), ("fine", "body")])
    def test_the_wanted_text_is_in_the_body(self, wanted: str, phase: str) -> None:
        async def story() -> Sample:
            async with serving(self.good) as port:
                url = f"http://127.0.0.1:{port}/"
                return await HttpProbe(url, timeout_s=TIMEOUT_S, body=wanted).probe()

        assert asyncio.run(story()).phase == phase

    def test_a_name_nobody_knows_is_blindness_not_death(self) -> None:
        """RFC 6761: `.invalid` never resolves."""

        async def story() -> Sample:
            return await HttpProbe("http://a.invalid/", timeout_s=5.0).probe()

        assert asyncio.run(story()).phase == "dns"

    def test_who_stops_waiting_is_told_nothing_and_leaves_nothing(self) -> None:
        """A daemon that ends cancels what it asks."""

        async def story() -> set[asyncio.Task[object]]:
            async with serving(None) as port:
                asking = asyncio.ensure_future(self.make(port).probe())
                await asyncio.sleep(TIMEOUT_S / 3)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
                await asyncio.sleep(TIMEOUT_S)
                return asyncio.all_tasks() - {asyncio.current_task()}

        left = asyncio.run(story())
        assert not [t for t in left if "_connect" in str(t)]

    def test_the_certificate_names_whom_it_is_for_and_until_when(
        self, tmp_path: Path
    ) -> None:
        """Verified; who is not trusted is not observed, and never called down."""
        authority, other = Authority(tmp_path / "a"), Authority(tmp_path / "b")
        now_s = SystemClock().wall_s()
        soon = dt.datetime.fromtimestamp(now_s + 3 * 86400, dt.UTC)
        good = authority.sign("good", "127.0.0.1")
        ending = authority.sign("ending", "127.0.0.1", until=soon)
        elsewhere = authority.sign("elsewhere", "127.0.0.9")
        past = authority.sign(
            "past", "127.0.0.1", until=dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
        )

        async def asked(signed: Signed, trusted: Authority) -> Sample:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(signed.certificate, signed.key)
            async with serving(self.good, tls=context) as port:
                trust = ssl.create_default_context(cafile=str(trusted.ca))
                url = f"https://127.0.0.1:{port}/"
                return await HttpProbe(
                    url, timeout_s=2.0, tls=trust, wall_s=lambda: now_s
                ).probe()

        fine = asyncio.run(asked(good, authority))
        assert fine.reason == "answers"
        assert fine.figures[CERTIFICATE_LEFT_S] > 14 * 86400
        warned = asyncio.run(asked(ending, authority))
        assert (warned.phase, "ends in 3.0 days" in warned.reason) == ("", True)
        left_s = warned.figures[CERTIFICATE_LEFT_S]
        assert left_s == pytest.approx(3 * 86400, abs=1.0)
        for signed, trusted in (
            (good, other),
            (elsewhere, authority),
            (past, authority),
        ):
            told = asyncio.run(asked(signed, trusted))
            assert told.phase == "auth", told
            assert not told.figures

    def test_plain_http_behind_https_is_a_failure_of_tls(self) -> None:
        async def story() -> Sample:
            async with serving(self.good) as port:
                url = f"https://127.0.0.1:{port}/"
                return await HttpProbe(url, timeout_s=TIMEOUT_S).probe()

        assert asyncio.run(story()).phase == "tls"


class TestRedisProbe(NetworkProbeContract):
    """Redis."""

    good = b"+PONG\r\n"
    nonsense = b"HTTP/1.1 400 Bad Request\r\n\r\n"

    @override
    def make(self, port: int) -> Probe:
        return RedisProbe("127.0.0.1", port, timeout_s=TIMEOUT_S)

    def test_an_answer_without_an_end_is_nonsense_of_the_server(self) -> None:
        async def story() -> None:
            async with serving(b"+" * 200_000) as port:
                assert (await self.ask(port))[0] == "body"

        asyncio.run(story())

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
    assert files == {*PROBES, *VOTE_BUSES}
    for name, probe in {**PROBES, **VOTE_BUSES}.items():
        module = importlib.import_module(f"health.adapters.{name}")
        assert probe.__module__ == module.__name__
