"""What a server has executed, told so that another's logs can be compared with it."""

from controller.model.outcomes import NotSeen
from replication.binlog.survey import History
from tests.contract.database_cluster import (
    A,
    B,
    Cluster,
    Commit,
    DatabaseStories,
)


class HistorySteps(DatabaseStories):
    """`history`."""

    def test_a_replica_that_has_all_tells_the_same_history(
        self, cluster: Cluster
    ) -> None:
        async def story() -> None:
            a, b = await cluster.protect()
            before = await a.history()
            assert await cluster.commit(A, "one") is Commit.OK
            await cluster.shows(B, "one")
            mine, theirs = await a.history(), await b.history()
            assert isinstance(mine, History), mine
            assert isinstance(theirs, History), theirs
            assert mine != before
            assert mine.strict
            assert mine.state == theirs.state

        self.tell(cluster, story)

    def test_a_dead_one_tells_none(self, cluster: Cluster) -> None:
        async def story() -> None:
            a, _ = await cluster.protect()
            await cluster.kill(A)
            assert isinstance(await a.history(), NotSeen)

        self.tell(cluster, story)
