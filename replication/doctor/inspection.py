"""What one database server answered, and what is to be said about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from controller.model.ids import ServerId
from controller.model.outcomes import NotSeen
from replication.binlog_state import History
from replication.doctor.words import Words


class Severity(StrEnum):
    """How much a finding weighs."""

    BLOCKER = "blocker"  # a promise does not hold until it is mended
    WARNING = "warning"  # costs something, breaks no promise
    UNKNOWN = "unknown"  # could not be asked, or nothing proves the answer


NOT_ANSWERED = "_not_answered"
"""How the name of a finding ends that says only that a question stayed open."""


class Question(StrEnum):
    """What a server is asked; each may go unanswered by itself."""

    SETTINGS = "settings"
    OWN = "grants"
    ACCOUNTS = "accounts"
    SIZE = "size"
    HISTORY = "history"
    FILTERS = "filters"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it has to be.

    server: None when it concerns several, and then *among* may name which. cost:
    what happens if it stays so. mend: the statement, or the line of an option
    file, that ends it.
    """

    server: ServerId | None
    name: str
    severity: Severity
    what: str
    cost: str
    mend: str
    among: tuple[ServerId, ...] = ()

    @property
    def about(self) -> tuple[ServerId, ...]:
        """Return every server it concerns; none: the site as a whole."""
        return self.among if self.server is None else (self.server,)


@dataclass(frozen=True, slots=True)
class Setting:
    """One system variable under the server's own name for it.

    at_boot: what the next boot would give; None when the value was changed at
    run time and nothing shows what the files say. Files are known as they were
    read by the last boot: an edit since then is not seen.
    """

    name: str
    value: str
    at_boot: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAccount:
    """An account and every privilege it has or can take on through a role.

    privileges: global ones as the server spells them, each to who holds it:
    the account itself or a role.
    """

    user: str
    host: str
    locked: bool
    privileges: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return it as statements write it."""
        return f"'{self.user}'@'{self.host}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One server as it answered; what it was not willing to say is in *unanswered*.

    admin_port: where we reached it; whoami: as which account, as in `CURRENT_USER()`.
    settings: by the key of `Words.settings`; a
    variable the server does not know is absent. own: what that account was
    granted itself. clock_offset_s: its wall clock minus ours, give or
    take *clock_error_s*. data_bytes: all tables this account may see, as the
    server estimates them; None: not asked, or not told. unanswered: why, by question.
    history: its transactions, None as above. filters: what its applier leaves out,
    by name. certificate_days: until its certificate ends, None: it has none.
    """

    server: ServerId
    words: Words
    admin_port: int
    whoami: str
    version: str
    uptime_s: float
    clock_offset_s: float
    clock_error_s: float
    settings: Mapping[str, Setting]
    own: frozenset[str] | None
    accounts: tuple[DatabaseAccount, ...] | None
    data_bytes: int | None
    unanswered: Mapping[Question, str] = field(default_factory=dict)
    history: History | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    certificate_days: int | None = None


@dataclass(frozen=True, slots=True)
class NotInspected:
    """A server nothing is known about, and why."""

    server: ServerId
    why: NotSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the configuration asks of every server.

    controller, replication, probe, clone: the user names that are ours; empty: there
    is no such account. acks: commits are to wait for a replica (`durability:
    semi_sync`). tls: connections are to be encrypted.
    """

    controller: str
    replication: str
    acks: bool
    probe: str = ""
    clone: str = ""
    tls: bool = False
