"""Journal and ledger side by side: what is appended is folded at once."""

from collections.abc import Callable
from dataclasses import dataclass, field

from controller.decide.ledger import Ledger, apply, fold
from controller.incident.record import Body, Journal, Record, RecordKind
from controller.model.ids import Epoch, IncidentId

Listener = Callable[[Record, Ledger], None]


@dataclass(slots=True)
class Book:
    """The one place that appends; listeners see each record after it is durable."""

    journal: Journal
    ledger: Ledger = field(init=False)
    listeners: list[Listener] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = fold(self.journal.records())

    def append(
        self,
        kind: RecordKind,
        body: Body,
        *,
        epoch: Epoch | None = None,
        incident: IncidentId | None = None,
    ) -> Record:
        """Append under the present epoch and incident unless told otherwise."""
        record = self.journal.append(
            kind,
            body,
            incident=self.ledger.incident if incident is None else incident,
            epoch=self.ledger.epoch if epoch is None else epoch,
        )
        self.ledger = apply(self.ledger, record)
        for listener in self.listeners:
            listener(record, self.ledger)
        return record
