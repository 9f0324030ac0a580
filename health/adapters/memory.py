"""A probe of a service that exists only in memory."""

from collections.abc import Callable

from typing_extensions import override

from health.ports import Probe, Sample

UP = Sample(phase="", reason="answers", latency_s=0.0)
GONE = Sample(phase="connect", reason="connection refused", latency_s=0.0)


class MemoryProbe(Probe):
    """Answers what *is_up* says at the moment of asking."""

    def __init__(self, is_up: Callable[[], bool]) -> None:
        self._is_up = is_up

    @override
    async def probe(self) -> Sample:
        return UP if self._is_up() else GONE
