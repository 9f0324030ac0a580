"""Cancellation that others swallow.

`asyncio.wait_for` of Python 3.11 returns a result that arrives together with a
cancellation and forgets the latter (python/cpython#86296); aiomysql connects
through it. A loop that never ends would then run for ever.
"""

import asyncio


def heed_cancel() -> None:
    """Raise `CancelledError` when this task was told to end and did not notice."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
