"""An unfinished run is not even cleaned up by who may not act."""

import asyncio

import pytest

from controller.act.virtual import run_virtual
from controller.decide.codec import render_member, render_plan
from controller.decide.decide import Start
from controller.decide.facts import Mode
from controller.decide.saga import Step
from controller.incident.record import RecordKind
from controller.model.ids import Epoch, IncidentId
from controller.model.outcomes import Done
from controller.rehearsal.site import RehearsalSite, Settings
from tests.unit.test_ledger import FAILOVER_PLAN
from tests.unit.world_facts import A


@pytest.mark.parametrize(
    ("mode", "rival", "veto"),
    [(Mode.OBSERVE, False, "observe_mode"), (Mode.AUTO, True, "lease_lost")],
)
def test_a_run_is_not_resumed_by_who_may_not_act(
    mode: Mode, veto: str, *, rival: bool
) -> None:
    """UNFREEZE would void the proof of the controller that holds the lease."""

    async def story() -> tuple[list[RecordKind], set[str]]:
        site = RehearsalSite(Settings(mode=mode))
        await site.open_first()
        append = site.journal.append
        who, number = IncidentId("i1"), Epoch(2)
        first = {"primary": render_member(A)}
        append(RecordKind.ADOPTED, first, incident=who, epoch=Epoch(0))
        plan = {"plan": render_plan(FAILOVER_PLAN), "step": Step.CONFIRM.value}
        append(RecordKind.STARTED, plan, incident=who, epoch=number)
        if rival:
            for seat in site._ports().databases.values():
                claimed = await seat.database.ensure_claimed("another")
                assert isinstance(claimed, Done) or seat.zone == "c"
        daemon = site.daemon()
        task = asyncio.create_task(daemon.run())
        await asyncio.sleep(8)
        assert not task.done(), task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        kinds = [r.kind for r in site.journal.records()]
        return kinds, {v.name for v in daemon.decision.vetoes}

    kinds, vetoes = run_virtual(story(), horizon_s=60)
    assert RecordKind.INTENT not in kinds
    assert RecordKind.RESTARTED not in kinds
    assert vetoes == {veto}


class SagaCrashedError(Exception):
    """A bug in a step."""


@pytest.mark.parametrize("when", ["before", "while giving way"])
def test_a_crash_of_a_run_surfaces_though_another_preempts_it(when: str) -> None:
    """Swallowed, the daemon would go on beside a state nobody understands."""

    async def crashing() -> object:
        try:
            await asyncio.sleep(0 if when == "before" else 60)
        except asyncio.CancelledError:
            raise SagaCrashedError from None
        raise SagaCrashedError

    async def story() -> None:
        site = RehearsalSite(Settings())
        await site.open_first()
        daemon = site.daemon()
        daemon._saga = asyncio.ensure_future(crashing())
        await asyncio.sleep(1)
        start = Start(plan=FAILOVER_PLAN, step=Step.CONFIRM, preempts=True)
        daemon._begin(start)
        await asyncio.sleep(1)
        daemon._reap_saga()

    with pytest.raises(SagaCrashedError):
        run_virtual(story(), horizon_s=60)


def test_a_run_that_gives_way_takes_no_further_step() -> None:
    """It was judged by where it stood; its next step may be OPEN (rule 5)."""
    steps: list[str] = []

    async def stepping() -> None:
        await asyncio.sleep(0)
        steps.append("open")

    async def story() -> None:
        site = RehearsalSite(Settings())
        await site.open_first()
        daemon = site.daemon()
        daemon._saga = asyncio.ensure_future(stepping())
        await asyncio.sleep(0)  # its answer is there, it goes on in this very round
        daemon._begin(Start(plan=FAILOVER_PLAN, step=Step.CONFIRM, preempts=True))
        await asyncio.sleep(1)
        await daemon.stop()

    run_virtual(story(), horizon_s=60)
    assert steps == []
