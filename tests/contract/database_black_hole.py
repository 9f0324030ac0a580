"""A source that falls silent without a word: only for clusters that can cut a link.

The memory engines sign it beside the rest; the real ones in a network namespace of
their own (`black_hole.py`), where packets may be dropped.
"""

from replication.ports import Receiving
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


class BlackHoleSteps(DatabaseStories):
    """What must work while nothing comes back."""

    def test_freezing_works_in_a_black_hole(self, cluster: Cluster) -> None:
        """The source cannot be reached from the acker, and it still stops."""

        async def story() -> None:
            _, b = await cluster.protect()
            await cluster.cut(A, B)
            waiting = await cluster.commit_hangs(A, "into the hole")
            expect_done(await b.ensure_frozen(NEXT))
            expect_done(await b.ensure_drained(NEXT))
            await cluster.mend(A, B)
            assert await cluster.ended(waiting, cluster.hang_s) is Commit.HUNG
            assert (await seen(b)).receiving is Receiving.STOPPED

        self.tell(cluster, story)
