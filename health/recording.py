"""What was observed, one JSON object a line: to be judged again with other thresholds.

A file begins with a `began` line, and has another at each start of the daemon: times
are monotonic seconds and start anew with it. Other tools may write such files, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from controller.model.ids import ZoneId
from health.elevated import RatePolicy

_MOST = 1e10
"""Seconds, and requests: three hundred years; more is another unit."""

Seconds = Annotated[float, Field(ge=0, le=_MOST)]
Positive = Annotated[float, Field(gt=0, le=_MOST)]
Count = Annotated[int, Field(ge=0, le=_MOST)]


class RecordingError(ValueError):
    """A file is no recording; the message names its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """A daemon started at *wall_s* (Unix time), and judges by these thresholds.

    rates: not in older files; what stands here then is what every daemon had.
    pages_every_s, pages_slow_s: how often pages are asked for, and for how long.
    """

    at_s: Seconds
    wall_s: Seconds
    site: str
    zones: tuple[ZoneId, ...]
    interval_s: Positive
    rounds_down: Annotated[int, Field(ge=2)]
    rounds_clear: Annotated[int, Field(ge=1)]
    stale_s: Positive
    rates: RatePolicy = field(default_factory=RatePolicy)
    pages_every_s: Positive = 1.0
    pages_slow_s: Positive = 3.0
    kind: Literal["began"] = "began"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one question to *service* of *zone* brought; an empty phase: it answered."""

    at_s: Seconds
    zone: ZoneId
    service: str
    phase: str
    reason: str
    latency_s: Seconds = 0.0
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What asking *zone* for a page brought.

    counted: good or bad of the zone's rates; otherwise it is only shown: the zone has
    no page to serve, is known to be down, or we could not observe it.
    """

    at_s: Seconds
    zone: ZoneId
    page: str
    phase: str
    reason: str
    counted: bool
    latency_s: Seconds = 0.0
    kind: Literal["page"] = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Requests that *zone* answered well and badly since the line before of *edge*."""

    at_s: Seconds
    zone: ZoneId
    edge: str
    good: Count
    bad: Count
    kind: Literal["traffic"] = "traffic"


Line = Began | Answer | Page | Traffic
_LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])


def text_of(line: Line) -> str:
    """Return *line* as it stands in a file, without its end."""
    return _LINE.dump_json(line).decode()


def read(lines: Iterable[str]) -> Iterator[Line]:
    """Yield what *lines* say.

    A line that was cut off (the daemon, or its machine, died while it wrote) is left
    out: at the end, or before the `began` of the next start.

    Raises:
        RecordingError: a line is no observation, a first one no beginning, a zone
            not among the named ones, or time runs backwards.
    """
    began, last_s, torn = None, 0.0, ""
    text = ""
    for number, text in enumerate(lines, start=1):
        try:
            line = _LINE.validate_json(text)
        except ValidationError as error:
            if torn or number == 1:
                raise RecordingError(torn or f"line 1: {_first(error)}") from error
            torn = f"line {number}: {_first(error)}"
            continue
        if torn and not isinstance(line, Began):
            raise RecordingError(torn)
        torn = ""
        if why := _misplaced(line, began, last_s):
            raise RecordingError(f"line {number}: {why}")
        if isinstance(line, Began) and line != began:
            began, last_s = line, line.at_s
        last_s = max(last_s, line.at_s)
        yield line
    if torn and text.endswith("\n"):
        raise RecordingError(torn)


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    return f"{where}: {found['msg']}" if where else found["msg"]


def _misplaced(line: Line, began: Began | None, last_s: float) -> str:
    """Return why *line* cannot be where it is; empty: it can."""
    if isinstance(line, Began):
        return ""
    if began is None:
        return "a recording starts with `began`"
    if line.at_s < last_s:
        return f"{line.at_s} is before {last_s}: the oldest file first"
    return "" if line.zone in began.zones else f"{line.zone} is none of its zones"
