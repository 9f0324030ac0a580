"""The lag a whole daemon sees of a replica whose applier stops for a while."""

import asyncio

import pytest

from controller.act.virtual import run_virtual
from controller.rehearsal.site import A, B, RehearsalSite, Settings, server_of
from replication.adapters.memory import Engine
from replication.lag import NO_LAG, Lag

STOPPED_S = 4.0


@pytest.mark.parametrize("engine", list(Engine))
def test_received_at_once_and_applied_late(engine: Engine) -> None:
    before, during, after, primary = run_virtual(_lags(engine), horizon_s=60)
    assert primary == NO_LAG
    for lag in (before, during, after):
        assert lag.receive_s is not None
        assert lag.receive_s < 0.5, "an acker: received before the commit returns"
    assert before.apply_s is not None
    assert before.apply_s < 0.5
    assert during.apply_s == pytest.approx(STOPPED_S, abs=0.8)
    assert after.apply_s is not None
    assert after.apply_s < 0.5, "caught up"


async def _lags(engine: Engine) -> tuple[Lag, Lag, Lag, Lag]:
    site = RehearsalSite(Settings(engine=engine))
    await site.open_first()
    daemon = site.daemon()
    running = asyncio.create_task(daemon.run())
    replica = site.world.servers[server_of(B)]

    def lag() -> Lag:
        facts = daemon.observatory.facts(lease_held=True)
        return facts.servers[server_of(B)].lag

    await asyncio.sleep(5.0)
    before = lag()
    replica.applier = False
    await asyncio.sleep(STOPPED_S)
    during = lag()
    replica.applier = True
    await asyncio.sleep(3.0)
    after = lag()
    primary = daemon.observatory.facts(lease_held=True).servers[server_of(A)].lag
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return before, during, after, primary
