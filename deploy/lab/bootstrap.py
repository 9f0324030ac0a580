"""The lab's very first replication set-up, in plain SQL.

Only for a lab that has no past: afterwards roles are the daemon's to change.
Order: the primary opens, gets its tables, the replica receives, and only then
the primary is told to wait for acknowledgements: before, it would hang.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pymysql
from pymysql.cursors import DictCursor

from deploy.lab.engine import Account, Accounts, InstanceSpec, LabError
from deploy.lab.poll import poll
from deploy.lab.schema import STATEMENTS

_ANSWER_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The words of one engine, as needed here."""

    open: Sequence[str]
    follow: str
    start: str
    require_acks: str
    receivers: str
    active: str


MARIADB = Dialect(
    open=("SET GLOBAL read_only=0",),
    follow=(
        "CHANGE MASTER TO MASTER_HOST=%s, MASTER_PORT=%s, MASTER_USER=%s,"
        " MASTER_PASSWORD=%s, MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1,"
        " MASTER_HEARTBEAT_PERIOD=0.5"
    ),
    start="START SLAVE",
    require_acks="SET GLOBAL rpl_semi_sync_master_enabled=1",
    receivers="Rpl_semi_sync_master_clients",
    active="Rpl_semi_sync_master_status",
)
MYSQL = Dialect(
    open=("SET GLOBAL super_read_only=0", "SET GLOBAL read_only=0"),
    follow=(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST=%s, SOURCE_PORT=%s, SOURCE_USER=%s,"
        " SOURCE_PASSWORD=%s, SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=1,"
        " SOURCE_RETRY_COUNT=100000, SOURCE_HEARTBEAT_PERIOD=0.5, SOURCE_SSL=0,"
        " GET_SOURCE_PUBLIC_KEY=1"
    ),
    start="START REPLICA",
    require_acks="SET GLOBAL rpl_semi_sync_source_enabled=1",
    receivers="Rpl_semi_sync_source_clients",
    active="Rpl_semi_sync_source_status",
)


def connect(instance: InstanceSpec, account: Account) -> Any:  # noqa: ANN401  untyped client
    """Connect to the instance's admin port; bounded."""
    return pymysql.connect(
        host=instance.host,
        port=instance.admin_port,
        user=account.user,
        password=account.password,
        connect_timeout=2,
        read_timeout=_ANSWER_S,
        write_timeout=_ANSWER_S,
        autocommit=True,
        cursorclass=DictCursor,
    )


def wait_ready(instance: InstanceSpec, account: Account, bound_s: float) -> None:
    """Wait until the instance answers a query.

    Raises:
        LabError: it did not within *bound_s*.
    """
    last = "never asked"

    def answers() -> bool:
        nonlocal last
        try:
            with closing(connect(instance, account)) as line, line.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (pymysql.MySQLError, OSError) as error:
            last = str(error)
            return False
        return True

    if not poll(answers, bound_s):
        raise LabError(
            f"{instance.server} does not answer on {instance.host}:{instance.port} "
            f"({last}); see {instance.home.parent / 'log'}"
        )


def _status(cursor: Any, name: str) -> str:  # noqa: ANN401  untyped client
    cursor.execute("SHOW GLOBAL STATUS LIKE %s", (name,))
    row = cursor.fetchone()
    return "" if row is None else str(row["Value"])


def open_primary(primary: InstanceSpec, accounts: Accounts, dialect: Dialect) -> None:
    """Accept writes and make the tables; acknowledgements are not required yet."""
    with (
        closing(connect(primary, accounts.controller)) as line,
        line.cursor() as cursor,
    ):
        for statement in (*dialect.open, *STATEMENTS):
            cursor.execute(statement)


def follow(
    replica: InstanceSpec, primary: InstanceSpec, accounts: Accounts, dialect: Dialect
) -> None:
    """Have *replica* receive from *primary*, from its very first transaction."""
    source = accounts.replication
    with (
        closing(connect(replica, accounts.controller)) as line,
        line.cursor() as cursor,
    ):
        cursor.execute(
            dialect.follow,
            (primary.host, primary.port, source.user, source.password),
        )
        cursor.execute(dialect.start)


def require_acks(primary: InstanceSpec, accounts: Accounts, dialect: Dialect) -> None:
    """Make commits wait for an acknowledgement, once somebody can give it.

    Raises:
        LabError: no replica receives, or none acknowledges.
    """
    with (
        closing(connect(primary, accounts.controller)) as line,
        line.cursor() as cursor,
    ):
        if not poll(lambda: _status(cursor, dialect.receivers) not in {"", "0"}, 10):
            raise LabError(f"no replica receives from {primary.server}; see its log")
        cursor.execute(dialect.require_acks)
        if not poll(lambda: _status(cursor, dialect.active) == "ON", 5):
            raise LabError(f"semi-sync does not become active on {primary.server}")


def bootstrap(
    primary: InstanceSpec, replica: InstanceSpec, accounts: Accounts, dialect: Dialect
) -> None:
    """Set replication up from nothing.

    Raises:
        LabError: a server said no, or did not answer in time.
    """
    try:
        open_primary(primary, accounts, dialect)
        follow(replica, primary, accounts, dialect)
        require_acks(primary, accounts, dialect)
    except (pymysql.MySQLError, OSError) as error:
        raise LabError(f"first replication set-up failed: {error}") from error
