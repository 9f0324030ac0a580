"""One question to one service of a zone, and its answer."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An answer. *phase* is empty when the service answered as it should.

    Otherwise it says where it failed: dns, connect, tls, auth, write, read,
    status, body.
    """

    phase: str
    reason: str
    latency_s: float


class Probe(Protocol):
    """Asks one service; raises nothing for what network or service can do."""

    async def probe(self) -> Sample:
        """Ask once; bounded by the adapter's own time-out."""
        ...
