"""What befalls single orders and single journal records on their way."""

from dataclasses import dataclass, field
from random import Random

from typing_extensions import override

from controller.incident.journal import MemoryJournal
from controller.incident.record import Body, Record, RecordKind
from controller.model.errors import JournalError
from controller.model.ids import Epoch, IncidentId, ServerId
from replication.adapters.memory import Fault


@dataclass(slots=True)
class Storm:
    """A nemesis: faults planned one by one, and faults drawn at a rate.

    rate: share of orders that meet one of *kinds*, while *left* are left.
    """

    planned: dict[tuple[ServerId, str], Fault] = field(default_factory=dict)
    rng: Random = field(default_factory=lambda: Random(0))  # noqa: S311  no secret
    rate: float = 0.0
    kinds: tuple[Fault, ...] = ()
    left: int = 0

    def __call__(self, server: ServerId, name: str) -> Fault:
        """Return what happens to the order *name* on its way to *server*."""
        if self.planned:
            fault = self.planned.pop((server, name), None)
            if fault is not None:
                return fault
        if self.left > 0 and self.rng.random() < self.rate:
            self.left -= 1
            return self.rng.choice(self.kinds)
        return Fault.NONE

    def calm(self) -> None:
        """No more of it."""
        self.planned.clear()
        self.left = 0


@dataclass(slots=True)
class FullDiskJournal(MemoryJournal):
    """Fails the append that *fails_in* counts down to, and only that one."""

    fails_in: int = 0

    @override
    def append(
        self, kind: RecordKind, body: Body, *, incident: IncidentId, epoch: Epoch
    ) -> Record:
        if self.fails_in > 0:
            self.fails_in -= 1
            if self.fails_in == 0:
                raise JournalError("no space left on device")
        # Named, not super(): a slotted dataclass is a new class, super() is lost.
        return MemoryJournal.append(self, kind, body, incident=incident, epoch=epoch)
