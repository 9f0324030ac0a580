"""Whatever ends one life of a cluster, another begins; told to end, none does."""

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from controller.act.bulkhead import Cell, Life, keep_alive, told
from controller.act.virtual import run_virtual
from controller.model.errors import JournalError


def raises() -> None:
    raise ExceptionGroup("several", [JournalError("no space left"), OSError("x")])


def cancels_a_part() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (raises, "no space left"),
        (cancels_a_part, "a part of it was cancelled"),
        (lambda: None, "it ended by itself"),
    ],
)
def test_a_life_that_ends_is_told_and_followed_by_another(
    ends: Callable[[], None], words: str
) -> None:
    async def story() -> tuple[list[float], Cell]:
        began: list[float] = []
        cell = Cell("shop", 50)

        async def live() -> None:
            began.append(asyncio.get_running_loop().time())
            await asyncio.sleep(0.1)
            ends()

        task = asyncio.ensure_future(keep_alive(cell, live))
        await asyncio.sleep(10.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return began, cell

    with capture_logs():
        began, cell = run_virtual(story())
    assert began == pytest.approx([0.0, 1.1, 3.2, 7.3])  # pauses of 1, 2 and 4 s
    assert cell.lives == 4
    assert cell.life is Life.STOPPED
    assert words in cell.trouble


def test_a_bug_is_named_by_its_type() -> None:
    assert told(ExceptionGroup("g", [KeyError("x")])) == "KeyError: 'x'"
