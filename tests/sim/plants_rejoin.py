"""Planted bugs of the old primary's return."""

from dataclasses import replace

from typing_extensions import override

from controller.act.book import Book
from controller.act.daemon import Daemon
from controller.act.observe import Observatory
from controller.decide.facts import Facts
from controller.decide.old import Known
from controller.model.command import Command
from controller.model.commands import (
    Compare,
    EnsureFenced,
    EnsureReported,
    EnsureSaved,
    Proof,
)
from controller.model.ids import ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from controller.rehearsal.site import RehearsalSite, Settings
from deploy.remains import memory
from health.detector import Verdict
from tests.sim.plants import adjusted, careless

CLEAN = Done({"told": "nothing that matters"})


def extra_is_clean(settings: Settings) -> RehearsalSite:
    """A few transactions more: replication will see to that."""

    def answer(command: Command, outcome: Outcome) -> Outcome:
        few = isinstance(command, Compare) and isinstance(outcome, Refused)
        return CLEAN if few else outcome

    return careless(settings, answer=answer)


def unknown_is_clean(settings: Settings) -> RehearsalSite:
    """Nobody can tell, so nothing speaks against it."""

    def answer(command: Command, outcome: Outcome) -> Outcome:
        unread = isinstance(command, Compare) and isinstance(outcome, Unknown)
        return CLEAN if unread else outcome

    return careless(settings, answer=answer)


def says_saved(settings: Settings) -> RehearsalSite:
    """There will be a backup somewhere."""

    def before(command: Command) -> Command | Outcome:
        if isinstance(command, EnsureSaved):
            return Done({"archive": "nowhere", "transactions": "0", "files": ""})
        if isinstance(command, EnsureReported):
            return Refused("nothing to read")
        return command

    return careless(settings, before=before)


def told_as_covered(settings: Settings) -> RehearsalSite:
    """Semi-sync was on, so nobody can have been told OK."""

    def before(command: Command) -> Command | Outcome:
        if isinstance(command, EnsureSaved):
            return replace(command, covered=True)
        return command

    return careless(settings, before=before)


class OfTheLiving(memory.MemoryRemains):
    """Reads whatever lies there."""

    @override
    async def _not_dead(self, zone: ZoneId, server: ServerId) -> NotSeen | None:
        return None


def compares_the_living(settings: Settings) -> RehearsalSite:
    """Closed by its own word is as good as dead."""

    def before(command: Command) -> Command | Outcome:
        if isinstance(command, EnsureFenced) and not command.acks_revoked:
            return replace(command, proofs=(Proof.SQL,))
        return command

    site = careless(settings, before=before)
    site.remains_type = OfTheLiving
    return site


class Blind(Observatory):
    """Does not see an old primary once it has been compared."""

    book: Book

    @override
    def facts(self, *, lease_held: bool) -> Facts:
        facts = Observatory.facts(self, lease_held=lease_held)
        old = self.book.ledger.old
        servers = {
            s: replace(f, view=None, reading=replace(f.reading, verdict=Verdict.DOWN))
            if s in old and old[s].known is not Known.NOTHING
            else f
            for s, f in facts.servers.items()
        }
        return replace(facts, servers=servers)


def compared_once_for_all(settings: Settings) -> RehearsalSite:
    """Its data was looked at, and its logs are kept."""

    def adjust(daemon: Daemon) -> None:
        real = daemon.observatory
        daemon.observatory = Blind(real.ports, real.clock, real.policy)
        daemon.observatory.book = daemon.book

    return adjusted(settings, adjust)
