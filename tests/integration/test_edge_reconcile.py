"""A real edge that missed a failover, and one that lost its routes, come back."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from controller.cli.demo_daemon import DaemonProcess, running_daemon
from controller.incident.record import Record, RecordKind
from controller.model.ids import EdgeId
from deploy.lab import procs
from deploy.lab.launcher import Lab
from deploy.lab.spec import EDGE_GROUP, EDGES, SLOTS, ZONES
from tests.integration.test_operator import free_port
from tests.labs import running_lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]
FIRST, SECOND = EDGES
A = ZONES[0]
SITE = next(iter(SLOTS.values()))[0]
REPAIR_S = 5.0  # seen within one look, put back at once; room for a busy machine


def haproxy_of(lab: Lab, edge: EdgeId) -> procs.Process:
    """Return the edge's living HAProxy."""
    home = str(lab.spec.edge_dir(edge)).encode()
    for process in procs.of_zone(lab.spec.mark(EDGE_GROUP)):
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        if home in command and b"haproxy" in command:
            return process
    raise AssertionError(f"no haproxy runs for {edge}")


async def until(
    holds: Callable[[], Awaitable[bool]], what: str, bound_s: float
) -> float:
    """Return after how many seconds *holds*; fail naming *what*."""
    began_s = time.monotonic()
    while not await holds():
        assert time.monotonic() - began_s < bound_s, f"not within {bound_s:g} s: {what}"
        await asyncio.sleep(0.05)
    return time.monotonic() - began_s


async def status(daemon: DaemonProcess) -> Mapping[str, Any]:
    return await daemon.client.status() or {}


async def read_zone(lab: Lab, edge: EdgeId) -> str:
    """Return which zone answers a read at the edge; empty: nobody."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as http,
            http.get(lab.spec.edge_url(edge), headers={"Host": SITE}) as answer,
        ):
            return answer.headers.get("X-Zone", "")
    except (aiohttp.ClientError, TimeoutError):
        return ""


def drifts(records: Sequence[Record], edge: EdgeId) -> list[object]:
    """Return what the journal says of the edge: True off its route, False on again."""
    return [
        r.body["drifted"]
        for r in records
        if r.kind is RecordKind.DRIFT and r.body["edge"] == edge
    ]


async def repaired(lab: Lab, daemon: DaemonProcess, edge: EdgeId) -> None:
    """Wait until the journal tells both halves, and look at the edge itself."""

    async def told() -> bool:
        return drifts(await daemon.client.records(0), edge) == [True, False]

    await until(told, f"{edge} drifts and is repaired", REPAIR_S)
    assert (await status(daemon))["edges"][edge]["on_route"] is True
    assert await read_zone(lab, edge) == "b"
    gate = (lab.spec.edge_dir(edge) / "maps" / "gate.map").read_text()
    assert "hold" not in gate


async def missed_the_failover(lab: Lab, daemon: DaemonProcess) -> None:
    """Frozen while b takes over, then killed: it starts again with its old maps."""

    async def is_protected() -> bool:
        return bool((await status(daemon)).get("durability", {}).get("protected"))

    async def is_moved() -> bool:
        tree = await status(daemon)
        moved = tree.get("primary_zone") == "b" and tree["run"] is None
        return bool(moved and tree["durability"]["protected"])

    async def is_named() -> bool:
        return "edge_unreachable" in str((await status(daemon)).get("vetoes"))

    await until(is_protected, "protected", 30)
    frozen = haproxy_of(lab, SECOND)
    procs.send(frozen, signal.SIGSTOP)
    await until(is_named, "an edge that does not answer is named", 10)
    await asyncio.to_thread(lab.kill, A)
    await until(is_moved, "b serves, protected again", 60)
    assert await is_named()
    ends = [
        str(r.body["evidence"])
        for r in await daemon.client.records(0)
        if r.kind is RecordKind.OUTCOME and r.body["step"] == "verify_end"
    ]
    assert f"off_route': '{SECOND}: " in ends[-1]
    assert drifts(await daemon.client.records(0), SECOND) == []
    write_map = lab.spec.edge_dir(SECOND) / "maps" / "write.map"
    assert " a" in write_map.read_text(), "its files are of before"
    procs.send(frozen, signal.SIGKILL)
    await repaired(lab, daemon, SECOND)


async def lost_its_routes(
    lab: Lab, daemon: DaemonProcess, old: Mapping[str, str]
) -> None:
    """In calm times, with the files of its first day; nobody else is written to."""
    epoch = (await status(daemon))["edges"][SECOND]["epoch"]
    for name, text in old.items():
        (lab.spec.edge_dir(FIRST) / "maps" / name).write_text(text)
    procs.send(haproxy_of(lab, FIRST), signal.SIGKILL)
    await repaired(lab, daemon, FIRST)
    edges = (await status(daemon))["edges"]
    assert edges[SECOND]["epoch"] == epoch
    assert edges[FIRST]["epoch"] > epoch


@pytest.mark.slow
def test_edges_come_back_to_the_route() -> None:
    """DESIGN §7: read back, compared, repaired; both in the timeline."""
    with running_lab() as lab:
        config = lab.spec.directory / "site.yaml"
        listen = f"127.0.0.1:{free_port()}"
        config.write_text(config.read_text().replace("127.0.0.1:9180", listen))
        maps = lab.spec.edge_dir(FIRST) / "maps"
        first_day = {
            name: (maps / name).read_text()
            for name in ("read.map", "write.map", "gate.map", "epoch.map")
        }

        async def story() -> None:
            async with running_daemon(lab.spec.directory, None) as daemon:
                await missed_the_failover(lab, daemon)
                await lost_its_routes(lab, daemon, first_day)
                assert not daemon.crashes, daemon.last_words()

        asyncio.run(story())
