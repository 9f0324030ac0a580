"""The Redis probe beside real servers, and beside what no server should say."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from health.adapters import redis as probing
from health.adapters.redis import RedisProbe
from health.ports import Sample
from tests.contract.loops import on_both_loops, run_on
from tests.contract.test_probes import serving
from tests.contract.test_stores import free_port
from tests.edge_lab import host
from tests.labs import require_programs

TIMEOUT_S = 1.0
PASSWORD = "o pen\r\nsesame"


@asynccontextmanager
async def redis_with(*options: str) -> AsyncIterator[tuple[str, int]]:
    """Run a real Redis with *options* until the block ends."""
    require_programs("redis-server")
    home, address = Path(tempfile.mkdtemp(prefix="sitedr-redis-")), host(22)
    port = free_port(address)
    (home / "redis.conf").write_text("\n".join(options))
    process = await asyncio.create_subprocess_exec(
        *("redis-server", str(home / "redis.conf"), "--bind", address),
        *("--port", str(port), "--save", "", "--dir", str(home)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(10):
            while True:
                with contextlib.suppress(ConnectionRefusedError):
                    _, writer = await asyncio.open_connection(address, port)
                    writer.close()
                    await writer.wait_closed()
                    break
                await asyncio.sleep(0.01)
        yield address, port
    finally:
        process.kill()
        await process.wait()
        shutil.rmtree(home, ignore_errors=True)


async def told(address: str, port: int, *commands: str) -> None:
    """Send *commands* and wait until each was answered."""
    reader, writer = await asyncio.open_connection(address, port)
    try:
        for line in commands:
            writer.write(line.encode() + b"\r\n")
            assert not (await reader.readline()).startswith(b"-")
    finally:
        writer.close()
        await writer.wait_closed()


async def asked(address: str, port: int, password: str = "") -> Sample:
    return await RedisProbe(address, port, password, timeout_s=TIMEOUT_S).probe()


@pytest.mark.lab
@on_both_loops
def test_a_redis_that_works_tells_of_its_memory(loop: str) -> None:
    async def story() -> Sample:
        async with redis_with("maxmemory 100mb") as where:
            return await asked(*where)

    found = run_on(loop, story())
    assert (found.phase, found.reason) == ("", "answers")
    assert 0 < found.figures["memory_ratio"] < 0.2


@pytest.mark.lab
@on_both_loops
def test_a_password_opens_and_a_wrong_one_is_blindness(loop: str) -> None:
    async def story() -> list[str]:
        async with redis_with('requirepass "o pen\\r\\nsesame"') as where:
            several = [await asked(*where, p) for p in (PASSWORD, "wrong", "")]
        async with redis_with() as where:
            several.append(await asked(*where, PASSWORD))
        return [sample.phase for sample in several]

    assert run_on(loop, story()) == ["", "auth", "auth", ""]


@pytest.mark.lab
def test_a_replica_answers_and_says_what_it_is() -> None:
    async def story() -> Sample:
        async with redis_with("replicaof 127.0.0.1 9") as where:
            return await asked(*where)

    found = asyncio.run(story())
    assert (found.phase, found.reason) == (
        "",
        "answers; a replica of 127.0.0.1:9, which takes no writes",
    )


@pytest.mark.lab
def test_what_must_go_early_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evictions a second, between two looks; memory that is full is said."""
    monkeypatch.setattr(probing, "INFO_S", 0.0)

    async def story() -> tuple[Sample, Sample, Sample]:
        options = ("maxmemory 3mb", "maxmemory-policy allkeys-lru")
        async with redis_with(*options) as (address, port):
            probe = RedisProbe(address, port, timeout_s=TIMEOUT_S)
            first = await probe.probe()
            await told(address, port, *(f"SET k{n} {'x' * 2000}" for n in range(3000)))
            second = await probe.probe()
            await told(address, port, "CONFIG RESETSTAT")
            return first, second, await probe.probe()

    first, second, third = asyncio.run(story())
    assert "evictions_per_s" not in first.figures
    assert second.figures["evictions_per_s"] > 0
    assert "evictions_per_s" not in third.figures, "counters that began anew"


@pytest.mark.lab
def test_full_memory_is_said_and_is_no_death() -> None:
    async def story() -> Sample:
        async with redis_with("maxmemory 1mb", "maxmemory-policy noeviction") as where:
            with contextlib.suppress(AssertionError):
                await told(*where, *(f"SET k{n} {'x' * 9000}" for n in range(300)))
            return await asked(*where)

    found = asyncio.run(story())
    assert found.phase == ""
    assert "its memory is full" in found.reason
    assert "writes are refused" in found.reason


@pytest.mark.parametrize(
    ("answer", "phase", "reason"),
    [
        pytest.param(b"+PONG\r\n*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n$-1\r\n$-1\r\n", "", "answers", id="tells no figures"),
        pytest.param(b"+PONG\r\n-NOPERM role\r\n-NOPERM info\r\n-NOPERM info\r\n", "", "answers", id="may not ask the rest"),
        pytest.param(b"+PONG\r\n", "", "answers", id="a proxy that knows PING alone"),
        pytest.param(b"+PONG\r\n*99999999\r\n", "body", "out of bounds", id="a list without end"),
        pytest.param(b"+PONG\r\n" + b"*1\r\n" * 9, "body", "unexpected", id="a list in a list in a list"),
        pytest.param(b"+PONG\r\n$x\r\n", "body", "no number", id="no length"),
        pytest.param(b"-LOADING Redis is loading the dataset in memory\r\n", "status", "LOADING", id="loading"),
        pytest.param(b"+PO", "read", "closed", id="half an answer"),
    ],
)  # fmt: skip
@on_both_loops
def test_what_comes_is_judged_as_far_as_it_came(
    loop: str, answer: bytes, phase: str, reason: str
) -> None:
    async def story() -> Sample:
        async with serving(answer) as port:
            return await asked("127.0.0.1", port)

    found = run_on(loop, story())
    assert found.phase == phase
    assert reason in found.reason


@on_both_loops
def test_figures_are_asked_for_once_a_second_and_kept_between(loop: str) -> None:
    """INFO costs a server more than PING; a zone is asked ten times a second."""
    rows = b"used_memory:50\r\nmaxmemory:100\r\n"
    info = b"$%d\r\n%s\r\n$0\r\n\r\n" % (len(rows), rows)
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.read(4096)
        heard.append(asked)
        writer.write(b"+PONG\r\n*1\r\n$6\r\nmaster\r\n")
        writer.write(info if b"INFO" in asked else b"")
        await writer.drain()
        writer.close()

    async def story() -> list[Sample]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = int(server.sockets[0].getsockname()[1])
            probe = RedisProbe("127.0.0.1", port, timeout_s=TIMEOUT_S)
            return [await probe.probe() for _ in range(3)]

    found = run_on(loop, story())
    assert [sample.phase for sample in found] == ["", "", ""]
    assert [dict(sample.figures) for sample in found] == [{"memory_ratio": 0.5}] * 3
    assert [asked.count(b"INFO") for asked in heard] == [2, 0, 0]
