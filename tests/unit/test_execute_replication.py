"""What the executor concludes from a cluster in memory."""

import asyncio
from dataclasses import replace

import pytest

from controller.act.execute_replication import REREAD_S
from controller.act.executor import Executor, only_proven
from controller.act.virtual import run_virtual
from controller.model.commands import (
    Acker,
    CommitCanary,
    Confirm,
    EnsureFollowing,
    EnsureFrozen,
    EnsureOpen,
    EnsureProtected,
    EnsureUnfrozen,
    Member,
)
from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from controller.rehearsal.site import A, B, C, RehearsalSite, Settings, server_of
from replication.adapters.memory import covers
from replication.ports import Session

DB_A, DB_B, DB_C = server_of(A), server_of(B), server_of(C)
ACKER = Acker(server=DB_B, zone=B, boot_id=BootId(""))
EPOCH = Epoch(2)


async def unasked(_order: Confirm) -> Outcome:
    """Refuse: nobody here confirms anything."""
    return Refused("not asked here")


async def executor_of(site: RehearsalSite) -> Executor:
    """Return an executor on *site*, in which b follows a and nobody waits."""
    await site.open_first()
    await asyncio.sleep(3)
    return Executor(ports=site._ports(), covers=covers, confirm=unasked)


def test_a_canary_earns_nothing_while_commits_wait_for_nobody() -> None:
    """Rule 4: b received it, but without semi-sync the next write may not wait."""

    async def story() -> tuple[Outcome, Outcome]:
        executor = await executor_of(RehearsalSite(Settings()))
        order = CommitCanary(server=DB_A, ackers=(ACKER,), epoch=EPOCH)
        alone = await executor.execute(order, ())
        primary = executor.ports.databases[DB_A].database
        enabled = await primary.ensure_acks_required(EPOCH, required=True)
        assert isinstance(enabled, Done), enabled
        return alone, await executor.execute(order, ())

    alone, waited = run_virtual(story(), horizon_s=60)
    assert isinstance(alone, Done)
    assert "acker" not in alone.evidence
    assert isinstance(waited, Done)
    assert waited.evidence["acker"] == DB_B


def test_writes_do_not_open_while_an_acker_hears_another_source() -> None:
    """The frozen set is read again right before OPEN, not only `writable`."""

    async def story() -> Outcome:
        executor = await executor_of(RehearsalSite(Settings()))
        spare = Member(server=server_of(C), zone=C)
        return await executor.execute(
            EnsureOpen(
                candidate=spare, boot_id=BootId(""), ackers=(ACKER,), epoch=EPOCH
            ),
            (),
        )

    opened = run_virtual(story(), horizon_s=60)
    assert isinstance(opened, Refused)
    assert "hears" in opened.reason


async def reread_site() -> tuple[RehearsalSite, Executor, EnsureOpen]:
    """Return b frozen and drained, c alive beside it, and the order to open b."""
    site = RehearsalSite(Settings())
    executor = await executor_of(site)
    site.world.start(DB_C)
    for server in (DB_B, DB_C):
        frozen = await executor.ports.databases[server].database.ensure_frozen(EPOCH)
        assert isinstance(frozen, Done), frozen
    boot_ids = {s: m.boot_id for s, m in site.world.servers.items()}
    ackers = tuple(
        Acker(server=s, zone=z, boot_id=boot_ids[s]) for s, z in ((DB_B, B), (DB_C, C))
    )
    order = EnsureOpen(
        candidate=Member(server=DB_B, zone=B),
        boot_id=boot_ids[DB_B],
        ackers=ackers,
        epoch=EPOCH,
    )
    return site, executor, order


def test_writes_open_when_every_acker_was_read_again() -> None:
    """The control of the tests below; one without a boot id has none to compare."""

    async def story() -> Outcome:
        _, executor, order = await reread_site()
        ackers = (order.ackers[0], replace(order.ackers[1], boot_id=BootId("")))
        return await executor.execute(replace(order, ackers=ackers), ())

    assert isinstance(run_virtual(story(), horizon_s=60), Done)


@pytest.mark.parametrize("fault", ["kill", "freeze", "cut"])
def test_writes_do_not_open_while_an_acker_cannot_be_read_again(fault: str) -> None:
    """Rule 2: one member out of reach is a hold; nothing is sent to the other."""

    async def story() -> tuple[Outcome, bool, float]:
        site, executor, order = await reread_site()
        getattr(site, fault)(C)
        began_s = site.clock.monotonic_s()
        outcome = await executor.execute(order, ())
        took_s = site.clock.monotonic_s() - began_s
        return outcome, site.world.servers[DB_B].writable, took_s

    outcome, writable, took_s = run_virtual(story(), horizon_s=60)
    assert isinstance(outcome, Refused)
    assert "db-c cannot be re-read" in outcome.reason
    assert not writable
    assert took_s <= REREAD_S + 0.5, "OPEN itself needs the rest of its row's time"


def test_a_lost_packet_does_not_keep_writes_closed() -> None:
    """The re-read insists for a moment before it gives up."""

    async def story() -> Outcome:
        site, executor, order = await reread_site()
        site.cut(C)
        opening = asyncio.ensure_future(executor.execute(order, ()))
        await asyncio.sleep(0.5)
        site.heal(C)
        return await opening

    assert isinstance(run_virtual(story(), horizon_s=60), Done)


def test_writes_do_not_open_after_an_acker_restarted() -> None:
    """Rule 4: since VERIFY it may have thrown away, or received, something."""

    async def story() -> Outcome:
        site, executor, order = await reread_site()
        site.world.kill(DB_C)
        site.world.start(DB_C)
        return await executor.execute(order, ())

    opened = run_virtual(story(), horizon_s=60)
    assert isinstance(opened, Refused)
    assert "db-c restarted" in opened.reason


@pytest.mark.parametrize("fault", ["freeze", "cut", "kill"])
def test_one_silent_acker_keeps_nobody_else_deaf(fault: str) -> None:
    """Rule 1; sent only where a connection just answered, and named (rule 5)."""

    async def story() -> tuple[tuple[Session, ...], Outcome, bool, bool]:
        site, replication, opening = await reread_site()
        getattr(site, fault)(C)
        executor = Executor(replication.ports, covers, unasked)
        order = EnsureUnfrozen(ackers=opening.ackers, source=DB_A, epoch=EPOCH)
        sessions = await executor.sessions(order)
        assert isinstance(sessions, tuple)
        outcome = await executor.execute(only_proven(order, sessions), ())
        servers = site.world.servers
        return sessions, outcome, servers[DB_B].wants, servers[DB_C].wants

    sessions, outcome, b_hears, c_hears = run_virtual(story(), horizon_s=60)
    assert [s.server for s in sessions] == [DB_B]
    assert b_hears
    assert not c_hears
    assert isinstance(outcome, Unknown), "not done, and not certainly undone"
    assert "db-c: not sent" in outcome.reason


def test_nothing_is_unfrozen_when_nobody_answers() -> None:
    """Then the whole order was not sent."""

    async def story() -> object:
        site, replication, opening = await reread_site()
        site.cut(B)
        site.cut(C)
        executor = Executor(replication.ports, covers, unasked)
        order = EnsureUnfrozen(ackers=opening.ackers, source=DB_A, epoch=EPOCH)
        return await executor.sessions(order)

    assert isinstance(run_virtual(story(), horizon_s=60), NotSeen)


def test_the_order_to_follow_names_its_connection() -> None:
    """Sent to a server that froze it may arrive after a later FREEZE (rule 5)."""

    async def story() -> tuple[str, ...]:
        replication = await executor_of(RehearsalSite(Settings()))

        executor = Executor(replication.ports, covers, unasked)
        order = EnsureFollowing(replica=DB_B, source=DB_A, epoch=EPOCH)
        sessions = await executor.sessions(order)
        assert isinstance(sessions, tuple)
        return tuple(s.server for s in sessions)

    assert run_virtual(story(), horizon_s=60) == (DB_B,)


def test_a_stopped_replica_is_not_waited_for() -> None:
    """It restarted between ATTACH and PROTECT: attached anew, not waited for."""

    async def story() -> tuple[Outcome, float]:
        executor = await executor_of(RehearsalSite(Settings()))
        await executor.execute(EnsureFrozen(ackers=(ACKER,), epoch=EPOCH), ())
        acker = Member(server=DB_B, zone=B)
        began_s = asyncio.get_running_loop().time()
        outcome = await executor.execute(
            EnsureProtected(primary=DB_A, acker=acker, epoch=EPOCH), ()
        )
        return outcome, asyncio.get_running_loop().time() - began_s

    outcome, took_s = run_virtual(story(), horizon_s=60)
    assert isinstance(outcome, Refused)
    assert "receives nothing" in outcome.reason
    assert took_s < 1.0


def test_a_replica_stopped_before_the_canary_is_not_waited_for() -> None:
    """Another acknowledged it, so the commit returned, and this one never hears it."""

    async def story() -> tuple[Outcome, float]:
        _, executor, _ = await reread_site()
        await executor.execute(EnsureFrozen(ackers=(ACKER,), epoch=EPOCH), ())
        following = EnsureFollowing(replica=DB_C, source=DB_A, epoch=EPOCH)
        assert isinstance(await executor.execute(following, ()), Done)
        acker = Member(server=DB_B, zone=B)
        began_s = asyncio.get_running_loop().time()
        outcome = await executor.execute(
            EnsureProtected(primary=DB_A, acker=acker, epoch=EPOCH), ()
        )
        return outcome, asyncio.get_running_loop().time() - began_s

    outcome, took_s = run_virtual(story(), horizon_s=60)
    assert isinstance(outcome, Refused)
    assert "receives nothing" in outcome.reason
    assert took_s < 1.0
