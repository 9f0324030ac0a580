"""The two canaries on whoever is primary: kept going, and given up with it (rule 6)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from controller.act.book import Book
from controller.act.cancel import heed_cancel
from controller.act.observe import Observatory
from controller.config.budget import CANARY_S
from controller.model.ids import ServerId


@dataclass(slots=True)
class Beating:
    """watch: whoever observes now. writes: in observe mode not even a canary is."""

    book: Book
    watch: Callable[[], Observatory]
    writes: bool
    _canaries: dict[bool, asyncio.Task[None]] = field(default_factory=dict)
    _beaten: ServerId | None = None

    async def go_on(self, *, durable: bool) -> None:
        """Beat on whoever is primary."""
        while True:
            primary = self.book.ledger.primary
            if primary is not None and self.writes:
                await self._beat(primary.server, durable=durable)
                heed_cancel()
            await asyncio.sleep(CANARY_S)

    async def _beat(self, server: ServerId, *, durable: bool) -> None:
        """Commit one canary; give a hanging one up when another is primary."""
        ask = (
            self.watch().ask_durable_canary
            if durable
            else self.watch().ask_local_canary
        )
        task = asyncio.ensure_future(ask(server))
        while not task.done():
            await asyncio.wait({task}, timeout=CANARY_S)
            primary = self.book.ledger.primary
            if primary is None or primary.server != server:
                task.cancel()
                await asyncio.wait({task})
                self.watch().forget_canaries()
                return
        task.result()

    def once(self) -> None:
        """Keep a durable canary going; beside one that hangs a local one."""
        primary = self.book.ledger.primary
        server = None if primary is None else primary.server
        if server != self._beaten:
            self._beaten = server
            for task in self._canaries.values():
                task.cancel()
            self._canaries.clear()
            self.watch().forget_canaries()
        if server is None:
            return
        watch = self.watch()
        asks = {True: watch.ask_durable_canary, False: watch.ask_local_canary}
        for durable in (True, False) if watch.awaits_canary else (True,):
            pending = self._canaries.get(durable)
            if pending is None or pending.done():
                self._canaries[durable] = asyncio.ensure_future(asks[durable](server))

    async def stop(self) -> None:
        """End what `once` started."""
        for task in self._canaries.values():
            task.cancel()
        if self._canaries:
            await asyncio.wait(self._canaries.values())
