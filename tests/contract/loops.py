"""Stories on the daemon's event loop and on the standard one; both must stay silent."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
import uvloop

T = TypeVar("T")
LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}
on_both_loops = pytest.mark.parametrize("loop", LOOPS)


def run_on(loop: str, story: Coroutine[Any, Any, T]) -> T:
    """Run *story* on the named loop; what only its exception handler hears fails it."""
    heard: list[str] = []

    async def told() -> T:
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: heard.append(str(context))
        )
        try:
            return await story
        finally:
            await asyncio.sleep(0.01)  # callbacks of what was just closed

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        found = runner.run(told())
    assert not heard, heard
    return found
