"""What a real HAProxy counts of each zone: what is a failure, and what is none."""

import asyncio
import signal
import socket
from collections.abc import Iterator

import aiohttp
import pytest

from cdn_router.ports import EdgeState, ZoneTraffic
from controller.act.recorder import unrecorded
from controller.act.traffic import TrafficWatch
from controller.act.virtual import VirtualClock
from controller.model.ids import EdgeId
from controller.model.outcomes import NotSeen
from health.elevated import Elevation
from tests.edge_lab import SITE, A, B, C, EdgeLab, edge_lab
from tests.labs import until

pytestmark = pytest.mark.lab
HEADERS = {"Host": SITE}


def state(lab: EdgeLab) -> EdgeState:
    found = asyncio.run(lab.adapter().read())
    assert isinstance(found, EdgeState), found
    return found


@pytest.fixture
def lab() -> Iterator[EdgeLab]:
    with edge_lab() as running:
        until(lambda: state(running).zones_up == {A: True, B: True, C: False}, "zones")
        yield running


async def asked(lab: EdgeLab, method: str, path: str, times: int) -> list[int]:
    """Ask one after the other; return the statuses."""
    found = []
    async with aiohttp.ClientSession(headers=HEADERS) as http:
        for _ in range(times):
            async with http.request(method, lab.url + path) as answer:
                await answer.read()
                found.append(answer.status)
    return found


def leave_up(lab: EdgeLab) -> None:
    """Have zone a's server not checked: a dead one goes on being asked."""
    with socket.socket(socket.AF_UNIX) as admin:
        admin.connect(str(lab.spec.socket))
        admin.sendall(b"disable health bk_w_a/a\n")
        admin.recv(100)


def step(
    lab: EdgeLab, method: str, path: str, times: int
) -> tuple[list[int], ZoneTraffic]:
    """Ask; return the statuses, and what was counted of zone a in between."""
    before = state(lab).traffic[A]
    statuses = asyncio.run(asked(lab, method, path, times))
    after = state(lab).traffic[A]
    counted = ZoneTraffic(
        requests=after.requests - before.requests,
        failures=after.failures - before.failures,
        aborts=after.aborts - before.aborts,
    )
    return statuses, counted


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/write")])
def test_what_is_answered_is_no_failure(lab: EdgeLab, method: str, path: str) -> None:
    """Every request counts once."""
    _, counted = step(lab, method, path, 20)
    assert (counted.requests, counted.failures, counted.aborts) == (20, 0, 0)


def test_what_is_not_there_is_no_failure(lab: EdgeLab) -> None:
    """D17: a crawler that asks for what nobody has."""
    statuses, counted = step(lab, "GET", "/missing", 20)
    assert set(statuses) == {404}
    assert counted.failures == 0


def test_what_the_zone_chose_not_to_do_is_no_failure(lab: EdgeLab) -> None:
    """425: told "not sent", which is safe to repeat; as a fenced primary's site does."""
    statuses, counted = step(lab, "POST", "/refuse", 20)
    assert set(statuses) == {503}
    assert (counted.requests, counted.failures) == (0, 0)


def test_a_write_that_could_not_be_sent_is_a_failure(lab: EdgeLab) -> None:
    """Refused to its user by the edge, and counted by HAProxy as no error at all."""
    leave_up(lab)
    lab.origins[A].kill()
    lab.origins[A].wait()
    statuses, counted = step(lab, "POST", "/write", 5)
    assert set(statuses) == {503}
    assert (counted.requests, counted.failures) == (5, 5)


def test_what_is_not_sent_to_a_zone_that_is_down_counts_nowhere(lab: EdgeLab) -> None:
    lab.origins[A].kill()
    lab.origins[A].wait()
    until(lambda: not state(lab).zones_up[A], "zone a is down")
    statuses, counted = step(lab, "POST", "/write", 5)
    assert set(statuses) == {503}
    assert (counted.requests, counted.failures) == (0, 0)  # nothing is sent there


def test_a_server_error_is_a_failure_also_where_a_retry_hid_it(lab: EdgeLab) -> None:
    """Reads were answered by zone b, or failed at both; zone a failed them all."""
    statuses, counted = step(lab, "POST", "/fail", 20)
    assert set(statuses) == {500}
    assert (counted.requests, counted.failures) == (20, 20)
    _, counted = step(lab, "GET", "/fail", 20)
    assert counted.failures == counted.requests >= 20


def test_a_refused_connection_is_a_failure_of_the_zone(lab: EdgeLab) -> None:
    """Reads go on at zone b; each attempt at zone a is counted."""
    leave_up(lab)
    lab.origins[A].kill()
    lab.origins[A].wait()
    statuses, counted = step(lab, "GET", "/", 5)
    assert set(statuses) == {200}
    assert counted.failures == counted.requests >= 5


def test_a_frozen_zone_fails_whom_it_does_not_answer(lab: EdgeLab) -> None:
    before = state(lab).traffic[A]
    lab.origins[A].send_signal(signal.SIGSTOP)
    statuses = asyncio.run(asked(lab, "GET", "/", 3))
    after = state(lab).traffic[A]
    assert set(statuses) == {200}
    assert after.failures > before.failures


def test_who_gave_up_first_is_nobodys_failure(lab: EdgeLab) -> None:
    """D17: clients that leave are counted apart."""

    async def leave() -> None:
        async with aiohttp.ClientSession(headers=HEADERS) as http:
            for _ in range(5):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.2), http.post(lab.url + "/hang"):
                        pass

    before = state(lab).traffic[A]
    asyncio.run(leave())
    until(lambda: state(lab).traffic[A].aborts - before.aborts >= 5, "aborts", 5.0)
    after = state(lab).traffic[A]
    assert after.failures == before.failures


def test_a_restarted_edge_has_neither_failed_nor_unfailed(lab: EdgeLab) -> None:
    """D16: its counters begin at zero again, and a look that failed is no step."""
    watch = TrafficWatch(VirtualClock(), (A, B, C), unrecorded)
    edge = EdgeId("edge-1")
    asyncio.run(asked(lab, "POST", "/fail", 40))
    watch.seen(edge, state(lab))
    lab.kill_proxy()
    lab.start_proxy()
    until(lambda: state(lab).zones_up[A], "zone a is up")
    watch.seen(edge, state(lab))
    assert watch.readings(0.0)[A].long.here.total == 0
    watch.seen(edge, NotSeen("connect", "gone"))
    asyncio.run(asked(lab, "POST", "/fail", 40))
    watch.seen(edge, state(lab))
    assert watch.readings(0.0)[A].long.here.total == 0
    asyncio.run(asked(lab, "POST", "/fail", 25))
    watch.seen(edge, state(lab))
    reading = watch.readings(0.0)[A]
    assert (reading.long.here.bad, reading.long.here.total) == (25, 25)
    assert reading.says is Elevation.NOT_ZONAL  # nobody asked another zone
