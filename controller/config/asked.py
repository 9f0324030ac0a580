"""What is asked beside the services every zone has: pages, and journeys."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from controller.config.shapes import Argv, HostPort, Name, Seconds, Strict

SLOW_S = 3.0
TAKEN = frozenset({"origin", "redis", "search", "database"})
HostName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*(:\d{1,5})?$", max_length=253)
]


class Asking(Strict):
    """One page, and the answer that is right: no redirect is followed.

    host: the site, and the name its certificate must have; left out: the URL's own.
    body: a text that must be in it. slow_s: an answer that is not whole by then is a
    bad one, seconds.
    """

    name: Name
    path: Annotated[str, Field(pattern=r"^/\S*$", max_length=2000)]
    host: HostName | None = None
    status: Annotated[int, Field(ge=200, le=599)] = 200
    body: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    slow_s: Annotated[Seconds, Field(ge=0.05, le=30)] = SLOW_S


class Page(Asking):
    """Asked for at the origin of every zone."""


class Journey(Asking):
    """Asked for at one edge, as users do."""

    edge: Name


class Also(Strict):
    """A further service of one zone: a port that accepts, or a command that says so.

    tcp: can only tell that nobody listens; a frozen server still accepts.
    command: absolute, started without a shell; 0: well, 75: it could not look, any
    other end, or none within timeout_s: not well. mandatory: nobody is moved to the
    zone while it is down; never for tcp.
    """

    name: Name
    tcp: HostPort | None = None
    command: Argv | None = None
    timeout_s: Annotated[Seconds, Field(ge=0.05, le=60)] = 3.0
    every_s: Annotated[Seconds, Field(ge=0.1, le=3600)] = 5.0
    mandatory: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.tcp is None) is (self.command is None):
            raise ValueError("tcp or command: one of them")
        if self.tcp is not None and self.mandatory:
            raise ValueError(
                "mandatory: an open port is no proof of life: ask it by a command"
            )
        if self.name in TAKEN:
            raise ValueError(f"name: {self.name!r} is asked in every zone already")
        return self


def page_of(journey: Journey, pages: Sequence[Page]) -> str:
    """Return the page that asks the zones for the same; empty: none does."""
    same = (p.name for p in pages if (p.path, p.host) == (journey.path, journey.host))
    return next(same, "")


def wrong_questions(
    pages: Sequence[Page], journeys: Sequence[Journey], edges: set[str]
) -> Iterator[str]:
    """Yield names that stand twice, and edges that are none."""
    for key, found in (("pages", pages), ("journeys", journeys)):
        for name in _twice(asking.name for asking in found):
            yield f"{key}: two are called {name!r}"
    for journey in journeys:
        if journey.edge not in edges:
            known = ", ".join(sorted(edges))
            yield f"journeys: edge {journey.edge!r} is none; one of: {known}"


def repeated_services(zones: Mapping[str, Sequence[Also]]) -> Iterator[str]:
    """Yield names that stand twice in one zone."""
    for zone, several in zones.items():
        for name in _twice(also.name for also in several):
            yield f"zones.{zone}.also: two are called {name!r}"


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
