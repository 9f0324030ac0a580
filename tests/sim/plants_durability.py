"""Planted bugs in counting: how many acknowledge, and who is left out of it."""

from dataclasses import replace

from typing_extensions import override

from controller.act.daemon import Daemon
from controller.decide.facts import Facts, ServerFact
from controller.decide.saga import Kind, Plan
from controller.model.commands import Verify
from controller.model.ids import Epoch
from controller.model.outcomes import NotSeen, Outcome
from controller.rehearsal.site import RehearsalSite, Settings
from replication.adapters.memory import MemoryDatabase
from replication.ports import ServerView
from tests.sim.plants import adjusted, changed_table, misled


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


def lowered_acks_forgotten(settings: Settings) -> RehearsalSite:
    """What a person told the primary is known to the process that saw it, only."""

    def adjust(daemon: Daemon) -> None:
        held = daemon.book.ledger.durability
        if held.protected:
            as_earned = replace(held, acks=settings.acks)
            daemon.book.ledger = replace(daemon.book.ledger, durability=as_earned)

    return adjusted(settings, adjust)


def _one_source(facts: Facts) -> Facts:
    """Return *facts* as of readers that look at the first row only."""

    def first(fact: ServerFact) -> ServerFact:
        if fact.view is None:
            return fact
        view = replace(fact.view, sources=fact.view.sources[:1])
        return replace(fact, view=view)

    return replace(facts, servers={s: first(f) for s, f in facts.servers.items()})


def second_source_unseen(settings: Settings) -> RehearsalSite:
    """Only the first channel of a replica is read."""
    return misled(settings, _one_source)


def _all_level(facts: Facts) -> Facts:
    """Return *facts* in which every replica has what the first of them has."""
    replicas = [
        f.view
        for f in facts.servers.values()
        if f.view is not None and f.view.source is not None
    ]

    def level(fact: ServerFact) -> ServerFact:
        if fact.view is None or fact.view not in replicas:
            return fact
        like = replicas[0]
        view = replace(fact.view, received=like.received, executed=like.executed)
        return replace(fact, view=view)

    return replace(facts, servers={s: level(f) for s, f in facts.servers.items()})


def _verify_itself(plan: Plan) -> Verify:
    mine = tuple(a for a in plan.ackers if a.server == plan.target.server)
    return Verify(candidate=plan.target.server, ackers=mine, epoch=plan.epoch)


def less_advanced_promoted(settings: Settings) -> RehearsalSite:
    """The preferred replica is promoted, whatever the other one holds."""
    table = changed_table(settings, Kind.FAILOVER, verify={"order": _verify_itself})
    return misled(table, _all_level)


def _no_origin(facts: Facts) -> Facts:
    def nameless(fact: ServerFact) -> ServerFact:
        if fact.view is None:
            return fact
        return replace(fact, view=replace(fact.view, origin=""))

    return replace(facts, servers={s: nameless(f) for s, f in facts.servers.items()})


def errant_unseen(settings: Settings) -> RehearsalSite:
    """Nobody asks who wrote what a replica has."""
    return misled(settings, _no_origin)
