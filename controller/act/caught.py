"""Where a mistake of our own ends, when it must not end the daemon."""

from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def caught(work: Awaitable[T]) -> T | Exception:
    """Await *work* and return its result, or whatever it raised; the caller tells.

    For questions that only watch or advise. Cancellation passes through.
    """
    try:
        return await work
    except Exception as error:  # noqa: BLE001  whatever it is, the daemon goes on
        return error
