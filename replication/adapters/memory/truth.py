"""What really happened in the memory world, for checkers that trust nobody.

One list in the order things happened: virtual time often stands still while
much happens, so instants alone cannot say what came first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from controller.model.ids import ServerId


@dataclass(frozen=True, slots=True)
class Fact:
    """One change of the world.

    kind: opened, closed, killed, started, frozen, thawed, cut, mended, receiving,
        not_receiving, acks_required, acks_not_required, seeded, told, routed (an edge
        put a table in force), trespass (an order ran where another controller holds
        the named lock), granted and revoked (what an application should not have),
        inspected (the doctor was answered), filled and freed (its disk).
    server: whose; for cut and mended the place the packets come from, for routed
        the edge.
    """

    at_s: float
    kind: str
    server: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ack:
    """An application was told that its *row* is safe."""

    at_s: float
    row: str
    server: ServerId
    gtid: str


@dataclass(frozen=True, slots=True)
class Able:
    """From here on, exactly these servers can acknowledge a new write."""

    at_s: float
    servers: tuple[ServerId, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal record, at its place among the other events."""

    at_s: float
    kind: str
    epoch: int
    incident: str
    body: Mapping[str, object]


Event: TypeAlias = Fact | Ack | Able | Entry


@dataclass(slots=True)
class Truth:
    """Everything a checker may ask; only the world and the journal write it."""

    history: list[Event] = field(default_factory=list)
    acked: dict[str, Ack] = field(default_factory=dict)
    tried: dict[str, ServerId] = field(default_factory=dict)
    able: tuple[ServerId, ...] = ()

    def note(self, at_s: float, kind: str, server: str, **detail: str) -> None:
        """Record one change."""
        self.history.append(Fact(at_s, kind, server, detail))

    def note_able(self, at_s: float, servers: tuple[ServerId, ...]) -> None:
        """Record who can acknowledge, when that changed."""
        if servers != self.able:
            self.able = servers
            self.history.append(Able(at_s, servers))

    def note_ack(self, ack: Ack) -> None:
        """Record what an application was told."""
        self.acked[ack.row] = ack
        self.history.append(ack)
