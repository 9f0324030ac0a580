"""Planted bugs in counting: how many acknowledge, and who is left out of it."""

from dataclasses import replace

from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import NotSeen, Outcome
from controller.rehearsal.site import RehearsalSite, Settings
from replication.adapters.memory import MemoryDatabase
from replication.ports import ServerView


class SaysTwo(MemoryDatabase):
    """Never tells the server to wait for more than one, and reads back two."""

    @override
    async def view(self) -> ServerView | NotSeen:
        view = await MemoryDatabase.view(self)
        if isinstance(view, NotSeen):
            return view
        return replace(view, source_side=replace(view.source_side, acks=2))

    @override
    async def ensure_acks_required(
        self, epoch: Epoch, *, required: bool, acks: int = 1
    ) -> Outcome:
        return await MemoryDatabase.ensure_acks_required(self, epoch, required=required)


def believed_to_wait_for_two(settings: Settings) -> RehearsalSite:
    """What commits wait for is taken from the configuration, not from the server."""
    site = RehearsalSite(settings)
    site.database_type = SaysTwo
    return site
