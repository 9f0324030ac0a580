"""A real HAProxy in front of real origin processes that die and freeze."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator

import aiohttp
import pytest

from cdn_router.plan import held, released, routed
from cdn_router.ports import EdgeState, RouteTable
from controller.model.ids import Epoch, SiteId, SlotId, ZoneId
from controller.model.outcomes import Done, NotSeen, Refused, Unknown
from tests.edge_lab import SITE, SLOT, A, B, C, EdgeLab, edge_lab
from tests.labs import until

pytestmark = pytest.mark.lab
HEADERS = {"Host": SITE}
RATE, BEFORE_S, AFTER_S = 100, 0.5, 1.5
READ_BOUND_S = 2.0  # a failed read: no complete 200 within this time


def zones_up(lab: EdgeLab) -> dict[ZoneId, bool]:
    state = asyncio.run(lab.adapter().read())
    return dict(state.zones_up) if isinstance(state, EdgeState) else {}


@pytest.fixture
def lab() -> Iterator[EdgeLab]:
    with edge_lab() as running:
        until(lambda: zones_up(running) == {A: True, B: True, C: False}, "zones seen")
        until(lambda: asyncio.run(one_read(running)) == "a", "reads come from zone a")
        yield running


async def one_read(lab: EdgeLab) -> str:
    async with aiohttp.ClientSession() as http:
        return await read(http, lab.url + "/")


async def read(http: aiohttp.ClientSession, url: str) -> str:
    """Return the zone that answered, or why the read failed."""
    try:
        async with (
            asyncio.timeout(READ_BOUND_S),
            http.get(url, headers=HEADERS) as answer,
        ):
            await answer.read()
            return (
                answer.headers["X-Zone"]
                if answer.status == 200
                else f"status {answer.status}"
            )
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return f"{type(error).__name__} {error}"


async def post(lab: EdgeLab, path: str) -> tuple[int, str, str]:
    """Return status, X-Write-Outcome and Retry-After of one write."""
    async with (
        asyncio.timeout(15),
        aiohttp.ClientSession() as http,
        http.post(lab.url + path, headers=HEADERS, data=b"x") as answer,
    ):
        await answer.read()
        return (
            answer.status,
            answer.headers.get("X-Write-Outcome", ""),
            answer.headers.get("Retry-After", ""),
        )


async def read_through(lab: EdgeLab, fault: Callable[[], None]) -> Counter[str]:
    """Read at a steady rate, open loop, through *fault*; count who answered."""
    answers: Counter[str] = Counter()
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:

        async def one() -> None:
            answers[await read(http, lab.url + "/")] += 1

        start, struck = time.monotonic(), False
        for n in range(int(RATE * (BEFORE_S + AFTER_S))):
            await asyncio.sleep(max(0.0, start + n / RATE - time.monotonic()))
            if not struck and n >= RATE * BEFORE_S:
                fault()
                struck = True
            group.create_task(one())
    return answers


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_losing_the_active_origin_loses_no_read(
    lab: EdgeLab, number: signal.Signals
) -> None:
    answers = asyncio.run(read_through(lab, lambda: lab.origins[A].send_signal(number)))
    assert set(answers) == {"a", "b"}, answers
    assert answers["b"] >= RATE * AFTER_S * 0.9


def test_a_page_slower_than_the_short_timer_is_served(lab: EdgeLab) -> None:
    async def story() -> None:
        async with aiohttp.ClientSession() as http:
            assert await read(http, lab.url + "/slow") in {"a", "b"}

    asyncio.run(story())


def test_an_unknown_site_is_404(lab: EdgeLab) -> None:
    async def story() -> None:
        async with (
            aiohttp.ClientSession() as http,
            http.get(lab.url, headers={"Host": "nobody.example.test"}) as answer,
        ):
            assert answer.status == 404

    asyncio.run(story())


async def table_of(lab: EdgeLab) -> RouteTable:
    state = await lab.adapter().read()
    assert isinstance(state, EdgeState), state
    return state.table


def test_an_open_gate_lets_a_write_through_stamped(lab: EdgeLab) -> None:
    assert asyncio.run(post(lab, "/write"))[0] == 200


def test_a_held_write_is_told_to_come_back_and_a_released_one_passes(
    lab: EdgeLab,
) -> None:
    async def story() -> None:
        edge, table = lab.adapter(), await table_of(lab)
        hold = held(table, losing=A, backup=B, epoch=Epoch(1))
        assert isinstance(await edge.ensure_routes(hold), Done)
        assert await post(lab, "/write") == (503, "not-sent", "1")
        moved = released(
            routed(hold, losing=A, backup=B, epoch=Epoch(1)), zone=B, epoch=Epoch(1)
        )
        assert isinstance(await edge.ensure_routes(moved), Done)
        assert (await post(lab, "/write"))[0] == 200

    asyncio.run(story())


def test_a_write_to_a_dead_zone_was_not_sent(lab: EdgeLab) -> None:
    lab.origins[A].kill()
    lab.origins[A].wait()
    for _ in range(5):  # before and after the checks notice
        assert asyncio.run(post(lab, "/write")) == (503, "not-sent", "1")
    until(lambda: not zones_up(lab).get(A, True), "zone a is seen down")
    assert asyncio.run(post(lab, "/write")) == (503, "not-sent", "1")


def test_a_write_the_origin_did_not_process_was_not_sent(lab: EdgeLab) -> None:
    assert asyncio.run(post(lab, "/refuse")) == (503, "not-sent", "1")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_write_in_flight_when_its_zone_dies_is_unknown(
    lab: EdgeLab, number: signal.Signals
) -> None:
    """Never silence: an answer without a status would invite a repeated POST."""

    async def story() -> None:
        async with aiohttp.ClientSession() as http:
            await read(http, lab.url + "/")  # the connection has been used before
            hanging = asyncio.create_task(
                http.post(lab.url + "/hang", headers=HEADERS, data=b"x")
            )
            await asyncio.wait({hanging}, timeout=0.3)
            assert not hanging.done()
            lab.origins[A].send_signal(number)
            async with asyncio.timeout(5), await hanging as answer:
                assert answer.status in {502, 503, 504}
                assert answer.headers["X-Write-Outcome"] == "unknown"

    asyncio.run(story())


def test_moving_the_writes_answers_those_hanging_in_the_old_zone(lab: EdgeLab) -> None:
    async def story() -> None:
        hanging = asyncio.create_task(post(lab, "/hang"))
        await asyncio.wait({hanging}, timeout=0.3)
        assert not hanging.done()
        moved = routed(await table_of(lab), losing=A, backup=B, epoch=Epoch(1))
        assert isinstance(await lab.adapter().ensure_routes(moved), Done)
        async with asyncio.timeout(2):
            assert (await hanging)[1] == "unknown"

    asyncio.run(story())


def test_routes_and_epoch_survive_a_restart_of_the_edge(lab: EdgeLab) -> None:
    async def move() -> RouteTable:
        moved = routed(await table_of(lab), losing=A, backup=B, epoch=Epoch(5))
        assert isinstance(await lab.adapter().ensure_routes(moved), Done)
        return moved

    async def look(moved: RouteTable) -> None:
        assert await table_of(lab) == moved
        older = released(moved, zone=B, epoch=Epoch(4))
        assert isinstance(await lab.adapter().ensure_routes(older), Refused)
        assert await table_of(lab) == moved

    moved = asyncio.run(move())
    lab.kill_proxy()
    lab.start_proxy()
    asyncio.run(look(moved))


def test_a_controller_that_died_half_way_still_refuses_older_ones(lab: EdgeLab) -> None:
    """The claim is on disk before the first route moves."""
    (lab.spec.maps / "epoch.map").write_text("claimed 7\nepoch 0\n")

    async def story() -> None:
        table = await table_of(lab)
        older = held(table, losing=A, backup=B, epoch=Epoch(6))
        assert isinstance(await lab.adapter().ensure_routes(older), Refused)
        assert await table_of(lab) == table
        again = held(table, losing=A, backup=B, epoch=Epoch(7))
        assert isinstance(await lab.adapter().ensure_routes(again), Done)

    asyncio.run(story())


async def meddle(lab: EdgeLab, command: str) -> None:
    """Send a command of a stranger's to the admin socket."""
    reader, writer = await asyncio.open_unix_connection(lab.spec.socket)
    writer.write(command.encode() + b"\n")
    await reader.read()
    writer.close()


@pytest.mark.parametrize("edit", ["del map {} s1", "set map {} s1 ajar"])
def test_half_a_change_is_not_seen_and_is_repaired(lab: EdgeLab, edit: str) -> None:
    async def story() -> None:
        table, edge = await table_of(lab), lab.adapter()
        await meddle(lab, edit.format(lab.spec.maps / "gate.map"))
        assert isinstance(await edge.read(), NotSeen)
        assert (await post(lab, "/write"))[:2] == (503, "not-sent")  # fails closed
        assert isinstance(await edge.ensure_routes(table), Done)
        assert await table_of(lab) == table

    asyncio.run(story())


@pytest.mark.parametrize("name", ["s1; set map", "s1\nquit", ""])
def test_a_name_that_is_no_word_never_reaches_the_socket(
    lab: EdgeLab, name: str
) -> None:
    async def story() -> None:
        table = await table_of(lab)
        routes = {SlotId(name): table.routes[SLOT]}
        odd = RouteTable(epoch=Epoch(1), routes=routes)
        assert isinstance(await lab.adapter().ensure_routes(odd), Refused)
        assert await table_of(lab) == table
        site = SiteId("x\r\nHost: y")
        assert isinstance(await lab.adapter().prove(site, zone=A), Refused)

    asyncio.run(story())


def test_a_dead_edge_refuses_and_a_frozen_one_is_not_seen(lab: EdgeLab) -> None:
    async def story() -> None:
        table = await table_of(lab)
        moved = held(table, losing=A, backup=B, epoch=Epoch(1))
        assert lab.proxy is not None
        lab.proxy.send_signal(signal.SIGSTOP)
        assert await lab.adapter().read() == NotSeen(
            "read", "the admin socket did not answer in time"
        )
        # Only questions were asked: nothing can have changed.
        assert isinstance(await lab.adapter().ensure_routes(moved), Refused)
        assert isinstance(await lab.adapter().prove(SITE, zone=A), Unknown)
        lab.proxy.send_signal(signal.SIGCONT)
        assert await table_of(lab) == table
        lab.kill_proxy()
        assert isinstance(await lab.adapter().ensure_routes(moved), Refused)
        assert isinstance(await lab.adapter().prove(SITE, zone=A), Refused)

    asyncio.run(story())
    lab.start_proxy()
    assert asyncio.run(table_of(lab)).epoch == Epoch(0)
