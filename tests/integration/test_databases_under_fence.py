"""What the rules of proof rest on, shown on the servers themselves."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from controller.model.outcomes import NotSeen, Refused
from replication.ports import Session
from replication.sql.credentials import Credentials
from replication.sql.server import SqlServer
from replication.sql.session import Endpoint, LostError, SqlSession
from replication.statements import MARIADB
from tests.contract.database_cluster import (
    NEXT,
    A,
    B,
    Commit,
    expect_done,
    seen,
)
from tests.contract.real_servers import (
    ACCOUNTS,
    RealCluster,
    engine_named,
    golden_home,
)

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def mariadb_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden_home(engine_named("mariadb"), tmp_path_factory.mktemp("mariadb"))


@pytest.fixture(scope="module")
def mysql_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden_home(engine_named("mysql"), tmp_path_factory.mktemp("mysql"))


@pytest.fixture
def mariadb(mariadb_home: Path, tmp_path: Path) -> Iterator[RealCluster]:
    cluster = RealCluster(engine_named("mariadb"), mariadb_home, tmp_path)
    yield cluster
    cluster.stop()


@pytest.fixture
def mysql(mysql_home: Path, tmp_path: Path) -> Iterator[RealCluster]:
    cluster = RealCluster(engine_named("mysql"), mysql_home, tmp_path)
    yield cluster
    cluster.stop()


def tell(cluster: RealCluster, story: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        try:
            await story()
        finally:
            await cluster.aclose()

    asyncio.run(whole())


async def acknowledge_unapplied(cluster: RealCluster) -> None:
    """Have three rows acknowledged by B that only its relay log holds."""
    await cluster.hold_applier(B)
    for row in ("one", "two", "three"):
        assert await cluster.commit(A, row) is Commit.OK


def test_mariadb_restart_loses_what_was_acknowledged(mariadb: RealCluster) -> None:
    """Rule 4: afterwards drain and superset checks pass; only the boot id tells."""

    async def story() -> None:
        _, b = await mariadb.protect()
        await acknowledge_unapplied(mariadb)
        boot = (await seen(b)).boot_id
        await mariadb.restart(B)
        drained = expect_done(await b.ensure_drained(NEXT))
        assert "one" not in await mariadb.rows(B)
        assert drained.evidence["boot_id"] != boot
        assert isinstance(await b.ensure_open(NEXT, boot_id=boot), Refused)

    tell(mariadb, story)


@pytest.mark.slow
def test_mysql_restart_keeps_what_was_acknowledged(mysql: RealCluster) -> None:
    """The lab's `relay_log_recovery=OFF`: the relay log outlives the process."""

    async def story() -> None:
        _, b = await mysql.protect()
        await acknowledge_unapplied(mysql)
        await mysql.kill(A)
        await mysql.restart(B)
        expect_done(await b.ensure_drained(NEXT))
        assert {"one", "two", "three"} <= await mysql.rows(B)

    tell(mysql, story)


def test_mariadb_drain_never_starts_an_applier_that_would_forget(
    mariadb: RealCluster,
) -> None:
    """Both halves stopped: a START would delete the relay log, so it is refused."""

    async def story() -> None:
        _, b = await mariadb.protect()
        await acknowledge_unapplied(mariadb)
        mariadb.servers[B].sql("STOP SLAVE")
        before = (await seen(b)).received
        assert isinstance(await b.ensure_drained(NEXT), Refused)
        assert (await seen(b)).received == before
        assert isinstance(
            await b.ensure_open(NEXT, boot_id=(await seen(b)).boot_id), Refused
        )

    tell(mariadb, story)


def test_an_order_buffered_by_a_frozen_server_runs_at_the_thaw(
    mariadb: RealCluster,
) -> None:
    """Rule 5: the sender gave up and closed, and still the waiter is told OK."""

    async def story() -> None:
        _, b = await mariadb.protect()
        at = mariadb.servers[A].instance
        account = ACCOUNTS.controller
        order = SqlSession(
            Endpoint(
                host=at.host,
                port=at.admin_port,
                account=Credentials(user=account.user, password=account.password),
            )
        )
        await order.connect()
        expect_done(await b.ensure_frozen(NEXT))
        waiting = await mariadb.commit_hangs(A, "un-fenced")
        await mariadb.freeze(A)
        with pytest.raises(LostError):
            await order.ask(MARIADB.acks_off, timeout_s=0.2)
        await mariadb.thaw(A)
        assert await mariadb.ended(waiting) is Commit.OK

    tell(mariadb, story)


def test_an_order_that_unfences_travels_only_on_the_journalled_connection(
    mariadb: RealCluster,
) -> None:
    """Rule 5: after `ready`, another connection needs another `ready`."""

    async def story() -> None:
        a, _ = await mariadb.protect()
        named = await a.ready()
        assert isinstance(named, Session)
        mariadb.servers[A].sql(f"KILL {named.connection_id}")
        expect_done(await a.ensure_claimed("me"))  # connects anew, names nothing
        refused = await a.ensure_acks_required(NEXT, required=False)
        assert isinstance(refused, Refused)
        assert (await seen(a)).source_side.required
        again = await a.ready()
        assert not isinstance(again, NotSeen)
        assert again.connection_id != named.connection_id
        expect_done(await a.ensure_acks_required(NEXT, required=False))

    tell(mariadb, story)


def test_the_lock_is_taken_again_on_a_new_connection(mariadb: RealCluster) -> None:
    """Rule 10: holding it and acting are one connection, after a break too."""

    async def story() -> None:
        a, other = mariadb.connect(A), mariadb.connect(A)
        expect_done(await a.ensure_claimed("me"))
        named = await a.ready()
        assert isinstance(named, Session)
        mariadb.servers[A].sql(f"KILL {named.connection_id}")
        await mariadb.eventually(a.ready, lambda s: isinstance(s, Session))
        assert isinstance(await other.ensure_claimed("you"), Refused)
        boot = (await seen(a)).boot_id
        expect_done(await a.ensure_open(NEXT, boot_id=boot))

    tell(mariadb, story)


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_a_connection_given_up_is_ended_before_the_next_order(
    engine: str, request: pytest.FixtureRequest
) -> None:
    """What waits on it never runs: an undone FREEZE is not done again, late."""
    cluster = request.getfixturevalue(engine)

    async def story() -> None:
        _, b = await cluster.protect()
        assert isinstance(b, SqlServer)
        expect_done(await b.ensure_claimed("me"))
        named = await b.ready()
        assert isinstance(named, Session)
        # No answer came, and the server has not heard yet that nobody waits for it.
        given_up, b._order._connection = b._order._connection, None
        again = await b.ready()
        assert isinstance(again, Session)
        assert again.connection_id != named.connection_id
        listed = [row["Id"] for row in cluster.servers[B].sql("SHOW PROCESSLIST")]
        assert again.connection_id in listed
        assert named.connection_id not in listed
        expect_done(await b.ensure_following(A, NEXT))
        given_up.close()

    tell(cluster, story)


def test_opening_unlocks_only_what_closing_locked(mariadb: RealCluster) -> None:
    """An account an operator locked stays locked; nothing of it replicates."""

    async def story() -> None:
        a, _ = await mariadb.protect()
        mariadb.servers[A].sql(
            "SET SESSION sql_log_bin=0", "CREATE USER guest ACCOUNT LOCK"
        )
        before = (await seen(a)).executed
        closed = expect_done(await a.ensure_closed(NEXT))
        assert closed.evidence["executed"] == before
        assert await mariadb.commit(B, "read-only") is Commit.ERROR
        expect_done(await a.ensure_open(NEXT, boot_id=(await seen(a)).boot_id))
        assert await mariadb.commit(A, "open") is Commit.OK
        (guest,) = mariadb.servers[A].sql(
            "SELECT JSON_VALUE(Priv, '$.account_locked') AS locked"
            " FROM mysql.global_priv WHERE User = 'guest'"
        )
        assert guest["locked"] in {"1", "true"}

    tell(mariadb, story)


@pytest.mark.slow
def test_closing_mysql_behind_a_waiter_is_honest(mysql: RealCluster) -> None:
    """The application is told no, and the answer says it is not closed."""

    async def story() -> None:
        a, b = await mysql.protect()
        expect_done(await b.ensure_frozen(NEXT))
        waiting = await mysql.commit_hangs(A, "nowhere else")
        assert isinstance(await a.ensure_closed(NEXT), Refused)
        assert await mysql.ended(waiting) is Commit.ERROR
        assert await mysql.commit(A, "later") is Commit.ERROR
        assert (await seen(a)).source_side.waiters
        await mysql.restart(A)
        again = await seen(a)
        assert (again.writable, again.source_side.waiters) == (False, 0)
        assert "nowhere else" in await mysql.rows(A)  # why it is never just reused

    tell(mysql, story)


@pytest.mark.slow
def test_a_mysql_copy_replaces_an_ex_primary_with_a_ghost(mysql: RealCluster) -> None:
    """Rule 7: what only the old primary has goes away with CLONE."""

    async def story() -> None:
        a, b = await mysql.protect()
        expect_done(await b.ensure_frozen(NEXT))
        await mysql.commit_hangs(A, "ghost")
        await mysql.kill(A)
        expect_done(await b.ensure_drained(NEXT))
        expect_done(await b.ensure_open(NEXT, boot_id=(await seen(b)).boot_id))
        await mysql.start(A)
        assert "ghost" in await mysql.rows(A)
        expect_done(await a.ensure_seeded(B, NEXT))
        assert "ghost" not in await mysql.rows(A)
        expect_done(await a.ensure_following(B, NEXT))
        assert await mysql.commit(B, "after") is Commit.OK
        await mysql.shows(A, "after")

    tell(mysql, story)
