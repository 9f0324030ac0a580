"""Many commits behind one, and a small one beside it."""

import time
from collections.abc import Sequence
from contextlib import ExitStack

import pymysql
import pytest

from tests.contract.database_cluster import Commit
from tests.contract.real_servers import ACCOUNTS
from tests.integration.facts.pair import Pair, Statement

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ATTEMPTS = 50
CONNECTIONS_MAX = 20
ADMINISTRATORS_MAX = 3
"""Both servers keep one connection in reserve for an administrator."""
TOO_MANY = 1040
WAIT_SESSIONS = {
    "mariadb": "Rpl_semi_sync_master_wait_sessions",
    "mysql": "Rpl_semi_sync_source_wait_sessions",
}
LOCAL_CANARY = (
    "INSERT INTO sitedr.local_canary (id, beat) VALUES (1, 1)"
    " ON DUPLICATE KEY UPDATE beat = beat + 1"
)
LOCAL_S_MAX = 0.5
"""Measured: 2 ms."""


def crowd(pair: Pair, size: int) -> Sequence[Statement]:
    """Begin up to *size* commits behind the first; fewer when A takes no more."""
    clients = [pair.waiter("0")]
    for number in range(1, size):
        try:
            clients.append(pair.write(pair.a, str(number)))
        except pymysql.err.OperationalError as refused:
            if refused.args[0] != TOO_MANY:
                raise
            break
    pair.until(lambda: listed(pair) == len(clients), "all of them are listed")
    return clients


def listed(pair: Pair) -> int:
    """Return how many applications' statements A says it carries out."""
    user = ACCOUNTS.application.user
    rows = pair.a.sql("SHOW PROCESSLIST")
    return sum(row["User"] == user and row["Command"] == "Query" for row in rows)


def enter_as_administrators(pair: Pair, stack: ExitStack) -> None:
    """Connect a few times where applications do, until the end of *stack*."""
    for _ in range(ADMINISTRATORS_MAX):
        stack.enter_context(pair.connect(pair.a, ACCOUNTS.controller, admin=False))


def test_commits_behind_a_blocked_one_lock_administrators_out(pair: Pair) -> None:
    """50 more attempts: `max_connections` full, administrators get 1040 too.

    Rule 6: canaries and orders travel on `admin_address` / `extra_port`, which
    answers all the time.
    """
    pair.stop_receiving()
    pair.a.sql(f"SET GLOBAL max_connections={CONNECTIONS_MAX}")
    clients = crowd(pair, ATTEMPTS)
    assert len(clients) < ATTEMPTS
    with ExitStack() as stack, pytest.raises(pymysql.err.OperationalError) as refused:
        enter_as_administrators(pair, stack)
    assert refused.value.args[0] == TOO_MANY
    pair.keep_waiting(*clients)  # which asks on the admin port


def test_wait_sessions_counts_one_of_nine_hanging_commits(pair: Pair) -> None:
    """`wait_sessions` said 1 with 9 hanging; rule 6: it is no measure of the crowd."""
    pair.stop_receiving()
    clients = crowd(pair, 9)
    pair.keep_waiting(*clients)
    assert listed(pair) == 9
    assert pair.status(WAIT_SESSIONS[pair.engine.name]) == "1"


def test_a_canary_without_binary_log_commits_beside_a_waiter(pair: Pair) -> None:
    """`sql_log_bin=0` beside a waiter: it commits in milliseconds; rule 6.

    Local ok and durable hanging: the acker is lost, not the primary.
    """
    pair.stop_receiving()
    waiter = pair.waiter("durable")
    with (
        pair.connect(pair.a, ACCOUNTS.controller, admin=True) as line,
        line.cursor() as cursor,
    ):
        cursor.execute("SET SESSION sql_log_bin=0")
        began_s = time.monotonic()
        cursor.execute(LOCAL_CANARY)
        assert time.monotonic() - began_s < LOCAL_S_MAX
    assert pair.ask(pair.a, "(SELECT beat FROM sitedr.local_canary)") == 1
    pair.keep_waiting(waiter)
    assert waiter.answer is Commit.HUNG
