"""What the executor concludes from a cluster in memory."""

import asyncio

from controller.act.execute_replication import ReplicationExecutor
from controller.act.executor import Executor
from controller.act.virtual import run_virtual
from controller.model.commands import (
    Acker,
    CommitCanary,
    Confirm,
    EnsureFollowing,
    EnsureFrozen,
    EnsureOpen,
    EnsureProtected,
    Member,
)
from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Done, Outcome, Refused
from controller.rehearsal.site import A, B, C, RehearsalSite, Settings, server_of
from replication.adapters.memory import covers

DB_A, DB_B = server_of(A), server_of(B)
ACKER = Acker(server=DB_B, zone=B, boot_id=BootId(""))
EPOCH = Epoch(2)


async def executor_of(site: RehearsalSite) -> ReplicationExecutor:
    """Return an executor on *site*, in which b follows a and nobody waits."""
    await site.open_first()
    await asyncio.sleep(3)
    return ReplicationExecutor(site._ports(), covers)


def test_a_canary_earns_nothing_while_commits_wait_for_nobody() -> None:
    """Rule 4: b received it, but without semi-sync the next write may not wait."""

    async def story() -> tuple[Outcome, Outcome]:
        executor = await executor_of(RehearsalSite(Settings()))
        order = CommitCanary(server=DB_A, ackers=(ACKER,), epoch=EPOCH)
        alone = await executor.canary(order)
        primary = executor.ports.databases[DB_A].database
        enabled = await primary.ensure_acks_required(EPOCH, required=True)
        assert isinstance(enabled, Done), enabled
        return alone, await executor.canary(order)

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
        return await executor.opened(
            EnsureOpen(
                candidate=spare, boot_id=BootId(""), ackers=(ACKER,), epoch=EPOCH
            )
        )

    opened = run_virtual(story(), horizon_s=60)
    assert isinstance(opened, Refused)
    assert "hears" in opened.reason


def test_the_order_to_follow_names_its_connection() -> None:
    """Sent to a server that froze it may arrive after a later FREEZE (rule 5)."""

    async def story() -> tuple[str, ...]:
        replication = await executor_of(RehearsalSite(Settings()))

        async def unasked(_order: Confirm) -> Outcome:
            return Refused("not asked here")

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
        await executor.frozen(EnsureFrozen(ackers=(ACKER,), epoch=EPOCH), ())
        acker = Member(server=DB_B, zone=B)
        began_s = asyncio.get_running_loop().time()
        outcome = await executor.protected(
            EnsureProtected(primary=DB_A, acker=acker, epoch=EPOCH), ()
        )
        return outcome, asyncio.get_running_loop().time() - began_s

    outcome, took_s = run_virtual(story(), horizon_s=60)
    assert isinstance(outcome, Refused)
    assert "receives nothing" in outcome.reason
    assert took_s < 1.0
