"""Waiting for something outside to become so: asked often, for a bounded time."""

import time
from collections.abc import Callable

PAUSE_S = 0.01


def poll(holds: Callable[[], bool], bound_s: float, pause_s: float = PAUSE_S) -> bool:
    """Ask until *holds* says yes, or *bound_s* seconds have gone.

    Args:
        holds: asked at least once, and once more after the time is up.
        bound_s: seconds to go on asking.
        pause_s: seconds between two questions.
    """
    end = time.monotonic() + bound_s
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(pause_s)  # between questions to the outside, which tells nobody
    return True
