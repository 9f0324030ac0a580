"""A time-out armed late is still a time-out."""

import asyncio

import pytest

from controller.act.virtual import run_virtual
from controller.act.within import within


async def _after(seconds: float, answer: str) -> str:
    await asyncio.sleep(seconds)
    await asyncio.sleep(0)
    return answer


async def _at_once() -> str:
    return "now"


def test_an_answer_in_time_comes_through() -> None:
    assert run_virtual(within(1.0, _at_once())) == "now"
    assert run_virtual(within(1.0, _after(0.5, "soon"))) == "soon"


def test_what_waits_too_long_is_cancelled() -> None:
    with pytest.raises(TimeoutError):
        run_virtual(within(1.0, _after(2.0, "late")))


def test_time_outs_nest() -> None:
    """The inner one strikes first and only there."""

    async def story() -> str:
        try:
            return await within(5.0, within(1.0, _after(9.0, "late")))
        except TimeoutError:
            return f"gave up at {asyncio.get_running_loop().time():g}"

    assert run_virtual(story()) == "gave up at 1"


def test_errors_and_cancellation_pass() -> None:
    """A cancelled caller is cancelled, not timed out."""

    async def fails() -> str:
        await asyncio.sleep(0.1)
        raise ValueError("no")

    async def story() -> bool:
        with pytest.raises(ValueError, match="no"):
            await within(1.0, fails())
        task = asyncio.ensure_future(within(9.0, _after(8.0, "late")))
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.wait({task})
        return task.cancelled()

    assert run_virtual(story())
