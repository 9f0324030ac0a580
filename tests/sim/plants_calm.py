"""The planted bugs of what is to be left alone."""

from dataclasses import replace

from controller.act.daemon import Daemon
from controller.decide.ledger import Ledger
from controller.incident.record import Record, RecordKind
from controller.rehearsal.site import RehearsalSite, Settings
from tests.sim.plants import adjusted


def windows_in_memory_only(settings: Settings) -> RehearsalSite:
    """A controller that was started again knows of no window."""

    def adjust(daemon: Daemon) -> None:
        daemon.book.ledger = replace(daemon.book.ledger, windows=())

    return adjusted(settings, adjust)


def windows_forgotten_after_the_next_record(settings: Settings) -> RehearsalSite:
    """A window is on record and holds nothing."""

    def adjust(daemon: Daemon) -> None:
        def forget(record: Record, ledger: Ledger) -> None:
            del record
            daemon.book.ledger = replace(ledger, windows=())

        daemon.book.listeners.append(forget)

    return adjusted(settings, adjust)


def quarantine_not_kept(settings: Settings) -> RehearsalSite:
    """Who comes and goes is noted, and moved to all the same."""

    def adjust(daemon: Daemon) -> None:
        def forget(record: Record, ledger: Ledger) -> None:
            if record.kind is RecordKind.QUARANTINE:
                daemon.book.ledger = replace(ledger, flaps={})

        daemon.book.listeners.append(forget)

    return adjusted(settings, adjust)
