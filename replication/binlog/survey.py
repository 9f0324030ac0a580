"""What a dead server's binary logs hold that another server does not.

Why the files, and not the server started read-only: a primary writes a transaction
into its binary log, synced, before it is committed or sent, so after SIGKILL the
complete transactions in the log are exactly what crash recovery will commit, the
unacknowledged ones included; `gtid_executed` of the process that was killed shows
those not (replication.md 2.14). Files of a process proven dead do not change while
they are read, and nothing that was never started can acknowledge or serve anything.
What the log cannot show is named by the doctor: commits with the binary log off,
and a disk that was told not to sync it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Likeness(StrEnum):
    """How the data of a dead ex-primary compares with its successor's."""

    CLEAN = "clean"  # all of it is in the successor too
    EXTRA = "extra"  # it holds transactions that are nowhere else
    UNKNOWN = "unknown"  # nobody can tell; never treated as clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The answer, and what it stands on.

    extra: the transactions only the dead server has, oldest first, by GTID.
    files: the log files that hold them, oldest first; they are saved before
        anything else happens to that server.
    torn: the last transaction in the log is incomplete: crash recovery takes it
        back, nobody was ever told OK for it.
    """

    likeness: Likeness
    extra: Sequence[str] = ()
    files: Sequence[str] = ()
    torn: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything a living server has executed, exact enough to compare logs with.

    state: MySQL `gtid_executed`; MariaDB `gtid_binlog_state`, the last number of
        every domain *and* server. position: MariaDB's applied position, which also
        covers a copy it was laid from. strict: nothing is applied out of order.
    by_log: *state* says what the server logged itself, and not what came with a copy.
    laid: MariaDB's position that its data was copied at; what came with the copy is
        not in *state*. Empty: it is no copy, or that is not on record.
    had: what it had besides by the record, written like *state*: all that the primary
        had logged of which it received a later transaction. Empty: none is on record.
    """

    state: str
    position: str = ""
    strict: bool = True
    laid: str = ""
    had: str = ""
    by_log: bool = False

    @property
    def logged(self) -> str:
        """Return what a copy of it has and the copy's own log will not say.

        Empty on MySQL, where the executed set comes with the copy.
        """
        return ",".join(filter(None, (self.state, self.had))) if self.by_log else ""


class Survey(Protocol):
    """Reads log files from the newest backwards, each from its beginning."""

    def begin(self, name: str) -> None:
        """Go on with the next older file; raises nothing."""
        ...

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of that file."""
        ...

    def end(self) -> bool:
        """Finish the file; True when no older one has to be read."""
        ...

    def result(self) -> Comparison:
        """Return what the files read so far say."""
        ...


@dataclass(slots=True)
class Scan:
    """One file's findings: GTIDs the successor lacks, in their order."""

    name: str
    lacking: list[str] = field(default_factory=list)
    torn: bool = False
    problem: str = ""


def concluded(scans: Sequence[Scan], *, reached: bool) -> Comparison:
    """Return the comparison that *scans*, newest first, add up to.

    reached: the oldest of them begins where everything before it is common.
    """
    oldest_first = list(reversed(scans))
    problems = [f"{s.name}: {s.problem}" for s in oldest_first if s.problem]
    problems += [
        f"{s.name}: it breaks off, and a newer file follows"
        for s in oldest_first[:-1]
        if s.torn
    ]
    if not scans:
        problems.append("there is no binary log")
    elif not reached and not problems:
        problems.append(f"{oldest_first[0].name}: what came before it is unknown")
    if problems:
        return Comparison(likeness=Likeness.UNKNOWN, why="; ".join(problems))
    first = next(
        (n for n, s in enumerate(oldest_first) if s.lacking or s.torn), len(scans)
    )
    extra = tuple(gtid for scan in oldest_first for gtid in scan.lacking)
    torn = oldest_first[-1].torn
    if not extra and not torn:
        return Comparison(likeness=Likeness.CLEAN, why="nothing the successor lacks")
    return Comparison(
        likeness=Likeness.EXTRA,
        extra=extra,
        files=tuple(s.name for s in oldest_first[first:]),
        torn=torn,
        why=_told(extra, torn=torn),
    )


def _told(extra: Sequence[str], *, torn: bool) -> str:
    parts = []
    if extra:
        span = extra[0] if len(extra) == 1 else f"{extra[0]} to {extra[-1]}"
        parts.append(f"{len(extra)} transactions the successor lacks: {span}")
    if torn:
        parts.append("its log ends in an incomplete transaction")
    return "; ".join(parts)
