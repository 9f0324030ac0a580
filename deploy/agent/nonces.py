"""What an agent gave with its answers: an order or renewal that names it is from then.

Held by the agent alone and in memory: what was said to an earlier life of it is void.
"""

import secrets
from dataclasses import dataclass, field

ORDER_S = 2.0
"""From an answer of the agent's to the fence order that names it."""

_KEPT_MAX = 8


@dataclass(slots=True)
class Nonces:
    """The newest few, each with when it was given, seconds of CLOCK_BOOTTIME."""

    _given_s: dict[str, float] = field(default_factory=dict)

    def give(self, now_s: float) -> str:
        """Return a new one; the oldest is forgotten for it."""
        nonce = secrets.token_hex(8)
        self._given_s[nonce] = now_s
        for old in list(self._given_s)[:-_KEPT_MAX]:
            del self._given_s[old]
        return nonce

    def given_s(self, nonce: str) -> float | None:
        """Return when *nonce* was given; None: never, or long ago."""
        return self._given_s.get(nonce)

    def orders(self, nonce: str, now_s: float) -> bool:
        """Tell whether an order may name *nonce*: once, and within `ORDER_S`."""
        given_s = self._given_s.pop(nonce, None)
        return given_s is not None and now_s - given_s <= ORDER_S

    def clear(self) -> None:
        """What was asked for before now is void."""
        self._given_s.clear()
