"""The whole daemon on the memory site: every fault, zone, engine and proof set."""

import asyncio
import contextlib
from collections.abc import Callable

import pytest

from cdn_router.ports import Gate
from controller.act.driver import CrashPoint, no_crash
from controller.act.virtual import run_virtual
from controller.decide.failover import FAILOVER
from controller.decide.saga import Step
from controller.model.commands import Proof
from controller.model.ids import ZoneId
from controller.model.outcomes import NotSeen
from controller.rehearsal.checkers import broken_promises
from controller.rehearsal.liveness import calm_brings_an_end, no_silence
from controller.rehearsal.site import (
    SLOT,
    A,
    B,
    C,
    RehearsalSite,
    Settings,
    server_of,
)
from replication.adapters.memory import Engine

SETTLED_S, FAULT_S, CALM_S = 5.0, 8.0, 12.0
WITHOUT_A = (Proof.ACKS_REVOKED, Proof.SQL)
NOT_REACHED = {
    Step.DEGRADE,
    Step.WITHDRAW,
    Step.UNFREEZE,
    Step.UNHOLD,
    Step.UNFREEZE_FENCED,
    Step.UNHOLD_FENCED,
}
ALL = (Proof.PROCESS, *WITHOUT_A)

Fault = Callable[[RehearsalSite, ZoneId], None]
FAULTS: dict[str, Fault] = {
    "kill": RehearsalSite.kill,
    "freeze": RehearsalSite.freeze,
    "cut": RehearsalSite.cut,
}


class ControllerKilledError(BaseException):
    """What `kill -9` looks like from inside."""


async def write_for_ever(site: RehearsalSite, inside: ZoneId) -> None:
    """Write through both edges, and inside the zone that will be lost."""
    number = 0
    while True:
        number += 1
        for name, edge in site.edges.items():
            state = await edge.read()
            assert not isinstance(state, NotSeen)
            route = state.table.routes[SLOT]
            if route.gate is Gate.OPEN and route.write not in site.lost:
                row = f"{name}-{number}"
                site.world.client_write(server_of(route.write), row, place=route.write)
        if inside in site.lost:
            site.world.client_write(server_of(inside), f"inside-{number}")
        await asyncio.sleep(0.1)


async def run_daemon(site: RehearsalSite, crash: CrashPoint) -> None:
    """Run a daemon; when it is killed, start the next one, which is not."""
    with contextlib.suppress(ControllerKilledError):
        try:
            await site.daemon(crash).run()
        except BaseExceptionGroup as group:
            if group.subgroup(ControllerKilledError) is None:
                raise
    await site.daemon_died()
    await site.daemon().run()


def tell(
    settings: Settings, fault: Fault, zone: ZoneId, crash: CrashPoint = no_crash
) -> RehearsalSite:
    """Settle, lose *zone*, heal it, be calm; return the site afterwards."""

    async def story() -> RehearsalSite:
        site = RehearsalSite(settings)
        await site.open_first()
        tasks = [
            asyncio.create_task(run_daemon(site, crash)),
            asyncio.create_task(write_for_ever(site, zone)),
        ]
        await asyncio.sleep(SETTLED_S)
        fault(site, zone)
        await asyncio.sleep(FAULT_S)
        site.heal(zone)
        await asyncio.sleep(CALM_S)
        for task in tasks:
            assert not task.done(), task
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return site

    return run_virtual(story(), horizon_s=600)


def ends(site: RehearsalSite, kind: str) -> list[object]:
    """Return how all runs of *kind* ended."""
    return [
        r.body["end"]
        for r in site.journal.records()
        if r.kind == "ended" and r.body["kind"] == kind
    ]


def assert_kept(site: RehearsalSite) -> None:
    """Every promise held, and what was begun has ended."""
    case = site.case()
    calm_at_s = SETTLED_S + FAULT_S
    assert broken_promises(case) == {}
    assert calm_brings_an_end(case, calm_at_s=calm_at_s, bound_s=CALM_S) == []
    assert no_silence(case, within_s=3.0) == []
    assert len(case.writable) == 1
    assert site.world.truth.acked


@pytest.mark.parametrize("engine", list(Engine))
@pytest.mark.parametrize("proofs", [ALL, WITHOUT_A], ids=["all", "without-a"])
@pytest.mark.parametrize("fault", FAULTS)
def test_losing_the_primary(
    fault: str, proofs: tuple[Proof, ...], engine: Engine
) -> None:
    """B takes over, nothing acknowledged is lost, two copies exist again."""
    settings = Settings(engine=engine, proofs=proofs)
    site = tell(settings, FAULTS[fault], A)
    assert_kept(site)
    assert ends(site, "failover") == ["completed"]
    assert site.case().writable == (server_of(B),)
    assert site.world.servers[server_of(C)].source == server_of(B)


@pytest.mark.parametrize("zone", [B, C])
@pytest.mark.parametrize("fault", FAULTS)
def test_losing_another_zone_moves_nothing(fault: str, zone: ZoneId) -> None:
    """The primary stays; a lost replica is replaced."""
    site = tell(Settings(), FAULTS[fault], zone)
    assert_kept(site)
    assert ends(site, "failover") == []
    assert site.case().writable == (server_of(A),)


REACHED = [s for s in FAILOVER if s not in NOT_REACHED]


@pytest.mark.parametrize("point", ["intent", "effect"])
@pytest.mark.parametrize("step", REACHED)
def test_a_controller_killed_at_any_step_loses_nothing(step: Step, point: str) -> None:
    """Promise 5: the next process goes on from the journal."""
    armed = [True]

    def crash(at: Step, where: str) -> None:
        if armed and (at, where) == (step, point):
            armed.clear()
            raise ControllerKilledError

    site = tell(Settings(), FAULTS["kill"], A, crash)
    assert not armed, f"{step} was never reached"
    assert_kept(site)
    assert ends(site, "failover") == ["completed"]
