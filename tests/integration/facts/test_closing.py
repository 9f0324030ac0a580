"""Closing a primary by SQL while a commit waits on it: proof (c), in which order."""

import time
from collections.abc import Sequence

import pymysql
import pytest

from tests.contract.database_cluster import Commit
from tests.contract.real_servers import ACCOUNTS
from tests.integration.facts.pair import Pair, Statement

pytestmark = [pytest.mark.lab, pytest.mark.slow]

READ_ONLY = {"mariadb": "read_only", "mysql": "super_read_only"}
AT_ONCE_S = 2.0
"""Measured below 0.1 s; what hangs here hangs without limit."""
NO_SUCH_VARIABLE = 1193
OFFLINE = 3032
LOCKED = {"mariadb": 4151, "mysql": 3118}


def begun(pair: Pair) -> Statement:
    """Order A read-only; return once A carries it out, or has done so."""
    name = READ_ONLY[pair.engine.name]
    order = pair.order(pair.a, f"SET GLOBAL {name}=1")
    pair.until(lambda: _is_begun(pair, order), "the order is begun")
    return order


def _is_begun(pair: Pair, order: Statement) -> bool:
    return pair.runs(pair.a, order) or order.answer is not Commit.HUNG


def is_read_only(pair: Pair) -> bool:
    return bool(pair.ask(pair.a, "@@GLOBAL.read_only"))


def refusal(pair: Pair) -> int:
    """Return the error a new application connection gets."""
    with pytest.raises(pymysql.err.OperationalError) as refused:
        pair.connect(pair.a, ACCOUNTS.application, admin=False)
    return int(refused.value.args[0])


def test_mysql_super_read_only_hangs_behind_a_waiter_also_offline(mysql: Pair) -> None:
    """`super_read_only=1` while a waiter exists hangs, also after `offline_mode`.

    Proof (c): hence PERSIST_ONLY for the next start, and the end of the process.
    Meanwhile `@@super_read_only` says 1 already; only `@@read_only` tells.
    """
    mysql.stop_receiving()
    waiter = mysql.waiter("waits")
    before = begun(mysql)
    mysql.keep_waiting(waiter, before)
    mysql.a.sql("SET GLOBAL offline_mode=1")
    assert waiter.ended() is Commit.ERROR
    after = begun(mysql)
    mysql.keep_waiting(before, after)
    assert mysql.ask(mysql.a, "@@GLOBAL.super_read_only") == 1
    assert not is_read_only(mysql)


def test_mariadb_read_only_hangs_until_the_waiter_is_killed(mariadb: Pair) -> None:
    """`read_only=1` hangs behind a waiter; its KILL lets it through at once.

    Proof (c): clients are ended first, and the wait for the lock is bounded.
    """
    mariadb.stop_receiving()
    waiter = mariadb.waiter("waits")
    order = begun(mariadb)
    mariadb.keep_waiting(waiter, order)
    assert not is_read_only(mariadb)
    mariadb.a.sql(f"KILL {waiter.connection_id}")
    assert order.ended(AT_ONCE_S) is Commit.OK
    assert waiter.ended() is Commit.ERROR
    assert is_read_only(mariadb)


def test_mysql_offline_mode_ends_the_waiter_with_an_error(mysql: Pair) -> None:
    """`offline_mode=1`: at once; waiters get an error, nobody new comes in.

    Proof (c), first step: from here on no application is told OK.
    """
    mysql.stop_receiving()
    waiter = mysql.waiter("waits")
    began_s = time.monotonic()
    mysql.a.sql("SET GLOBAL offline_mode=1")
    assert waiter.ended(AT_ONCE_S) is Commit.ERROR
    assert time.monotonic() - began_s < AT_ONCE_S
    assert refusal(mysql) == OFFLINE
    assert "waits" not in mysql.rows(mysql.b)


def test_mariadb_has_no_offline_mode(mariadb: Pair) -> None:
    """The row's dash: there is no such setting, so accounts are locked instead."""
    with pytest.raises(pymysql.err.MySQLError) as unknown:
        mariadb.a.sql("SET GLOBAL offline_mode=1")
    assert unknown.value.args[0] == NO_SUCH_VARIABLE


def lock_and_kill(pair: Pair) -> Sequence[int]:
    """Lock the application's account locally, then kill its connections."""
    user = ACCOUNTS.application.user
    pair.a.sql("SET SESSION sql_log_bin=0", f"ALTER USER '{user}'@'%' ACCOUNT LOCK")
    processes = pair.a.sql("SHOW PROCESSLIST")
    theirs = [int(row["Id"]) for row in processes if row["User"] == user]
    for number in theirs:
        pair.a.sql(f"KILL {number}")
    return theirs


def test_mariadb_closes_once_accounts_are_locked_and_clients_killed(
    mariadb: Pair,
) -> None:
    """Lock unlogged, KILL every client, `read_only=1`: each at once; proof (c).

    Rule 9: the waiter gets an error, and new connections 4151.
    """
    mariadb.stop_receiving()
    waiter = mariadb.waiter("waits")
    began_s = time.monotonic()
    assert waiter.connection_id in lock_and_kill(mariadb)
    assert waiter.ended(AT_ONCE_S) is Commit.ERROR
    assert begun(mariadb).ended(AT_ONCE_S) is Commit.OK
    assert time.monotonic() - began_s < AT_ONCE_S
    assert is_read_only(mariadb)
    assert refusal(mariadb) == LOCKED["mariadb"]


def test_mysql_stays_open_though_accounts_are_locked_and_clients_killed(
    mysql: Pair,
) -> None:
    """The same on MySQL (the note: not tried) ends the client, not its commit.

    Proof (c): read-only still hangs; only the end of the process closes MySQL.
    """
    mysql.stop_receiving()
    waiter = mysql.waiter("waits")
    assert waiter.connection_id in lock_and_kill(mysql)
    assert waiter.ended(AT_ONCE_S) is Commit.ERROR
    assert refusal(mysql) == LOCKED["mysql"]
    mysql.keep_waiting(begun(mysql))
    assert not is_read_only(mysql)
