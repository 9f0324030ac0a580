"""Planted bugs of opening a primary again where it stands (rule 8)."""

from dataclasses import replace

from typing_extensions import override

from controller.act.daemon import Daemon
from controller.act.driver import Driver
from controller.act.execute_fencing import FencingExecutor
from controller.act.executor import Executor
from controller.decide.facts import Facts, ServerFact
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Kind, Step
from controller.incident.record import Record, RecordKind
from controller.model.command import Command
from controller.model.commands import EnsureFenced
from controller.model.ids import BootId
from controller.model.outcomes import Outcome
from controller.rehearsal.site import A, RehearsalSite, Settings, server_of
from replication.ports import Session
from tests.sim.plants import adjusted, changed_table, driven_by, misled, none


def open_before_an_ack(settings: Settings) -> RehearsalSite:
    """Open first, and let redundancy come back later."""
    return none(changed_table(settings, Kind.REOPEN, confirm={"done": Step.OPEN}))


def open_without_recheck(settings: Settings) -> RehearsalSite:
    """It was ours all the time: who would look again right before OPEN?"""
    return none(changed_table(settings, Kind.REOPEN, open={"rechecks": False}))


class GoesOn(Driver):
    """Goes on where the last process stood, whatever has happened since."""

    @override
    async def resume(self) -> End | None:
        run = self.book.ledger.run
        return None if run is None else await self.drive(run)


def old_evidence_will_do(settings: Settings) -> RehearsalSite:
    """A controller that restarts confirms nothing anew."""
    return driven_by(settings, GoesOn)


def ackers_hold_no_more(settings: Settings) -> RehearsalSite:
    """Nobody compares what the ackers hold with what the primary still has."""

    def misread(facts: Facts) -> Facts:
        primary = facts.servers[server_of(A)].view

        def as_the_primary(fact: ServerFact) -> ServerFact:
            if fact.view is None or primary is None:
                return fact
            view = replace(fact.view, received="", executed=primary.executed)
            return replace(fact, view=view)

        servers = {s: as_the_primary(f) for s, f in facts.servers.items()}
        return replace(facts, servers=servers)

    return misled(settings, misread)


def closed_is_restarted(settings: Settings) -> RehearsalSite:
    """Read-only is read-only: who closed it, and when, is not on record."""

    def adjust(daemon: Daemon) -> None:
        book = daemon.book

        def forget(record: Record, ledger: Ledger) -> None:
            if record.kind is RecordKind.SERVING and ledger.serving is not None:
                before = replace(ledger.serving, boot_id=BootId("before"), closed=False)
                book.ledger = replace(ledger, serving=before)

        book.listeners.append(forget)

    return adjusted(settings, adjust)


class FencesAtOnce(Executor):
    """Closes by SQL, whatever else is still on its way to that server."""

    @override
    async def execute(self, command: Command, doubtful: tuple[Session, ...]) -> Outcome:
        if isinstance(command, EnsureFenced):
            return await FencingExecutor(self.ports).fenced(command, ())
        return await Executor.execute(self, command, doubtful)


def late_open_outlives_the_fence(settings: Settings) -> RehearsalSite:
    """A fence by SQL forgets the order to open that was not answered."""

    def adjust(daemon: Daemon) -> None:
        real = daemon.driver.executor
        bad = FencesAtOnce(real.ports, real.covers, real.confirm)
        daemon.driver.executor = bad

    return adjusted(settings, adjust)
