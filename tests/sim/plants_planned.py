"""The planted bugs of a planned move."""

from dataclasses import replace
from types import MappingProxyType

from typing_extensions import override

from controller.act.driver import Driver
from controller.decide.restore import SUFFIX
from controller.decide.saga import End, Kind, Plan, Step, Table
from controller.decide.switchover import SWITCHOVER
from controller.model.command import Command
from controller.model.commands import EnsureOpen
from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Outcome, Unknown
from controller.rehearsal.site import RehearsalSite, Settings
from replication.adapters.memory import MemoryDatabase
from tests.sim.plants import changed_table, driven_by, none


def _blind(plan: Plan) -> Command:
    """OPEN that never looks at the old primary; it would catch what is planted."""
    sighted = SWITCHOVER[Step.OPEN].order(plan)
    assert isinstance(sighted, EnsureOpen)
    return replace(sighted, closed=None)


def opens_before_closed(settings: Settings) -> RehearsalSite:
    """The old primary is left open: its ackers are deaf, that will do."""
    return none(
        changed_table(
            settings,
            Kind.SWITCHOVER,
            hold={"done": Step.CATCH_UP},
            open={"order": _blind},
        )
    )


def undoes_an_open_in_doubt(settings: Settings) -> RehearsalSite:
    """OPEN was not answered: the old primary takes writes again."""
    back = {"unknown": Step.UNFREEZE, "attempts_max": 1}
    return none(changed_table(settings, Kind.SWITCHOVER, open=back))


def skips_catch_up(settings: Settings) -> RehearsalSite:
    """What was received will be applied one day."""
    return none(
        changed_table(
            settings,
            Kind.SWITCHOVER,
            close={"done": Step.FREEZE},
            freeze={"done": Step.INVALIDATE},
            open={"order": _blind},
        )
    )


class GoesOn(Driver):
    """Goes on where it stood, as if no time had passed."""

    @override
    async def resume(self) -> End | None:
        run = self.book.ledger.run
        if run is None:
            return None
        if self.book.ledger.unanswered:
            self._record_outcome(run, Unknown("the controller stopped before it"))
        return await self.drive(replace(run, attempt=1))


def restart_goes_on(settings: Settings) -> RehearsalSite:
    """A controller that restarts finishes what another one began."""
    return driven_by(settings, GoesOn)


class ReopensAnyProcess(MemoryDatabase):
    """Opens whatever process answers, also one that was never closed."""

    @override
    async def ensure_reopened(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        return await MemoryDatabase.ensure_reopened(
            self, epoch, boot_id=self._member.boot_id
        )


def reopens_a_restarted_primary(settings: Settings) -> RehearsalSite:
    """It comes up without semi-sync, and acknowledges on its own."""
    return RehearsalSite(settings, database_type=ReopensAnyProcess)


def old_primary_follows_at_once(settings: Settings) -> RehearsalSite:
    """Closed is clean enough: it becomes a replica as it is."""
    at_once = {"done": Step.REGISTER}
    return none(changed_table(settings, Kind.SWITCHOVER, release=at_once))


def old_primary_is_overwritten(settings: Settings) -> RehearsalSite:
    """Its target had executed all of it a moment ago: a new copy is laid over it."""
    table = dict(SWITCHOVER)
    table |= {Step.PROVISION: SUFFIX[Step.PROVISION], Step.SEED: SUFFIX[Step.SEED]}
    table[Step.RETIRE] = replace(table[Step.RETIRE], done=Step.PROVISION)
    changed: Table = MappingProxyType(table)
    tables = {**settings.tables, Kind.SWITCHOVER: changed}
    return none(replace(settings, tables=tables))
