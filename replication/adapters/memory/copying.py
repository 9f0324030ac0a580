"""A copy that takes time, and can be asked how far it is."""

import asyncio

from controller.model.copying import CopyPhase, CopyProgress
from replication.adapters.memory.server import MemoryServer


class MemoryCopies:
    """Copies into one member, one at a time."""

    def __init__(self, takes_s: float) -> None:
        self._takes_s = takes_s
        self._of: tuple[MemoryServer, float] | None = None

    async def take(self, donor: MemoryServer) -> None:
        """Take the time a copy of *donor* takes."""
        if not self._takes_s:
            return
        self._of = (donor, asyncio.get_running_loop().time())
        try:
            await asyncio.sleep(self._takes_s)
        finally:
            self._of = None

    def progress(self) -> CopyProgress | None:
        """Tell how far it is, as if bytes came evenly; None: none is under way."""
        if self._of is None:
            return None
        donor, began_s = self._of
        share = (asyncio.get_running_loop().time() - began_s) / self._takes_s
        size = sum(len(t.value) for t in donor.binlog)
        return CopyProgress(
            donor=donor.server,
            method="memory",
            phase=CopyPhase.COPYING,
            copied_bytes=round(min(share, 1.0) * size),
            total_bytes=size,
        )
