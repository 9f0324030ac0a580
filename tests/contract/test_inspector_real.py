"""The SQL inspector signs the contract on real servers."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from typing_extensions import override

from controller.act.clock import SystemClock
from controller.model.ids import ServerId
from replication.doctor.words import WORDS
from replication.ports import Inspector
from replication.sql.credentials import Credentials
from replication.sql.inspector import SqlInspector
from replication.sql.session import Endpoint
from tests.contract.inspector import InspectorContract
from tests.contract.real_servers import ACCOUNTS, RealCluster

pytestmark = pytest.mark.lab

# The controller may not grant what it was not given to pass on; it may write rows.
GRANT = {
    "mariadb": "UPDATE mysql.global_priv SET Priv=JSON_SET(Priv, '$.access', 1<<33,"
    " '$.version_id', 101100) WHERE User='app'",
    "mysql": "INSERT INTO mysql.global_grants"
    " VALUES ('app', '%', 'CONNECTION_ADMIN', 'N')",
}
REVOKE = {
    "mariadb": "UPDATE mysql.global_priv SET Priv=JSON_SET(Priv, '$.access', 0)"
    " WHERE User='app'",
    "mysql": "DELETE FROM mysql.global_grants WHERE USER='app'",
}


def past_read_only(cluster: RealCluster, server: ServerId, change: str) -> None:
    """Change privileges on one server alone, whatever its role, and leave no trace."""
    mysql = cluster.engine.name == "mysql"
    off = ["SET GLOBAL super_read_only=0"] if mysql else []
    on = ["SET GLOBAL super_read_only=1"] if mysql else []
    words = ["SET SESSION sql_log_bin=0", change, "FLUSH PRIVILEGES"]
    cluster.servers[server].sql(*off, *words, *on)


class OnRealServers(InspectorContract):
    """What both real engines share."""

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        asyncio.run(story)

    @override
    def inspector(self, cluster: RealCluster, server: ServerId) -> Inspector:
        spec = cluster.servers[server].instance
        account = ACCOUNTS.controller
        return SqlInspector(
            server,
            Endpoint(
                host=spec.host,
                port=spec.admin_port,
                account=Credentials(user=account.user, password=account.password),
                connect_timeout_s=2.0,
            ),
            WORDS[cluster.engine.name],
            SystemClock(),
        )

    @override
    def grant(self, cluster: RealCluster, server: ServerId) -> None:
        past_read_only(cluster, server, GRANT[cluster.engine.name])

    @override
    def revoke(self, cluster: RealCluster, server: ServerId) -> None:
        past_read_only(cluster, server, REVOKE[cluster.engine.name])


class TestSqlInspectorOnMariadb(OnRealServers):
    """MariaDB as Debian packages it."""

    @override
    @pytest.fixture
    def cluster(self, mariadb: RealCluster) -> RealCluster:
        return mariadb


@pytest.mark.slow
class TestSqlInspectorOnMysql(OnRealServers):
    """MySQL 9."""

    @override
    @pytest.fixture
    def cluster(self, mysql: RealCluster) -> RealCluster:
        return mysql
