"""The zone's own database as its agent uses it, on the port of all databases."""

from dataclasses import dataclass

from typing_extensions import override

from controller.act.within import within
from controller.model.ids import Epoch
from controller.model.outcomes import NotSeen, Outcome, Unknown
from deploy.agent.ports import LocalDatabase, LocalView
from replication.ports import DatabaseServer, Receiving, ServerView

LOOK_S = 0.8


@dataclass(frozen=True, slots=True)
class OwnDatabase(LocalDatabase):
    """Looks at and closes *server*; never opens it, never lets it follow."""

    server: DatabaseServer

    @override
    async def look(self) -> LocalView | NotSeen:
        view = await self._view()
        if isinstance(view, NotSeen):
            return view
        return LocalView(
            boot_id=view.boot_id,
            writable=view.writable,
            receives=view.receiving in {Receiving.YES, Receiving.CONNECTING},
        )

    @override
    async def end_clients(self, epoch: Epoch) -> Outcome:
        """SQL fence in the order of the engine, under the epoch it knows at least."""
        view = await self._view()
        if isinstance(view, NotSeen):
            return Unknown(view.reason)
        return await self.server.ensure_closed(Epoch(max(epoch, view.epoch)))

    @override
    async def stop_receiving(self, epoch: Epoch) -> Outcome:
        view = await self._view()
        if isinstance(view, NotSeen):
            return Unknown(view.reason)
        return await self.server.ensure_frozen(Epoch(max(epoch, view.epoch)))

    @override
    async def aclose(self) -> None:
        await self.server.aclose()

    async def _view(self) -> ServerView | NotSeen:
        try:
            return await within(LOOK_S, self.server.view())
        except TimeoutError:
            return NotSeen("read", f"no answer within {LOOK_S:g} s")
