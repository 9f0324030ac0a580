"""CLONE on real MySQL servers: seen, held back, and interrupted at every party.

One cluster for all of it, because filling one takes seconds; every test begins
with a recipient that is empty again.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from controller.model.copying import CopyPhase, CopyProgress
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from replication.adapters.mysql import MySqlServer
from replication.ports import Receiving
from replication.sql import clone_progress
from replication.sql.server import Address
from tests.contract.database_cluster import (
    NEXT,
    A,
    B,
    C,
    Commit,
    expect_done,
    seen,
)
from tests.contract.real_servers import RealCluster, engine_named, golden_home
from tests.integration.scenarios.site import RELAY

pytestmark = [pytest.mark.lab, pytest.mark.slow]

MB = 16
RATE_MB_S = 25
# Slow enough for a loaded machine to look at it several times.
SLOW_MB_S = 10
# CLONE looks at its rate every 100 ms and then sleeps a second at most: what a fast
# disk gives in 100 ms may be the whole table. Over a line as narrow it is exact.
NARROW_MB_S = 40
AWAY = 9
DEAF_S = 3.0
ROWS = (
    "INSERT INTO cms.big (x) SELECT REPEAT(RANDOM_BYTES(1024), 1024)"
    " FROM information_schema.COLUMNS LIMIT 8"
)
Story = Callable[[MySqlServer], Awaitable[None]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    """A serves and B follows; A has a table of its own that takes a while to copy."""
    engine = engine_named("mysql")
    home = golden_home(engine, tmp_path_factory.mktemp("golden"))
    cluster = RealCluster(engine, home, tmp_path_factory.mktemp("cluster"))
    try:
        asyncio.run(_fill(cluster))
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module", autouse=True)
def lines(filled: RealCluster) -> Iterator[subprocess.Popen[str]]:
    """Run a relay to A and B; whoever copies from them goes through it."""
    spots = [filled.servers[s].instance for s in (A, B)]
    relay = subprocess.Popen(
        [
            *(sys.executable, str(RELAY)),
            *(f"{x.host}:{x.port + AWAY}:{x.port}" for x in spots),
        ],
        env=os.environ | {"NARROW_MB_S": str(NARROW_MB_S)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert relay.stdout is not None
    assert relay.stdout.readline() == "listening\n"
    try:
        yield relay
    finally:
        relay.communicate("")


async def _fill(cluster: RealCluster) -> None:
    await cluster.protect()
    cluster.servers[A].sql(
        "SET SESSION sql_log_bin=0",
        "SET GLOBAL innodb_flush_log_at_trx_commit=0",
        "CREATE TABLE cms.big (id INT AUTO_INCREMENT PRIMARY KEY, x LONGBLOB)",
        *[ROWS] * (MB // 8),
    )
    await cluster.aclose()


@pytest.fixture
def tell(filled: RealCluster) -> Callable[..., None]:
    """Tell a story about an empty recipient; servers that died are started after it."""

    def told(story: Story, *, mb_s: int = RATE_MB_S) -> None:
        async def whole() -> None:
            try:
                await _empty(filled)
                await story(adapter(filled, mb_s=mb_s))
            finally:
                await filled.aclose()

        asyncio.run(whole())

    return told


async def _empty(cluster: RealCluster) -> None:
    home = cluster.servers[C].instance.home
    await cluster.kill(C)
    shutil.rmtree(home, ignore_errors=True)
    await cluster.lay_copy(A, C)


def adapter(cluster: RealCluster, *, mb_s: int) -> MySqlServer:
    """Return a new adapter of C, which takes copies at *mb_s*."""
    made = cluster.connect(C)
    assert isinstance(made, MySqlServer)
    near = made._access.members
    narrow = {s: Address(near[s].host, near[s].port + AWAY) for s in (A, B)}
    made._access = replace(made._access, copy_mb_s=mb_s, members={**near, **narrow})
    return made


async def copying(c: MySqlServer) -> asyncio.Future[Outcome]:
    """Begin a copy from A; return once its bytes are seen to come."""
    task = asyncio.ensure_future(c.ensure_seeded(A, NEXT))
    while not task.done():
        progress = await c.copying()
        if isinstance(progress, CopyProgress) and progress.copied_bytes:
            return task
        await asyncio.sleep(0.05)
    raise AssertionError(task.result())


def running(cluster: RealCluster) -> bool:
    """Tell whether a clone runs on C."""
    server = cluster.servers[C]
    ids = {row["Id"] for row in server.sql("SHOW PROCESSLIST")}
    rows = server.sql("SELECT * FROM performance_schema.clone_status")
    return any(r["STATE"] == "In Progress" and r["PID"] in ids for r in rows)


async def joins(cluster: RealCluster, c: MySqlServer) -> None:
    """The recipient, asked again, ends with every row."""
    expect_done(await c.ensure_seeded(A, NEXT))
    expect_done(await c.ensure_following(A, NEXT))
    sums = [
        cluster.servers[s].sql("CHECKSUM TABLE cms.big")[0]["Checksum"] for s in (A, C)
    ]
    assert sums[0] == sums[1]


async def refuses_to_follow(c: MySqlServer) -> None:
    refused = await c.ensure_following(A, NEXT)
    assert isinstance(refused, Refused), refused
    assert "half a copy" in refused.reason
    assert (await seen(c)).receiving is Receiving.NONE


def test_a_copy_is_seen_to_grow_and_held_to_its_rate(
    filled: RealCluster, tell: Callable[..., None]
) -> None:
    async def story(c: MySqlServer) -> None:
        looked: list[CopyProgress] = []
        task = await copying(c)
        began_s = asyncio.get_running_loop().time()
        took_s = 0.0
        while not task.done():
            progress = await c.copying()
            if isinstance(progress, CopyProgress):
                looked.append(progress)
                if progress.phase is not CopyPhase.STARTING:
                    took_s = asyncio.get_running_loop().time() - began_s
            await asyncio.sleep(0.1)
        expect_done(await task)
        assert await c.copying() is None
        copied = [p.copied_bytes for p in looked]
        assert copied == sorted(copied)
        total = looked[-1].total_bytes
        assert MB * 2**20 < total < 100 * MB * 2**20
        assert len(set(copied)) >= 2
        # Unthrottled the line would give four times as much.
        rate_b_s = (copied[-1] - copied[0]) / took_s
        assert rate_b_s < 2 * SLOW_MB_S * 1e6

    tell(story, mb_s=SLOW_MB_S)


def test_a_copy_of_a_replica_acknowledges_nothing_and_follows_nobody(
    filled: RealCluster, tell: Callable[..., None]
) -> None:
    """The clone knows B's source; its files would let it connect and write."""

    async def story(c: MySqlServer) -> None:
        server = filled.servers[C]
        await filled.kill(C)
        unsafe = _UnsafeFiles(server.engine)
        server.engine, safe = unsafe, server.engine
        try:
            await filled.start(C)
            server.sql("SET GLOBAL super_read_only=1")
            primary = await _primary(filled)
            counted: list[int] = []

            async def count() -> None:
                while True:
                    counted.append((await seen(primary)).source_side.receivers)
                    await asyncio.sleep(0.01)

            counting = asyncio.ensure_future(count())
            expect_done(await c.ensure_seeded(B, NEXT))
            await asyncio.sleep(1.5)
            counting.cancel()
            view = await seen(c)
            assert (view.writable, view.source) == (False, None)
            assert set(counted) == {1}, set(counted)
            expect_done(await c.ensure_following(A, NEXT))
            assert await filled.commit(A, "after the copy of b") is Commit.OK
            await filled.shows(C, "after the copy of b")
        finally:
            server.engine = safe

    tell(story, mb_s=0)


class _UnsafeFiles:
    """An engine whose option file has none of the safe words: as others set servers."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def write_options(self, instance: Any) -> None:
        self._engine.write_options(instance)
        path: Path = instance.home / "my.cnf"
        lines = path.read_text().splitlines(keepends=True)
        unsafe = ("super_read_only", "skip_replica_start")
        path.write_text("".join(x for x in lines if not x.startswith(unsafe)))


async def _primary(cluster: RealCluster) -> MySqlServer:
    a = cluster.connect(A)
    assert isinstance(a, MySqlServer)
    assert (await seen(a)).source_side.receivers == 1
    return a


def test_a_cancelled_copy_ends_in_the_server_too(
    filled: RealCluster, tell: Callable[..., None]
) -> None:
    """A failover has no time for a copy; left alone the clone would go on."""

    async def story(c: MySqlServer) -> None:
        task = await copying(c)
        task.cancel()
        await asyncio.wait({task})
        await filled.eventually(
            lambda: asyncio.to_thread(running, filled), lambda runs: not runs
        )
        await refuses_to_follow(c)
        assert not (await seen(c)).writable
        await joins(filled, c)

    tell(story)


def test_the_clone_of_a_killed_controller_is_ended_by_the_next(
    filled: RealCluster, tell: Callable[..., None]
) -> None:
    async def story(c: MySqlServer) -> None:
        task = await copying(c)
        task.cancel()
        await asyncio.wait({task})
        assert c._ending is not None
        c._ending.cancel()  # a killed process cleans nothing up
        await asyncio.wait({c._ending})
        assert running(filled)
        await joins(filled, adapter(filled, mb_s=0))

    tell(story)


def test_a_recipient_killed_in_the_middle_is_never_joined_half(
    filled: RealCluster, tell: Callable[..., None]
) -> None:
    async def story(c: MySqlServer) -> None:
        task = await copying(c)
        await filled.restart(C)
        assert isinstance(await task, Refused | Unknown)
        await refuses_to_follow(c)
        assert not (await seen(c)).writable
        await joins(filled, c)

    tell(story)


def test_a_donor_that_does_not_know_its_recipient_dead_is_waited_for(
    filled: RealCluster, tell: Callable[..., None], lines: subprocess.Popen[str]
) -> None:
    """It gives one copy at a time, and says so; that is no reason to give up."""

    async def story(c: MySqlServer) -> None:
        task = await copying(c)
        lines.send_signal(signal.SIGSTOP)
        try:
            await filled.restart(C)
            assert isinstance(await task, Refused | Unknown)
            straight = filled.connect(C)
            again = asyncio.ensure_future(straight.ensure_seeded(A, NEXT))
            await asyncio.sleep(DEAF_S)
            assert not again.done(), again.result()
        finally:
            lines.send_signal(signal.SIGCONT)
        expect_done(await again)

    tell(story, mb_s=SLOW_MB_S)


def test_a_donor_killed_in_the_middle_is_given_up(
    filled: RealCluster,
    tell: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server itself would wait for it for minutes."""
    monkeypatch.setattr(clone_progress, "STILL_S_MAX", 3.0)

    async def story(c: MySqlServer) -> None:
        task = await copying(c)
        await filled.kill(A)
        refused = await asyncio.wait_for(task, 15)
        assert isinstance(refused, Refused), refused
        assert "no byte" in refused.reason
        assert not running(filled)
        await filled.start(A)
        a = filled.connect(A)
        boot_id = (await seen(a)).boot_id
        expect_done(await a.ensure_open(NEXT, boot_id=boot_id))
        assert isinstance(await c.ensure_seeded(A, NEXT), Done)

    tell(story)


def test_a_line_that_breaks_for_a_moment_costs_no_copy(
    filled: RealCluster, tell: Callable[..., None]
) -> None:
    """The server clones on: whoever takes the lock anew must not end the clone."""

    async def story(c: MySqlServer) -> None:
        expect_done(await c.ensure_claimed("us"))
        task = await copying(c)
        boot_id = (await seen(c)).boot_id
        c._order._connection._writer.transport.abort()
        c._view.close()
        expect_done(await task)
        assert (await seen(c)).boot_id != boot_id
        await joins(filled, c)

    tell(story, mb_s=SLOW_MB_S)
