"""Drain, open, close, restart: the steps of a failover, one by one."""

from controller.model.ids import (
    BootId,
)
from controller.model.outcomes import (
    Done,
    NotSeen,
    Refused,
)
from replication.ports import (
    Receiving,
)
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


class FailoverSteps(DatabaseStories):
    """Promotion, the SQL fence, restarts."""

    # ---- promotion ---------------------------------------------------------------

    def test_draining_applies_everything_received(self, cluster: Cluster) -> None:
        """Acknowledged but unapplied rows are shown before anything opens."""

        async def story() -> None:
            _, b = await cluster.protect()
            await cluster.hold_applier(B)
            for row in ("one", "two", "three"):
                assert await cluster.commit(A, row) is Commit.OK
            expect_done(await b.ensure_frozen(NEXT))
            drained = expect_done(await b.ensure_drained(NEXT))
            assert {"one", "two", "three"} <= await cluster.rows(B)
            view = await seen(b)
            assert drained.evidence["boot_id"] == view.boot_id
            assert drained.evidence["executed"] == view.executed
            assert "received" in drained.evidence

        self.tell(cluster, story)

    def test_draining_wants_the_receiver_stopped(self, cluster: Cluster) -> None:
        """A moving target has no end: refused while it receives."""

        async def story() -> None:
            _, b = await cluster.protect()
            assert isinstance(await b.ensure_drained(NEXT), Refused)

        self.tell(cluster, story)

    def test_opening_is_refused_while_receiving(self, cluster: Cluster) -> None:
        """Not frozen: what arrives after the check would be lost."""

        async def story() -> None:
            _, b = await cluster.protect()
            boot = (await seen(b)).boot_id
            assert isinstance(await b.ensure_open(NEXT, boot_id=boot), Refused)
            view = await seen(b)
            assert (view.writable, view.receiving) == (False, Receiving.YES)
            assert view.epoch == FIRST

        self.tell(cluster, story)

    def test_opening_is_refused_after_a_restart(self, cluster: Cluster) -> None:
        """Rule 4: a restarted replica may have thrown acknowledged rows away."""

        async def story() -> None:
            _, b = await cluster.protect()
            frozen = expect_done(await b.ensure_frozen(NEXT))
            boot = BootId(frozen.evidence["boot_id"])
            await cluster.restart(B)
            assert isinstance(await b.ensure_open(NEXT, boot_id=boot), Refused)
            view = await seen(b)
            assert not view.writable
            assert view.source is not None

        self.tell(cluster, story)

    def test_opening_makes_it_writable_and_records_the_epoch(
        self, cluster: Cluster
    ) -> None:
        """The point of no return: no source, a new epoch, writes commit."""

        async def story() -> None:
            a, b = await cluster.protect()
            expect_done(await b.ensure_frozen(NEXT))
            expect_done(await b.ensure_drained(NEXT))
            await cluster.kill(A)
            boot = (await seen(b)).boot_id
            opened = expect_done(await b.ensure_open(NEXT, boot_id=boot))
            view = await seen(b)
            assert opened.evidence["boot_id"] == boot
            assert opened.evidence["executed"] == view.executed
            assert (view.writable, view.epoch) == (True, NEXT)
            assert (view.source, view.receiving) == (None, Receiving.NONE)
            assert await cluster.commit(B, "new era") is Commit.OK
            expect_done(await b.canary(durable=True))
            assert isinstance(await a.view(), NotSeen)

        self.tell(cluster, story)

    # ---- closing -----------------------------------------------------------------

    def test_ids_are_skipped_only_where_writes_opened(self, cluster: Cluster) -> None:
        """Under that very epoch; asked again it changes no more."""

        async def story() -> None:
            a, b = await cluster.protect()
            expect_done(await b.ensure_frozen(NEXT))
            expect_done(await b.ensure_drained(NEXT))
            assert isinstance(await b.ensure_ids_skipped(NEXT), Refused)
            await cluster.kill(A)
            assert not isinstance(await a.ensure_ids_skipped(FIRST), Done)
            boot = (await seen(b)).boot_id
            expect_done(await b.ensure_open(NEXT, boot_id=boot))
            for _ in range(2):
                told = expect_done(await b.ensure_ids_skipped(NEXT))
                assert told.evidence["ids"]
            assert isinstance(await b.ensure_ids_skipped(FIRST), Refused)
            assert await cluster.commit(B, "new era") is Commit.OK

        self.tell(cluster, story)

    def test_closed_means_nobody_commits(self, cluster: Cluster) -> None:
        """SQL fence: applications are told no, old and new connections alike."""

        async def story() -> None:
            a, _ = await cluster.protect()
            closed = expect_done(await a.ensure_closed(NEXT))
            view = await seen(a)
            assert closed.evidence["executed"] == view.executed
            assert (view.writable, view.source_side.waiters) == (False, 0)
            assert await cluster.commit(A, "too late") is Commit.ERROR
            assert "too late" not in await cluster.rows(A)

        self.tell(cluster, story)

    def test_closing_acknowledges_no_waiter(self, cluster: Cluster) -> None:
        """A waiter's row may exist nowhere else: it is told anything but OK."""

        async def story() -> None:
            a, b = await cluster.protect()
            expect_done(await b.ensure_frozen(NEXT))
            waiting = await cluster.commit_hangs(A, "nowhere else")
            outcome = await a.ensure_closed(NEXT)
            assert await cluster.ended(waiting, cluster.hang_s) is not Commit.OK
            late = cluster.begin(A, "too late")
            assert await cluster.ended(late, cluster.hang_s) is not Commit.OK
            if isinstance(outcome, Done):
                view = await seen(a)
                assert (view.writable, view.source_side.waiters) == (False, 0)

        self.tell(cluster, story)

    def test_a_closed_primary_can_be_opened_again(self, cluster: Cluster) -> None:
        """The undo of a switchover: applications commit as before."""

        async def story() -> None:
            a, _ = await cluster.protect()
            expect_done(await a.ensure_closed(NEXT))
            boot = (await seen(a)).boot_id
            expect_done(await a.ensure_open(NEXT, boot_id=boot))
            assert await cluster.commit(A, "back") is Commit.OK
            await cluster.shows(B, "back")

        self.tell(cluster, story)

    # ---- restarts ----------------------------------------------------------------

    def test_a_frozen_replica_stays_frozen_over_a_restart(
        self, cluster: Cluster
    ) -> None:
        """Rule 3: it never starts replication by itself; the source still hangs."""

        async def story() -> None:
            _, b = await cluster.protect()
            before = (await seen(b)).boot_id
            expect_done(await b.ensure_frozen(NEXT))
            waiting = await cluster.commit_hangs(A, "waits")
            await cluster.restart(B)
            view = await seen(b)
            assert view.boot_id != before
            assert view.receiving is Receiving.STOPPED
            assert not view.writable
            assert await cluster.ended(waiting, cluster.hang_s) is Commit.HUNG

        self.tell(cluster, story)

    def test_a_primary_boots_read_only_without_semi_sync(
        self, cluster: Cluster
    ) -> None:
        """Rule 8: a restarted primary takes no write until it is opened."""

        async def story() -> None:
            a, _ = await cluster.protect()
            before = (await seen(a)).boot_id
            await cluster.restart(A)
            view = await seen(a)
            assert view.boot_id != before
            assert not view.writable
            assert not view.source_side.required
            assert view.epoch == FIRST
            assert await cluster.commit(A, "not yet") is Commit.ERROR
            expect_done(await a.ensure_open(NEXT, boot_id=view.boot_id))
            assert await cluster.commit(A, "now") is Commit.OK

        self.tell(cluster, story)
