"""What every way to the broker promises its observer."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from health.vote_bus import VoteBus
from health.votes import Says, Vote, Word

SOON_S = 8.0


def a_vote(observer: str, seq: int, said: Says = Says.UP) -> Vote:
    return Vote(
        observer=observer,
        word=Word(boot=f"{observer}1", seq=seq),
        fit=True,
        age_s=0.1,
        says={"a/database": said},
        heard={},
    )


@dataclass(slots=True)
class Listener:
    """A bus that runs, and all it was told."""

    bus: VoteBus
    votes: list[Vote] = field(default_factory=list)
    online: dict[str, bool] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    def __post_init__(self) -> None:
        self.bus.ears.vote = self.votes.append
        self.bus.ears.presence = self._present
        self.bus.ears.refused = self.refused.append

    def _present(self, observer: str, *, online: bool) -> None:
        self.online[observer] = online

    def seqs_of(self, observer: str) -> list[int]:
        return [v.word.seq for v in self.votes if v.observer == observer]

    async def end(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait({self.task})
            self.task = None


async def until(holds: Callable[[], bool], within_s: float = SOON_S) -> None:
    """Wait until it *holds*, or fail."""
    async with asyncio.timeout(within_s):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


class VoteBed(ABC):
    """A broker of one's own that can be ended and started again."""

    @abstractmethod
    async def bus(self, observer: str) -> VoteBus:
        """Return a new bus of *observer*."""

    @abstractmethod
    async def stop_broker(self) -> None:
        """End it, as a crash would."""

    @abstractmethod
    async def start_broker(self) -> None:
        """Start it where it was."""

    @abstractmethod
    async def lose(self, observer: str) -> None:
        """Let *observer* vanish without a word."""

    @asynccontextmanager
    async def listening(self, *observers: str) -> AsyncIterator[list[Listener]]:
        """Run a bus of each observer, connected."""
        found = [Listener(await self.bus(name)) for name in observers]
        try:
            for one in found:
                one.task = asyncio.create_task(one.bus.run())
            await until(lambda: all(one.bus.connected for one in found))
            yield found
        finally:
            for one in found:
                await one.end()


class VoteBusContract(ABC):
    """Votes reach all, at once or never; who goes is called offline."""

    @abstractmethod
    def bed(self) -> AbstractAsyncContextManager[VoteBed]:
        """Lend a bed."""

    def play(self, story: Callable[[VoteBed], Awaitable[None]]) -> None:
        async def run() -> None:
            async with self.bed() as bed:
                await story(bed)

        asyncio.run(run())

    def test_a_vote_reaches_everybody_and_comes_back(self) -> None:
        async def story(bed: VoteBed) -> None:
            async with bed.listening("daemon", "b") as (daemon, b):
                b.bus.post(a_vote("b", 1, Says.DOWN))
                await until(lambda: bool(daemon.votes and b.votes))
                assert daemon.votes == b.votes == [a_vote("b", 1, Says.DOWN)]

        self.play(story)

    def test_votes_stay_in_order(self) -> None:
        async def story(bed: VoteBed) -> None:
            async with bed.listening("daemon", "b") as (daemon, b):
                for seq in range(1, 30):
                    b.bus.post(a_vote("b", seq))
                    await asyncio.sleep(0.001)
                await until(lambda: 29 in daemon.seqs_of("b"))
                assert daemon.seqs_of("b") == sorted(set(daemon.seqs_of("b")))

        self.play(story)

    def test_who_comes_is_online_and_who_stops_is_offline(self) -> None:
        async def story(bed: VoteBed) -> None:
            async with bed.listening("daemon", "b") as (daemon, b):
                await until(lambda: daemon.online.get("b") is True)
                await b.end()
                await until(lambda: daemon.online.get("b") is False)

        self.play(story)

    def test_who_vanishes_is_called_offline_by_the_broker(self) -> None:
        async def story(bed: VoteBed) -> None:
            async with bed.listening("daemon", "b") as (daemon, _):
                await until(lambda: daemon.online.get("b") is True)
                await bed.lose("b")
                await until(lambda: daemon.online.get("b") is False)

        self.play(story)

    def test_a_late_comer_learns_who_is_there_and_hears_no_old_vote(self) -> None:
        async def story(bed: VoteBed) -> None:
            async with bed.listening("b") as (b,):
                b.bus.post(a_vote("b", 1))
                await until(lambda: bool(b.votes))
                async with bed.listening("daemon") as (daemon,):
                    await until(lambda: daemon.online.get("b") is True)
                    b.bus.post(a_vote("b", 2))
                    await until(lambda: bool(daemon.votes))
                    assert daemon.seqs_of("b") == [2]

        self.play(story)

    def test_a_broker_that_restarts_is_found_again(self) -> None:
        """What was said meanwhile is not said later."""

        async def story(bed: VoteBed) -> None:
            async with bed.listening("daemon", "b") as (daemon, b):
                await bed.stop_broker()
                await until(lambda: not (daemon.bus.connected or b.bus.connected))
                assert daemon.bus.why
                for seq in range(1, 50):
                    b.bus.post(a_vote("b", seq))
                await bed.start_broker()
                await until(lambda: daemon.bus.connected and b.bus.connected)
                assert not daemon.bus.why
                b.bus.post(a_vote("b", 50))
                await until(lambda: bool(daemon.votes))
                assert daemon.seqs_of("b") == [50]

        self.play(story)

    def test_without_a_broker_it_waits_and_blocks_nobody(self) -> None:
        async def story(bed: VoteBed) -> None:
            await bed.stop_broker()
            alone = Listener(await bed.bus("daemon"))
            alone.task = asyncio.create_task(alone.bus.run())
            loop, worst_s = asyncio.get_running_loop(), 0.0
            for seq in range(1, 40):
                began_s = loop.time()
                alone.bus.post(a_vote("daemon", seq))
                await asyncio.sleep(0.01)
                worst_s = max(worst_s, loop.time() - began_s)
            assert not alone.bus.connected
            assert alone.bus.why
            assert worst_s < 0.2
            await alone.end()

        self.play(story)
