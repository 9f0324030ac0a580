"""What a daemon has left on disk: read by commands that need none to run."""

from pathlib import Path

from controller.act.clock import SystemClock
from controller.config.load import load_site
from controller.incident.journal import SqliteJournal
from controller.incident.record import Record
from controller.model.errors import JournalError


def state_dir_of(config: Path) -> Path:
    """Return the state directory of the site in *config*."""
    return config.absolute().parent / load_site(config).state_dir


def journal_on_disk(state_dir: Path) -> tuple[Record, ...]:
    """Return every record, oldest first; the daemon may be running.

    Raises:
        JournalError: there is none, or it cannot be read.
    """
    path = state_dir / "journal.sqlite"
    if not path.exists():
        raise JournalError(
            f"no journal {path}: no daemon has run with this state_dir,"
            " so nothing is known"
        )
    journal = SqliteJournal(path, clock=SystemClock(), read_only=True)
    try:
        return journal.records()
    finally:
        journal.close()
