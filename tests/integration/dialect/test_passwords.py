"""Passwords that change under a running controller.

What both engines do alike is one test for both. MySQL keeps two passwords
(`RETAIN CURRENT PASSWORD`); MariaDB has two authentications with `OR`.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pymysql
import pytest

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen
from deploy.lab.engine import Account
from replication.ports import Receiving, ServerView
from replication.sql.credentials import Credentials
from replication.sql.server import SqlServer
from tests.contract.real_servers import ACCOUNTS
from tests.integration.dialect.conftest import Lay
from tests.integration.dialect.servers import Administered, adapter, looked, opened

pytestmark = [pytest.mark.lab, pytest.mark.slow]

A, B = ServerId("a"), ServerId("b")
EPOCH = Epoch(1)


class Rotating:
    """Two servers, and each account's password in a file."""

    def __init__(self, name: str, lay: Lay, directory: Path) -> None:
        self.name = name
        self.servers: Mapping[ServerId, Administered] = lay(name, A, B)
        opened(self.servers[A])
        self.controller = directory / "controller"
        self.replication = directory / "replication"
        self.controller.write_text(ACCOUNTS.controller.password)
        self.replication.write_text(ACCOUNTS.replication.password)

    def adapter(self, server: ServerId) -> SqlServer:
        accounts = {
            "controller": (ACCOUNTS.controller, self.controller),
            "replication": (ACCOUNTS.replication, self.replication),
        }
        given = {
            role: Credentials(
                user=account.user, password=account.password, read=file.read_text
            )
            for role, (account, file) in accounts.items()
        }
        return adapter(self.name, self.servers, server, **given)

    def change(self, account: Account, password: str) -> None:
        """Change it on A, whose clients meanwhile stay connected.

        MySQL takes the old one out of its cache until somebody logs in with the new.
        """
        self.servers[A].sql(
            "SET SESSION sql_log_bin=0",
            f"ALTER USER '{account.user}'@'%' IDENTIFIED BY '{password}'",
        )
        again = Account(user=account.user, password=password)
        at = self.servers[A].instance
        self.servers[A].sql_as(again, "SELECT 1", port=at.port)

    def throw_replicas_out(self) -> None:
        for row in self.servers[A].sql("SHOW PROCESSLIST"):
            if row["Command"].startswith("Binlog Dump"):
                self.servers[A].sql(f"KILL {row['Id']}")


@pytest.mark.parametrize("name", ["mariadb", "mysql"])
def test_either_side_may_be_first(name: str, lay: Lay, tmp_path: Path) -> None:
    """File or server: no restart, and nothing is ever called down for it."""
    rotating = Rotating(name, lay, tmp_path)
    asyncio.run(_controller(rotating))
    asyncio.run(_replica(rotating))


async def _controller(rotating: Rotating) -> None:
    database, file = rotating.adapter(A), rotating.controller
    account = ACCOUNTS.controller
    try:
        assert await seen(database) == "seen"
        file.write_text("new-1")  # the file first
        assert await seen(database) == "seen"
        assert await seen(database) == "seen"
        rotating.change(account, "new-1")
        assert await seen(database) == "seen"
        standing = database._view.connection_id
        rotating.change(account, "new-2")  # the server first
        assert isinstance(await database.view(), ServerView)
        assert database._view.connection_id == standing, "what stands goes on"
        assert await seen(database) == "auth", "not observed, and not down"
        file.unlink()
        assert await seen(database) == "auth"
        file.write_text("new-2")
        assert await seen(database) == "seen"
    finally:
        await database.aclose()


async def _replica(rotating: Rotating) -> None:
    """One that was thrown out is told today's password when it is attached."""
    rotating.controller.write_text(ACCOUNTS.controller.password)
    replica = rotating.adapter(B)
    try:
        assert await attached(replica) is Receiving.YES
        rotating.change(ACCOUNTS.replication, "r-new")
        rotating.throw_replicas_out()
        await distrusted(replica)
        assert await attached(replica) is Receiving.CONNECTING
        rotating.replication.write_text("r-new")
        await distrusted(replica)
        assert await attached(replica) is Receiving.YES
    finally:
        await replica.aclose()


async def seen(database: SqlServer) -> str:
    """Look on a new connection; return the phase it failed in."""
    database._view.close()
    view = await database.view()
    return view.phase if isinstance(view, NotSeen) else "seen"


async def attached(replica: SqlServer) -> Receiving:
    outcome = await replica.ensure_following(A, EPOCH)
    assert isinstance(outcome, Done), outcome
    return Receiving(outcome.evidence["receiving"])


async def distrusted(replica: SqlServer) -> None:
    """Return once the replica says that its source does not trust it."""
    for _ in range(500):
        if (await replica._look()).distrusted:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the replica was never thrown out")


def test_mysql_keeps_two_passwords_at_once(lay: Lay) -> None:
    servers = lay("mysql", A)
    user = f"'{ACCOUNTS.controller.user}'@'%'"
    servers[A].sql(
        "SET GLOBAL super_read_only=0",
        f"ALTER USER {user} IDENTIFIED BY 'second' RETAIN CURRENT PASSWORD",
    )
    for password in (ACCOUNTS.controller.password, "second"):
        who = Credentials(user=ACCOUNTS.controller.user, password=password)
        view = asyncio.run(looked(adapter("mysql", servers, A, controller=who)))
        assert isinstance(view, ServerView), view
    servers[A].sql(f"ALTER USER {user} DISCARD OLD PASSWORD")
    blind = asyncio.run(looked(adapter("mysql", servers, A)))
    assert isinstance(blind, NotSeen)
    assert blind.phase == "auth"


def test_mariadb_takes_either_of_two_authentications(lay: Lay) -> None:
    server = lay("mariadb", A)[A]
    user, old = ACCOUNTS.replication.user, ACCOUNTS.replication.password
    server.sql(
        "SET GLOBAL read_only=0",
        f"ALTER USER '{user}'@'%' IDENTIFIED VIA mysql_native_password"
        f" USING PASSWORD('second') OR mysql_native_password USING PASSWORD('{old}')",
    )
    for password in (old, "second"):
        assert server.sql_as(Account(user=user, password=password), "SELECT 1")
    with pytest.raises(pymysql.err.OperationalError, match="1045"):
        server.sql_as(Account(user=user, password="third"), "SELECT 1")
