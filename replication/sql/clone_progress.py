"""How far a CLONE is, and when it is to be given up; pure.

One row a stage, one stage after the other. Only the three that copy count bytes:
DROP DATA and FILE SYNC say DATA=0 from beginning to end (as MySQL 9.7 shows them,
tests/integration/test_clone_copies.py), however hard they work, and what they wait
for is the recipient's own disk. That nothing changes there says nothing of the donor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from controller.model.copying import CopyPhase, CopyProgress
from replication.sql.session import Row

STILL_S_MAX = 30.0
"""While copying, without a byte for so long the donor is gone; the server itself
waits minutes."""
STAGE_S_MAX = 7200.0
"""A stage that counts nothing. FILE SYNC waits for all that is dirty in the page
cache, by default up to a fifth of the memory (of 1 TB, at 100 MB/s: 34 minutes), and
for a million files at 5 ms each (83 minutes); DROP DATA unlinks as many. What comes
before the first stage the server bounds itself (`clone_ddl_timeout`: 5 minutes)."""

_COPYING = frozenset({"FILE COPY", "PAGE COPY", "REDO COPY"})
_SYNCING = "FILE SYNC"
_RESTARTING = frozenset({"RESTART", "RECOVERY"})


@dataclass(slots=True)
class Cloning:
    """The clone an adapter waits for: the latest answer, and when it moved.

    moved_s, and every *at_s*: of one clock that never goes back. stage: the one
    seen in progress last; "" before the first.
    """

    latest: CopyProgress
    moved_s: float
    stage: str = ""

    def read(self, rows: Sequence[Row], at_s: float) -> CopyProgress:
        """Take in the rows of `clone_progress`, as read at *at_s*."""
        found = progress_of(rows, self.latest)
        running = [str(row["stage"]) for row in rows if row["state"] == "In Progress"]
        stage = running[-1] if running else self.stage
        if (found, stage) != (self.latest, self.stage):
            self.latest, self.stage, self.moved_s = found, stage, at_s
        return found

    def stuck(self, at_s: float) -> str:
        """Return why to give it up; empty: it may go on."""
        still_s = at_s - self.moved_s
        if self.stage in _COPYING:
            if still_s > STILL_S_MAX:
                return f"no byte of the copy came for {still_s:.0f} s"
        elif still_s > STAGE_S_MAX:
            return f"{self.stage or 'its beginning'} did not end in {still_s:.0f} s"
        return ""


def progress_of(rows: Sequence[Row], before: CopyProgress) -> CopyProgress:
    """Read the rows of `clone_progress`; of the clone before, they change nothing."""
    if not any(row["state"] == "In Progress" for row in rows):
        return before
    begun = {row["stage"] for row in rows if row["state"] != "Not Started"}
    phase = CopyPhase.COPYING
    if begun & _RESTARTING:
        phase = CopyPhase.STARTING
    elif _SYNCING in begun:
        phase = CopyPhase.PREPARING
    return CopyProgress(
        donor=before.donor,
        method=before.method,
        phase=phase,
        copied_bytes=sum(int(row["copied"] or 0) for row in rows),
        total_bytes=sum(int(row["estimate"] or 0) for row in rows),
    )
