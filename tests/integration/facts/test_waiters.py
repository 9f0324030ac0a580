"""What a client whose commit waits for an acknowledgement is told, and when."""

import pytest

from tests.contract.database_cluster import Commit
from tests.integration.facts.pair import Pair

pytestmark = [pytest.mark.lab, pytest.mark.slow]

TIMEOUT = {
    "mariadb": "rpl_semi_sync_master_timeout",
    "mysql": "rpl_semi_sync_source_timeout",
}


def stays_unacknowledged(pair: Pair, row: str) -> None:
    """A client waits for good, A claims to be in order, and nobody sees the row."""
    waiter = pair.waiter(row)
    pair.keep_waiting(waiter)
    assert pair.is_waiting(waiter)
    assert pair.is_active()
    assert pair.receivers() == 0
    assert row not in pair.rows(pair.a)


def test_stopping_the_replica_leaves_the_waiter_unacknowledged(pair: Pair) -> None:
    """Replica: STOP of its I/O thread; proof (b): a frozen acker revokes acks.

    `_status` stays ON, `_clients` is 0, other connections do not see the row.
    """
    pair.stop_receiving()
    stays_unacknowledged(pair, "nowhere")
    assert "nowhere" not in pair.rows(pair.b)


def test_killing_the_replica_leaves_the_waiter_unacknowledged(pair: Pair) -> None:
    """Replica killed; proof (b) holds as well when the acker is simply gone."""
    pair.b.kill()
    pair.until(lambda: pair.receivers() == 0, "A has no receiver")
    stays_unacknowledged(pair, "nowhere")


def test_degrading_acknowledges_the_waiter(pair: Pair) -> None:
    """`_enabled=0`: the waiter gets OK; rules 1 and 5: that order voids proof (b).

    What it was told OK for exists on A alone.
    """
    pair.stop_receiving()
    waiter = pair.waiter("waited")
    pair.a.sql(pair.words.acks_off)
    assert waiter.ended() is Commit.OK
    assert "waited" in pair.rows(pair.a)
    assert "waited" not in pair.rows(pair.b)
    assert pair.write(pair.a, "no longer waits").ended() is Commit.OK


def test_mysql_clearing_wait_no_replica_acknowledges_the_waiter(mysql: Pair) -> None:
    """`wait_no_replica=0` on MySQL: the waiter gets OK; proof (b), trap 2."""
    mysql.stop_receiving()
    waiter = mysql.waiter("waited")
    mysql.a.sql("SET GLOBAL rpl_semi_sync_source_wait_no_replica=0")
    assert waiter.ended() is Commit.OK
    assert "waited" in mysql.rows(mysql.a)
    assert "waited" not in mysql.rows(mysql.b)


def test_mariadb_clearing_wait_no_slave_acknowledges_nobody(mariadb: Pair) -> None:
    """`wait_no_slave=0` on MariaDB: nothing changes; proof (b)."""
    mariadb.stop_receiving()
    waiter = mariadb.waiter("waits")
    mariadb.a.sql("SET GLOBAL rpl_semi_sync_master_wait_no_slave=0")
    mariadb.keep_waiting(waiter)
    assert mariadb.is_waiting(waiter)
    assert mariadb.is_active()


def test_lowering_the_timeout_acknowledges_nobody(pair: Pair) -> None:
    """Timeout lowered at run time: current and new waiters go on waiting.

    Proof (b), and durability is the controller's to change, not a timer's. New
    commits queue behind the first, which waits by the timeout it began with.
    """
    pair.stop_receiving()
    current = pair.waiter("current")
    pair.a.sql(f"SET GLOBAL {TIMEOUT[pair.engine.name]}=100")
    new = pair.write(pair.a, "new")
    pair.until(lambda: pair.runs(pair.a, new), "the new one is being committed")
    pair.keep_waiting(current, new)
    assert pair.is_waiting(current)
    assert pair.is_active()


def test_mysql_kill_query_leaves_the_waiter_waiting(mysql: Pair) -> None:
    """`KILL QUERY` on MySQL: it goes on waiting; rule 9."""
    mysql.stop_receiving()
    waiter = mysql.waiter("waits")
    mysql.a.sql(f"KILL QUERY {waiter.connection_id}")
    mysql.keep_waiting(waiter)
    assert mysql.is_waiting(waiter)
    assert "waits" not in mysql.rows(mysql.a)


def test_mariadb_kill_query_acknowledges_the_waiter(mariadb: Pair) -> None:
    """`KILL QUERY` on MariaDB: the client gets OK; rule 9: never on a primary."""
    mariadb.stop_receiving()
    waiter = mariadb.waiter("waited")
    mariadb.a.sql(f"KILL QUERY {waiter.connection_id}")
    assert waiter.ended() is Commit.OK
    assert "waited" in mariadb.rows(mariadb.a)
    assert "waited" not in mariadb.rows(mariadb.b)


def test_mysql_killing_the_waiter_tells_it_an_error(mysql: Pair) -> None:
    """`KILL` on MySQL: error 2013, nobody sees the row; rules 7 and 9.

    Its commit hangs on without a client.
    """
    mysql.stop_receiving()
    waiter = mysql.waiter("killed")
    mysql.a.sql(f"KILL {waiter.connection_id}")
    assert waiter.ended() is Commit.ERROR
    assert waiter.error == 2013
    assert "killed" not in mysql.rows(mysql.a)


def test_mariadb_killing_the_waiter_shows_its_row(mariadb: Pair) -> None:
    """`KILL` on MariaDB: an error, and readers of A see the row; rule 9.

    Hence accounts are locked and readers ended before the first KILL.
    """
    mariadb.stop_receiving()
    waiter = mariadb.waiter("killed")
    assert "killed" not in mariadb.rows(mariadb.a)
    mariadb.a.sql(f"KILL {waiter.connection_id}")
    assert waiter.ended() is Commit.ERROR
    mariadb.shows(mariadb.a, "killed")
    assert "killed" not in mariadb.rows(mariadb.b)
