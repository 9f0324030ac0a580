"""The planted bugs of repairing an edge: where to, under which epoch, whom else."""

from collections.abc import Callable
from dataclasses import replace

from controller.decide.reconcile import RECONCILE
from controller.decide.saga import Kind, Plan, Step
from controller.model.command import Command
from controller.model.commands import EnsureReleased, EnsureRouted
from controller.model.ids import Epoch
from controller.rehearsal.site import A, RehearsalSite, Settings
from tests.sim.plants import changed_table, none

Order = EnsureRouted | EnsureReleased


def _reordered(settings: Settings, change: Callable[[Order], Order]) -> RehearsalSite:
    """Change both orders of the run that repairs an edge."""

    def made(step: Step) -> Callable[[Plan], Command]:
        def order(plan: Plan) -> Command:
            right = RECONCILE[step].order(plan)
            assert isinstance(right, EnsureRouted | EnsureReleased)
            return change(right)

        return order

    rows = {s.value: {"order": made(s)} for s in (Step.REROUTE, Step.RELEASE)}
    return none(changed_table(settings, Kind.RECONCILE, **rows))


def reconcile_to_the_old_zone(settings: Settings) -> RehearsalSite:
    """The first zone on record counts as the right one, whoever is primary now."""

    def change(order: Order) -> Order:
        if isinstance(order, EnsureRouted):
            return replace(order, zone=A)
        return replace(order, read_zone=A, write_zone=A)

    return _reordered(settings, change)


def reconcile_lowers_the_epoch(settings: Settings) -> RehearsalSite:
    """What the edge came back with is good enough as an epoch."""
    return _reordered(settings, lambda order: replace(order, epoch=Epoch(1)))


def reconcile_without_recheck(settings: Settings) -> RehearsalSite:
    """Only one edge is written to: who would need a lock for that?"""
    rows = {s.value: {"rechecks": False} for s in RECONCILE}
    return none(changed_table(settings, Kind.RECONCILE, **rows))


def reconcile_holds_every_edge(settings: Settings) -> RehearsalSite:
    """One edge is off its route, so all of them are written anew."""
    return _reordered(settings, lambda order: replace(order, edges=()))
