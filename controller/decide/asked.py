"""What our own questions for pages brought; plain facts."""

from dataclasses import dataclass, field

from controller.model.ids import EdgeId
from health.detector import Reading
from health.ports import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFact:
    """A page of one zone; latency_s: of the latest asking, seconds."""

    reading: Reading
    phase: str
    latency_s: float
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyFact:
    """A page asked for at *edge*, which goes where users go.

    page: the page of the same path and host that zones are asked for; empty: none.
    """

    edge: EdgeId
    reading: Reading
    phase: str
    latency_s: float
    page: str
    figures: Figures = field(default_factory=dict)
