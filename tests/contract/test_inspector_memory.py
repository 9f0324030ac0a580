"""The memory inspector signs the contract, in the words of both engines."""

from collections.abc import Coroutine
from typing import Any

import pytest
from typing_extensions import override

from controller.act.virtual import run_virtual
from controller.model.ids import ServerId
from replication.adapters.memory import Engine, Habits, MemoryInspector
from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import Inspection
from replication.doctor.words import WORDS
from replication.ports import Inspector
from tests.contract.database_cluster import A
from tests.contract.inspector import WANTED, InspectorContract
from tests.contract.test_database_server_memory import MemoryCluster


class OnVirtualTime(InspectorContract):
    """What both memory engines share."""

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        run_virtual(story)

    @override
    def inspector(self, cluster: MemoryCluster, server: ServerId) -> Inspector:
        return MemoryInspector(cluster.world, server)

    @override
    def grant(self, cluster: MemoryCluster, server: ServerId) -> None:
        engine = cluster.world.servers[server].habits.engine
        cluster.world.grant(server, min(WORDS[engine.value].bypass))

    @override
    def revoke(self, cluster: MemoryCluster, server: ServerId) -> None:
        cluster.world.revoke(server)


class TestMemoryAsMariadb(OnVirtualTime):
    """MariaDB's words."""

    @override
    @pytest.fixture
    def cluster(self) -> MemoryCluster:
        return MemoryCluster(Engine.MARIADB)


class TestMemoryAsMysql(OnVirtualTime):
    """MySQL's words."""

    @override
    @pytest.fixture
    def cluster(self) -> MemoryCluster:
        return MemoryCluster(Engine.MYSQL)


@pytest.mark.parametrize(
    ("engine", "habit", "name"),
    [
        (Engine.MARIADB, {"writable_at_boot": True}, "boots_writable"),
        (Engine.MYSQL, {"writable_at_boot": True}, "boots_writable"),
        (Engine.MYSQL, {"replicates_at_boot": True}, "starts_replication"),
    ],
)
def test_bad_habits_of_its_files_are_named(
    engine: Engine, habit: dict[str, bool], name: str
) -> None:
    """What preflight forbids and planted bugs do: the doctor sees it beforehand."""
    cluster = MemoryCluster(engine)
    member = cluster.world.servers[A]
    member.habits = Habits(engine=engine, **habit)

    async def story() -> None:
        seen = await MemoryInspector(cluster.world, A).inspect()
        assert isinstance(seen, Inspection)
        assert name in {f.name for f in diagnose([seen], WANTED)}

    run_virtual(story())
