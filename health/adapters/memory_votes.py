"""A broker in memory: it can die, freeze and thaw, and brings a will."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from typing_extensions import override

from health.vote_bus import Ears, VoteBus
from health.votes import Vote

AWAY = "the broker does not answer"


@dataclass(slots=True)
class MemoryBroker:
    """Hands every post to everybody; *frozen*: keeps it until it thaws."""

    is_up: bool = True
    frozen: bool = False
    buses: list["MemoryVoteBus"] = field(default_factory=list)
    online: dict[str, bool] = field(default_factory=dict)
    _kept: list[Vote] = field(default_factory=list)

    def bus(self, observer: str, reaches: Callable[[], bool]) -> "MemoryVoteBus":
        """Return a bus of *observer*; *reaches*: tells whether it gets here now."""
        found = MemoryVoteBus(self, observer, reaches)
        self.buses.append(found)
        return found

    def take(self, vote: Vote) -> None:
        """Pass *vote* on, or keep it while frozen."""
        if self.frozen:
            self._kept.append(vote)
            return
        for bus in self.buses:
            if bus.connected:
                bus.ears.vote(vote)

    def thaw(self) -> None:
        """Go on, with all that was kept, in order."""
        self.frozen = False
        kept, self._kept = self._kept, []
        for vote in kept:
            self.take(vote)

    def tell(self, observer: str, *, online: bool) -> None:
        """Keep and pass on who came or went."""
        self.online[observer] = online
        for bus in self.buses:
            if bus.connected:
                bus.ears.presence(observer, online=online)


class MemoryVoteBus(VoteBus):
    """One observer's way to the broker."""

    def __init__(
        self, broker: MemoryBroker, observer: str, reaches: Callable[[], bool]
    ) -> None:
        self.ears = Ears()
        self._broker = broker
        self.observer = observer
        self._reaches = reaches
        self._was_connected = False

    @property
    @override
    def connected(self) -> bool:
        return self._broker.is_up and self._reaches()

    @property
    @override
    def why(self) -> str:
        return "" if self.connected else AWAY

    def look(self) -> None:
        """Say that we came, or have the broker say that we went, once each."""
        if self.connected == self._was_connected:
            return
        self._was_connected = self.connected
        if self.connected:
            for observer, online in list(self._broker.online.items()):
                self.ears.presence(observer, online=online)
        if self._broker.is_up:
            self._broker.tell(self.observer, online=self.connected)

    @override
    async def run(self) -> None:
        try:
            while True:
                self.look()
                await asyncio.sleep(0.05)
        finally:
            if self._broker.is_up and self._was_connected:
                self._was_connected = False
                self._broker.tell(self.observer, online=False)

    @override
    def post(self, vote: Vote) -> None:
        if self.connected:
            self._broker.take(vote)
