"""What a server says of itself, who may order it, and what acknowledges."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from controller.model.ids import (
    Epoch,
)
from controller.model.outcomes import (
    Done,
    NotSeen,
    Refused,
    Unknown,
)
from replication.ports import (
    DatabaseServer,
    Receiving,
    ServerView,
)
from tests.contract.database_cluster import (
    FIRST,
    NEXT,
    A,
    B,
    C,
    Cluster,
    Commit,
    DatabaseStories,
    expect_done,
    seen,
    state_of,
)


class SeeingAndAcks(DatabaseStories):
    """Views, epochs, acknowledgements, canaries."""

    # ---- seeing ------------------------------------------------------------------

    def test_a_view_tells_primary_from_replica(self, cluster: Cluster) -> None:
        """Role, source, epoch and acknowledgements are read from the server."""

        async def story() -> None:
            a, b = await cluster.protect()
            primary, replica = await seen(a), await seen(b)
            assert (primary.server, replica.server) == (A, B)
            assert (a.server, b.server) == (A, B)
            assert primary.writable
            assert primary.source is None
            assert primary.receiving is Receiving.NONE
            side = primary.source_side
            assert (side.required, side.active) == (True, True)
            assert (side.receivers, side.waiters) == (1, 0)
            assert not replica.writable
            assert replica.source is not None
            assert (primary.sources, replica.sources) == ((), (replica.source,))
            assert primary.origin in primary.executed
            assert primary.version[0].isdigit()
            assert replica.receiving is Receiving.YES
            assert replica.applying
            assert not replica.source_side.required
            assert primary.epoch == replica.epoch == FIRST
            await cluster.eventually(
                lambda: seen(b), lambda v: v.executed == primary.executed
            )

        self.tell(cluster, story)

    def test_heartbeats_move_without_writes(self, cluster: Cluster) -> None:
        """Silence of the source can be told from a quiet source."""

        async def story() -> None:
            _, b = await cluster.protect()
            before = (await seen(b)).heartbeats
            await cluster.eventually(lambda: seen(b), lambda v: v.heartbeats > before)

        self.tell(cluster, story)

    def test_a_silent_server_is_not_seen(self, cluster: Cluster) -> None:
        """Frozen or dead: a NotSeen with its phase, never an exception."""

        async def story() -> None:
            a, _ = await cluster.protect()
            await cluster.freeze(A)
            assert isinstance(await a.view(), NotSeen)
            assert isinstance(await a.ready(), NotSeen)
            await cluster.thaw(A)
            await cluster.eventually(a.view, lambda v: not isinstance(v, NotSeen))
            await cluster.kill(A)
            gone = await a.view()
            assert isinstance(gone, NotSeen)
            assert gone.phase in {"connect", "read", "write"}

        self.tell(cluster, story)

    # ---- epochs and asking twice -------------------------------------------------

    def test_asking_twice_is_the_same_as_asking_once(self, cluster: Cluster) -> None:
        """Every order is an end state: the second asking changes nothing."""

        async def story() -> None:
            a, b = await cluster.protect()
            boot = (await seen(b)).boot_id
            orders: list[tuple[DatabaseServer, Callable[[], Awaitable[object]]]] = [
                (b, lambda: b.ensure_following(A, NEXT)),
                (a, lambda: a.ensure_acks_required(NEXT, required=True)),
                (b, lambda: b.ensure_frozen(NEXT)),
                (b, lambda: b.ensure_drained(NEXT)),
                (a, lambda: a.ensure_acks_required(NEXT, required=False)),
                (a, lambda: a.ensure_closed(NEXT)),
                (b, lambda: b.ensure_open(NEXT, boot_id=boot)),
            ]
            for target, order in orders:
                assert isinstance(await order(), Done)
                once = await state_of(target)
                assert isinstance(await order(), Done)
                assert await state_of(target) == once

        self.tell(cluster, story)

    def test_an_older_epoch_is_refused_and_changes_nothing(
        self, cluster: Cluster
    ) -> None:
        """A controller that was overtaken moves nothing, on any member."""

        async def story() -> None:
            a, b = await cluster.protect()
            boot = (await seen(a)).boot_id
            expect_done(await a.ensure_open(Epoch(5), boot_id=boot))
            await cluster.eventually(lambda: seen(b), lambda v: v.epoch == Epoch(5))
            await cluster.eventually(lambda: seen(a), _settled)
            was_a, was_b, old = await state_of(a), await state_of(b), Epoch(4)
            for stale in (
                await a.ensure_closed(old),
                await a.ensure_acks_required(old, required=False),
                await a.ensure_open(old, boot_id=boot),
                await b.ensure_frozen(old),
                await b.ensure_drained(old),
                await b.ensure_following(C, old),
                await b.ensure_open(old, boot_id=was_b.boot_id),
                await b.ensure_acks_required(old, required=True),
                await b.ensure_seeded(A, old),
            ):
                assert isinstance(stale, Refused), repr(stale)
            assert await state_of(a) == was_a
            assert await state_of(b) == was_b
            assert await cluster.commit(A, "still") is Commit.OK

        self.tell(cluster, story)

    # ---- acknowledgements --------------------------------------------------------

    def test_freezing_the_acker_revokes_acknowledgements(
        self, cluster: Cluster
    ) -> None:
        """Frozen: the applier goes on, and the source acknowledges nothing."""

        async def story() -> None:
            a, b = await cluster.protect()
            outcome = expect_done(await b.ensure_frozen(NEXT))
            view = await seen(b)
            assert view.receiving is Receiving.STOPPED
            assert view.applying
            assert outcome.evidence["boot_id"] == view.boot_id
            assert {"received", "executed"} <= set(outcome.evidence)
            await cluster.commit_hangs(A, "unacknowledged")
            await cluster.eventually(lambda: seen(a), _waits)
            assert "unacknowledged" not in await cluster.rows(A)
            assert "unacknowledged" not in await cluster.rows(B)

        self.tell(cluster, story)

    def test_unfreezing_acknowledges_what_waited(self, cluster: Cluster) -> None:
        """The exit of rule 1: the replica catches up and the waiters get OK."""

        async def story() -> None:
            _, b = await cluster.protect()
            expect_done(await b.ensure_frozen(NEXT))
            waiting = await cluster.commit_hangs(A, "late")
            expect_done(await b.ensure_following(A, NEXT))
            assert await cluster.ended(waiting) is Commit.OK
            await cluster.shows(B, "late")

        self.tell(cluster, story)

    def test_degrading_acknowledges_waiters(self, cluster: Cluster) -> None:
        """Off means off at once: what hung is told OK, new commits do not wait."""

        async def story() -> None:
            a, b = await cluster.protect()
            expect_done(await b.ensure_frozen(NEXT))
            waiting = await cluster.commit_hangs(A, "waited")
            expect_done(await a.ensure_acks_required(NEXT, required=False))
            assert await cluster.ended(waiting) is Commit.OK
            assert await cluster.commit(A, "after") is Commit.OK
            side = (await seen(a)).source_side
            assert (side.required, side.waiters) == (False, 0)

        self.tell(cluster, story)

    def test_acks_are_not_required_without_a_receiver(self, cluster: Cluster) -> None:
        """Rule 8: with nobody to acknowledge, the first commit would hang."""

        async def story() -> None:
            a, b = await cluster.protect()
            expect_done(await a.ensure_acks_required(NEXT, required=False))
            expect_done(await b.ensure_frozen(NEXT))
            await cluster.eventually(
                lambda: seen(a), lambda v: v.source_side.receivers == 0
            )
            alone = await a.ensure_acks_required(NEXT, required=True)
            assert isinstance(alone, Refused)
            assert await cluster.commit(A, "alone") is Commit.OK

        self.tell(cluster, story)

    # ---- canaries ----------------------------------------------------------------

    def test_a_durable_canary_tells_its_gtid(self, cluster: Cluster) -> None:
        """Its commit replicates: the replica ends where the primary stands."""

        async def story() -> None:
            a, b = await cluster.protect()
            before = (await seen(a)).executed
            assert expect_done(await a.canary(durable=True)).evidence["gtid"]
            after = (await seen(a)).executed
            assert after != before
            await cluster.eventually(lambda: seen(b), lambda v: v.executed == after)
            expect_done(await a.canary(durable=False))
            assert (await seen(a)).executed == after

        self.tell(cluster, story)

    def test_a_lost_acker_hangs_only_the_durable_canary(self, cluster: Cluster) -> None:
        """Rule 6: local ok + durable hung = acker lost; at most one hangs."""

        async def story() -> None:
            a, b = await cluster.protect()
            await cluster.freeze(B)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(cluster.hang_s):
                    await a.canary(durable=True)
            expect_done(await a.canary(durable=False))
            assert isinstance(await a.canary(durable=True), Unknown)
            assert (await seen(a)).source_side.waiters <= 1
            await cluster.thaw(B)
            await cluster.eventually(
                lambda: a.canary(durable=True), lambda o: isinstance(o, Done)
            )
            await cluster.eventually(
                lambda: seen(b), lambda v: v.receiving is Receiving.YES
            )

        self.tell(cluster, story)

    def test_a_durable_canary_never_writes_on_a_replica(self, cluster: Cluster) -> None:
        """It would be an errant transaction: refused, nothing written."""

        async def story() -> None:
            a, b = await cluster.protect()
            target = (await seen(a)).executed
            await cluster.eventually(lambda: seen(b), lambda v: v.executed == target)
            assert isinstance(await b.canary(durable=True), Refused)
            assert (await seen(b)).executed == target

        self.tell(cluster, story)


def _settled(view: ServerView) -> bool:
    return not _waits(view)


def _waits(view: ServerView) -> bool:
    return view.source_side.waiters > 0
