"""The real adapters sign what must work in a black hole.

Run by `test_database_server_real.py` in a network namespace of its own, where
packets may be dropped; by its name nothing else collects it.
"""

import os

import pytest
from typing_extensions import override

from tests.contract.database_black_hole import BlackHoleSteps
from tests.contract.real_servers import RealCluster
from tests.contract.test_database_server_real import OnRealTime
from tests.labs import IN_OWN_NAMESPACE

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(autouse=True)
def own_namespace() -> None:
    assert IN_OWN_NAMESPACE in os.environ, "run test_database_server_real.py instead"


class TestMariaDbInABlackHole(OnRealTime, BlackHoleSteps):
    """MariaDB as Debian packages it."""

    @override
    @pytest.fixture
    def cluster(self, mariadb: RealCluster) -> RealCluster:
        return mariadb


class TestMySqlInABlackHole(OnRealTime, BlackHoleSteps):
    """MySQL 9."""

    @override
    @pytest.fixture
    def cluster(self, mysql: RealCluster) -> RealCluster:
        return mysql
