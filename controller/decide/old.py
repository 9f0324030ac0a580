"""What is known of a server that was primary once, on the data it had then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from controller.model.commands import Member
from controller.model.ids import Epoch, ServerId

STOPPED = "the controller stopped before it"
PREEMPTED = "preempted: "
"""How an answer that nobody waited for begins: it says nothing of the server."""


class Known(StrEnum):
    """How its data compares with its successor's."""

    NOTHING = "not compared"
    CLEAN = "clean"  # all of it is in the successor too
    EXTRA = "extra"  # it holds transactions that are nowhere else
    UNKNOWN = "unknown"  # it was looked at, and nobody can tell


NEVER = Epoch(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A server's data is a copy, laid under *epoch*, of its donor at *position*.

    position: MariaDB's, where the copying tool says it; what came with the copy is in
        no log of the server's own.
    """

    epoch: Epoch
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPrimary:
    """One old primary.

    covered: it was left while `protected`, so that nobody was told OK for what only
    it has; otherwise somebody may have been. left: the epoch under which it was.
    against: the server that has what it was compared for; of others that says nothing.
    saved: where its logs are kept, as they were when it was last compared.

    counts: of the lost-writes report, as recorded. at_wall_s, at_mono_s: of the last
    answer.
    """

    member: Member
    covered: bool = False
    left: Epoch = NEVER
    known: Known = Known.NOTHING
    why: str = ""
    against: ServerId | None = None
    saved: str = ""
    report: str = ""
    counts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    at_wall_s: float = 0.0
    at_mono_s: float = float("-inf")

    def may_be_laid_anew(self, primary: Member | None) -> bool:
        """Tell whether, by the record, nothing would be lost with its data.

        That it was compared, or its logs saved, is about *primary* and about the
        data it had then; `rejoin.runs_again` says whether it has been seen since.
        """
        kept = self.known is Known.CLEAN or (
            self.known is Known.EXTRA and bool(self.saved)
        )
        return kept and primary is not None and self.against == primary.server

    def carried(self, successor: ServerId) -> "OldPrimary":
        """Return it as compared with *successor*, which has all that was in both.

        So it is when the one it was compared with was left while `protected`: what
        that one had before it was opened, the newest acker had before it earned it.
        """
        return replace(self, against=successor) if self.against else self

    def forgotten(self) -> "OldPrimary":
        """Return it as not compared; what was kept of it stays on record."""
        return replace(self, known=Known.NOTHING, why="", against=None)
