"""The planted bugs of what the doctor found and what is made of it."""

from dataclasses import replace

from controller.act.daemon import Daemon
from controller.rehearsal.site import RehearsalSite, Settings
from tests.sim.plants import adjusted


def acts_though_unfit(settings: Settings) -> RehearsalSite:
    """A blocker is shown and holds nothing."""

    def adjust(daemon: Daemon) -> None:
        daemon.policy = replace(daemon.policy, doctor_holds=False)

    return adjusted(settings, adjust)


def findings_forgotten(settings: Settings) -> RehearsalSite:
    """Each process knows only what it was told itself."""

    def adjust(daemon: Daemon) -> None:
        daemon.book.ledger = replace(daemon.book.ledger, findings=())

    return adjusted(settings, adjust)
