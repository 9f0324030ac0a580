"""Seeding, locks, and orders that meet silence."""

from controller.model.outcomes import (
    Done,
    NotSeen,
    Refused,
)
from replication.ports import (
    DatabaseServer,
    Receiving,
    Session,
)
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


class SeedingAndOrders(DatabaseStories):
    """Members that join, sessions that end, orders that may arrive late."""

    # ---- following and seeding ---------------------------------------------------

    def test_a_writable_server_follows_nobody(self, cluster: Cluster) -> None:
        """A primary is demoted on purpose or not at all."""

        async def story() -> None:
            a, _ = await cluster.protect()
            assert isinstance(await a.ensure_following(B, NEXT), Refused)
            view = await seen(a)
            assert (view.writable, view.source) == (True, None)

        self.tell(cluster, story)

    def test_a_copy_of_a_replica_follows_the_primary_and_nobody_before(
        self, cluster: Cluster
    ) -> None:
        """A replica's copy knows a source; it must not go there by itself (rule 2)."""

        async def story() -> None:
            a, _ = await cluster.protect()
            assert await cluster.commit(A, "before the copy") is Commit.OK
            await cluster.shows(B, "before the copy")
            await cluster.lay_copy(B, C)
            c = cluster.connect(C)
            seeded = expect_done(await c.ensure_seeded(B, NEXT))
            assert seeded.evidence["executed"]
            view = await seen(c)
            assert (view.writable, view.receiving) == (False, Receiving.NONE)
            assert (await seen(a)).source_side.receivers == 1
            assert await c.copying() is None
            assert await cluster.commit(A, "after the copy") is Commit.OK
            expect_done(await c.ensure_following(A, NEXT))
            await cluster.shows(C, "after the copy")
            assert await cluster.rows(C) == await cluster.rows(A)

        self.tell(cluster, story)

    def test_a_seeded_server_follows_to_its_donors_data(self, cluster: Cluster) -> None:
        """Redundancy comes back: copy, follow, and every row is there."""

        async def story() -> None:
            a, _ = await cluster.protect()
            assert await cluster.commit(A, "before the copy") is Commit.OK
            await cluster.lay_copy(A, C)
            c = cluster.connect(C)
            for _ in range(2):
                seeded = expect_done(await c.ensure_seeded(A, NEXT))
                assert seeded.evidence["executed"]
                assert int(seeded.evidence["bytes"]) >= 0
            view = await seen(c)
            assert not view.writable
            assert view.receiving in {Receiving.NONE, Receiving.STOPPED}
            assert await cluster.commit(A, "after the copy") is Commit.OK
            expect_done(await c.ensure_following(A, NEXT))
            await cluster.shows(C, "after the copy")
            assert await cluster.rows(C) == await cluster.rows(A)
            await cluster.eventually(
                lambda: seen(a), lambda v: v.source_side.receivers == 2
            )

        self.tell(cluster, story)

    # ---- sessions, locks, late orders --------------------------------------------

    def test_the_lock_excludes_a_second_controller(self, cluster: Cluster) -> None:
        """Rule 10: one owner at a time; it is free once its session is gone."""

        async def story() -> None:
            mine, theirs = cluster.connect(A), cluster.connect(A)
            for _ in range(2):
                expect_done(await mine.ensure_claimed("one"))
            assert isinstance(await theirs.ensure_claimed("two"), Refused)
            await mine.aclose()
            await mine.aclose()
            await cluster.eventually(
                lambda: theirs.ensure_claimed("two"), lambda o: isinstance(o, Done)
            )

        self.tell(cluster, story)

    def test_a_session_is_named_and_can_be_ended(self, cluster: Cluster) -> None:
        """Rule 5: what an order travels on is known, and provably gone."""

        async def story() -> None:
            a, other = cluster.connect(A), cluster.connect(A)
            session = await _session(a)
            assert session == await _session(a)
            assert session.server == A
            assert session.boot_id == (await seen(a)).boot_id
            expect_done(await other.session_ended(session))
            expect_done(await other.session_ended(session))
            fresh = await cluster.eventually(
                a.ready, lambda s: not isinstance(s, NotSeen)
            )
            assert fresh != session

        self.tell(cluster, story)

    def test_a_session_is_not_proven_gone_by_silence(self, cluster: Cluster) -> None:
        """Frozen: its orders may still run. Restarted: they never will."""

        async def story() -> None:
            a = cluster.connect(A)
            session = await _session(a)
            await cluster.freeze(A)
            assert not isinstance(await a.session_ended(session), Done)
            await cluster.thaw(A)
            await cluster.restart(A)
            await cluster.eventually(
                lambda: a.session_ended(session), lambda o: isinstance(o, Done)
            )

        self.tell(cluster, story)

    def test_an_order_into_silence_is_never_done(self, cluster: Cluster) -> None:
        """Rule 5: it may run at the thaw; only `Refused` swears it will not."""

        async def story() -> None:
            a, _ = await cluster.protect()
            await _session(a)
            await cluster.freeze(A)
            outcome = await a.ensure_acks_required(NEXT, required=False)
            assert not isinstance(outcome, Done)
            await cluster.thaw(A)
            view = await cluster.eventually(
                a.view, lambda v: not isinstance(v, NotSeen)
            )
            assert not isinstance(view, NotSeen)
            if isinstance(outcome, Refused):
                assert view.source_side.required

        self.tell(cluster, story)


async def _session(database: DatabaseServer) -> Session:
    session = await database.ready()
    assert isinstance(session, Session), repr(session)
    return session
