"""Leaving a primary that lives, and coming back to it: what only switchovers ask."""

import asyncio

from controller.model.outcomes import Done, NotSeen, Refused
from replication.ports import DatabaseServer, OpenTransaction, Receiving
from tests.contract.database_cluster import (
    FIRST,
    NEXT,
    A,
    B,
    Cluster,
    Commit,
    DatabaseStories,
    expect_done,
    seen,
)


async def open_for(
    database: DatabaseServer, older_than_s: float
) -> tuple[OpenTransaction, ...]:
    """Return what a visible server says is open for so long."""
    found = await database.transactions(older_than_s=older_than_s)
    assert not isinstance(found, NotSeen), repr(found)
    return found


class SwitchoverSteps(DatabaseStories):
    """Close, look, and reopen."""

    def test_a_closed_primary_is_reopened_as_it_was(self, cluster: Cluster) -> None:
        """The undo: same process, same epoch, its commits wait for acks again."""

        async def story() -> None:
            a, b = await cluster.protect()
            boot = (await seen(a)).boot_id
            for _ in range(2):
                expect_done(await a.ensure_closed(NEXT))
                assert await cluster.commit(A, "closed") is Commit.ERROR
                for _ in range(2):
                    expect_done(await a.ensure_reopened(NEXT, boot_id=boot))
            view = await seen(a)
            assert (view.writable, view.epoch, view.boot_id) == (True, FIRST, boot)
            assert view.source_side.required
            assert await cluster.commit(A, "back") is Commit.OK
            await cluster.shows(B, "back")
            expect_done(await b.ensure_frozen(NEXT))
            await cluster.commit_hangs(A, "waits for an acknowledgement")

        self.tell(cluster, story)

    def test_a_reopened_primary_gets_its_frozen_acker_back(
        self, cluster: Cluster
    ) -> None:
        """In the order of the undo: first the acker follows, then writes open."""

        async def story() -> None:
            a, b = await cluster.protect()
            boot = (await seen(a)).boot_id
            expect_done(await a.ensure_closed(NEXT))
            expect_done(await b.ensure_frozen(NEXT))
            expect_done(await b.ensure_following(A, NEXT))
            expect_done(await a.ensure_reopened(NEXT, boot_id=boot))
            await cluster.eventually(
                lambda: seen(b), lambda v: v.receiving is Receiving.YES
            )
            assert await cluster.commit(A, "as before") is Commit.OK
            await cluster.shows(B, "as before")

        self.tell(cluster, story)

    def test_another_process_is_not_reopened(self, cluster: Cluster) -> None:
        """Rule 8: a restarted primary has lost semi-sync; it stays closed."""

        async def story() -> None:
            a, _ = await cluster.protect()
            boot = (await seen(a)).boot_id
            expect_done(await a.ensure_closed(NEXT))
            await cluster.restart(A)
            assert isinstance(await a.ensure_reopened(NEXT, boot_id=boot), Refused)
            assert not (await seen(a)).writable
            assert await cluster.commit(A, "alone") is Commit.ERROR

        self.tell(cluster, story)

    def test_a_replica_is_not_reopened(self, cluster: Cluster) -> None:
        """It never was a primary, so there is nothing to go back to."""

        async def story() -> None:
            _, b = await cluster.protect()
            boot = (await seen(b)).boot_id
            assert isinstance(await b.ensure_reopened(NEXT, boot_id=boot), Refused)
            assert not (await seen(b)).writable

        self.tell(cluster, story)

    def test_reopening_obeys_the_epoch(self, cluster: Cluster) -> None:
        """Promise 6: an order of before the last OPEN opens nothing."""

        async def story() -> None:
            a, _ = await cluster.protect()
            boot = (await seen(a)).boot_id
            expect_done(await a.ensure_open(NEXT, boot_id=boot))
            expect_done(await a.ensure_closed(NEXT))
            assert isinstance(await a.ensure_reopened(FIRST, boot_id=boot), Refused)
            assert not (await seen(a)).writable

        self.tell(cluster, story)

    def test_closing_under_traffic_works_while_an_acker_listens(
        self, cluster: Cluster
    ) -> None:
        """Running commits end by themselves; what was told OK is on both servers."""

        async def writes(name: str) -> list[str]:
            told = []
            for number in range(1000):
                row = f"{name}-{number}"
                if await cluster.commit(A, row) is not Commit.OK:
                    break
                told.append(row)
                await asyncio.sleep(0)
            return told

        async def story() -> None:
            a, b = await cluster.protect()
            writers = [asyncio.ensure_future(writes(f"w{n}")) for n in range(8)]
            await asyncio.sleep(0.3)
            expect_done(await a.ensure_closed(NEXT))
            view = await seen(a)
            assert (view.writable, view.source_side.waiters) == (False, 0)
            told = {row for w in writers for row in await w}
            assert told
            assert told <= await cluster.rows(A)
            await cluster.eventually(lambda: cluster.rows(B), lambda rows: told <= rows)
            assert (await seen(b)).receiving is Receiving.YES

        self.tell(cluster, story)

    def test_an_open_transaction_is_found_by_its_age(self, cluster: Cluster) -> None:
        """Whose connection and since when; closing the server ends it."""

        async def story() -> None:
            a, b = await cluster.protect()
            assert await open_for(a, 0.0) == ()
            await cluster.sit_on_a_transaction(A)
            await asyncio.sleep(2.5)
            (found,) = await open_for(a, 1.0)
            assert found.connection_id > 0
            assert 1.0 < found.age_s < 60.0
            assert await open_for(a, 60.0) == ()
            assert await open_for(b, 0.0) == ()
            assert isinstance(await a.ensure_closed(NEXT), Done)
            assert await open_for(a, 0.0) == ()

        self.tell(cluster, story)
