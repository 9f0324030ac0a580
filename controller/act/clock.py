"""The machine's clocks behind the `Clock` port."""

import time

from typing_extensions import override

from controller.model.clock import Clock


class SystemClock(Clock):
    """CLOCK_BOOTTIME for durations (it goes on while suspended), wall for people."""

    @override
    def monotonic_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    @override
    def wall_s(self) -> float:
        return time.clock_gettime(time.CLOCK_REALTIME)
