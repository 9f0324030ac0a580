"""How a primary with a waiter ends, and what it has when it comes back."""

import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.lab.engine import Account
from deploy.lab.engine_files import sql_text, write_private
from tests.contract.database_cluster import A, Commit
from tests.integration.facts.pair import Pair, Start

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ORDERLY = ["SIGTERM", "SHUTDOWN"]
OPERATOR = Account(user="operator", password="o4")
"""Somebody on the host; the controller's own account may not shut down."""


def with_operator(directory: Path) -> Sequence[str]:
    """Return the option that makes the operator's account."""
    file = directory / "operator.sql"
    name = f"{sql_text(OPERATOR.user)}@'%'"
    statements = (
        "SET SESSION sql_log_bin=0",
        f"CREATE USER {name} IDENTIFIED BY {sql_text(OPERATOR.password)}",
        f"GRANT SHUTDOWN ON *.* TO {name}",
    )
    write_private(file, "".join(f"{s};\n" for s in statements))
    return (f"--init-file={file}",)


def shut_down(pair: Pair, how: str) -> None:
    """End A in an orderly way."""
    if how == "SIGTERM":
        pair.a.signal(signal.SIGTERM)
    else:
        line = pair.connect(pair.a, OPERATOR, admin=False)
        with line.cursor() as cursor:
            cursor.execute("SHUTDOWN")


def has_shut_down(pair: Pair) -> None:
    """See that A ended by its own doing: killed, it would tell its clients an error."""
    pair.until(lambda: "Shutdown complete" in pair.a.log(), "A has shut down")


def back_again(pair: Pair) -> frozenset[str]:
    """Start A again with the lab's own options and return its rows."""
    pair.a.kill()
    pair.a.start()
    return pair.rows(pair.a)


@pytest.mark.parametrize("how", ORDERLY)
def test_mysql_orderly_shutdown_acknowledges_the_waiter(
    start: Start, tmp_path: Path, how: str
) -> None:
    """`SIGTERM` or `SHUTDOWN` on MySQL: OK for a write that exists nowhere else.

    Rule 9: a primary is stopped by ending its clients and SIGKILL.
    """
    pair = start("mysql", a=with_operator(tmp_path))
    pair.stop_receiving()
    waiter = pair.waiter("acknowledged")
    shut_down(pair, how)
    assert waiter.ended() is Commit.OK
    has_shut_down(pair)
    pair.set_options(A)
    assert "acknowledged" in back_again(pair)
    assert "acknowledged" not in pair.rows(pair.b)


@pytest.mark.parametrize("how", ORDERLY)
def test_mariadb_orderly_shutdown_tells_the_waiter_an_error(
    start: Start, tmp_path: Path, how: str
) -> None:
    """`SIGTERM` or `SHUTDOWN` on MariaDB: an error; rule 9 costs it nothing."""
    pair = start("mariadb", a=with_operator(tmp_path))
    pair.stop_receiving()
    waiter = pair.waiter("never acknowledged")
    shut_down(pair, how)
    assert waiter.ended() is Commit.ERROR
    has_shut_down(pair)
    assert "never acknowledged" not in pair.rows(pair.b)


def killed_with_a_waiter(pair: Pair) -> None:
    """SIGKILL A while `ghost` waits: the client is told an error."""
    pair.stop_receiving()
    waiter = pair.waiter("ghost")
    pair.a.kill()
    assert waiter.ended() is Commit.ERROR


def test_mysql_sigkill_leaves_the_row_as_an_errant_gtid(mysql: Pair) -> None:
    """`SIGKILL`, restart: the row is there; rule 7: it never just rejoins."""
    killed_with_a_waiter(mysql)
    assert "ghost" in back_again(mysql)
    replica = mysql.ask(mysql.b, "@@GLOBAL.gtid_executed")
    assert mysql.ask(mysql.a, f"GTID_SUBTRACT(@@GLOBAL.gtid_executed, '{replica}')")
    assert "ghost" not in mysql.rows(mysql.b)


def test_mariadb_sigkill_and_a_plain_restart_keep_the_row(mariadb: Pair) -> None:
    """`SIGKILL`, restart as the lab does: the row is there; rules 7 and 8."""
    killed_with_a_waiter(mariadb)
    assert "ghost" in back_again(mariadb)
    assert "ghost" not in mariadb.rows(mariadb.b)


def test_mariadb_restarted_as_a_semi_sync_slave_cuts_the_row_off(
    mariadb: Pair,
) -> None:
    """`--init-rpl-role=SLAVE` beside slave-enabled (the lab's): the row is gone.

    Rule 4: it would be gone as well had it been acknowledged, so the lab does
    not start a server so.
    """
    killed_with_a_waiter(mariadb)
    mariadb.set_options(A, "--init-rpl-role=SLAVE")
    assert "ghost" not in back_again(mariadb)
    assert "first" in mariadb.rows(mariadb.a)
