"""Every store adapter signs its contract."""

import asyncio
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import redis.asyncio
from aiohttp import web
from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import NotSeen, Refused, Unknown
from deploy.lab.search import SearchService
from replication.adapters import memory_stores
from replication.adapters.memory_stores import MemoryCache, MemorySearch
from replication.adapters.redis_cache import RedisCache
from replication.adapters.search_http import HttpSearch
from tests.contract.stores import (
    DOCUMENTS,
    PAGES,
    SESSIONS,
    CacheBed,
    CacheStoreContract,
    SearchBed,
    SearchStoreContract,
)
from tests.edge_lab import end, host
from tests.labs import require_programs

DEAD = 9  # discard: nobody listens there


def free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


class TestMemoryCache(CacheStoreContract):
    """The cache of rehearsals."""

    @override
    @asynccontextmanager
    async def bed(self) -> AsyncIterator[CacheBed]:
        dead = MemoryCache(fault=memory_stores.Fault.UNREACHABLE)
        yield CacheBed(MemoryCache(sessions=SESSIONS, pages=PAGES), dead)


class TestMemorySearch(SearchStoreContract):
    """The index of rehearsals."""

    @override
    @asynccontextmanager
    async def bed(self) -> AsyncIterator[SearchBed]:
        dead = MemorySearch(fault=memory_stores.Fault.UNREACHABLE)
        yield SearchBed(MemorySearch(count=DOCUMENTS), dead)


def start_redis(address: str, port: int, home: Path) -> subprocess.Popen[bytes]:
    argv = ["redis-server", "--bind", address, "--port", str(port), "--save", ""]
    argv += ["--dir", str(home), "--appendonly", "no"]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL)


@asynccontextmanager
async def redis_server() -> AsyncIterator[tuple[str, int]]:
    """Run a real Redis on loopback until the block ends."""
    require_programs("redis-server")
    home = Path(tempfile.mkdtemp(prefix="sitedr-redis-"))
    address = host(20)
    port = free_port(address)
    process = start_redis(address, port, home)
    try:
        client = redis.asyncio.Redis(host=address, port=port)
        async with asyncio.timeout(10), client:
            while True:
                try:
                    await client.ping()
                    break
                except redis.exceptions.ConnectionError:
                    await asyncio.sleep(0.01)
            await client.mset(
                {f"sitedr:session:{n}": "editor" for n in range(SESSIONS)}
            )
            await client.mset({f"sitedr:page:0:{n}": "text" for n in range(PAGES)})
            await client.set("somebody-elses", "1")
        yield address, port
    finally:
        end(process)
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.lab
class TestRedisCache(CacheStoreContract):
    """A real Redis on loopback."""

    @override
    @asynccontextmanager
    async def bed(self) -> AsyncIterator[CacheBed]:
        async with redis_server() as (address, port):
            cache, dead = RedisCache(address, port), RedisCache(address, DEAD)
            try:
                yield CacheBed(cache, dead)
            finally:
                await cache.aclose()
                await dead.aclose()


@asynccontextmanager
async def search_service() -> AsyncIterator[str]:
    """Serve the stand-in with its documents."""
    runner = web.AppRunner(SearchService("cms").application(), shutdown_timeout=0.1)
    await runner.setup()
    address = host(21)
    port = free_port(address)
    await web.TCPSite(runner, address, port).start()
    url = f"http://{address}:{port}"
    documents = [{"id": f"page-{n}", "title_t": "Hello"} for n in range(DOCUMENTS)]
    try:
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{url}/solr/cms/update?commit=true", json=documents) as answer,
        ):
            assert answer.status == 200
        yield url
    finally:
        await runner.cleanup()


@pytest.mark.lab
class TestHttpSearch(SearchStoreContract):
    """The stand-in on loopback."""

    @override
    @asynccontextmanager
    async def bed(self) -> AsyncIterator[SearchBed]:
        async with search_service() as url:
            yield SearchBed(HttpSearch(url), HttpSearch(f"http://{host(21)}:{DEAD}"))


@asynccontextmanager
async def silent_server() -> AsyncIterator[tuple[str, int]]:
    """Accept and never answer, as a frozen process does."""
    stop = asyncio.Event()

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stop.wait()
        writer.close()

    server = await asyncio.start_server(accept, host(22), 0)
    try:
        yield server.sockets[0].getsockname()
    finally:
        stop.set()
        server.close()
        await server.wait_closed()


def test_a_silent_store_is_bounded_and_nothing_was_sent() -> None:
    """Both ask a question first: without its answer the order never leaves."""

    async def story() -> None:
        async with silent_server() as (address, port):
            cache = RedisCache(address, port, timeout_s=0.1)
            search = HttpSearch(f"http://{address}:{port}", timeout_s=0.1)
            async with asyncio.timeout(2):
                assert isinstance(await cache.ensure_generation(Epoch(1)), Refused)
                assert isinstance(await cache.inventory(), NotSeen)
                flag = await search.ensure_flagged_stale(Epoch(1), why="x")
                assert isinstance(flag, Refused)
                assert isinstance(await search.documents(), NotSeen)
            await cache.aclose()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "after"),
    [(memory_stores.Fault.LOST_BEFORE, 0), (memory_stores.Fault.LOST_AFTER, 7)],
)
def test_a_lost_answer_is_unknown_whether_or_not_it_took_effect(
    fault: memory_stores.Fault, after: int
) -> None:
    async def story() -> None:
        cache, search = MemoryCache(fault=fault), MemorySearch(fault=fault)
        assert isinstance(await cache.ensure_generation(Epoch(7)), Unknown)
        assert isinstance(await search.ensure_flagged_stale(Epoch(7), why="x"), Unknown)
        assert cache.generation == after
        assert (search.stale_since or 0) == after

    asyncio.run(story())
