"""PROTECT makes nobody wait for a backlog, and waits for a canary that hangs."""

import asyncio

from controller.act.execute_protection import UNSEEN_S
from controller.act.level import LEVEL_S
from controller.act.virtual import run_virtual
from controller.model.commands import EnsureProtected, Member
from controller.model.outcomes import Done, Outcome, Refused
from controller.rehearsal.site import A, B, RehearsalSite, Settings, server_of
from tests.unit.test_execute_replication import DB_A, DB_B, EPOCH, executor_of

ORDER = EnsureProtected(primary=DB_A, acker=Member(server=DB_B, zone=B), epoch=EPOCH)


def test_commits_wait_for_the_acker_only_once_it_is_level() -> None:
    """Or after a few seconds: who never gets level must not stay unprotected."""

    async def story(mended: bool) -> tuple[bool, bool, Outcome]:  # noqa: FBT001
        site = RehearsalSite(Settings())
        executor = await executor_of(site)
        site.world.cut(A, B, both_ways=False)
        site.world.client_write(server_of(A), "sent later")
        asked = asyncio.ensure_future(executor.execute(ORDER, ()))
        await asyncio.sleep(LEVEL_S / 2)
        early = site.world.servers[DB_A].required
        if mended:
            site.world.mend(A, B)
        await asyncio.sleep(LEVEL_S)
        late = site.world.servers[DB_A].required
        site.world.mend(A, B)
        return early, late, await asked

    for mended in (True, False):
        early, late, outcome = run_virtual(story(mended), horizon_s=60)
        assert (early, late) == (False, True)
        assert isinstance(outcome, Done), outcome


def test_a_canary_that_hangs_already_goes_first() -> None:
    """The daemon's own beat may hang for the very acker that is proven here."""

    async def story() -> Outcome:
        site = RehearsalSite(Settings())
        executor = await executor_of(site)
        primary = executor.ports.databases[DB_A].database
        replica = executor.ports.databases[DB_B].database
        await primary.ensure_acks_required(EPOCH, required=True)
        await replica.ensure_frozen(EPOCH)
        beat = asyncio.ensure_future(primary.canary(durable=True))
        await asyncio.sleep(0.5)
        asked = asyncio.ensure_future(executor.execute(ORDER, ()))
        await asyncio.sleep(0.5)
        assert not asked.done()
        await replica.ensure_following(DB_A, EPOCH)
        assert isinstance(await beat, Done)
        return await asked

    assert isinstance(run_virtual(story(), horizon_s=60), Done)


def test_an_acker_that_answers_nobody_is_not_waited_for() -> None:
    """Also the one that is to stay when another leaves: both may be down."""

    async def story() -> tuple[Outcome, float]:
        site = RehearsalSite(Settings())
        executor = await executor_of(site)
        site.world.kill(DB_B)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        return await executor.execute(ORDER, ()), loop.time() - began_s

    outcome, took_s = run_virtual(story(), horizon_s=60)
    assert isinstance(outcome, Refused)
    assert "db-b does not answer" in outcome.reason
    assert took_s < LEVEL_S + UNSEEN_S + 1.0
