"""The right to act: a file lock on the state directory and a lock on databases.

Rule 10: two controllers are kept apart by the file lock on one machine and by
a named lock on every reachable database across machines.
"""

import asyncio
import fcntl
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from controller.act.ports import Ports
from controller.act.within import within
from controller.model.errors import LeaseLostError
from controller.model.ids import ServerId
from controller.model.outcomes import Outcome, Refused, Unknown

CLAIM_TIMEOUT_S = 0.3


class StateLock:
    """Exclusive use of a state directory for as long as this process lives."""

    def __init__(self, state_dir: Path) -> None:
        """Take the lock or raise `LeaseLostError` naming the holder."""
        self.state_dir = state_dir
        self._path = state_dir / "lock"
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._fd, 32, 0).decode(errors="replace").strip()
            os.close(self._fd)
            raise LeaseLostError(
                f"another daemon (pid {holder or 'unknown'}) uses {state_dir};"
                " stop it first or give this one its own state_dir"
            ) from error
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, str(os.getpid()).encode(), 0)

    def is_in_place(self) -> bool:
        """Tell whether the directory we locked still stands where it was.

        Moved or replaced, another daemon could take the lock of the new one, and
        our journal would grow where nobody looks.
        """
        try:
            found = self._path.stat()
        except OSError:
            return False
        mine = os.fstat(self._fd)
        return (found.st_dev, found.st_ino) == (mine.st_dev, mine.st_ino)

    def close(self) -> None:
        """Give the directory back."""
        os.close(self._fd)


@dataclass(slots=True)
class DatabaseLease:
    """The named lock on every reachable database.

    in_place: tells whether our state directory is still ours.
    """

    ports: Ports
    owner: str
    in_place: Callable[[], bool] = lambda: True
    held: bool = False

    async def claim(self, *, down: Collection[ServerId] = ()) -> bool:
        """Claim every server not known to be *down*; tell whether none refused.

        A server that does not answer neither grants nor refuses: it cannot be
        reached by us, and an order to it needs its own session anyway.
        """
        asked = [s for s in self.ports.databases if s not in down]
        answers = await asyncio.gather(*(self._claim_one(s) for s in asked))
        refused = any(isinstance(a, Refused) for a in answers)
        self.held = not refused and self.in_place()
        return self.held

    async def _claim_one(self, server: ServerId) -> Outcome:
        database = self.ports.databases[server].database
        try:
            return await within(CLAIM_TIMEOUT_S, database.ensure_claimed(self.owner))
        except TimeoutError:
            return Unknown("no answer")
