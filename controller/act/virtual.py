"""Virtual time for asyncio: sleeping is free, and a hang is an error.

`sitedr rehearse` and the simulator run the real decisions on it. Nothing on
this loop may need the outside world: no socket, no thread, no child process.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from typing_extensions import override

T = TypeVar("T")

HORIZON_S = 30 * 86_400.0
"""A story longer than this many virtual seconds is a loop that never ends."""


class SimulationStuckError(AssertionError):
    """Every task waits for something that cannot happen any more."""


class _JumpSelector(selectors.SelectSelector):
    """Instead of waiting for *timeout* seconds, move the clock there.

    It never looks at a file descriptor: the loop's own wake-up pipe is the only
    one, and only threads would write to it. That saves a system call a turn.
    """

    def __init__(self, horizon_s: float) -> None:
        super().__init__()
        self.now_s = 0.0
        self._horizon_s = horizon_s

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise SimulationStuckError(f"every task is blocked at t={self.now_s:g} s")
        if timeout > 0.0:
            self.now_s += timeout
            if self.now_s > self._horizon_s:
                raise SimulationStuckError(f"still running at t={self.now_s:g} s")
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock starts at 0 and jumps to the next timer."""

    def __init__(self, horizon_s: float = HORIZON_S) -> None:
        self._jump = _JumpSelector(horizon_s)
        super().__init__(self._jump)

    @override
    def time(self) -> float:
        """Return virtual seconds since the loop was made."""
        return self._jump.now_s

    def stall(self, seconds: float) -> None:
        """Let time pass and run nothing meanwhile, as a stopped process would."""
        self._jump.now_s += seconds


class VirtualClock:
    """`controller.model.clock.Clock` of the running virtual loop.

    Outside a loop it stands still at the last reading. The wall clock can be
    made to jump, as real ones do; the monotonic one cannot.
    """

    def __init__(self, wall_start_s: float = 1_700_000_000.0) -> None:
        self._wall_offset_s = wall_start_s
        self._loop: asyncio.AbstractEventLoop | None = None

    def monotonic_s(self) -> float:
        """Return virtual seconds since the loop was made."""
        if self._loop is None:
            try:
                self._loop = asyncio.get_running_loop()
            except RuntimeError:
                return 0.0  # before the story: time stands still
        return self._loop.time()

    def wall_s(self) -> float:
        """Return virtual seconds since the Unix epoch."""
        return self._wall_offset_s + self.monotonic_s()

    def jump_wall(self, by_s: float) -> None:
        """Set the wall clock forward, or back when *by_s* is negative."""
        self._wall_offset_s += by_s


def run_virtual(main: Coroutine[Any, Any, T], *, horizon_s: float = HORIZON_S) -> T:
    """Run *main* to its end on a fresh virtual loop.

    Raises:
        SimulationStuckError: every task waits, and no timer will ever wake one,
            or the story is longer than *horizon_s* virtual seconds.
    """
    loop = VirtualLoop(horizon_s)
    try:
        return loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
