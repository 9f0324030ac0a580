"""`CacheStore` and `SearchStore` in memory, under the same contracts.

`fault` breaks the way to the store: an order that never left is `Refused`, one
without an answer `Unknown`, whether it took effect or not.
"""

from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import CacheInventory, CacheStore, SearchStore


class Fault(StrEnum):
    """What is wrong with the way to the store."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    LOST_BEFORE = "lost-before"
    LOST_AFTER = "lost-after"


@dataclass(slots=True)
class MemoryCache(CacheStore):
    """Sessions, pages and a generation."""

    sessions: int = 0
    pages: int = 0
    generation: int = 0
    fault: Fault = Fault.NONE

    @override
    async def ensure_generation(self, epoch: Epoch) -> Outcome:
        if self.fault is Fault.UNREACHABLE:
            return Refused("cannot connect")
        if self.fault is Fault.LOST_BEFORE:
            return Unknown("no answer")
        if epoch < self.generation:
            outcome: Outcome = Refused(f"generation is {self.generation} already")
        else:
            keys = self.pages + self.sessions
            self.generation = epoch
            outcome = Done({"keys_before": str(keys), "generation": str(epoch)})
        return outcome if self.fault is Fault.NONE else Unknown("no answer")

    @override
    async def inventory(self) -> CacheInventory | NotSeen:
        if self.fault is not Fault.NONE:
            return NotSeen("connect", str(self.fault))
        return CacheInventory(
            sessions=self.sessions, pages=self.pages, generation=self.generation
        )


@dataclass(slots=True)
class MemorySearch(SearchStore):
    """A number of documents and a flag."""

    count: int = 0
    stale_since: int | None = None
    fault: Fault = Fault.NONE

    @override
    async def documents(self) -> int | NotSeen:
        if self.fault is not Fault.NONE:
            return NotSeen("connect", str(self.fault))
        return self.count

    @override
    async def ensure_flagged_stale(self, epoch: Epoch, *, why: str) -> Outcome:
        if self.fault is Fault.UNREACHABLE:
            return Refused("cannot connect")
        if self.fault is Fault.LOST_BEFORE:
            return Unknown("no answer")
        if self.stale_since is not None and epoch < self.stale_since:
            outcome: Outcome = Refused(f"flagged by epoch {self.stale_since} already")
        else:
            self.stale_since = epoch
            outcome = Done({"epoch": str(epoch)})
        return outcome if self.fault is Fault.NONE else Unknown("no answer")
