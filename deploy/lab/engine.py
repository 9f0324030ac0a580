"""What the lab must know of a database engine to run one instance of it.

One implementation an engine. They build files and argument lists; starting
and watching the process is the zone supervisor's business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from controller.model.errors import ControllerError
from controller.model.ids import ServerId, ZoneId


class LabError(ControllerError):
    """The lab cannot do what was asked; says what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A database account; the password never reaches argv, logs or repr."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """controller: the daemon. replication: replicas. application: the site.

    The application account cannot bypass read-only.
    """

    controller: Account
    replication: Account
    application: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSpec:
    """One database instance. *home* holds `data/`, `db.sock`, logs, option files."""

    zone: ZoneId
    server: ServerId
    server_id: int
    home: Path
    host: str
    port: int
    admin_port: int


Progress = Callable[[str], None]


class Engine(Protocol):
    """How to lay out, start and copy one kind of database."""

    @property
    def name(self) -> str:
        """Return `mariadb` or `mysql`."""
        ...

    @property
    def restart_codes(self) -> frozenset[int]:
        """Exit codes after which the supervisor starts it again (MySQL: 16)."""
        ...

    @property
    def has_clone(self) -> bool:
        """Tell whether a fresh instance is seeded over the network by SQL."""
        ...

    def ensure_installed(self, progress: Progress) -> None:
        """Have the server's files ready; raise `LabError` saying what is missing."""
        ...

    def create_empty(self, instance: InstanceSpec, accounts: Accounts) -> None:
        """Lay an empty data directory with the three accounts; atomic by rename."""
        ...

    def write_options(self, instance: InstanceSpec) -> None:
        """Write the instance's option file: boots read-only, starts no replication."""
        ...

    def argv(self, instance: InstanceSpec) -> Sequence[str]:
        """Return the server's command line."""
        ...

    def environment(self, supervisor_pid: int) -> Mapping[str, str]:
        """Return variables the server needs (MySQL: MYSQLD_PARENT_PID)."""
        ...

    def can_copy_files(self) -> bool:
        """Tell whether what `backup_argv` and its sisters need is installed."""
        ...

    def backup_argv(self, donor: InstanceSpec, accounts_file: Path) -> Sequence[str]:
        """Return the command that streams a physical copy of *donor* to stdout."""
        ...

    def copied_bytes(self, donor: InstanceSpec) -> int:
        """Estimate what `backup_argv` will stream of *donor*, bytes; 0: unknown."""
        ...

    def unpack_argv(self, target: Path) -> Sequence[str]:
        """Return the command that unpacks that stream from stdin into *target*."""
        ...

    def prepare_argv(self, target: Path) -> Sequence[str]:
        """Return the command that makes the unpacked copy startable."""
        ...
