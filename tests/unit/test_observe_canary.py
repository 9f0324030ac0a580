"""What an unsuccessful canary says of the primary, and what of ourselves."""

import asyncio
from dataclasses import replace

import pytest
from typing_extensions import override

from controller.act.observe import Observatory, ObservePolicy
from controller.act.ports import DatabaseSeat
from controller.act.virtual import VirtualClock, run_virtual
from controller.decide.facts import CanaryFact
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused
from health.detector import DetectorPolicy
from replication.adapters.memory import MemoryDatabase, World
from tests.no_ports import NO_PORTS
from tests.unit.inspections import WANTED

A = ServerId("db-a")
FULL = Refused("the server said 1021: Disk full")


class Answering(MemoryDatabase):
    """Its durable canary is answered with *answer*."""

    answer: Outcome = FULL

    @override
    async def canary(self, *, durable: bool) -> Outcome:
        return self.answer if durable else Done()


def after(answer: Outcome, *, is_open: bool = True) -> CanaryFact:
    """Return the fact after two such answers, five seconds apart."""

    async def ask() -> CanaryFact:
        clock = VirtualClock()
        world = World(clock)
        world.add(A)
        database = Answering(world, A)
        database.answer = answer
        seat = DatabaseSeat(database=database, zone=ZoneId("a"), address="db-a:3306")
        ports = replace(NO_PORTS, databases={A: seat})
        detector = DetectorPolicy(rounds_down=3, rounds_clear=1, stale_s=9)
        policy = ObservePolicy(
            interval_s=0.1, timeout_s=0.1, detector=detector, wanted=WANTED
        )
        watch = Observatory(ports, clock, policy)
        if is_open:
            boot = world.servers[A].boot_id
            await database.ensure_open(Epoch(1), boot_id=boot)
        await watch.ask_server(A)
        await watch.ask_durable_canary(A)
        await asyncio.sleep(5.0)
        await watch.ask_durable_canary(A)
        return watch.facts(lease_held=True).canary

    return run_virtual(ask())


def test_what_the_server_refuses_is_its_trouble() -> None:
    """For so long, and in its own words."""
    found = after(FULL)
    assert (found.durable_refused_s, found.durable_hung_s) == (5.0, 0.0)
    assert "Disk full" in found.durable_reason


@pytest.mark.parametrize("reason", ["1045: Access denied", "no connection in 0.4 s"])
def test_not_to_be_let_in_is_our_own_trouble(reason: str) -> None:
    """A rotated password of ours must never cost a primary its role."""
    assert after(Refused(reason)).durable_refused_s == 0.0


def test_a_closed_server_that_refuses_is_not_ill() -> None:
    assert after(FULL, is_open=False).durable_refused_s == 0.0
