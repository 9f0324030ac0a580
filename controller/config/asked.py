"""What is asked beside the services every zone has: pages, and journeys."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import Field

from controller.config.shapes import Name, Seconds, Strict

SLOW_S = 3.0
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


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
