"""Who acknowledges, since when, and what an acknowledgement is worth afterwards."""

from collections.abc import Callable

import pymysql
import pytest

from deploy.lab.engine_files import sql_text
from tests.contract.database_cluster import Commit
from tests.contract.real_servers import ACCOUNTS, RealServer
from tests.integration.facts.pair import Pair, Start

pytestmark = [pytest.mark.lab, pytest.mark.slow]

STARTS_BY_ITSELF = {
    "mariadb": ("--skip-slave-start=0",),
    "mysql": ("--skip-replica-start=OFF",),
}
NOT_THE_LABS = (
    "--skip-replica-start=OFF",
    "--super-read-only=OFF",
    "--read-only=OFF",
)


def test_status_is_on_at_once_though_the_last_write_is_nowhere_else(
    pair: Pair,
) -> None:
    """Semi-sync enabled while B's I/O is stopped: `_status` ON proves nothing.

    Rule 4: `protected` is earned by a durable canary.
    """
    pair.stop_receiving()
    pair.a.sql(pair.words.acks_off)
    assert pair.write(pair.a, "acknowledged").ended() is Commit.OK
    assert not pair.is_active()
    pair.a.sql(*pair.words.acks_on)
    assert pair.is_active()
    assert pair.receivers() == 0
    assert "acknowledged" in pair.rows(pair.a)
    assert "acknowledged" not in pair.rows(pair.b)


@pytest.mark.parametrize("engine", sorted(STARTS_BY_ITSELF))
def test_a_replica_that_starts_by_itself_ends_the_freeze(
    start: Start, engine: str
) -> None:
    """Frozen, restarted without skip-start: it reconnects, the waiter gets OK.

    Rule 3: the freeze must survive a restart.
    """
    pair = start(engine, b=STARTS_BY_ITSELF[engine])
    pair.stop_receiving()
    waiter = pair.waiter("waited")
    pair.b.kill()
    pair.keep_waiting(waiter)
    pair.b.start()
    assert waiter.ended() is Commit.OK
    pair.shows(pair.b, "waited")


def test_mysql_relay_log_recovery_throws_acknowledged_rows_away(start: Start) -> None:
    """Acknowledged, unapplied, B killed: with `relay_log_recovery=ON` rows gone.

    Rule 4: the received set is empty then, so drain and superset checks pass.
    """
    pair = start("mysql", b=("--relay-log-recovery=ON",))
    pair.b.sql("STOP REPLICA SQL_THREAD")
    for row in ("one", "two", "three"):
        assert pair.write(pair.a, row).ended() is Commit.OK
    assert pair.replica(pair.b)["Retrieved_Gtid_Set"]
    pair.a.kill()
    pair.b.kill()
    pair.b.start()
    assert pair.replica(pair.b)["Retrieved_Gtid_Set"] == ""
    pair.b.sql(pair.words.start_applier)
    pair.until(lambda: is_idle(pair), "everything received is applied")
    assert pair.rows(pair.b) == {"first"}


def is_idle(pair: Pair) -> bool:
    state = str(pair.replica(pair.b)["Replica_SQL_Running_State"])
    return state.startswith("Replica has read all relay log")


def cloned_from_the_replica(pair: Pair) -> RealServer:
    """Have C clone B and return it once it is back with B's rows."""
    spare = pair.lay_spare()
    donor, account = pair.b.instance, ACCOUNTS.controller
    address = f"{donor.host}:{donor.port}"
    spare.sql(
        "SET GLOBAL super_read_only=0",
        f"SET GLOBAL clone_valid_donor_list='{address}'",
    )
    pair.order(
        spare,
        f"CLONE INSTANCE FROM {sql_text(account.user)}@{sql_text(donor.host)}:"
        f"{donor.port} IDENTIFIED BY {sql_text(account.password)}",
    )
    pair.until(answered(lambda: "first" in pair.rows(spare)), "C is a copy of B")
    return spare


def answered(holds: Callable[[], bool]) -> Callable[[], bool]:
    """Ask a server that restarts: no answer is no."""

    def ask() -> bool:
        try:
            return holds()
        except pymysql.err.Error:
            return False

    return ask


def test_mysql_clone_of_a_replica_becomes_a_second_acker(start: Start) -> None:
    """CLONE with a replica as donor: C replicates from A by itself, writable.

    Rule 2: a server is in the journal before it may connect with semi-sync.
    """
    pair = start("mysql", c=NOT_THE_LABS)
    assert pair.receivers() == 1
    spare = cloned_from_the_replica(pair)
    pair.until(lambda: pair.receivers() == 2, "A has a second semi-sync client")
    assert pair.replica(spare)["Source_Host"] == pair.a.instance.host
    assert not pair.ask(spare, "@@GLOBAL.read_only")
    pair.stop_receiving(left=1)
    assert pair.write(pair.a, "by C alone").ended() is Commit.OK


def test_mysql_clone_of_a_replica_stays_silent_with_the_labs_options(
    mysql: Pair,
) -> None:
    """The same with skip-start and read-only at boot: it knows A, and keeps still.

    Rules 2 and 3: what the lab's options are for.
    """
    spare = cloned_from_the_replica(mysql)
    source = mysql.replica(spare)
    assert source["Source_Host"] == mysql.a.instance.host
    assert source["Replica_IO_Running"] == "No"
    assert mysql.ask(spare, "@@GLOBAL.super_read_only")
    assert mysql.receivers() == 1


def test_promoting_with_the_source_side_on_hangs_the_canary(pair: Pair) -> None:
    """Source side on and no receiver: the first commit hangs; rule 8."""
    pair.stop_receiving()
    pair.a.kill()
    pair.b.sql(*pair.words.acks_on)
    pair.promote()
    canary = pair.write(pair.b, "canary")
    pair.keep_waiting(canary, server=pair.b)
    assert pair.state_of(pair.b, canary).startswith("Waiting for semi-sync ACK")
    pair.b.sql(pair.words.acks_off)
    assert canary.ended() is Commit.OK


def test_a_replica_with_its_source_side_on_hangs_its_applier(pair: Pair) -> None:
    """Acknowledged by B and not applied there until its source side is off; rule 8."""
    pair.b.sql(*pair.words.acks_on)
    assert pair.write(pair.a, "received").ended() is Commit.OK
    pair.until(lambda: hangs_in_commit(pair), "B's applier waits")
    assert "received" not in pair.rows(pair.b)
    pair.b.sql(pair.words.acks_off)
    pair.shows(pair.b, "received")


def hangs_in_commit(pair: Pair) -> bool:
    rows = pair.b.sql("SHOW PROCESSLIST")
    return any(
        row["User"] == "system user"
        and str(row["State"] or "").startswith("Waiting for semi-sync ACK")
        for row in rows
    )


def test_mysql_an_unacknowledged_transaction_is_not_in_gtid_executed(
    mysql: Pair,
) -> None:
    """`GTID_SUBTRACT` on an ex-primary: '' though it has more than the replica.

    Rule 7: it stays '' after KILL, and turning the source side off commits it.
    MariaDB has no such gap to fall into: a killed waiter's row is seen at once
    (`test_mariadb_killing_the_waiter_shows_its_row`).
    """
    mysql.stop_receiving()
    mysql.until(lambda: extra_on_a(mysql) == "", "B has applied everything")
    waiter = mysql.waiter("in the binary log")
    assert extra_on_a(mysql) == ""
    mysql.a.sql(f"KILL {waiter.connection_id}")
    assert waiter.ended() is Commit.ERROR
    assert extra_on_a(mysql) == ""
    assert "in the binary log" not in mysql.rows(mysql.a)
    mysql.a.sql(mysql.words.acks_off)
    mysql.shows(mysql.a, "in the binary log")
    assert extra_on_a(mysql) != ""


def extra_on_a(pair: Pair) -> str:
    """Return what A has executed and B has not."""
    replica = pair.ask(pair.b, "@@GLOBAL.gtid_executed")
    return str(pair.ask(pair.a, f"GTID_SUBTRACT(@@GLOBAL.gtid_executed, '{replica}')"))
