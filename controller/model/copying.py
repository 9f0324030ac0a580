"""How far a copy of a database is, in the words of whoever carries it."""

from dataclasses import dataclass
from enum import StrEnum

from controller.model.ids import ServerId


class CopyPhase(StrEnum):
    """What a copy is doing; only COPYING moves bytes that can be counted."""

    COPYING = "copying"
    PREPARING = "preparing"  # the copied files are made startable
    STARTING = "starting"  # the server starts on them, or recovers from them


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyProgress:
    """One copy under way, as read just now.

    method: the tool's name, for people. total_bytes: an estimate made at the donor
    when the copy began; 0: none could be made. It may be passed: a database grows.
    """

    donor: ServerId
    method: str
    phase: CopyPhase
    copied_bytes: int
    total_bytes: int
