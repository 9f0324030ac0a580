"""The planted bugs of servers and of the hand that stops them."""

from dataclasses import replace

from typing_extensions import override

from controller.model.ids import BootId, Epoch
from controller.model.outcomes import NotSeen, Outcome
from controller.rehearsal.site import RehearsalSite, Settings
from deploy.adapters.memory import MemoryHooks
from replication.adapters.memory import Habits, MemoryDatabase
from replication.ports import ServerView
from tests.sim.plants import blind_open


class ForgetsBoots(MemoryDatabase):
    """Every run of the process looks like the first."""

    @override
    async def view(self) -> ServerView | NotSeen:
        view = await MemoryDatabase.view(self)
        if isinstance(view, NotSeen):
            return view
        return replace(view, boot_id=BootId("1"))

    @override
    async def ensure_open(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        return await MemoryDatabase.ensure_open(
            self, epoch, boot_id=self._member.boot_id
        )


def boot_id_never_changes(settings: Settings) -> RehearsalSite:
    """Nobody notices a restart."""
    return RehearsalSite(settings, database_type=ForgetsBoots)


class RequiresAtOpen(MemoryDatabase):
    """Opens with the source side on, receiver or not."""

    @override
    async def ensure_open(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        outcome = await MemoryDatabase.ensure_open(self, epoch, boot_id=boot_id)
        self._world.require(self._member, required=True)
        return outcome


def require_acks_at_open(settings: Settings) -> RehearsalSite:
    """Semi-sync is switched on before anybody could acknowledge."""
    return RehearsalSite(settings, database_type=RequiresAtOpen)


def replicates_at_boot(settings: Settings) -> RehearsalSite:
    """The option files let a replica start by itself."""
    habits = Habits(engine=settings.engine, replicates_at_boot=True)
    return RehearsalSite(replace(blind_open(settings), habits=habits))


def terminate(settings: Settings) -> RehearsalSite:
    """The provisioner asks politely."""
    site = RehearsalSite(settings)
    site.provisioner._hooks = MemoryHooks(
        stopped=site.world.terminate,
        laid=lambda server, donor: site.world.lay_copy(donor, server),
        started=site.world.start,
    )
    return site
