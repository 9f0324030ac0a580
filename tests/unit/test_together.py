"""One question for all: an answer is never older than the question, nobody is shut out."""

import asyncio
from itertools import pairwise

import pytest
from typing_extensions import override

from controller.act.together import Company, SharedProbe, Together
from controller.act.virtual import VirtualLoop, run_virtual
from health.ports import Probe, Sample


class Clocked:
    """Answers with when it was asked; takes *takes_s*."""

    def __init__(self, takes_s: float = 0.02) -> None:
        self.takes_s = takes_s
        self.asked_at: list[float] = []

    async def __call__(self) -> float:
        at_s = asyncio.get_running_loop().time()
        self.asked_at.append(at_s)
        await asyncio.sleep(self.takes_s)
        return at_s


def test_one_who_is_alone_waits_for_nobody() -> None:
    async def story() -> list[float]:
        together = Together(Clocked(0.0), pace_s=0.1, bound_s=1.0)
        times = []
        for _ in range(3):
            times.append(await together())
            await asyncio.sleep(0.25)
        return times

    assert run_virtual(story()) == pytest.approx([0.0, 0.25, 0.5])


def test_many_are_answered_at_once_and_never_from_before_they_asked() -> None:
    async def story() -> Clocked:
        ask = Clocked()
        together = Together(ask, pace_s=0.1, bound_s=1.0)

        async def asker(number: int) -> None:
            for _ in range(10):
                await asyncio.sleep(0.001 * number)
                asked_at_s = asyncio.get_running_loop().time()
                assert await together() >= asked_at_s

        await asyncio.gather(*(asker(n) for n in range(100)))
        return ask

    asked = run_virtual(story()).asked_at
    gaps = [b - a for a, b in pairwise(asked)]
    assert len(asked) < 30
    assert min(gaps) >= 0.1 - 1e-9


def test_who_gives_up_takes_nothing_from_the_others() -> None:
    async def story() -> float:
        together = Together(Clocked(0.5), pace_s=0.1, bound_s=1.0)

        async def hasty() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await together()

        _, answer = await asyncio.gather(hasty(), together())
        return answer

    assert run_virtual(story()) == 0.0


def test_a_question_that_hangs_ends_and_the_next_is_asked() -> None:
    async def story() -> list[float]:
        ask = Clocked(99.0)
        together = Together(ask, pace_s=0.1, bound_s=1.0)
        with pytest.raises(TimeoutError):
            await together()
        ask.takes_s = 0.0
        await together()
        return ask.asked_at

    assert run_virtual(story()) == pytest.approx([0.0, 1.0])


def test_what_is_shared_is_made_once() -> None:
    company = Company()
    first = company.one(("a", 1), Clocked)
    assert company.one(("a", 1), Clocked) is first
    assert company.one(("a", 2), Clocked) is not first


class Bounded(Probe):
    """Never gets an answer, and bounds itself as every adapter does."""

    @override
    async def probe(self) -> Sample:
        try:
            async with asyncio.timeout(0.4):
                await asyncio.sleep(99)
        except TimeoutError:
            pass
        return Sample(phase="read", reason="no answer within 0.4 s", latency_s=0.4)


def _stall(seconds: float) -> None:
    """Let time pass without running anything: a stopped machine, a slow disk."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.stall(seconds)


@pytest.mark.parametrize("stall_s", [0.1, 0.6, 2.0])
def test_a_stall_of_the_loop_is_a_failed_sample_for_all_and_ends_nobody(
    stall_s: float,
) -> None:
    """Both bounds may strike in one turn: then the outer one speaks."""

    async def story() -> list[Sample]:
        shared = SharedProbe(Together(Bounded().probe, pace_s=0.1, bound_s=0.8))
        asyncio.get_running_loop().call_later(0.05, _stall, stall_s)
        return await asyncio.gather(*(shared.probe() for _ in range(3)))

    assert [sample.phase for sample in run_virtual(story())] == ["read"] * 3
