"""GTID arithmetic of both engines; pure.

MySQL writes *sets* (`uuid:1-57:60,uuid:tag:1-3`). MariaDB writes one *position*
per domain (`0-1-15,1-2-7`): not a set, so two servers at the same sequence
number from different origins have diverged, and neither covers the other.
`covers` and its friends take the texts of `ServerView` and the engine's name,
so that callers need not know which is which.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from typing_extensions import override

Run = tuple[int, int]
"""First and last number, both inside."""


class GtidError(ValueError):
    """The text is no GTID state of that engine."""


class GtidState(Protocol):
    """What both engines can answer about where a server stands."""

    def covers(self, other: Self) -> bool:
        """Tell whether everything in *other* is surely here too (⊇)."""
        ...

    def ahead_of(self, other: Self) -> Self:
        """Return what is here and not surely in *other*; empty when nothing."""
        ...

    def __bool__(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class GtidSet(GtidState):
    """MySQL: an exact set. *runs* maps `uuid` or `uuid:tag` to sorted runs."""

    runs: Mapping[str, Sequence[Run]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read MySQL's notation; white space and case are ignored.

        Raises:
            GtidError: *text* is no GTID set.
        """
        found: dict[str, list[Run]] = {}
        for chunk in "".join(text.split()).lower().split(","):
            if chunk:
                _read_chunk(chunk, found)
        return cls({origin: _merge(runs) for origin, runs in sorted(found.items())})

    def union(self, other: Self) -> Self:
        """Return everything that is in either."""
        origins = sorted({*self.runs, *other.runs})
        return type(self)(
            {
                origin: _merge(
                    [*self.runs.get(origin, ()), *other.runs.get(origin, ())]
                )
                for origin in origins
            }
        )

    @override
    def ahead_of(self, other: Self) -> Self:
        left = {
            origin: _subtract(runs, other.runs.get(origin, ()))
            for origin, runs in self.runs.items()
        }
        return type(self)({origin: runs for origin, runs in left.items() if runs})

    @override
    def covers(self, other: Self) -> bool:
        return not other.ahead_of(self)

    @property
    def count(self) -> int:
        """Return the number of transactions."""
        return sum(last - first + 1 for r in self.runs.values() for first, last in r)

    @override
    def __bool__(self) -> bool:
        return bool(self.runs)

    @override
    def __str__(self) -> str:
        return ",".join(
            f"{origin}:" + ":".join(_run_text(run) for run in runs)
            for origin, runs in self.runs.items()
        )


_ORIGIN = re.compile(r"[0-9a-z][0-9a-z._-]*")  # MySQL: a UUID; memory: any name
_TAG = re.compile(r"[a-z_][a-z0-9_]{0,31}")
_RUN = re.compile(r"([0-9]+)(?:-([0-9]+))?")


def _read_chunk(chunk: str, found: dict[str, list[Run]]) -> None:
    """Read `uuid:1-5:tag:7`: a tag holds for the runs after it."""
    origin, *parts = chunk.split(":")
    if not _ORIGIN.fullmatch(origin) or not parts:
        raise GtidError(f"not a MySQL GTID set: {chunk!r}")
    uuid = origin
    for part in parts:
        run = _RUN.fullmatch(part)
        if run:
            first = int(run[1])
            last = int(run[2] or run[1])
            if not 1 <= first <= last:
                raise GtidError(f"not a run of numbers: {part!r}")
            found.setdefault(origin, []).append((first, last))
        elif _TAG.fullmatch(part):
            origin = f"{uuid}:{part}"
        else:
            raise GtidError(f"neither a tag nor a run of numbers: {part!r}")


def _merge(runs: Iterable[Run]) -> Sequence[Run]:
    merged: list[Run] = []
    for first, last in sorted(runs):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _subtract(runs: Sequence[Run], gone: Sequence[Run]) -> Sequence[Run]:
    left: list[Run] = []
    for run_first, last in runs:
        first = run_first
        for gone_first, gone_last in gone:
            if gone_last < first or gone_first > last:
                continue
            if gone_first > first:
                left.append((first, gone_first - 1))
            first = gone_last + 1
        if first <= last:
            left.append((first, last))
    return tuple(left)


def _run_text(run: Run) -> str:
    return str(run[0]) if run[0] == run[1] else f"{run[0]}-{run[1]}"


@dataclass(frozen=True, slots=True)
class GtidPosition(GtidState):
    """MariaDB: *last* maps each domain to (server id, sequence number)."""

    last: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read MariaDB's notation.

        Raises:
            GtidError: *text* is no position, or names one domain twice.
        """
        last: dict[int, tuple[int, int]] = {}
        for chunk in "".join(text.split()).split(","):
            if not chunk:
                continue
            found = re.fullmatch(r"([0-9]+)-([0-9]+)-([0-9]+)", chunk)
            if found is None:
                raise GtidError(f"not a MariaDB GTID: {chunk!r}")
            domain = int(found[1])
            if domain in last:
                raise GtidError(f"domain {domain} is named twice: {text!r}")
            last[domain] = (int(found[2]), int(found[3]))
        return cls(dict(sorted(last.items())))

    @override
    def ahead_of(self, other: Self) -> Self:
        return type(self)(
            {d: at for d, at in self.last.items() if not _within(at, other.last.get(d))}
        )

    @override
    def covers(self, other: Self) -> bool:
        return not other.ahead_of(self)

    @override
    def __bool__(self) -> bool:
        return bool(self.last)

    @override
    def __str__(self) -> str:
        return ",".join(f"{d}-{s}-{n}" for d, (s, n) in self.last.items())


def _within(at: tuple[int, int], other: tuple[int, int] | None) -> bool:
    """Same number from another origin is a split history, not the same place.

    A higher number of another origin does cover a lower one as far as a position
    can tell: strict mode lets no server apply out of order, and a primary that
    was promoted continues the sequence of the one before. Whether it did so
    from *this* transaction only the binary logs know.
    """
    return other is not None and (at[1] < other[1] or at == other)


def parse(text: str, engine: str) -> GtidSet | GtidPosition:
    """Read *text* in the notation of *engine* (`mariadb`, else MySQL's).

    Raises:
        GtidError: It is not written so.
    """
    return GtidPosition.parse(text) if engine == "mariadb" else GtidSet.parse(text)


def covers(whole: str, part: str, engine: str) -> bool:
    """Tell whether a server at *whole* surely has everything of *part*.

    Raises:
        GtidError: One of the texts is not of that engine.
    """
    return not ahead(part, whole, engine)


def ahead(text: str, other: str, engine: str) -> str:
    """Return what *text* has and *other* surely has not; "" when nothing.

    Raises:
        GtidError: One of the texts is not of that engine.
    """
    if engine == "mariadb":
        return str(GtidPosition.parse(text).ahead_of(GtidPosition.parse(other)))
    return str(GtidSet.parse(text).ahead_of(GtidSet.parse(other)))


def surely_holds(received: str, executed: str, part: str) -> bool:
    """Tell whether a server has *part* in its relay log or already executed.

    The engine is told by its notation, and what cannot be read is not held: for
    a first choice between servers, never for a proof.
    """
    try:
        if ":" in f"{received}{executed}{part}":
            mine = GtidSet.parse(received).union(GtidSet.parse(executed))
            return mine.covers(GtidSet.parse(part))
        return any(covers(mine, part, "mariadb") for mine in (received, executed))
    except GtidError:
        return False


def count_behind(executed: str, part: str) -> int | None:
    """Return how many transactions of *part* are not in *executed*.

    The engine is told by its notation; None when it cannot be read. A figure for
    a first look, never a proof.
    """
    try:
        if ":" in f"{executed}{part}":
            return GtidSet.parse(part).ahead_of(GtidSet.parse(executed)).count
        mine = GtidPosition.parse(executed).last
        theirs = GtidPosition.parse(part).last
    except GtidError:
        return None
    return sum(max(n - mine.get(d, (0, 0))[1], 0) for d, (_, n) in theirs.items())


def errant(executed: str, known: Iterable[str], origin: str) -> str:
    """Return what *executed* has that is in none of *known* and not of *origin*.

    origin: how GTIDs name the server that writes (MySQL: its UUID, MariaDB: its
        server id); what it wrote may be seen at a replica first. "" when there is
        nothing, or when a text cannot be read: a word for people, never a proof.
    """
    texts = list(known)
    try:
        if ":" in f"{executed}{''.join(texts)}":
            everything = GtidSet()
            for text in texts:
                everything = everything.union(GtidSet.parse(text))
            left = GtidSet.parse(executed).ahead_of(everything).runs
            own = origin.lower()
            return str(
                GtidSet({o: r for o, r in left.items() if o.split(":")[0] != own})
            )
        positions = [GtidPosition.parse(text).last for text in texts]
        mine = GtidPosition.parse(executed).last
    except GtidError:
        return ""
    return str(
        GtidPosition(
            {
                domain: at
                for domain, at in mine.items()
                if str(at[0]) != origin
                and not any(_within(at, p.get(domain)) for p in positions)
            }
        )
    )


def without(text: str, errant_ones: str) -> str:
    """Return *text* less *errant_ones*, where that can be told.

    Only of sets (MySQL): of a position nobody knows what it hides, so all of it
    stays, as it does when a text cannot be read.
    """
    if not errant_ones or ":" not in errant_ones:
        return text
    try:
        return str(GtidSet.parse(text).ahead_of(GtidSet.parse(errant_ones)))
    except GtidError:
        return text
