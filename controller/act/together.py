"""One question for all who ask it at about the same time.

Clusters of a fleet share zones and edges: two hundred of them need not ask the same
origin two hundred times in every round. An asker gets an answer that was asked for
*after* it asked, so what it takes for evidence is never older than its own question
(`EdgeFact.age_s` is counted from there).
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from typing_extensions import override

from health.ports import Probe, Sample

T = TypeVar("T")


@dataclass(slots=True)
class Together(Generic[T]):
    """Asks *ask* once for everybody who came since the last time.

    pace_s: rounds begin so far apart at least; who comes in between waits that long
    at most, and who comes alone not at all. bound_s: a round that takes longer is a
    `TimeoutError` for all who wait for it.
    """

    ask: Callable[[], Awaitable[T]]
    pace_s: float
    bound_s: float
    asked: int = 0
    _next: asyncio.Task[T] | None = None
    _last: asyncio.Task[T] | None = None
    _began_s: float = float("-inf")

    async def __call__(self) -> T:
        """Return the answer of a round that begins after this call."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._round(self._last))
            self._next.add_done_callback(_heard)
            self._last = self._next
        # One asker that gives up does not take the answer from the others.
        return await asyncio.shield(self._next)

    async def _round(self, before: asyncio.Task[T] | None) -> T:
        try:
            if before is not None and not before.done():
                await asyncio.wait({before})
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(self._began_s + self.pace_s - loop.time(), 0.0))
        finally:
            self._next = None
        self.asked += 1
        self._began_s = loop.time()
        async with asyncio.timeout(self.bound_s):
            return await self.ask()


def _heard(task: asyncio.Task[T]) -> None:
    """Take note of what a round raised when everybody who waited has given up."""
    if not task.cancelled():
        task.exception()


@dataclass(frozen=True, slots=True)
class SharedProbe(Probe):
    """A probe of what several clusters watch.

    The probe bounds itself, and its round is bounded, too. After a stall of the loop
    both are late in one turn; then the outer bound speaks (Python 3.11: the inner
    `asyncio.timeout` sees two cancellations and lets them pass).
    """

    together: Together[Sample]

    @override
    async def probe(self) -> Sample:
        bound_s = self.together.bound_s
        try:
            return await self.together()
        except TimeoutError:
            reason = f"no answer within {bound_s:g} s"
            return Sample(phase="read", reason=reason, latency_s=bound_s)


@dataclass(slots=True)
class Company:
    """What the clusters of a process have in one: made once, by key."""

    made: dict[Hashable, object] = field(default_factory=dict)

    def one(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for *key*, or make it now."""
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = make()
        return cast("T", found)  # a key is of one type
