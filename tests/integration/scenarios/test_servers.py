"""Scenarios that one pair of servers shows: our adapters against the real thing."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pymysql
import pytest

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, Outcome
from deploy.lab.engine_files import sql_text, write_private
from replication.ports import Receiving
from replication.sql.view import Said, Sight, sight_of
from tests.contract.database_cluster import A, B, Commit, expect_done, seen
from tests.contract.real_servers import ACCOUNTS
from tests.integration.facts.engines import ENGINES
from tests.integration.facts.pair import Pair, Start, Statement
from tests.integration.scenarios.pinned import Pinned

pytestmark = [pytest.mark.lab, pytest.mark.slow]

NEXT = Epoch(2)
HOUR_S = 3600
POOL = 8
CLOSED_S_MAX = 10.0
SLOW_WRITE = "INSERT INTO cms.t SELECT CONCAT('slow', SLEEP(30))"

both_engines = pytest.mark.parametrize("engine", sorted(ENGINES))


def tell(pair: Pair, story: Callable[[], Awaitable[None]]) -> None:
    """Run *story* with the pair's adapters; they are closed with it."""

    async def whole() -> None:
        try:
            await story()
        finally:
            await pair.cluster.aclose()

    asyncio.run(whole())


def all_may_lock(directory: Path) -> Sequence[str]:
    """Return the option that lets the application lock its tables."""
    file = directory / "lock.sql"
    account = f"{sql_text(ACCOUNTS.application.user)}@'%'"
    grant = f"GRANT LOCK TABLES ON cms.* TO {account}"
    write_private(file, f"SET SESSION sql_log_bin=0;\n{grant};\n")
    return (f"--init-file={file}",)


async def until_done(ask: Callable[[], Awaitable[Outcome]]) -> Done:
    """Ask again, as the procedure does, until it is so."""
    deadline_s = time.monotonic() + CLOSED_S_MAX
    while not isinstance(outcome := await ask(), Done):
        assert time.monotonic() < deadline_s, outcome
    return outcome


# ---- 10: the applier was stopped when the primary died ---------------------------


@both_engines
def test_10_a_stopped_applier_is_started_and_applies_all_it_received(
    start: Start, engine: str
) -> None:
    """Both engines: MariaDB would lose it by a wrong order, MySQL must not either."""
    pair = start(engine)
    rows = {"one", "two", "three"}

    async def story() -> None:
        b = pair.cluster.connect(B)
        await pair.cluster.hold_applier(B)
        for row in sorted(rows):
            assert await pair.cluster.commit(A, row) is Commit.OK
        await pair.cluster.kill(A)
        await pair.cluster.eventually(
            lambda: seen(b), lambda v: v.receiving is Receiving.CONNECTING
        )
        assert not rows & await pair.cluster.rows(B), "nothing is applied yet"
        received = (await seen(b)).received
        frozen = expect_done(await b.ensure_frozen(NEXT))
        assert frozen.evidence["received"] == received, "something was purged"
        expect_done(await b.ensure_drained(NEXT))
        expect_done(await b.ensure_open(NEXT, boot_id=(await seen(b)).boot_id))
        assert rows <= await pair.cluster.rows(B)
        assert await pair.cluster.commit(B, "new era") is Commit.OK

    tell(pair, story)


# ---- 23: a node's clock jumps ------------------------------------------------------


@both_engines
def test_23_a_nodes_clock_that_jumps_is_no_restart(start: Start, engine: str) -> None:
    """A boot id is a start second: clock and uptime jump together, an hour each way.

    `SET timestamp` moves what a statement takes for now, and both servers count
    their uptime from it; the machine's own clock belongs to everybody here.
    """
    pair = start(engine)
    now_s = int(pair.ask(pair.a, "UNIX_TIMESTAMP()"))
    there = sight_at(pair, "DEFAULT").view
    ahead = sight_at(pair, now_s + HOUR_S).view
    behind = sight_at(pair, now_s - HOUR_S).view
    assert ahead.boot_id == there.boot_id == behind.boot_id
    assert ahead.uptime_s >= HOUR_S
    assert behind.uptime_s >= HOUR_S - 60, "PROTECT would wait for it to grow up"


def sight_at(pair: Pair, timestamp: int | str) -> Sight:
    """Read A as our adapter does, with another time in force."""
    words = pair.cluster.adapter(A).dialect
    line = pair.connect(pair.a, ACCOUNTS.controller, admin=True)
    with line, line.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute(f"SET SESSION timestamp={timestamp}")
        cursor.execute(words.variables)
        variables: Mapping[str, Any] = cursor.fetchone()
        cursor.execute(words.status)
        status = list(cursor.fetchall())
    said = Said(variables=variables, status=status, replicas=(), epoch=0)
    return sight_of(ServerId("a"), words, said)


# ---- 28: what keeps read_only from being set -----------------------------------------


@both_engines
def test_28_closing_ends_who_locked_tables_and_who_writes_for_long(
    start: Start, engine: str, tmp_path: Path
) -> None:
    """`read_only` alone waits for both; their sessions are ended, within seconds."""
    pair = start(engine, a=all_may_lock(tmp_path))
    locker = pair.connect(pair.a, ACCOUNTS.application, admin=False)
    with locker.cursor() as cursor:
        cursor.execute("LOCK TABLES cms.t READ")
    slow_line = pair.connect(pair.a, ACCOUNTS.application, admin=False)
    slow = Statement(slow_line, SLOW_WRITE)

    async def story() -> None:
        a = pair.cluster.connect(A)
        began_s = time.monotonic()
        await until_done(lambda: a.ensure_closed(NEXT))
        assert time.monotonic() - began_s < CLOSED_S_MAX
        assert not (await seen(a)).writable
        at_close.append(pair.rows(pair.a))
        assert await pair.cluster.commit(A, "too late") is Commit.ERROR

    at_close: list[frozenset[str]] = []
    tell(pair, story)
    assert slow.ended() is Commit.ERROR
    with pytest.raises(pymysql.err.Error), locker.cursor() as cursor:
        cursor.execute("SELECT 1")
    # Killed as it gets the lock, the statement may still commit, before read_only and
    # with nobody told so (seen once with MariaDB); never once it is closed.
    assert pair.rows(pair.a) == at_close[0]
    assert at_close[0] in ({"first"}, {"first", "slow1"})


# ---- 30: clients keep to the old address ----------------------------------------------


@both_engines
def test_30_a_pool_pinned_to_the_old_address_is_thrown_out(
    start: Start, engine: str
) -> None:
    """Measured by its clients: each gets an error, none an OK once another is open."""
    pair = start(engine)
    pool = [Pinned(pair, number) for number in range(POOL)]

    async def story() -> float:
        a, b = pair.cluster.connect(A), pair.cluster.connect(B)
        await asyncio.to_thread(
            pair.until, lambda: all(p.acknowledged for p in pool), "all have written"
        )
        closed = await until_done(lambda: a.ensure_closed(NEXT))
        expect_done(await b.ensure_frozen(NEXT))
        expect_done(await b.ensure_drained(NEXT))
        assert (await seen(b)).executed == closed.evidence["executed"]
        expect_done(await b.ensure_open(NEXT, boot_id=(await seen(b)).boot_id))
        opened_s = time.monotonic()
        assert await pair.cluster.commit(B, "new era") is Commit.OK
        await asyncio.sleep(1.0)
        return opened_s

    opened: list[float] = []

    async def noting() -> None:
        opened.append(await story())

    try:
        tell(pair, noting)
    finally:
        for client in pool:
            client.stop()
    assert all(p.thrown_out for p in pool), "a session outlived the closing"
    late = [row for p in pool for row, s in p.acknowledged.items() if s > opened[0]]
    assert not late
    acknowledged = {row for p in pool for row in p.acknowledged}
    assert acknowledged <= pair.rows(pair.b)
