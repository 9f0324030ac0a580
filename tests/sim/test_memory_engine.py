"""The memory engine against what was measured on MySQL 9.7 and MariaDB 10.11.

Each test is one row of that table; the contract suite holds what both engines
promise the controller, this file what tempts a controller to break a rule.
"""

import pytest

from controller.act.virtual import VirtualClock, run_virtual
from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, Refused, Unknown
from replication.adapters.memory import (
    Engine,
    Fault,
    Habits,
    MemoryDatabase,
    Told,
    World,
    Write,
)
from replication.adapters.memory.truth import Able
from replication.ports import Session

A, B, C = ServerId("a"), ServerId("b"), ServerId("c")
BOTH = pytest.mark.parametrize("engine", list(Engine))


async def protected(habits: Habits) -> tuple[World, MemoryDatabase, MemoryDatabase]:
    """Return a world whose primary a waits for b."""
    world = World(VirtualClock(), habits)
    for member in (A, B, C):
        world.add(member)
    a, b = MemoryDatabase(world, A), MemoryDatabase(world, B)
    boot = world.servers[A].boot_id
    assert isinstance(await a.ensure_open(Epoch(1), boot_id=boot), Done)
    assert isinstance(await b.ensure_following(A, Epoch(1)), Done)
    assert isinstance(await a.ensure_acks_required(Epoch(1), required=True), Done)
    return world, a, b


def heard(write: Write) -> Told | None:
    """Return what the client was told by now."""
    return write.told


@BOTH
def test_sigterm_with_waiters(engine: Engine) -> None:
    """MySQL acknowledges a write that exists nowhere else; MariaDB does not."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        await b.ensure_frozen(Epoch(2))
        write = world.client_write(A, "nowhere else")
        world.terminate(A)
        expected = Told.OK if engine is Engine.MYSQL else Told.ERROR
        assert write.told is expected
        assert ("nowhere else" in world.truth.acked) == (expected is Told.OK)

    run_virtual(story())


@BOTH
def test_kill_query_of_a_waiter(engine: Engine) -> None:
    """MariaDB tells it OK; MySQL lets it wait."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        await b.ensure_frozen(Epoch(2))
        write = world.client_write(A, "row")
        world.kill_query(A)
        assert write.told is (Told.OK if engine is Engine.MARIADB else None)

    run_virtual(story())


@BOTH
def test_an_unacknowledged_write_comes_back_with_a_restart(engine: Engine) -> None:
    """SIGKILL, start: the client got an error, the row is there (errant)."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        await b.ensure_frozen(Epoch(2))
        write = world.client_write(A, "errant")
        assert "errant" not in world.servers[A].rows
        world.kill(A)
        assert write.told is Told.ERROR
        world.start(A)
        assert "errant" in world.servers[A].rows
        assert not world.servers[A].executed.within(world.servers[B].executed)

    run_virtual(story())


@BOTH
@pytest.mark.parametrize("keeps", [False, True])
def test_a_restarted_acker_may_have_thrown_rows_away(
    engine: Engine, *, keeps: bool
) -> None:
    """Acknowledged, unapplied, gone: and the received set is empty, so it looks clean."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine, keeps_relay=keeps))
        world.servers[B].lagging = True
        assert world.client_write(A, "acked").told is Told.OK
        await b.ensure_frozen(Epoch(2))
        world.kill(B)
        world.start(B)
        world.servers[B].lagging = False
        assert isinstance(await b.ensure_drained(Epoch(2)), Done)
        assert ("acked" in world.servers[B].rows) is keeps

    run_virtual(story())


@BOTH
def test_a_late_degrade_acknowledges_at_the_thaw(engine: Engine) -> None:
    """The sender timed out and went; the frozen primary runs the order later."""

    async def story() -> None:
        world, a, b = await protected(Habits(engine=engine))
        await b.ensure_frozen(Epoch(2))
        write = world.client_write(A, "waits")
        world.freeze(A)
        order = await a.ensure_acks_required(Epoch(2), required=False)
        assert isinstance(order, Unknown)
        assert heard(write) is None
        world.thaw(A)
        assert heard(write) is Told.OK
        assert "waits" not in world.servers[B].rows

    run_virtual(story())


@BOTH
def test_a_late_order_on_an_ended_session_never_runs(engine: Engine) -> None:
    """Rule 5's way out: prove the connection gone."""

    async def story() -> None:
        world, a, _ = await protected(Habits(engine=engine))
        session = await a.ready()
        world.nemesis = lambda _server, _order: Fault.LATE
        order = await a.ensure_acks_required(Epoch(2), required=False)
        assert isinstance(order, Unknown)
        world.nemesis = None
        assert isinstance(session, Session)
        assert isinstance(await a.session_ended(session), Done)
        world.deliver_late(A)
        assert world.servers[A].required

    run_virtual(story())


@BOTH
def test_a_freeze_that_arrives_late_does_not_outlive_its_undoing(
    engine: Engine,
) -> None:
    """What was given up is ended before the acker follows again."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        world.nemesis = lambda _server, _order: Fault.LATE
        assert isinstance(await b.ensure_frozen(Epoch(2)), Unknown)
        world.nemesis = None
        assert isinstance(await b.ensure_following(A, Epoch(2)), Done)
        world.deliver_late(B)
        assert world.servers[B].wants

    run_virtual(story())


@BOTH
def test_a_close_that_arrives_late_does_not_outlive_its_undoing(
    engine: Engine,
) -> None:
    """What was given up is ended before the primary is opened again."""

    async def story() -> None:
        world, a, _ = await protected(Habits(engine=engine))
        boot = world.servers[A].boot_id
        world.nemesis = lambda _server, _order: Fault.LATE
        assert isinstance(await a.ensure_closed(Epoch(2)), Unknown)
        world.nemesis = None
        assert isinstance(await a.ensure_reopened(Epoch(2), boot_id=boot), Done)
        world.deliver_late(A)
        assert world.servers[A].writable

    run_virtual(story())


@BOTH
def test_a_lock_of_our_own_given_up_session_is_taken_over(engine: Engine) -> None:
    """No other controller holds it: one order without an answer ends no lease."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        assert isinstance(await b.ensure_claimed("us"), Done)
        world.nemesis = lambda _server, _order: Fault.LATE
        assert isinstance(await b.ensure_frozen(Epoch(2)), Unknown)
        world.nemesis = None
        assert isinstance(await b.ensure_claimed("us"), Done)
        other = MemoryDatabase(world, B)
        assert isinstance(await other.ensure_claimed("another"), Refused)
        world.deliver_late(B)
        assert world.servers[B].wants

    run_virtual(story())


@BOTH
def test_an_ack_in_flight_arrives_after_the_freeze(engine: Engine) -> None:
    """Rightly acknowledged: the write is on the replica that was frozen."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        world.cut(B, A, both_ways=False)
        write = world.client_write(A, "received")
        assert heard(write) is None
        await b.ensure_frozen(Epoch(2))
        world.mend(B, A)
        assert heard(write) is Told.OK
        assert "received" in world.servers[B].rows

    run_virtual(story())


@BOTH
def test_a_replica_with_its_source_side_on_stops_applying(engine: Engine) -> None:
    """Rule 8: the applier waits for an acknowledgement nobody sends."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        world.servers[B].required = True
        assert world.client_write(A, "one").told is Told.OK
        assert world.client_write(A, "two").told is Told.OK
        assert not {"one", "two"} & world.servers[B].rows
        await b.ensure_acks_required(Epoch(2), required=False)
        assert {"one", "two"} <= world.servers[B].rows

    run_virtual(story())


@BOTH
def test_opening_with_the_source_side_on_hangs(engine: Engine) -> None:
    """Rule 8: the epoch row waits for a receiver that does not exist."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine))
        await b.ensure_frozen(Epoch(2))
        world.servers[B].required = True
        boot = world.servers[B].boot_id
        assert isinstance(await b.ensure_open(Epoch(2), boot_id=boot), Unknown)
        assert not world.servers[B].writable

    run_virtual(story())


@BOTH
def test_a_replica_that_starts_by_itself_unfences(engine: Engine) -> None:
    """Rule 3, broken on purpose: the old primary's waiter gets its OK."""

    async def story() -> None:
        world, _, b = await protected(Habits(engine=engine, replicates_at_boot=True))
        await b.ensure_frozen(Epoch(2))
        write = world.client_write(A, "waits")
        world.kill(B)
        world.start(B)
        assert heard(write) is Told.OK

    run_virtual(story())


def test_mysql_takes_an_errant_server_quietly_and_mariadb_does_not() -> None:
    """Rule 7: an ex-primary's extra transaction must be found by comparing."""

    async def story(engine: Engine) -> bool:
        world, a, b = await protected(Habits(engine=engine))
        await b.ensure_frozen(Epoch(2))
        world.client_write(A, "errant")
        world.kill(A)
        boot = world.servers[B].boot_id
        assert isinstance(await b.ensure_open(Epoch(2), boot_id=boot), Done)
        world.start(A)
        assert isinstance(await a.ensure_following(B, Epoch(2)), Done)
        return world.servers[A].connected

    assert run_virtual(story(Engine.MYSQL))
    assert not run_virtual(story(Engine.MARIADB))


@BOTH
def test_closing_with_waiters(engine: Engine) -> None:
    """MariaDB: killed, visible there and only there. MySQL: it cannot be proven."""

    async def story() -> None:
        world, a, b = await protected(Habits(engine=engine))
        await b.ensure_frozen(Epoch(2))
        write = world.client_write(A, "waits")
        outcome = await a.ensure_closed(Epoch(2))
        assert write.told is Told.ERROR
        assert world.client_write(A, "late").told is Told.ERROR
        mariadb = engine is Engine.MARIADB
        assert isinstance(outcome, Done if mariadb else Unknown)
        assert ("waits" in world.servers[A].rows) is mariadb

    run_virtual(story())


def test_the_truth_knows_who_can_acknowledge() -> None:
    """Nobody while frozen, the successor after the opening, never both."""

    async def story() -> list[tuple[ServerId, ...]]:
        world, _, b = await protected(Habits())
        await b.ensure_frozen(Epoch(2))
        boot = world.servers[B].boot_id
        await b.ensure_open(Epoch(2), boot_id=boot)
        return [e.servers for e in world.truth.history if isinstance(e, Able)]

    assert run_virtual(story()) == [(A,), (), (B,)]
