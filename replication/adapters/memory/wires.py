"""Links between places, and the bytes that are on their way.

A place is a zone, `controller`, or wherever a client stands. Within one place
nothing is ever cut. What was sent over a cut link waits in the sender's socket
buffer and is delivered when the link is mended, even after the sender gave up.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _OnItsWay:
    sender: str
    receiver: str
    deliver: Callable[[], None]


@dataclass(slots=True)
class Wires:
    """Directed links; all open until cut."""

    _cut: set[tuple[str, str]] = field(default_factory=set)
    _buffers: list[_OnItsWay] = field(default_factory=list)

    def open(self, sender: str, receiver: str) -> bool:
        """Tell whether packets from *sender* reach *receiver*."""
        return sender == receiver or (sender, receiver) not in self._cut

    def both_open(self, one: str, other: str) -> bool:
        """Tell whether a conversation is possible."""
        return not self._cut or (self.open(one, other) and self.open(other, one))

    def cut(self, sender: str, receiver: str) -> None:
        """Drop every packet from *sender* to *receiver*."""
        self._cut.add((sender, receiver))

    def mend(self, sender: str, receiver: str) -> None:
        """Let packets pass again and deliver what waited for it."""
        self._cut.discard((sender, receiver))
        arriving = [p for p in self._buffers if self.open(p.sender, p.receiver)]
        self._buffers = [p for p in self._buffers if p not in arriving]
        for packet in arriving:
            packet.deliver()

    def send(self, sender: str, receiver: str, deliver: Callable[[], None]) -> None:
        """Deliver now, or when the link is mended."""
        if self.open(sender, receiver):
            deliver()
        else:
            self._buffers.append(_OnItsWay(sender, receiver, deliver))
