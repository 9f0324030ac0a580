"""Planted bugs of leaving a primary that answers and takes no writes."""

from dataclasses import replace

from controller.decide.facts import Facts
from controller.decide.saga import Kind, Plan, Step
from controller.model.commands import Command
from controller.rehearsal.site import RehearsalSite, Settings
from tests.sim.plants import changed_table, misled, none

LONG_S = 60.0


def a_hung_canary_is_enough(settings: Settings) -> RehearsalSite:
    """Our own canary's connection is broken, and nobody asks what replicas receive."""

    def misread(facts: Facts) -> Facts:
        canary = replace(facts.canary, durable_hung_s=LONG_S, local_ok_age_s=0.0)
        servers = {
            s: replace(f, received_age_s=LONG_S) for s, f in facts.servers.items()
        }
        return replace(facts, canary=canary, servers=servers)

    return misled(settings, misread)


def our_canary_alone_hangs(settings: Settings) -> RehearsalSite:
    """The same, and the replica's view is asked: no bug, and nothing may move."""

    def misread(facts: Facts) -> Facts:
        canary = replace(facts.canary, durable_hung_s=LONG_S, local_ok_age_s=0.0)
        servers = {s: replace(f, received_age_s=0.1) for s, f in facts.servers.items()}
        return replace(facts, canary=canary, servers=servers)

    return misled(settings, misread)


def lost_ids_are_given_again(settings: Settings) -> RehearsalSite:
    """A promotion that may lose writes opens like any other."""
    order = settings.tables[Kind.FAILOVER][Step.OPEN].order

    def as_ever(plan: Plan) -> Command:
        return order(replace(plan, acks_revocable=True))

    return none(changed_table(settings, Kind.FAILOVER, open={"order": as_ever}))
