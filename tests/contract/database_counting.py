"""How many acknowledgements a commit waits for, with two replicas."""

from controller.model.outcomes import Done, Refused
from replication.ports import DatabaseServer, Receiving
from tests.contract.database_cluster import (
    NEXT,
    A,
    B,
    C,
    Cluster,
    Commit,
    DatabaseStories,
    expect_done,
    seen,
)


async def _two_replicas(
    cluster: Cluster,
) -> tuple[DatabaseServer, DatabaseServer, DatabaseServer]:
    """Return a that takes writes, and b and c that acknowledge them."""
    a, b = await cluster.protect()
    await cluster.lay_copy(A, C)
    c = cluster.connect(C)
    expect_done(await c.ensure_seeded(A, NEXT))
    expect_done(await c.ensure_following(A, NEXT))
    await cluster.eventually(lambda: seen(c), lambda v: v.receiving is Receiving.YES)
    await cluster.eventually(lambda: seen(a), lambda v: v.source_side.receivers == 2)
    return a, b, c


class CountingAcks(DatabaseStories):
    """k of n, as far as the engine goes; what it cannot do it refuses. And sources."""

    def test_every_source_is_named_and_ours_first(self, cluster: Cluster) -> None:
        """One that a person added is seen beside ours, whatever it is called."""

        async def story() -> None:
            _, b = await cluster.protect()
            ours = (await seen(b)).source
            await cluster.follow_also(B, "127.0.0.1")
            view = await seen(b)
            assert (view.source, view.receiving) == (ours, Receiving.YES)
            assert set(view.sources) == {ours, "127.0.0.1:3306"}

        self.tell(cluster, story)

    def test_a_commit_waits_for_as_many_as_asked(self, cluster: Cluster) -> None:
        """One of two: either will do. Two of two: both, or it hangs."""

        async def story() -> None:
            a, b, c = await _two_replicas(cluster)
            expect_done(await b.ensure_frozen(NEXT))
            await cluster.eventually(
                lambda: seen(a), lambda v: v.source_side.receivers == 1
            )
            assert await cluster.commit(A, "by c alone") is Commit.OK
            early = await a.ensure_acks_required(NEXT, required=True, acks=2)
            assert isinstance(early, Refused), "one receives, of two"
            expect_done(await b.ensure_following(A, NEXT))
            await cluster.eventually(
                lambda: seen(a), lambda v: v.source_side.receivers == 2
            )
            both = await a.ensure_acks_required(NEXT, required=True, acks=2)
            side = (await seen(a)).source_side
            assert side.required
            if isinstance(both, Refused):
                assert not cluster.counts_acks
                assert side.acks == 1
            else:
                assert expect_done(both).evidence["acks"] == "2"
                assert side.acks == 2
                await self._both_are_needed(cluster, a, c)

        self.tell(cluster, story)

    async def _both_are_needed(
        self, cluster: Cluster, a: DatabaseServer, c: DatabaseServer
    ) -> None:
        assert await cluster.commit(A, "by both") is Commit.OK
        expect_done(await c.ensure_frozen(NEXT))
        waiting = await cluster.commit_hangs(A, "by b alone")
        expect_done(await c.ensure_following(A, NEXT))
        assert await cluster.ended(waiting) is Commit.OK
        again = await a.ensure_acks_required(NEXT, required=True, acks=2)
        assert isinstance(again, Done)
