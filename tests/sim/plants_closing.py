"""Planted bugs of ending an old primary beside its successor."""

from dataclasses import replace

from typing_extensions import override

from controller.act.driver import Driver
from controller.decide.facts import Facts, ServerFact
from controller.decide.saga import End, Kind, Plan, Step
from controller.rehearsal.site import A, RehearsalSite, Settings, server_of
from tests.sim.plants import driven_by, misled


class HandsOff(Driver):
    """After a halt nothing is touched, not even to close it."""

    @override
    async def begin(self, plan: Plan, step: Step) -> End:
        if self.book.ledger.halted:
            return End.ABANDONED
        return await Driver.begin(self, plan, step)


class GoesBack(Driver):
    """What OPEN left in doubt is ended, and the old primary goes on."""

    @override
    async def begin(self, plan: Plan, step: Step) -> End:
        primary = self.book.ledger.primary
        if plan.kind is Kind.RETIRE and primary is not None and plan.lost == primary:
            plan = replace(plan, lost=plan.target, target=primary)
        return await Driver.begin(self, plan, step)


def a_halt_leaves_it_open(settings: Settings) -> RehearsalSite:
    """A person was called, so nobody does anything until they come."""
    return driven_by(settings, HandsOff)


def the_successor_is_ended(settings: Settings) -> RehearsalSite:
    """Of two that take writes the older one stays."""
    return driven_by(settings, GoesBack)


def degrades_beside_another(settings: Settings) -> RehearsalSite:
    """Writes wait, so they are let go: who else takes writes is not looked at."""

    def misread(facts: Facts) -> Facts:
        primary = server_of(A)

        def closed(fact: ServerFact) -> ServerFact:
            if fact.view is None or fact.member.server == primary:
                return fact
            return replace(fact, view=replace(fact.view, writable=False))

        return replace(facts, servers={s: closed(f) for s, f in facts.servers.items()})

    return misled(settings, misread)
