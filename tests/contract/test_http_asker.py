"""One asking at its edges, on both loops: it ends once, and says whose fault it was."""

import asyncio
import resource
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvloop

from health.adapters.http import HttpProbe
from health.detector import FAULTY
from health.ports import Sample
from tests.contract.loops import on_both_loops, run_on

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BAD = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"


@asynccontextmanager
async def answering(
    *parts: bytes, delay_s: float = 0.0, seen: list[bytes] | None = None
) -> AsyncIterator[int]:
    """Listen; answer the first request with *parts*, then close."""
    serving = set[asyncio.Task[Any]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.update({t} if (t := asyncio.current_task()) else ())
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            if seen is not None:
                seen.append(request)
            for part in parts:
                await asyncio.sleep(delay_s)
                writer.write(part)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await asyncio.gather(*serving)  # uvloop closes over nothing that is open


async def asked(port: int, *, timeout_s: float = 0.5, body: str = "") -> Sample:
    probe = HttpProbe(f"http://127.0.0.1:{port}/", timeout_s=timeout_s, body=body)
    return await probe.probe()


@on_both_loops
@pytest.mark.parametrize(
    ("parts", "body", "phase"),
    [
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Len"], "", "read", id="dies in its headers"),
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"], "", "read", id="dies in its status"),
        pytest.param([b"HTTP/1.1 103 Hints\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok"], "", "", id="hints have a length"),
        pytest.param([BAD + OK], "", "status", id="another answer behind a bad one"),
        pytest.param([OK + b"HTTP/1.1 503 Serv"], "", "", id="half an answer behind a good one"),
        pytest.param([OK + b"HTTP/1.1 100 Continue\r\n\r\n"], "", "", id="an announcement behind it"),
        pytest.param([OK + OK.replace(b"ok", b"me")], "me", "body", id="the text is in another answer"),
        pytest.param([OK + b"rubbish"], "", "", id="rubbish behind it"),
        pytest.param([b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"], "", "body", id="switches protocols"),
        pytest.param([b"HTTP/1.1 204 None\r\n\r\n"], "", "status", id="nothing"),
        pytest.param([b"HTTP/1.1 200 OK\r\nX: ", *[b"x" * 65536] * 20], "", "body", id="a header without end"),
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\n" * 60000], "", "body", id="announcements without end"),
    ],
)  # fmt: skip
def test_only_the_first_final_whole_answer_counts(
    loop: str, parts: Sequence[bytes], body: str, phase: str
) -> None:
    async def story() -> Sample:
        async with answering(*parts) as port:
            return await asked(port, body=body)

    told = run_on(loop, story())
    assert told.phase == phase, told
    assert told.latency_s < 0.45  # by what came, not by the time-out


@on_both_loops
@pytest.mark.parametrize("host", ["a..example", "x" * 64 + ".example", "a.invalid"])
def test_a_name_that_cannot_be_looked_up_is_blindness(loop: str, host: str) -> None:
    async def story() -> Sample:
        return await HttpProbe(f"http://{host}/", timeout_s=3.0).probe()

    assert run_on(loop, story()).phase == "dns"


class _Names:
    """Resolves every name to an address where nobody listens, then to ours."""

    async def getaddrinfo(self, *_of: object, **_named: object) -> object:
        return [(2, 1, 6, "", (host, 0)) for host in ("127.0.0.9", "127.0.0.1")]


def named(kind: type) -> Callable[[], asyncio.AbstractEventLoop]:
    """Return *kind* of loop with our resolver."""
    made: Callable[[], asyncio.AbstractEventLoop] = type("Named", (_Names, kind), {})
    return made


@pytest.mark.parametrize("loop", [asyncio.SelectorEventLoop, uvloop.Loop])
def test_every_address_of_a_name_is_tried(
    loop: type,
) -> None:
    """`localhost` is ::1 first on many machines, and some listen on IPv4 only."""

    async def story() -> Sample:
        async with answering(OK) as port:
            url = f"http://site.example:{port}/"
            return await HttpProbe(url, timeout_s=0.5).probe()

    with asyncio.Runner(loop_factory=named(loop)) as runner:
        assert runner.run(story()).phase == ""


@on_both_loops
def test_what_we_lack_is_no_fault_of_the_server(loop: str) -> None:
    """Without a file descriptor left every zone would be down at once."""

    async def story() -> Sample:
        async with answering(OK) as port:
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            with socket.socket() as highest:
                lowest = highest.fileno()
            resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
            try:
                return await asked(port)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert run_on(loop, story()).phase == FAULTY


@on_both_loops
def test_an_answer_that_lay_there_while_we_stood_still_is_one(loop: str) -> None:
    """The time-out's timer is run before the socket is looked at: look once more."""

    async def story() -> Sample:
        async with answering_elsewhere() as port:
            asking = asyncio.ensure_future(asked(port, timeout_s=0.1))
            await asyncio.sleep(0.03)  # sent by now; the answer comes at 0.06
            hold_the_loop(0.12)
            return await asking

    assert run_on(loop, story()).phase == ""


@on_both_loops
def test_a_time_out_of_our_own_making_is_no_word_about_the_server(loop: str) -> None:
    """Held up before the request was sent: it had no chance to answer."""

    async def story() -> Sample:
        async with answering(OK, delay_s=0.05) as port:
            asking = asyncio.ensure_future(asked(port, timeout_s=0.1))
            await asyncio.sleep(0)
            hold_the_loop(0.4)
            return await asking

    told = run_on(loop, story())
    assert told.phase == FAULTY, told
    assert "we were" in told.reason


@asynccontextmanager
async def answering_elsewhere() -> AsyncIterator[int]:
    """Answer after 60 ms from a thread, which no stall of the loop holds up."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(4096)
            hold_the_loop(0.06)
            line.sendall(OK)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        thread.join()
        listener.close()


def hold_the_loop(seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        pass


@on_both_loops
def test_who_we_are_is_sent_and_not_shown(loop: str) -> None:
    """RFC 7617; an address with a password was understood before, too."""
    seen: list[bytes] = []

    async def story() -> HttpProbe:
        async with answering(OK, seen=seen) as port:
            url = f"http://us:s3%20cret@127.0.0.1:{port}/p%C3%A4th?q=ü"
            probe = HttpProbe(url, timeout_s=0.5)
            assert (await probe.probe()).phase == ""
            return probe

    probe = run_on(loop, story())
    head = seen[0].decode("ascii").split("\r\n")
    assert head[0] == "GET /p%C3%A4th?q=%C3%BC HTTP/1.1"
    assert "Authorization: Basic dXM6czMgY3JldA==" in head
    assert "us:" not in head[1]
    assert "dXM6" not in repr(probe._target)


@pytest.mark.parametrize("url", ["ftp://a/", "http://", "http://süd.example/", "a.b"])
def test_what_cannot_be_asked_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|ascii"):
        HttpProbe(url, timeout_s=1.0)
