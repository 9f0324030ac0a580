"""What really happened in the memory world, for checkers that trust nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.model.ids import ServerId


@dataclass(frozen=True, slots=True)
class Fact:
    """One change of the world.

    kind: opened, closed, killed, started, frozen, thawed, cut, mended, receiving,
        not_receiving, acks_required, acks_not_required, seeded.
    server: whose; for cut and mended the place the packets come from.
    """

    at_s: float
    kind: str
    server: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ack:
    """A write some application was told is safe."""

    at_s: float
    server: ServerId
    gtid: str
    required: bool  # whether the server waited for a replica's acknowledgement


@dataclass(frozen=True, slots=True)
class Able:
    """From this moment on, exactly these servers can acknowledge a new write."""

    at_s: float
    servers: tuple[ServerId, ...]


@dataclass(slots=True)
class Truth:
    """Everything a checker may ask; only the world writes it."""

    facts: list[Fact] = field(default_factory=list)
    acked: dict[str, Ack] = field(default_factory=dict)
    tried: dict[str, ServerId] = field(default_factory=dict)
    able: list[Able] = field(default_factory=list)

    def note(self, at_s: float, kind: str, server: str, **detail: str) -> None:
        """Record one change."""
        self.facts.append(Fact(at_s, kind, server, detail))

    def note_able(self, at_s: float, servers: tuple[ServerId, ...]) -> None:
        """Record who can acknowledge, when that changed."""
        if not self.able or self.able[-1].servers != servers:
            self.able.append(Able(at_s, servers))
