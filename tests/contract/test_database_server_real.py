"""The real adapters sign the contract of `DatabaseServer` on real servers."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from deploy.lab.engine import Engine
from tests.contract.database_failover import FailoverSteps
from tests.contract.database_server import DatabaseServerContract
from tests.contract.real_servers import (
    IN_OWN_NAMESPACE,
    RealCluster,
    engine_named,
    golden_home,
)

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


@pytest.mark.slow
class TestMySqlServer(DatabaseServerContract):
    """MySQL 9 from the relocatable bundle; a minute, so only in slow runs."""

    @override
    @pytest.fixture
    def cluster(
        self, mysql: Engine, mysql_home: Path, tmp_path: Path
    ) -> Iterator[RealCluster]:
        yield from running(RealCluster(mysql, mysql_home, tmp_path))

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        asyncio.run(story)


class TestMySqlFailover(FailoverSteps):
    """The part of it that a failover stands on, in every run."""

    @override
    @pytest.fixture
    def cluster(
        self, mysql: Engine, mysql_home: Path, tmp_path: Path
    ) -> Iterator[RealCluster]:
        yield from running(RealCluster(mysql, mysql_home, tmp_path))

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        asyncio.run(story)


@pytest.mark.netns
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["MariaDb", "MySql"])
def test_freezing_in_a_real_black_hole(engine: str) -> None:
    """The contract's black hole, in a network namespace made for it."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    inside = f"{__file__}::Test{engine}Server::test_freezing_works_in_a_black_hole"
    ended = subprocess.run(
        [
            *("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"),
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", inside),
        ],
        env={**os.environ, IN_OWN_NAMESPACE: "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "1 passed" in ended.stdout, ended.stdout + ended.stderr


def running(cluster: RealCluster) -> Iterator[RealCluster]:
    """Lend the cluster and kill its servers afterwards."""
    try:
        yield cluster
    finally:
        cluster.stop()
