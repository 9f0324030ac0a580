"""Judge what clients saw against what the database holds in the end. Pure.

The usual three fates (Jepsen): *ok* happened, *fail* certainly did not, *info*
may have, at any time from its invocation on. Only an *ok* write must be there
in the end, only a *fail* write must not; an *info* write binds nobody, but once
somebody has read it, it may not vanish either.

A read on a server that was cut off or frozen may show rows nobody acknowledged
(MariaDB shows a waiter's row once its connection was killed). It is counted
apart: no promise covers it, and a report must not hide it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What a client may believe of its operation."""

    OK = "ok"
    FAIL = "fail"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One insert of a fresh id. Times are monotonic seconds of one machine."""

    client: str
    id: str
    fate: Fate
    invoked_s: float
    returned_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One answered read of all ids.

    isolated: the server read was cut off or frozen at some time of the read, or
        had been since it was primary; *ids* are what it showed.
    """

    client: str
    ids: frozenset[str]
    invoked_s: float
    returned_s: float
    isolated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From *from_s* to *to_s*, monotonic seconds."""

    from_s: float
    to_s: float

    def meets(self, from_s: float, to_s: float) -> bool:
        """Tell whether the two spans share an instant."""
        return self.from_s <= to_s and from_s <= self.to_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Ids by what is wrong with them; each tuple sorted, empty: nothing.

    lost: acknowledged under `protected`, absent in the end.
    lost_unprotected: acknowledged while unprotected, absent; allowed, reported.
    duplicated: there more than once.
    undead: the client was told *fail*, and it is there.
    unknown_origin: there, and nobody in the history wrote it.
    vanished: read somewhere, absent in the end.
    vanished_isolated: the same, read only on an isolated ex-primary; reported.
    """

    lost: tuple[str, ...] = ()
    lost_unprotected: tuple[str, ...] = ()
    duplicated: tuple[str, ...] = ()
    undead: tuple[str, ...] = ()
    unknown_origin: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    vanished_isolated: tuple[str, ...] = ()

    def violations(self) -> list[str]:
        """Return one sentence for each broken promise, in a fixed order."""
        found = (
            ("acknowledged and lost", self.lost),
            ("there more than once", self.duplicated),
            ("refused to the client and there", self.undead),
            ("there and written by nobody", self.unknown_origin),
            ("read and vanished", self.vanished),
        )
        return [
            f"{len(ids)} writes {what}: {', '.join(ids[:5])}"
            for what, ids in found
            if ids
        ]


def judge(
    writes: Sequence[Write],
    reads: Sequence[Read],
    final: Iterable[str],
    unprotected: Sequence[Span] = (),
) -> Judgement:
    """Judge a history.

    Args:
        writes: every write any client tried; ids are never used twice.
        reads: every answered read.
        final: all ids in the one writable primary at the end, repetitions
            included, of this history's clients only.
        unprotected: when durability was not `protected`, by the journal. A
            write is excused only when it ran during one of these.

    Raises:
        ValueError: an id was written twice, or a time runs backwards: such a
            history proves nothing.
    """
    _refuse_nonsense(writes, reads)
    counts = Counter(final)
    fates = {w.id: w.fate for w in writes}
    gone = [w for w in writes if w.fate is Fate.OK and w.id not in counts]
    excused = [
        w
        for w in gone
        if any(span.meets(w.invoked_s, w.returned_s) for span in unprotected)
    ]
    excused_ids = {w.id for w in excused}
    trusted = _seen(r for r in reads if not r.isolated)
    isolated = _seen(r for r in reads if r.isolated)
    vanished = trusted - counts.keys() - excused_ids
    return Judgement(
        lost=_sorted(w.id for w in gone if w.id not in excused_ids),
        lost_unprotected=_sorted(excused_ids),
        duplicated=_sorted(i for i, n in counts.items() if n > 1),
        undead=_sorted(i for i in counts if fates.get(i) is Fate.FAIL),
        unknown_origin=_sorted(i for i in counts if i not in fates),
        vanished=_sorted(vanished),
        vanished_isolated=_sorted(isolated - counts.keys() - trusted),
    )


def unprotected_spans(
    changes: Sequence[tuple[float, bool]], from_s: float, to_s: float
) -> list[Span]:
    """Return when durability was not `protected` between *from_s* and *to_s*.

    Args:
        changes: (monotonic seconds, protected from then on), oldest first. What
            held at *from_s* is the newest change before it; none: unprotected.
        from_s: beginning of the history.
        to_s: end of the history.
    """
    found: list[Span] = []
    since_s: float | None = from_s
    for at_s, protected in changes:
        if protected and since_s is not None:
            found.append(Span(from_s=since_s, to_s=max(at_s, since_s)))
            since_s = None
        elif not protected and since_s is None:
            since_s = at_s
    if since_s is not None:
        found.append(Span(from_s=since_s, to_s=to_s))
    return [s for s in found if s.meets(from_s, to_s) and s.to_s > from_s]


def _refuse_nonsense(writes: Sequence[Write], reads: Sequence[Read]) -> None:
    twice = [i for i, n in Counter(w.id for w in writes).items() if n > 1]
    if twice:
        raise ValueError(f"written twice: {', '.join(sorted(twice)[:5])}")
    times_s = [(o.invoked_s, o.returned_s) for o in writes]
    times_s += [(o.invoked_s, o.returned_s) for o in reads]
    backwards = [pair for pair in times_s if pair[1] < pair[0]]
    if backwards:
        raise ValueError(f"returned before it was invoked: {backwards[:5]}")


def _seen(reads: Iterable[Read]) -> set[str]:
    found: set[str] = set()
    for read in reads:
        found |= read.ids
    return found


def _sorted(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))


__all__ = [
    "Fate",
    "Judgement",
    "Read",
    "Span",
    "Write",
    "judge",
    "unprotected_spans",
]
