"""Many targets on real connections: kept ones, lost ones, slow ones."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from health.http_answer import WantedAnswer
from health.http_asker import HttpAsker, HttpTarget
from health.ports import Sample
from health.prober import Prober
from tests.contract.loops import on_both_loops, run_on

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(slots=True)
class Door:
    """A server that counts connections and requests.

    answers_per_line: after so many it closes the connection, without a word.
    delay_s: before each answer.
    """

    answers_per_line: int = 1000
    delay_s: float = 0.0
    lines: int = 0
    requests: int = 0
    port: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.lines += 1
        self.writers.append(writer)
        try:
            for _ in range(self.answers_per_line):
                await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                await asyncio.sleep(self.delay_s)
                writer.write(OK)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def target(self, *, keep: bool, timeout_s: float = 0.5) -> HttpTarget:
        return HttpTarget(
            host="127.0.0.1",
            port=self.port,
            path="/",
            name="door",
            timeout_s=timeout_s,
            wanted=WantedAnswer(),
            keep=keep,
        )


@asynccontextmanager
async def opened(door: Door) -> AsyncIterator[Door]:
    server = await asyncio.start_server(door.serve, "127.0.0.1", 0)
    door.port = int(server.sockets[0].getsockname()[1])
    try:
        yield door
    finally:
        server.close()
        for writer in door.writers:
            writer.close()


async def asked(asker: HttpAsker, times: int) -> list[str]:
    """Ask again and again; return the phases."""
    phases = []
    for _ in range(times):
        told: asyncio.Future[Sample] = asyncio.get_running_loop().create_future()
        asker.ask(told.set_result)
        phases.append((await told).phase)
    return phases


@on_both_loops
def test_a_kept_connection_is_used_again_and_another_is_not(loop: str) -> None:
    async def story() -> tuple[int, int]:
        async with opened(Door()) as door:
            kept, fresh = (HttpAsker(door.target(keep=k)) for k in (True, False))
            assert await asked(kept, 5) == [""] * 5
            lines = door.lines
            assert await asked(fresh, 5) == [""] * 5
            kept.cancel()
            return lines, door.lines - lines

    assert run_on(loop, story()) == (1, 5)


@on_both_loops
def test_a_kept_connection_the_server_closed_is_no_failure(loop: str) -> None:
    """It closes behind every second answer: nobody is down for it."""

    async def story() -> tuple[list[str], int]:
        async with opened(Door(answers_per_line=2)) as door:
            asker = HttpAsker(door.target(keep=True))
            phases = await asked(asker, 6)
            asker.cancel()
            return phases, door.requests

    phases, requests = run_on(loop, story())
    assert phases == [""] * 6
    assert requests == 6


@on_both_loops
def test_a_kept_connection_to_a_dead_server_is_a_failure(loop: str) -> None:
    async def story() -> list[str]:
        async with opened(Door(answers_per_line=1)) as door:
            asker = HttpAsker(door.target(keep=True))
            phases = await asked(asker, 1)
        await asyncio.sleep(0.05)
        return phases + await asked(asker, 1)

    assert run_on(loop, story()) == ["", "connect"]


@on_both_loops
def test_one_asking_at_a_time(loop: str) -> None:
    async def story() -> None:
        async with opened(Door(delay_s=0.1)) as door:
            asker = HttpAsker(door.target(keep=False))
            asker.ask(lambda _sample: None)
            assert asker.busy
            with pytest.raises(RuntimeError, match="still being asked"):
                asker.ask(lambda _sample: None)
            asker.cancel()
            asker.cancel()
            assert not asker.busy

    run_on(loop, story())


async def run_for(prober: Prober, seconds: float) -> None:
    prober.start()
    await asyncio.sleep(seconds)
    prober.stop()
    prober.stop()


@on_both_loops
@pytest.mark.parametrize("keep", [True, False])
def test_every_target_is_asked_and_told_once_an_interval(
    loop: str, *, keep: bool
) -> None:
    told: list[tuple[int, str]] = []

    async def story() -> Prober:
        async with opened(Door()) as door:
            prober = Prober(
                [door.target(keep=keep)] * 20,
                interval_s=0.2,
                told=lambda number, sample: told.append((number, sample.phase)),
            )
            await run_for(prober, 0.7)
            return prober

    prober = run_on(loop, story())
    counts = Counter(number for number, _ in told)
    assert set(counts) == set(range(20))
    assert {phase for _, phase in told} == {""}
    assert prober.counts.asked - prober.counts.told <= 2  # stopped in between
    assert prober.lateness.count == prober.counts.asked + prober.counts.still_open


@on_both_loops
def test_who_answers_slower_than_it_is_asked_is_asked_less_often(loop: str) -> None:
    """Back-pressure is counted, and never piles up."""
    told: list[Sample] = []

    async def story() -> Prober:
        async with opened(Door(delay_s=0.25)) as door:
            prober = Prober(
                [door.target(keep=False)],
                interval_s=0.1,
                told=lambda _number, sample: told.append(sample),
            )
            await run_for(prober, 0.9)
            return prober

    prober = run_on(loop, story())
    assert prober.counts.still_open >= 3
    assert 2 <= len(told) <= 4
    assert all(sample.phase == "" for sample in told)


@on_both_loops
def test_a_stalled_loop_leaves_turns_out_and_says_so(loop: str) -> None:
    async def story() -> tuple[int, Sequence[int]]:
        told: list[int] = []
        async with opened(Door()) as door:
            prober = Prober(
                [door.target(keep=False)] * 50,
                interval_s=0.5,
                told=lambda number, _sample: told.append(number),
            )
            prober.start()
            await asyncio.sleep(0.1)
            before = len(told)
            hold_the_loop(0.45)
            await asyncio.sleep(0.02)
            prober.stop()
            return prober.missed, told[before:]

    missed, after = run_on(loop, story())
    assert missed >= 25
    assert len(after) <= 15


def hold_the_loop(seconds: float) -> None:
    """Hold the event loop, as a busy process does."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        pass


@on_both_loops
def test_it_runs_once(loop: str) -> None:
    async def story() -> None:
        async with opened(Door()) as door:
            prober = Prober(
                [door.target(keep=False)], interval_s=1.0, told=lambda _n, _s: None
            )
            prober.start()
            with pytest.raises(RuntimeError, match="runs already"):
                prober.start()
            prober.stop()

    run_on(loop, story())
