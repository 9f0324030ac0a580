"""The lab's passwords: random, one file each, readable by their owner only."""

import secrets
from pathlib import Path

from deploy.lab.durable import write_durably
from deploy.lab.engine import Account, Accounts, LabError

_USERS = {"controller": "sitedr", "replication": "repl", "application": "cms"}
EDITOR = "editor"
AGENT = "agent"


def ensure_secrets(directory: Path) -> None:
    """Make the missing ones of `secrets/*`; existing ones stay as they are."""
    directory.mkdir(mode=0o700, exist_ok=True)
    for name in (*_USERS, EDITOR, AGENT):
        path = directory / name
        if not path.exists():
            write_durably(path, secrets.token_hex(16) + "\n", mode=0o600)


def read_accounts(directory: Path) -> Accounts:
    """Read the three database accounts.

    Raises:
        LabError: one is missing or unreadable.
    """
    found = {
        name: Account(user=user, password=_read(directory / name))
        for name, user in _USERS.items()
    }
    return Accounts(
        controller=found["controller"],
        replication=found["replication"],
        application=found["application"],
    )


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise LabError(f"secret {path} cannot be read: {error.strerror}") from error
