"""The few exceptions that cross a floor.

ControllerError
├── ConfigError     the operator must mend the configuration (exit 2)
├── JournalError    the durable truth cannot be written or read (exit 3)
└── LeaseLostError  another controller may act; this one must not (exit 4)

Network, database and edge errors never cross a port as exceptions: there they
are an `Outcome` or a `NotSeen`.
"""

from collections.abc import Sequence


class ControllerError(Exception):
    """Base of all errors the daemon and the command line know how to explain."""


class ConfigError(ControllerError):
    """Every problem found in a configuration, at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class JournalError(ControllerError):
    """The journal cannot be opened, written or understood."""


class LeaseLostError(ControllerError):
    """Another controller holds the state directory or a database lock."""
