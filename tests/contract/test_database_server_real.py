"""The real adapters sign the contract of `DatabaseServer` on real servers."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from deploy.lab.engine import Engine
from tests.contract.database_server import DatabaseServerContract
from tests.contract.real_servers import RealCluster, engine_named, golden_home

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def mariadb() -> Engine:
    return engine_named("mariadb")


@pytest.fixture(scope="module")
def mysql() -> Engine:
    return engine_named("mysql")


@pytest.fixture(scope="module")
def mariadb_home(mariadb: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden_home(mariadb, tmp_path_factory.mktemp("mariadb"))


@pytest.fixture(scope="module")
def mysql_home(mysql: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden_home(mysql, tmp_path_factory.mktemp("mysql"))


class TestMariaDbServer(DatabaseServerContract):
    """MariaDB as Debian packages it."""

    @override
    @pytest.fixture
    def cluster(
        self, mariadb: Engine, mariadb_home: Path, tmp_path: Path
    ) -> Iterator[RealCluster]:
        yield from running(RealCluster(mariadb, mariadb_home, tmp_path))

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        asyncio.run(story)


class TestMySqlServer(DatabaseServerContract):
    """MySQL 9 from the relocatable bundle."""

    @override
    @pytest.fixture
    def cluster(
        self, mysql: Engine, mysql_home: Path, tmp_path: Path
    ) -> Iterator[RealCluster]:
        yield from running(RealCluster(mysql, mysql_home, tmp_path))

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        asyncio.run(story)


def running(cluster: RealCluster) -> Iterator[RealCluster]:
    """Lend the cluster and kill its servers afterwards."""
    try:
        yield cluster
    finally:
        cluster.stop()
