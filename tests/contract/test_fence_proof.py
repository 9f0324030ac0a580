"""Every way of proof signs the contract."""

import asyncio
import importlib
import pkgutil
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

import deploy.fencing
from controller.act.fences import ClosedBySql
from controller.act.ports import DatabaseSeat, Ports
from controller.act.virtual import VirtualClock, run_virtual
from controller.model.ids import Epoch
from controller.model.outcomes import Done, Outcome
from deploy.adapters.memory import MemoryProvisioner
from deploy.fencing.command import CommandFence
from deploy.fencing.process import ProcessFence
from deploy.ports import FenceProof, InstanceState
from replication.adapters.memory import Engine, Habits, MemoryDatabase, World
from tests.contract.fence_proof import LOST, FenceProofContract

SWITCH_OFF = """
import os, pathlib, sys
plug = pathlib.Path(sys.argv[1])
assert os.environ["SITEDR_ZONE"] == "a" and os.environ["SITEDR_SERVER"] == "db-a"
plug.unlink(missing_ok=True)
print("outlet 7 is off")
"""
IS_OFF = "import pathlib, sys; sys.exit(pathlib.Path(sys.argv[1]).exists())"


class TestProcessFence(FenceProofContract):
    """(a) by whoever runs the zone's processes."""

    @override
    def make(self) -> Iterator[FenceProof]:
        servers = {LOST.zone: LOST.server}
        self.provisioner = MemoryProvisioner(servers, running=[LOST.zone])
        yield ProcessFence(self.provisioner)

    @override
    def acknowledges(self) -> bool:
        state = asyncio.run(self.provisioner.state(LOST.zone))
        assert isinstance(state, InstanceState)
        return state.running or not state.inhibited

    @override
    def run(self, told: Coroutine[Any, Any, Outcome]) -> Outcome:
        return asyncio.run(told)


class TestCommandFence(FenceProofContract):
    """(e) by a command: here it pulls a plug that is a file."""

    @pytest.fixture(autouse=True)
    def plugged(self, tmp_path: Path) -> None:
        self.plug = tmp_path / "plug"
        self.plug.touch()

    @override
    def make(self) -> Iterator[FenceProof]:
        yield CommandFence(
            argv=(sys.executable, "-c", SWITCH_OFF, str(self.plug)),
            check=(sys.executable, "-c", IS_OFF, str(self.plug)),
            command_s=5.0,
        )

    @override
    def acknowledges(self) -> bool:
        return self.plug.exists()

    @override
    def run(self, told: Coroutine[Any, Any, Outcome]) -> Outcome:
        return asyncio.run(told)


class TestClosedBySql(FenceProofContract):
    """(c) by the server itself."""

    @override
    def make(self) -> Iterator[FenceProof]:
        self.world = World(VirtualClock(), Habits(engine=Engine.MARIADB))
        self.world.add(LOST.server)
        self.database = MemoryDatabase(self.world, LOST.server)
        self.open(1)
        seat = DatabaseSeat(database=self.database, zone=LOST.zone, address="db-a:3306")
        yield ClosedBySql(
            Ports(
                databases={LOST.server: seat},
                inspectors={},
                edges={},
                probes={},
                caches={},
                searches={},
                provisioner=None,
                slots={},
            )
        )

    def open(self, epoch: int) -> None:
        boot_id = self.world.servers[LOST.server].boot_id
        opened = run_virtual(self.database.ensure_open(Epoch(epoch), boot_id=boot_id))
        assert isinstance(opened, Done), opened

    @override
    def put_on_record(self, fence: FenceProof, epoch: int) -> None:
        self.open(epoch)  # only an opening leaves its epoch in a database

    @override
    def acknowledges(self) -> bool:
        return self.world.servers[LOST.server].writable

    @override
    def run(self, told: Coroutine[Any, Any, Outcome]) -> Outcome:
        return run_virtual(told)


def test_every_fence_adapter_is_under_contract() -> None:
    """Files on disk and contract classes: the same."""
    found = set()
    for module in pkgutil.iter_modules(deploy.fencing.__path__):
        loaded = importlib.import_module(f"deploy.fencing.{module.name}")
        found |= {
            n
            for n, v in vars(loaded).items()
            if n.endswith("Fence") and getattr(v, "__module__", "") == loaded.__name__
        }
    signed = {
        c.__name__.removeprefix("Test") for c in FenceProofContract.__subclasses__()
    }
    assert found
    assert found <= signed
