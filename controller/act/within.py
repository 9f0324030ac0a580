"""A time-out that costs nothing when the answer is there at once.

`asyncio.timeout` arms a timer before it asks; most answers of a rehearsal, and
refusals everywhere, need no waiting at all. Here the question is asked first
and the timer armed only when the call really has to wait. What runs before its
first wait could not be interrupted by a timer anyway.
"""

import asyncio
from collections.abc import Awaitable, Generator
from functools import partial
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def within(timeout_s: float, call: Awaitable[T]) -> T:
    """Await *call*; raise `TimeoutError` once it has waited *timeout_s*.

    Like `asyncio.timeout`: *call* is cancelled, and the caller's own
    cancellation passes through.
    """
    rest = call.__await__()
    try:
        first = next(rest)
    except StopIteration as answer:
        found: T = answer.value
        return found
    async with asyncio.timeout(timeout_s):
        return await _go_on(rest, first)


@coroutine
def _go_on(rest: Generator[Any, Any, T], first: object) -> Generator[Any, Any, T]:
    """Await the rest of a call whose first wait was taken out of it already."""
    waits_for = first
    while True:
        try:
            sent = yield waits_for
        except BaseException as error:  # noqa: BLE001  thrown in, as await would
            go_on = partial(rest.throw, error)
        else:
            go_on = partial(rest.send, sent)
        try:
            waits_for = go_on()
        except StopIteration as answer:
            found: T = answer.value
            return found
