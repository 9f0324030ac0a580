"""Virtual time: free sleep, ordered timers, and hangs that are errors."""

import asyncio
import time

import pytest

from controller.act.virtual import SimulationStuckError, VirtualClock, run_virtual


def test_sleeping_costs_nothing() -> None:
    """A day passes in the story, not on the machine."""

    async def story() -> float:
        await asyncio.sleep(86_400)
        return asyncio.get_running_loop().time()

    began = time.monotonic()
    assert run_virtual(story()) == pytest.approx(86_400)
    assert time.monotonic() - began < 5


def test_timers_fire_in_order() -> None:
    """Three sleepers wake by their time, not by their creation."""

    async def story() -> list[float]:
        woke: list[float] = []

        async def sleeper(for_s: float) -> None:
            await asyncio.sleep(for_s)
            woke.append(asyncio.get_running_loop().time())

        await asyncio.gather(sleeper(3), sleeper(1), sleeper(2))
        return woke

    assert run_virtual(story()) == pytest.approx([1, 2, 3])


def test_a_hang_is_an_error_with_its_time() -> None:
    """All tasks blocked and no timer left: say when."""

    async def story() -> None:
        await asyncio.sleep(7)
        await asyncio.get_running_loop().create_future()

    with pytest.raises(SimulationStuckError, match="t=7 s"):
        run_virtual(story())


def test_an_endless_story_is_an_error() -> None:
    """A loop that polls for ever is a hang too."""

    async def story() -> None:
        while True:  # noqa: ASYNC110  polling for ever is what is being caught
            await asyncio.sleep(1)

    with pytest.raises(SimulationStuckError, match="still running"):
        run_virtual(story(), horizon_s=100)


def test_time_outs_work_on_virtual_time() -> None:
    """`asyncio.timeout` fires at its virtual deadline."""

    async def story() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.get_running_loop().create_future()
        return asyncio.get_running_loop().time()

    assert run_virtual(story()) == pytest.approx(5)


def test_the_clock_follows_the_loop_and_stands_still_outside() -> None:
    """Durations never jump; the wall clock may."""
    clock = VirtualClock(wall_start_s=1000)
    assert (clock.monotonic_s(), clock.wall_s()) == (0, 1000)

    async def story() -> None:
        await asyncio.sleep(10)
        assert clock.monotonic_s() == pytest.approx(10)
        clock.jump_wall(-3600)
        assert clock.monotonic_s() == pytest.approx(10)

    run_virtual(story())
    assert clock.wall_s() == pytest.approx(1000 - 3600 + 10)
