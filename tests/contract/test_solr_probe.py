"""The Solr probe beside the stand-in, and beside answers of a real Solr's shape."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from typing_extensions import override

from health.adapters.solr import SolrProbe
from health.ports import Sample
from tests.contract.loops import on_both_loops, run_on
from tests.contract.test_probes import NetworkProbeContract, closed_port
from tests.contract.test_stores import free_port, search_service
from tests.edge_lab import host

TIMEOUT_S = 0.5
OK = '{"responseHeader":{"status":0},"status":"OK"}'
LOADED = '{"initFailures":{},"status":{"cms":{"name":"cms","index":{"numDocs":3}}}}'
MISSING = '{"initFailures":{},"status":{"cms":{}}}'


@asynccontextmanager
async def solr(ping: tuple[int, str], cores: str = LOADED) -> AsyncIterator[str]:
    """Answer pings and the core status as told."""

    async def pinged(_: web.Request) -> web.Response:
        return web.Response(status=ping[0], text=ping[1])

    async def status(_: web.Request) -> web.Response:
        return web.Response(text=cores)

    app = web.Application()
    app.add_routes(
        [
            web.get("/solr/cms/admin/ping", pinged),
            web.get("/solr/admin/cores", status),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    address, port = host(23), free_port(host(23))
    await web.TCPSite(runner, address, port).start()
    try:
        yield f"http://{address}:{port}"
    finally:
        await runner.cleanup()


async def asked(url: str, core: str = "cms") -> Sample:
    return await SolrProbe(url, core, timeout_s=TIMEOUT_S).probe()


@on_both_loops
@pytest.mark.parametrize(
    ("ping", "cores", "phase", "reason"),
    [
        pytest.param((200, OK), LOADED, "", "answers", id="well"),
        pytest.param((200, OK.replace(":", ": ")), LOADED, "", "answers", id="spaced"),
        pytest.param((404, "no"), MISSING, "status", "no core cms is loaded", id="missing"),
        pytest.param((503, "off"), LOADED, "status", "though core cms is loaded", id="taken out"),
        pytest.param((200, "{}"), LOADED, "body", "though core cms is loaded", id="not OK"),
        pytest.param((401, "who"), LOADED, "auth", "HTTP 401", id="a password we lack"),
    ],
)  # fmt: skip
def test_a_core_is_pinged_and_looked_for_when_it_does_not_answer(
    loop: str, ping: tuple[int, str], cores: str, phase: str, reason: str
) -> None:
    async def story() -> Sample:
        async with solr(ping, cores) as url:
            return await asked(url)

    found = run_on(loop, story())
    assert found.phase == phase
    assert reason in found.reason


def test_the_stand_in_is_understood() -> None:
    async def story() -> list[str]:
        async with search_service() as url:
            return [(await asked(url)).phase, (await asked(url, "other")).reason]

    phase, reason = asyncio.run(story())
    assert phase == ""
    assert "no core other is loaded" in reason


class TestSolrProbe(NetworkProbeContract):
    """Solr, as every other."""

    good = f"HTTP/1.1 200 OK\r\nContent-Length: {len(OK)}\r\n\r\n{OK}".encode()
    nonsense = b"+PONG\r\n"

    @override
    def make(self, port: int) -> SolrProbe:
        return SolrProbe(f"http://127.0.0.1:{port}", "cms", timeout_s=0.3)


def test_a_closed_door_is_told_at_once() -> None:
    async def story() -> Sample:
        return await asked(f"http://127.0.0.1:{await closed_port()}")

    assert asyncio.run(story()).phase == "connect"
