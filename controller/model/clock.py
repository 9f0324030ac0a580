"""Time as an interface, so that tests and rehearsals can own it."""

from typing import Protocol


class Clock(Protocol):
    """Two readings; never compare one with the other."""

    def monotonic_s(self) -> float:
        """Return seconds that only grow; for durations and time-outs."""
        ...

    def wall_s(self) -> float:
        """Return seconds since the Unix epoch; for people and reports only."""
        ...
