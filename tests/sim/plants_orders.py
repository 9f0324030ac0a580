"""Planted bugs of single orders: what is still under way, and what is believed."""

from dataclasses import replace

from typing_extensions import override

from controller.act.daemon import Daemon
from controller.act.driver import Driver
from controller.act.executor import Executor
from controller.decide.saga import Kind, Plan, Row, Run, Step
from controller.model.command import Command
from controller.model.commands import EnsureFenced, EnsureOpen, EnsureUnfrozen
from controller.model.ids import Epoch
from controller.model.outcomes import NotSeen, Outcome
from controller.rehearsal.site import CONTROLLER, RehearsalSite, Settings
from replication.adapters.memory import Engine, MemoryDatabase, Process
from replication.ports import Session
from tests.sim.plants import adjusted, careless, changed_table, driven_by, none


def unanswered_open_is_undone(settings: Settings) -> RehearsalSite:
    """OPEN was not answered: let the ackers follow the old primary again."""
    back = {"unknown": Step.UNFREEZE_FENCED, "attempts_max": 1}
    return none(changed_table(settings, Kind.FAILOVER, open=back))


def _believed(plan: Plan) -> EnsureFenced:
    assert plan.lost is not None
    return EnsureFenced(
        lost=plan.lost, proofs=plan.proofs, acks_revoked=True, epoch=plan.epoch
    )


def revoked_though_unprotected(settings: Settings) -> RehearsalSite:
    """Frozen ackers count as a proof although the primary waits for none."""
    return none(changed_table(settings, Kind.FAILOVER, fence={"order": _believed}))


def open_without_recheck(settings: Settings) -> RehearsalSite:
    """The lock is looked at before FREEZE, and not again before OPEN."""
    return none(changed_table(settings, Kind.FAILOVER, open={"rechecks": False}))


def silence_passes_open(settings: Settings) -> RehearsalSite:
    """OPEN judges the ackers that answer, and those only."""

    def before(command: Command) -> Command | Outcome:
        if not isinstance(command, EnsureOpen):
            return command
        answer = tuple(
            a
            for a in command.ackers
            if site.world.wires.both_open(CONTROLLER, a.zone)
            and site.world.servers[a.server].process is Process.UP
        )
        return replace(command, ackers=answer)

    site = careless(settings, before=before)
    return site


def wish_never_ends(settings: Settings) -> RehearsalSite:
    """What an operator asked for is remembered until it can be done."""

    def adjust(daemon: Daemon) -> None:
        daemon.policy = replace(daemon.policy, wish_s=float("inf"))

    return adjusted(settings, adjust)


class AllOrNobody(Executor):
    """Sends nothing as long as one of the servers is silent."""

    @override
    async def sessions(self, command: Command) -> tuple[Session, ...] | NotSeen:
        found = await Executor.sessions(self, command)
        wanted = len(command.ackers) if isinstance(command, EnsureUnfrozen) else 0
        if isinstance(found, tuple) and len(found) < wanted:
            return NotSeen("read", "one of them is silent")
        return found


def unfreeze_all_or_nobody(settings: Settings) -> RehearsalSite:
    """UNFREEZE waits until every acker answers."""

    def adjust(daemon: Daemon) -> None:
        real = daemon.driver.executor
        bad = AllOrNobody(real.ports, real.covers, real.confirm)
        daemon.driver.executor = bad

    return adjusted(settings, adjust)


class Hasty(Driver):
    """Acts, then writes down what it is about to do."""

    @override
    async def _attempt(self, run: Run, row: Row) -> Outcome:
        await self.executor.execute(row.order(run.plan), ())
        return await Driver._attempt(self, run, row)


def effect_before_intent(settings: Settings) -> RehearsalSite:
    """A journal that is always one step behind the world."""
    return driven_by(settings, Hasty)


class KillsQueries(MemoryDatabase):
    """Ends waiting commits with KILL QUERY before it closes."""

    @override
    async def ensure_closed(self, epoch: Epoch) -> Outcome:
        self._world.kill_query(self.server)
        return await MemoryDatabase.ensure_closed(self, epoch)


def kill_query(settings: Settings) -> RehearsalSite:
    """MariaDB tells a killed waiter that its write is safe."""
    mariadb = replace(settings, engine=Engine.MARIADB)
    return RehearsalSite(mariadb, database_type=KillsQueries)
