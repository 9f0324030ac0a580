"""Real clusters for whoever signs a contract on them; each engine is laid once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.real_servers import RealCluster, engine_named, golden_home


@pytest.fixture(scope="session")
def mariadb_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden_home(engine_named("mariadb"), tmp_path_factory.mktemp("mariadb"))


@pytest.fixture(scope="session")
def mysql_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden_home(engine_named("mysql"), tmp_path_factory.mktemp("mysql"))


@pytest.fixture
def mariadb(mariadb_home: Path, tmp_path: Path) -> Iterator[RealCluster]:
    """MariaDB as Debian packages it."""
    yield from _running("mariadb", mariadb_home, tmp_path)


@pytest.fixture
def mysql(mysql_home: Path, tmp_path: Path) -> Iterator[RealCluster]:
    """MySQL 9 from the relocatable bundle."""
    yield from _running("mysql", mysql_home, tmp_path)


def _running(name: str, home: Path, directory: Path) -> Iterator[RealCluster]:
    """Lend the cluster and kill its servers afterwards."""
    cluster = RealCluster(engine_named(name), home, directory)
    try:
        yield cluster
    finally:
        cluster.stop()
