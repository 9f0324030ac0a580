"""The port between observers: what one posts, all others hear, and itself as well."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from health.votes import Vote


def _ignore(told: Vote | str) -> None:
    del told


def _ignore_presence(observer: str, *, online: bool) -> None:
    del observer, online


class Presence(Protocol):
    """Who came and who went, by the broker's word."""

    def __call__(self, observer: str, *, online: bool) -> None:
        """Note it."""
        ...


@dataclass(slots=True)
class Ears:
    """Who is told what comes in; set before the bus runs. None may raise.

    refused: why a message was no vote.
    """

    vote: Callable[[Vote], None] = _ignore
    presence: Presence = _ignore_presence
    refused: Callable[[str], None] = _ignore


class VoteBus(Protocol):
    """A way to the broker and back.

    connected: the latest word of the adapter itself; a broker that froze may be
    called connected for a while. why: it is not; empty: it is.
    """

    ears: Ears

    @property
    def connected(self) -> bool:
        """Tell whether the broker answered last."""
        ...

    @property
    def why(self) -> str:
        """Return why there is no connection; empty: there is one."""
        ...

    async def run(self) -> None:
        """Connect and stay connected until cancelled; raises nothing else.

        Between two attempts it waits, longer each time up to a bound. Whoever goes
        without a word is called offline by the broker (its will).
        """
        ...

    def post(self, vote: Vote) -> None:
        """Say *vote* to everybody, at once or never: it waits for nothing.

        Without a connection it is dropped, and so is one that was not sent yet when
        the next comes: an old vote helps nobody.
        """
        ...
