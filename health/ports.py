"""One question to one service of a zone, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

Figures = Mapping[str, float]


SILENCE = "no answer"
"""How the reason begins when nothing came within the time-out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An answer. *phase* is empty when the service answered as it should.

    Otherwise it says where it failed: dns, connect, tls, auth, write, read,
    status, body, slow. figures: what the service tells of itself, by name, for people;
    nothing is decided by them.
    """

    phase: str
    reason: str
    latency_s: float
    figures: Figures = field(default_factory=dict)


class Probe(Protocol):
    """Asks one service; raises nothing for what network or service can do."""

    async def probe(self) -> Sample:
        """Ask once; bounded by the adapter's own time-out."""
        ...
