"""The real adapters sign the contract of `DatabaseServer` on real servers."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from tests.contract.database_cluster import DatabaseStories
from tests.contract.database_counting import CountingAcks
from tests.contract.database_failover import FailoverSteps
from tests.contract.database_server import DatabaseServerContract
from tests.contract.real_servers import RealCluster
from tests.labs import in_own_namespace

pytestmark = pytest.mark.lab

INSIDE = Path(__file__).with_name("black_hole.py")


class OnRealTime(DatabaseStories):
    """What every suite on real servers shares."""

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        asyncio.run(story)


class TestMariaDbServer(OnRealTime, DatabaseServerContract):
    """MariaDB as Debian packages it."""

    @override
    @pytest.fixture
    def cluster(self, mariadb: RealCluster) -> RealCluster:
        return mariadb


@pytest.mark.slow
class TestMySqlServer(OnRealTime, DatabaseServerContract):
    """MySQL 9 from the relocatable bundle; a minute, so only in slow runs."""

    @override
    @pytest.fixture
    def cluster(self, mysql: RealCluster) -> RealCluster:
        return mysql


@pytest.mark.slow
class TestMySqlFailover(OnRealTime, FailoverSteps):
    """The part of it that a failover stands on, in every run."""

    @override
    @pytest.fixture
    def cluster(self, mysql: RealCluster) -> RealCluster:
        return mysql


@pytest.mark.slow
class TestMySqlCounting(OnRealTime, CountingAcks):
    """Two acknowledgements of two are MySQL's alone, so in every run."""

    @override
    @pytest.fixture
    def cluster(self, mysql: RealCluster) -> RealCluster:
        return mysql


@pytest.mark.netns
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["MariaDb", "MySql"])
def test_freezing_in_a_real_black_hole(engine: str) -> None:
    """The contract's black hole, in a network namespace made for it."""
    told = in_own_namespace(INSIDE, engine)
    assert "1 passed" in told, told
