"""Every way of proof signs the contract."""

import asyncio
import importlib
import pkgutil
import sys
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

import deploy.fencing
from controller.act.fences import ClosedBySql
from controller.act.ports import DatabaseSeat
from controller.act.virtual import VirtualClock, run_virtual
from controller.model.clock import Clock
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused
from controller.rehearsal.agents import zone_agents
from deploy.adapters.memory import MemoryHooks, MemoryProvisioner
from deploy.agent.agent import Agent
from deploy.fencing.agents import AgentFence
from deploy.fencing.command import CommandFence
from deploy.fencing.process import EitherFence, ProcessFence
from deploy.fencing.self_fence import SelfFence
from deploy.ports import FenceProof, InstanceState
from replication.adapters.memory import (
    Engine,
    Habits,
    MemoryDatabase,
    Process,
    World,
)
from tests.contract.fence_proof import LOST, FenceProofContract, fencing
from tests.no_ports import NO_PORTS

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


class TestEitherFence(TestProcessFence):
    """(a) by several hands, of which one does not answer."""

    @override
    def make(self) -> Iterator[FenceProof]:
        silent = CommandFence(argv=("/bin/false",), command_s=5.0)
        for fence in super().make():
            yield EitherFence({"silent": silent, "provisioner": fence})

    @override
    def put_on_record(self, fence: FenceProof, epoch: int) -> None:
        for _ in range(2):
            super().put_on_record(fence, epoch)


class TestAgentFence(FenceProofContract):
    """(a) by the zone's own agent, in a zone that can be reached."""

    @override
    def make(self) -> Iterator[FenceProof]:
        servers = {LOST.zone: LOST.server}
        self.world = World(VirtualClock(), Habits(engine=Engine.MARIADB))
        self.world.add(LOST.server, place=LOST.zone)
        provisioner = MemoryProvisioner(
            servers, running=servers, hooks=MemoryHooks(stopped=self.world.kill)
        )
        agents = zone_agents(
            self.world, provisioner, servers, ttl_s=5.0, agent_type=Agent
        )
        yield AgentFence(agents.lines("controller"))

    @override
    def acknowledges(self) -> bool:
        return self.world.servers[LOST.server].process is Process.UP

    @override
    def run(self, told: Coroutine[Any, Any, Outcome]) -> Outcome:
        return run_virtual(told)


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
        yield ClosedBySql(replace(NO_PORTS, databases={LOST.server: seat}))

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


class _Shifted(Clock):
    """Virtual time that goes on from one loop to the next."""

    def __init__(self) -> None:
        self.before_s = 0.0

    @override
    def monotonic_s(self) -> float:
        try:
            return self.before_s + asyncio.get_running_loop().time()
        except RuntimeError:
            return self.before_s

    @override
    def wall_s(self) -> float:
        return self.monotonic_s()


class TestSelfFence(FenceProofContract):
    """(d) by waiting for an armed agent that nobody renews any more.

    Zone a is cut off; its agent and its database live on.
    """

    @override
    def make(self) -> Iterator[FenceProof]:
        self.clock = _Shifted()
        self.world = World(self.clock, Habits(engine=Engine.MARIADB))
        zones = [ZoneId(name) for name in "abc"]
        servers = {zone: ServerId(f"db-{zone}") for zone in zones}
        for zone in zones:
            self.world.add(servers[zone], place=zone)
        provisioner = MemoryProvisioner(
            servers, running=zones, hooks=MemoryHooks(stopped=self.world.kill)
        )
        self.agents = zone_agents(
            self.world, provisioner, servers, ttl_s=5.0, agent_type=Agent
        )
        database = MemoryDatabase(self.world, LOST.server, place="a")
        boot_id = self.world.servers[LOST.server].boot_id
        self.run(database.ensure_open(Epoch(1), boot_id=boot_id))
        self.run(_some_time())
        for place in ("b", "c", "controller"):
            self.world.cut("a", place)
        yield SelfFence(self.agents.lines("controller"), wait_s=8.0)

    @override
    def acknowledges(self) -> bool:
        member = self.world.servers[LOST.server]
        return member.process is Process.UP and member.writable

    @override
    def run(self, told: Coroutine[Any, Any, Outcome]) -> Outcome:
        async def beside_the_agents() -> Outcome:
            ticking = asyncio.ensure_future(self._tick())
            try:
                return await told
            finally:
                ticking.cancel()
                self.lasted_s = asyncio.get_running_loop().time()

        answer = run_virtual(beside_the_agents())
        self.clock.before_s += self.lasted_s
        return answer

    async def _tick(self) -> None:
        while True:
            await self.agents.tick()
            await asyncio.sleep(0.25)

    def test_an_agent_that_is_not_on_record_as_armed_proves_nothing(
        self, fence: FenceProof
    ) -> None:
        order = replace(fencing(3), armed_s=0.0)
        assert isinstance(self.run(fence.prove(order)), Refused)

    def test_one_missing_oath_is_no_proof(self, fence: FenceProof) -> None:
        self.agents.dead.add(ZoneId("c"))
        refused = self.run(fence.prove(fencing(3)))
        assert isinstance(refused, Refused)
        assert "zone c" in refused.reason

    def test_an_agent_more_patient_than_we_are_proves_nothing(
        self, fence: FenceProof
    ) -> None:
        patient = replace(fencing(3), armed_s=6.0)
        assert isinstance(self.run(fence.prove(patient)), Refused)


async def _some_time() -> Outcome:
    await asyncio.sleep(2.0)
    return Done()


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
        n.removeprefix("Test")
        for n, c in globals().items()
        if n.startswith("Test") and issubclass(c, FenceProofContract)
    }
    assert found
    assert found <= signed
