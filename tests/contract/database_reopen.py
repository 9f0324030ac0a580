"""A primary that restarted in place: enable, get an acknowledgement, then open."""

from controller.model.ids import BootId
from controller.model.outcomes import Done, Refused
from replication.ports import DatabaseServer, Receiving, ServerView
from tests.contract.database_cluster import (
    NEXT,
    A,
    B,
    Cluster,
    Commit,
    DatabaseStories,
    expect_done,
    seen,
)


class ReopeningSteps(DatabaseStories):
    """`ensure_heard`, and what it makes true before writes open."""

    def test_a_restarted_primary_is_heard_before_it_opens(
        self, cluster: Cluster
    ) -> None:
        """Closed, it commits one row that its acker holds; then it takes writes."""

        async def story() -> None:
            a, b = await cluster.protect()
            assert await cluster.commit(A, "before") is Commit.OK
            await cluster.restart(A)
            boot = await restarted(cluster, a, b)
            heard = expect_done(await a.ensure_heard(NEXT, boot_id=boot))
            assert heard.evidence["gtid"]
            closed = await seen(a)
            assert not closed.writable
            assert closed.epoch == NEXT
            assert await cluster.commit(A, "too early") is Commit.ERROR
            await cluster.eventually(
                lambda: seen(b), lambda v: v.executed == closed.executed
            )
            expect_done(await a.ensure_open(NEXT, boot_id=boot))
            assert await cluster.commit(A, "after") is Commit.OK
            assert {"before", "after"} <= await cluster.rows(A)
            await cluster.shows(B, "after")

        self.tell(cluster, story)

    def test_to_be_heard_again_is_another_row(self, cluster: Cluster) -> None:
        """A second attempt of the same epoch is acknowledged for itself."""

        async def story() -> None:
            a, b = await cluster.protect()
            await cluster.restart(A)
            boot = await restarted(cluster, a, b)
            first = expect_done(await a.ensure_heard(NEXT, boot_id=boot))
            again = expect_done(await a.ensure_heard(NEXT, boot_id=boot))
            assert first.evidence["gtid"] != again.evidence["gtid"]

        self.tell(cluster, story)

    def test_nobody_is_heard_who_has_no_receiver(self, cluster: Cluster) -> None:
        """Without a source side, or behind a frozen acker, nothing is written."""

        async def story() -> None:
            a, b = await cluster.protect()
            await cluster.restart(A)
            boot = (await seen(a)).boot_id
            before = (await seen(a)).executed
            assert isinstance(await a.ensure_heard(NEXT, boot_id=boot), Refused)
            await restarted(cluster, a, b)
            expect_done(await b.ensure_frozen(NEXT))
            await cluster.eventually(
                lambda: seen(a), lambda v: v.source_side.receivers == 0
            )
            assert isinstance(await a.ensure_heard(NEXT, boot_id=boot), Refused)
            assert (await seen(a)).executed == before

        self.tell(cluster, story)

    def test_only_a_closed_primary_of_that_process_is_heard(
        self, cluster: Cluster
    ) -> None:
        """Not one that takes writes, nor a replica, nor a process before."""

        async def story() -> None:
            a, b = await cluster.protect()
            boot = (await seen(a)).boot_id
            assert isinstance(await a.ensure_heard(NEXT, boot_id=boot), Refused)
            mine = await seen(b)
            refused = await b.ensure_heard(NEXT, boot_id=mine.boot_id)
            assert isinstance(refused, Refused)
            await cluster.restart(A)
            await restarted(cluster, a, b)
            before = (await seen(a)).executed
            assert isinstance(await a.ensure_heard(NEXT, boot_id=boot), Refused)
            assert (await seen(a)).executed == before
            assert (await seen(b)).executed == mine.executed

        self.tell(cluster, story)


async def restarted(cluster: Cluster, a: DatabaseServer, b: DatabaseServer) -> BootId:
    """Bring A, just restarted, to where it may be heard; return its boot id."""
    view = await seen(a)
    assert (view.writable, view.source_side.required) == (False, False)
    expect_done(await b.ensure_following(A, NEXT))

    def connected(seen_b: ServerView) -> bool:
        return seen_b.receiving is Receiving.YES

    await cluster.eventually(lambda: seen(b), connected)
    await cluster.eventually(
        lambda: a.ensure_acks_required(NEXT, required=True),
        lambda outcome: isinstance(outcome, Done),
    )
    return view.boot_id
