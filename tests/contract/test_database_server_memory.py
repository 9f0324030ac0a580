"""The memory engine signs the contract, with the habits of both real ones."""

from collections.abc import Coroutine
from typing import Any

import pytest
from typing_extensions import override

from controller.act.virtual import VirtualClock, run_virtual
from controller.model.ids import ServerId
from replication.adapters.memory import Engine, Habits, MemoryDatabase, Told, World
from replication.ports import DatabaseServer
from tests.contract.database_black_hole import BlackHoleSteps
from tests.contract.database_cluster import A, B, C, Cluster
from tests.contract.database_server import DatabaseServerContract


class MemoryCluster(Cluster):
    """Three memory members, each in a zone of its own name."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.counts_acks = engine is Engine.MYSQL
        self.world = World(VirtualClock(), Habits(engine=engine))
        for member in (A, B, C):
            self.world.add(member)

    @override
    def adapter(self, server: ServerId) -> DatabaseServer:
        return MemoryDatabase(self.world, server)

    @override
    async def write(self, server: ServerId, row: str) -> bool:
        return await self.world.client_write(server, row).ended() is Told.OK

    @override
    async def rows(self, server: ServerId) -> frozenset[str]:
        return frozenset(self.world.servers[server].rows)

    @override
    async def hold_applier(self, server: ServerId) -> None:
        self.world.servers[server].applier = False

    @override
    async def kill(self, server: ServerId) -> None:
        self.world.kill(server)

    @override
    async def start(self, server: ServerId) -> None:
        self.world.start(server)

    @override
    async def freeze(self, server: ServerId) -> None:
        self.world.freeze(server)

    @override
    async def thaw(self, server: ServerId) -> None:
        self.world.thaw(server)

    @override
    async def lay_copy(self, donor: ServerId, recipient: ServerId) -> None:
        self.world.lay_copy(donor, recipient)

    @override
    async def follow_also(self, server: ServerId, host: str) -> None:
        self.world.follow_also(server, f"{host}:3306")

    @override
    async def sit_on_a_transaction(self, server: ServerId) -> None:
        self.world.begin(server)

    @override
    async def cut(self, one: ServerId, other: ServerId) -> None:
        self.world.cut(one, other)

    @override
    async def mend(self, one: ServerId, other: ServerId) -> None:
        self.world.mend(one, other)


class OnVirtualTime(DatabaseServerContract, BlackHoleSteps):
    """What both memory engines share."""

    @override
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        run_virtual(story)


class TestMemoryAsMariadb(OnVirtualTime):
    """MariaDB's habits."""

    @override
    @pytest.fixture
    def cluster(self) -> Cluster:
        return MemoryCluster(Engine.MARIADB)


class TestMemoryAsMysql(OnVirtualTime):
    """MySQL's habits."""

    @override
    @pytest.fixture
    def cluster(self) -> Cluster:
        return MemoryCluster(Engine.MYSQL)
