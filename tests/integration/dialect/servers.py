"""Servers of the lab with one more account: an administrator who may grant.

The lab's own accounts may not, and that is how it should be. A test says as whom it
asks: `sql` as the administrator, the adapters as the account under test.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pymysql
from typing_extensions import override

from controller.act.clock import SystemClock
from controller.model.ids import ServerId
from controller.model.outcomes import NotSeen
from deploy.lab.engine import Account, InstanceSpec
from deploy.lab.engine_files import write_private
from deploy.lab.engine_mariadb import MariaDbEngine
from deploy.lab.engine_mysql import MySqlEngine
from replication.doctor.inspection import Inspection
from replication.doctor.words import WORDS
from replication.ports import ServerView
from replication.registry import SERVERS
from replication.sql.credentials import Credentials
from replication.sql.inspector import SqlInspector
from replication.sql.server import Address, SqlAccess, SqlServer
from replication.sql.session import Endpoint
from replication.sql.tls import Tls
from tests.contract.real_servers import (
    ACCOUNTS,
    SCHEMA,
    RealServer,
    cache_directory,
    instance,
)

ADMIN = Account(user="admin", password="a4")
_ADMIN_SQL = f"""\
SET SESSION sql_log_bin=0;
CREATE USER IF NOT EXISTS '{ADMIN.user}'@'%' IDENTIFIED BY '{ADMIN.password}';
GRANT ALL ON *.* TO '{ADMIN.user}'@'%' WITH GRANT OPTION;
"""


class _MariaDb(MariaDbEngine):
    """With an administrator, and *extra* options."""

    extra: Sequence[str] = ()

    @override
    def write_options(self, instance: InstanceSpec) -> None:
        super().write_options(instance)
        write_private(instance.home / "admin.sql", _ADMIN_SQL)

    @override
    def argv(self, instance: InstanceSpec) -> Sequence[str]:
        given = f"--init-file={instance.home / 'admin.sql'}"
        return (*super().argv(instance), given, *self.extra)


class _MySql(MySqlEngine):
    """With an administrator, and *extra* options."""

    extra: Sequence[str] = ()

    @override
    def write_options(self, instance: InstanceSpec) -> None:
        super().write_options(instance)
        theirs = (instance.home / "accounts.sql").read_text()
        write_private(instance.home / "admin.sql", theirs + _ADMIN_SQL)

    @override
    def argv(self, instance: InstanceSpec) -> Sequence[str]:
        given = f"--init-file={instance.home / 'admin.sql'}"
        return (*super().argv(instance), given, *self.extra)


class Administered(RealServer):
    """One server that was laid empty, and its administrator."""

    @override
    def sql(self, *statements: str) -> list[Mapping[str, Any]]:
        return self.sql_as(ADMIN, *statements)

    def sql_as(
        self,
        account: Account,
        *statements: str,
        source: str | None = None,
        port: int | None = None,
    ) -> list[Mapping[str, Any]]:
        """Run statements on one connection; return the last one's rows.

        source: the address to come from, for an account that is bound to one. port:
        left out, the administrators' own.
        """
        connection = pymysql.connect(
            host=self.instance.host,
            port=port or self.instance.admin_port,
            user=account.user,
            password=account.password,
            autocommit=True,
            connect_timeout=2,
            read_timeout=20,
            bind_address=source,
            cursorclass=pymysql.cursors.DictCursor,
        )
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())


def laid(
    name: str, directory: Path, servers: Sequence[str], extra: Sequence[str] = ()
) -> dict[ServerId, Administered]:
    """Lay and start *servers* of engine *name*, empty but for the lab's accounts."""
    kinds: Mapping[str, type[_MariaDb | _MySql]] = {
        "mariadb": _MariaDb,
        "mysql": _MySql,
    }
    engine = kinds[name](cache_directory())
    engine.extra = extra
    engine.ensure_installed(lambda _line: None)
    found = {
        ServerId(server): Administered(
            engine, instance(directory, ServerId(server), number)
        )
        for number, server in enumerate(servers, start=11)
    }
    for one in found.values():
        engine.create_empty(one.instance, ACCOUNTS)
    with ThreadPoolExecutor() as pool:
        list(pool.map(Administered.start, found.values()))
    return found


def adapter(
    name: str,
    servers: Mapping[ServerId, Administered],
    server: ServerId,
    **given: Any,
) -> SqlServer:
    """Return the product's adapter of *server*; *given* goes into its `SqlAccess`."""
    at = servers[server].instance
    ours = {
        "controller": credentials(ACCOUNTS.controller),
        "replication": credentials(ACCOUNTS.replication),
    }
    return SERVERS[name](
        SqlAccess(
            server=server,
            host=at.host,
            admin_port=at.admin_port,
            members={
                s: Address(one.instance.host, one.instance.port)
                for s, one in servers.items()
            },
            connect_timeout_s=1.0,
            statement_timeout_s=2.0,
            **(ours | given),
        )
    )


def credentials(account: Account) -> Credentials:
    """Return an account as adapters take it; its password stays as it is."""
    return Credentials(user=account.user, password=account.password)


def opened(server: Administered) -> None:
    """Have *server* take writes, with the controller's tables in it."""
    server.sql("SET GLOBAL read_only=0", "SET SESSION sql_log_bin=0", *SCHEMA)


async def looked(database: SqlServer) -> ServerView | NotSeen:
    """Return one view, and close the adapter."""
    try:
        return await asyncio.wait_for(database.view(), 10.0)
    finally:
        await database.aclose()


def inspected(name: str, server: Administered, tls: Tls | None = None) -> Inspection:
    """Ask *server* what the doctor wants to know; it answers everything."""
    at, account = server.instance, credentials(ACCOUNTS.controller)
    endpoint = Endpoint(host=at.host, port=at.admin_port, account=account, tls=tls)
    inspector = SqlInspector(at.server, endpoint, WORDS[name], SystemClock())
    found = asyncio.run(inspector.inspect())
    assert isinstance(found, Inspection), found
    assert not found.unanswered, found.unanswered
    return found
