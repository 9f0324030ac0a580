"""The copy row by row on real servers: whole, exact, and interrupted."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymysql
import pytest
from typing_extensions import override

from controller.model.copying import CopyProgress
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from replication.adapters.mariadb import MariaDbServer
from replication.adapters.mysql import MySqlServer
from replication.ports import Receiving
from replication.sql.dump_reader import LOCKED_S_MAX, DumpReader
from replication.sql.server import IDLE_S, CopyMethod, SqlServer
from tests.contract.database_cluster import NEXT, A, C, Commit, expect_done, seen
from tests.contract.real_servers import (
    ACCOUNTS,
    RealCluster,
    engine_named,
    golden_home,
)

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SITE = (
    "CREATE DATABASE shop CHARACTER SET latin1",
    """CREATE TABLE shop.`odd ``name` (
        id INT AUTO_INCREMENT PRIMARY KEY, t TINYINT, u BIGINT UNSIGNED,
        d DECIMAL(30,10), f FLOAT, g DOUBLE, b BIT(13), y YEAR,
        da DATE, ti TIME(6), dt DATETIME(6), ts TIMESTAMP(3) NULL,
        c CHAR(5), v VARCHAR(40) CHARACTER SET utf16, l TEXT, m LONGBLOB,
        w VARCHAR(40) CHARACTER SET utf8mb4, x BINARY(4), e ENUM('a','é','c,d'),
        s SET('x','y','z'), j JSON, p POINT,
        twice INT GENERATED ALWAYS AS (t * 2) VIRTUAL,
        kept INT GENERATED ALWAYS AS (t + 1) STORED, KEY (kept)) ENGINE=InnoDB""",
    """INSERT INTO shop.`odd ``name`
        (t,u,d,f,g,b,y,da,ti,dt,ts,c,v,l,m,w,x,e,s,j,p) VALUES
        (-7, 18446744073709551615, 12345678901234567890.0123456789, 1.1, 1e-300,
         b'1010101010101', 1999, '1000-01-01', '-838:59:58.123456',
         '9999-12-31 23:59:59.999999', '2026-03-29 02:30:00.123', 'a ', 'grüße 😀',
         'caf\u00e9 it''s "\\\\ \\n', X'00FF271A0D0A5C', '\U0001f600', X'01000002', '\u00e9',
         'x,z', '{"k": [1, "ü", null]}', ST_GeomFromText('POINT(1.5 -2)')),
        (NULL, 0, 0, 3.4e38, 0.1, b'0', 0, NULL, '00:00:00', NULL, NULL, '', '', '',
         '', '', X'', 'c,d', '', 'null', NULL)""",
    (
        "CREATE TABLE shop.child (id INT PRIMARY KEY, up INT, CONSTRAINT f FOREIGN KEY"
        " (up) REFERENCES shop.`odd ``name` (id)) ENGINE=InnoDB"
    ),
    "INSERT INTO shop.child VALUES (1, 1), (2, NULL)",
    "CREATE TABLE shop.bulk (id INT AUTO_INCREMENT PRIMARY KEY, x MEDIUMBLOB)",
    (
        "INSERT INTO shop.bulk (x) SELECT REPEAT(RANDOM_BYTES(1024), 256)"
        " FROM information_schema.COLUMNS LIMIT 40"
    ),
    "CREATE VIEW shop.z_under AS SELECT id, up FROM shop.child",
    "CREATE VIEW shop.a_over AS SELECT COUNT(*) AS n FROM shop.z_under",
    (
        "CREATE TRIGGER shop.count_up BEFORE INSERT ON shop.child FOR EACH ROW"
        " SET NEW.up = COALESCE(NEW.up, 1)"
    ),
    "CREATE PROCEDURE shop.p(OUT n INT) BEGIN SELECT 1 INTO n; SET n = n + 1; END",
    "CREATE FUNCTION shop.f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
    "CREATE EVENT shop.e ON SCHEDULE EVERY 1 DAY DO DELETE FROM shop.child WHERE id=9",
    "CREATE USER guest@'%' IDENTIFIED BY 'gu est'",
)
TABLES = ("shop.`odd ``name`", "shop.child", "shop.bulk", "cms.t")
Story = Callable[[RealCluster, SqlServer], Awaitable[None]]


@pytest.fixture(scope="module", params=["mariadb", "mysql"])
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealCluster]:
    """A serves a site of everything, B acknowledges."""
    engine = engine_named(request.param)
    home = golden_home(engine, tmp_path_factory.mktemp("golden"))
    made = RealCluster(engine, home, tmp_path_factory.mktemp("servers"))

    async def begin() -> None:
        await made.protect()
        server = made.servers[A]
        # Who creates a trigger needs SUPER or trust; a site's own people have it.
        trust = "log_bin_trust_function_creators"
        known = server.sql(f"SHOW GLOBAL VARIABLES LIKE '{trust}'")
        if known:
            server.sql(f"SET GLOBAL {trust}=1")
        server.sql("SET NAMES utf8mb4", *SITE)
        if known:
            server.sql(f"SET GLOBAL {trust}=0")
        await made.aclose()

    try:
        asyncio.run(begin())
        yield made
    finally:
        made.stop()


def tell(cluster: RealCluster, story: Story, method: CopyMethod = "auto") -> None:
    """Tell *story* about a recipient that has accounts and nothing else."""

    async def whole() -> None:
        try:
            await lay_empty(cluster)
            await story(cluster, adapter(cluster, method=method))
        finally:
            await cluster.aclose()

    asyncio.run(whole())


async def lay_empty(cluster: RealCluster) -> None:
    await cluster.kill(C)
    spec = cluster.servers[C].instance
    if spec.home.exists():
        spec.home.rename(Path(f"{spec.home}.{len(list(spec.home.parent.iterdir()))}"))
    cluster.engine.create_empty(spec, ACCOUNTS)
    await cluster.start(C)


def adapter(
    cluster: RealCluster, *, method: CopyMethod = "logical", mb_s: int = 0
) -> SqlServer:
    made = cluster.connect(C)
    assert isinstance(made, SqlServer)
    made._access = replace(
        made._access,
        copy_method=method,
        copy_mb_s=mb_s,
        seed_position=lambda _server: None,
    )
    return made


async def copying(c: SqlServer) -> asyncio.Future[Outcome]:
    """Begin a slow copy; return once its bytes are seen to come."""
    c._access = replace(c._access, copy_mb_s=1)
    task = asyncio.ensure_future(c.ensure_seeded(A, NEXT))
    while not task.done():
        progress = await c.copying()
        if isinstance(progress, CopyProgress) and progress.copied_bytes:
            assert progress.total_bytes > progress.copied_bytes / 4
            return task
        await asyncio.sleep(0.02)
    raise AssertionError(task.result())


async def is_whole(cluster: RealCluster, c: SqlServer) -> None:
    """It follows from exactly there, with everything the primary has."""
    expect_done(await c.ensure_following(A, NEXT))
    last = f"last {await cluster.rows(A)!r:.20} {id(c)}"[:60]
    assert await cluster.commit(A, last) is Commit.OK
    await cluster.shows(C, last)
    here, there = cluster.servers[C], cluster.servers[A]
    for table in TABLES:
        one, other = (
            s.sql(f"CHECKSUM TABLE {table}")[0]["Checksum"] for s in (here, there)
        )
        assert one == other, table
        made = f"SHOW CREATE TABLE {table}"
        assert here.sql(made) == there.sql(made)
    for what in ("VIEW shop.a_over", "TRIGGER shop.count_up", "PROCEDURE shop.p"):
        one, other = (s.sql(f"SHOW CREATE {what}")[0] for s in (here, there))
        assert {k: v for k, v in one.items() if k != "Created"} == {
            k: v for k, v in other.items() if k != "Created"
        }
    assert here.sql("SELECT n, shop.f(1) AS f FROM shop.a_over") == [{"n": 2, "f": 2}]
    at = here.instance
    pymysql.connect(host=at.host, port=at.port, user="guest", password="gu est").close()


async def refuses_to_follow(c: SqlServer) -> None:
    refused = await c.ensure_following(A, NEXT)
    assert isinstance(refused, Refused), refused
    assert "half a copy" in refused.reason
    assert (await seen(c)).receiving is Receiving.NONE


def test_every_row_and_everything_else_arrives_under_writes(
    cluster: RealCluster,
) -> None:
    async def story(cluster: RealCluster, c: SqlServer) -> None:
        task = await copying(c)
        written = 0
        while not task.done():
            row = f"meanwhile {written}"
            assert await cluster.commit(A, row) is Commit.OK
            written += 1
        done = expect_done(await task)
        assert done.evidence["method"] == "logical dump: so configured"
        assert written > 3
        assert float(done.evidence["seconds"]) > IDLE_S  # the order session was closed
        assert not (await seen(c)).writable
        assert isinstance(await c.ensure_seeded(A, NEXT), Done)
        await is_whole(cluster, c)

    tell(cluster, story, "logical")


def test_without_the_means_for_files_rows_are_copied(cluster: RealCluster) -> None:
    """MySQL without its plugin; MariaDB when provisioning laid an empty server."""

    async def story(cluster: RealCluster, c: SqlServer) -> None:
        if cluster.engine.has_clone:
            server = cluster.servers[C]
            server.sql("SET GLOBAL super_read_only=0", "UNINSTALL PLUGIN clone")
        physical = adapter(cluster, method="physical")
        assert isinstance(await physical.ensure_seeded(A, NEXT), Refused)
        done = expect_done(await c.ensure_seeded(A, NEXT))
        why = "no CLONE plugin" if cluster.engine.has_clone else "no files"
        assert done.evidence["method"] == f"logical dump: {why}"
        await is_whole(cluster, c)

    tell(cluster, story)


def test_half_a_copy_is_begun_anew_and_never_followed_from(
    cluster: RealCluster,
) -> None:
    """Cancelled, then the recipient is killed."""

    async def story(cluster: RealCluster, c: SqlServer) -> None:
        task = await copying(c)
        task.cancel()
        await asyncio.wait({task})
        await refuses_to_follow(c)

        task = await copying(c)
        await cluster.restart(C)
        assert isinstance(await task, Refused | Unknown)
        await refuses_to_follow(c)

        fresh = adapter(cluster)
        expect_done(await fresh.ensure_seeded(A, NEXT))
        await is_whole(cluster, fresh)

    tell(cluster, story, "logical")


def test_a_server_with_data_and_no_mark_is_left_alone(cluster: RealCluster) -> None:
    async def story(cluster: RealCluster, c: SqlServer) -> None:
        server = cluster.servers[C]
        if cluster.engine.has_clone:
            server.sql("SET GLOBAL super_read_only=0")
        server.sql("SET SESSION sql_log_bin=0", "CREATE DATABASE precious")
        refused = await c.ensure_seeded(A, NEXT)
        assert isinstance(refused, Refused), refused
        assert "precious" in refused.reason
        names = [r["Database"] for r in server.sql("SHOW DATABASES")]
        assert "precious" in names

    tell(cluster, story, "logical")


class _FallsSilent(DumpReader):
    """A controller that nothing more is heard of once the donor is locked."""

    @override
    async def _run(self, statement: str) -> Sequence[Sequence[Any]]:
        if statement.startswith("START TRANSACTION"):
            raise TimeoutError
        return await super()._run(statement)


def test_a_controller_that_falls_silent_leaves_no_donor_locked(
    cluster: RealCluster,
) -> None:
    """MySQL's keeps a lock for seconds at most; MariaDB's never takes one."""

    async def story(cluster: RealCluster, c: SqlServer) -> None:
        assert isinstance(c, MySqlServer | MariaDbServer)
        at, engine = c._endpoint_of(c._access.members[A]), cluster.engine.name
        silent, reader = _FallsSilent(at, engine), DumpReader(at, engine)
        try:
            with pytest.raises(TimeoutError):
                await silent.begin()
            cluster.servers[A].sql(
                f"SET SESSION lock_wait_timeout={3 * LOCKED_S_MAX}",
                "ALTER TABLE shop.child COMMENT='not locked'",
            )
            assert await reader.begin()
            same = "SELECT @@SESSION.wait_timeout = @@GLOBAL.wait_timeout"
            assert await reader._run(same) == [(b"1",)], "a copy may take its time"
        finally:
            silent.close()
            reader.close()

    tell(cluster, story)
