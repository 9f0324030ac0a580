"""What the shell needs of an old primary: its remains, its readers, a place to keep.

The archive keeps what only a dead server had. Nothing of it is ever erased by us.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from controller.model.ids import ServerId
from deploy.ports import Remains
from replication.binlog.survey import History, Survey

Tree = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A complete set of saved logs. where: for people. files: oldest first."""

    where: str
    files: Sequence[str]
    extra: Sequence[str]
    about: Tree


class Archive(Protocol):
    """Keeps logs and reports; every method may raise `OSError`."""

    async def begin(self, server: ServerId) -> None:
        """Start collecting for *server*; an unfinished earlier try is dropped."""
        ...

    async def add(self, server: ServerId, name: str, chunk: bytes) -> None:
        """Append to one file of what is being collected."""
        ...

    async def publish(self, server: ServerId, about: Tree) -> Kept:
        """Make it complete: durable, checksums noted; the same set is kept once.

        about: JSON, with `extra`, the GTIDs it is kept for.
        """
        ...

    async def latest(self, server: ServerId) -> Kept | None:
        """Return the newest complete set of *server*."""
        ...

    async def read(self, kept: Kept, name: str, *, offset: int) -> bytes:
        """Return the next bytes of a kept file; empty at its end."""
        ...

    async def report(self, kept: Kept, tree: Tree) -> str:
        """Write the lost-writes report beside the logs; return where."""
        ...


class LostWrites(Protocol):
    """Reads saved logs, oldest first, into a report."""

    def next_file(self) -> None:
        """Begin the next file."""
        ...

    def feed(self, chunk: bytes) -> None:
        """Take its next bytes; `ValueError` when they make no sense."""
        ...

    def tree(self) -> Tree:
        """Return what was found so far."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """Everything about old primaries; *survey* and *lost* speak the engine's logs.

    survey: by the successor's history and the position the old one was laid at.
    """

    remains: Remains
    archive: Archive
    survey: Callable[[History, str], Survey]
    lost: Callable[[Collection[str]], LostWrites]
