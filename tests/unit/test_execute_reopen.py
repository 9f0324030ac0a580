"""What the executor concludes while it opens a primary again, and fences one."""

import asyncio

from controller.act.execute_protection import UPTIME_MIN_S
from controller.act.executor import Executor
from controller.act.virtual import run_virtual
from controller.model.commands import (
    Acker,
    EnsureFenced,
    EnsureHeard,
    EnsureWaiting,
    Member,
    Proof,
)
from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from controller.rehearsal.site import A, B, RehearsalSite, Settings, server_of
from replication.adapters.memory import covers
from replication.ports import Session
from tests.unit.test_execute_replication import executor_of, unasked

DB_A, DB_B = server_of(A), server_of(B)
ACKERS = (Acker(server=DB_B, zone=B, boot_id=BootId("")),)
EPOCH = Epoch(2)


def hear(site: RehearsalSite, *, ackers: tuple[Acker, ...] = ACKERS) -> EnsureHeard:
    boot_id = site.world.servers[DB_A].boot_id
    return EnsureHeard(primary=DB_A, boot_id=boot_id, ackers=ackers, epoch=EPOCH)


async def restarted(site: RehearsalSite) -> Executor:
    """Return an executor on *site*, whose primary just restarted in place."""
    executor = await executor_of(site)
    site.restart(A)
    return executor


def test_a_row_is_heard_by_an_acker_before_writes_open() -> None:
    """Rule 4, and not before the server's boot id tells it from another start."""
    site = RehearsalSite(Settings())

    async def story() -> tuple[Outcome, Outcome]:
        executor = await restarted(site)
        waits = await executor.execute(EnsureWaiting(primary=DB_A, epoch=EPOCH), ())
        return waits, await executor.execute(hear(site), ())

    waits, heard = run_virtual(story(), horizon_s=60)
    assert isinstance(waits, Done), waits
    assert isinstance(heard, Done), heard
    assert heard.evidence["acker"] == DB_B
    assert heard.evidence["acker_boot_id"] == site.world.servers[DB_B].boot_id
    member = site.world.servers[DB_A]
    assert not member.writable
    assert site.clock.monotonic_s() - member.booted_at_s >= UPTIME_MIN_S


def test_without_waiting_for_acks_nothing_is_heard() -> None:
    """A row b received without being waited for proves nothing about the next."""
    site = RehearsalSite(Settings())

    async def story() -> Outcome:
        executor = await restarted(site)
        return await executor.execute(hear(site), ())

    assert isinstance(run_virtual(story(), horizon_s=60), Refused)


def test_only_a_registered_acker_counts() -> None:
    """Somebody acknowledged it; while nobody we know holds it, we go on asking."""
    site = RehearsalSite(Settings())

    async def story() -> None:
        executor = await restarted(site)
        await executor.execute(EnsureWaiting(primary=DB_A, epoch=EPOCH), ())
        async with asyncio.timeout(10):
            await executor.execute(hear(site, ackers=()), ())

    try:
        run_virtual(story(), horizon_s=60)
    except TimeoutError:
        return
    raise AssertionError("nobody on record holds it")


def test_a_fence_by_sql_first_ends_what_may_still_open_the_server() -> None:
    """Rule 5: the unanswered order's connection is gone before `closed` counts."""
    site = RehearsalSite(Settings())
    member = site.world.servers[DB_A]

    async def story() -> tuple[Outcome, bool, Outcome]:
        executor = await executor_of(site)
        old = await executor.ports.databases[DB_A].database.ready()
        assert isinstance(old, Session)
        order = EnsureFenced(
            lost=Member(server=DB_A, zone=A),
            proofs=(Proof.SQL,),
            acks_revoked=False,
            epoch=EPOCH,
        )
        other = Executor(ports=site._ports(), covers=covers, confirm=unasked)
        fenced = await other.execute(order, (old,))
        gone = old.connection_id not in member.sessions
        site.freeze(A)
        return fenced, gone, await other.execute(order, (old,))

    fenced, gone, silent = run_virtual(story(), horizon_s=60)
    assert isinstance(fenced, Done)
    assert gone
    assert isinstance(silent, Unknown)
