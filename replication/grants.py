"""The least our accounts need, each privilege with what fails without it; data.

One table for three readers: `sitedr grants` prints it, the doctor measures accounts
by it, and a test on real servers takes one privilege after the other away and sees
something fail. MySQL's names are those of 8.0.22 and later, MariaDB's of 10.6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

EVERYTHING = "*.*"


class Role(StrEnum):
    """Whom an account is for."""

    PROBE = "probe"  # looks, and can do nothing
    CONTROLLER = "controller"  # fences, promotes, attaches
    REPLICATION = "replication"  # a replica at its source
    CLONE = "clone"  # who copies a whole server


ROLES: Mapping[Role, str] = {
    Role.PROBE: "asks how a server is, many times a second; optional: without it the"
    " controller's account asks",
    Role.CONTROLLER: "fences, promotes and attaches; nobody else may have its rights",
    Role.REPLICATION: "what a replica is to its source",
    Role.CLONE: "reads a whole server for a new replica; optional: without it the"
    " controller's account needs its rights too",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One privilege: on what, and what cannot be done without it.

    vital: without it a promise does not hold; otherwise somebody knows less.
    """

    privilege: str
    on: str = EVERYTHING
    without: str
    vital: bool = True


def _on(what: str, without: str, *privileges: str) -> tuple[Grant, ...]:
    return tuple(Grant(privilege=p, on=what, without=without) for p in privileges)


_TABLES = (
    *_on("sitedr.*", "it cannot see which epoch a server has executed", "SELECT"),
    *_on("sitedr.*", "it can write neither canary nor epoch", "INSERT", "UPDATE"),
)
_SIZES = "it cannot tell how large a copy will be (it reads no row by this)"

_GRANTS: Mapping[str, Mapping[Role, Sequence[Grant]]] = {
    "mysql": {
        Role.PROBE: (
            Grant(
                privilege="SERVICE_CONNECTION_ADMIN",
                without="it cannot connect to the admin port",
            ),
            Grant(
                privilege="REPLICATION CLIENT",
                without="it cannot see what a replica has received",
            ),
            Grant(
                privilege="SELECT",
                on="performance_schema.*",
                without="it cannot see uptime, acknowledgements and heartbeats",
            ),
            Grant(
                privilege="SELECT",
                on="sitedr.*",
                without="it cannot see which epoch a server has executed",
            ),
        ),
        Role.CONTROLLER: (
            Grant(
                privilege="SYSTEM_VARIABLES_ADMIN",
                without="it can neither open, close, protect nor degrade",
            ),
            Grant(
                privilege="CONNECTION_ADMIN",
                without="it cannot write its epoch before opening, nor end clients",
            ),
            Grant(
                privilege="REPLICATION_SLAVE_ADMIN",
                without="it cannot freeze a replica: no failover",
            ),
            Grant(
                privilege="REPLICATION CLIENT",
                without="it cannot see what a replica has received",
            ),
            Grant(
                privilege="PROCESS",
                without="it cannot see who waits in commit: no fence by SQL",
            ),
            Grant(
                privilege="RELOAD",
                without="it cannot forget the source: no successor is opened",
            ),
            Grant(privilege="CLONE_ADMIN", without="it cannot fill a new replica"),
            Grant(
                privilege="PERSIST_RO_VARIABLES_ADMIN",
                without="SET PERSIST_ONLY is refused, of super_read_only"
                " too: a primary it fenced could boot writable",
            ),
            Grant(
                privilege="SERVICE_CONNECTION_ADMIN",
                without="it cannot connect to the admin port: blind when connections"
                " run out",
            ),
            Grant(privilege="SHOW VIEW", without=_SIZES, vital=False),
            *_TABLES,
            Grant(
                privilege="SELECT",
                on="performance_schema.*",
                without="it cannot see uptime, acknowledgements and settings",
            ),
            Grant(
                privilege="SELECT",
                on="mysql.*",
                without="an account that bypasses read-only would undo a fence unseen",
            ),
        ),
        Role.REPLICATION: (
            Grant(
                privilege="REPLICATION SLAVE", without="no replica receives anything"
            ),
        ),
        Role.CLONE: (
            Grant(
                privilege="BACKUP_ADMIN",
                without="its server cannot be the donor of a new replica",
            ),
        ),
    },
    "mariadb": {
        Role.PROBE: (
            Grant(
                privilege="SLAVE MONITOR",
                without="it cannot see what a replica has received",
            ),
            Grant(
                privilege="SELECT",
                on="sitedr.*",
                without="it cannot see which epoch a server has executed",
            ),
        ),
        Role.CONTROLLER: (
            Grant(
                privilege="READ_ONLY ADMIN",
                without="it can neither open a successor nor close a primary",
            ),
            Grant(
                privilege="CONNECTION ADMIN",
                without="it cannot end clients: no fence by SQL",
            ),
            Grant(
                privilege="BINLOG ADMIN",
                without="no local canary: a lost acker looks like a lost primary",
            ),
            Grant(
                privilege="REPLICATION SLAVE ADMIN",
                without="it cannot freeze a replica: no failover",
            ),
            Grant(
                privilege="REPLICATION MASTER ADMIN",
                without="it can neither protect nor degrade",
            ),
            Grant(
                privilege="SLAVE MONITOR",
                without="it cannot see what a replica has received",
            ),
            Grant(
                privilege="PROCESS",
                without="it cannot see who waits in commit: no fence by SQL",
            ),
            Grant(
                privilege="CREATE USER",
                without="it cannot lock accounts: no fence by SQL",
            ),
            Grant(
                privilege="RELOAD",
                without="it cannot forget the source: no successor is opened",
            ),
            Grant(privilege="SHOW VIEW", without=_SIZES, vital=False),
            *_TABLES,
            *_on(
                "sitedr.*",
                "it cannot remember which accounts it locked: no fence by SQL",
                "CREATE",
                "DELETE",
            ),
            Grant(
                privilege="SELECT",
                on="mysql.*",
                without="it cannot see which accounts to lock, or which bypass a fence",
            ),
        ),
        Role.REPLICATION: (
            Grant(
                privilege="REPLICATION SLAVE", without="no replica receives anything"
            ),
        ),
        Role.CLONE: (
            Grant(
                privilege="RELOAD", without="mariadb-backup cannot hold a backup lock"
            ),
            Grant(privilege="PROCESS", without="mariadb-backup cannot see the engine"),
            Grant(
                privilege="BINLOG MONITOR",
                without="the copy does not know the GTID it was taken at",
            ),
        ),
    },
}


def grants_of(engine: str, role: Role) -> Sequence[Grant]:
    """Return what an account of *role* needs on *engine*, and nothing more."""
    return _GRANTS[engine][role]


def needed_everywhere(engine: str, role: Role) -> dict[str, str]:
    """Return the vital global privileges of *role*, each to what fails without it."""
    return {
        grant.privilege: grant.without
        for grant in grants_of(engine, role)
        if grant.on == EVERYTHING and grant.vital
    }


def statements(
    engine: str, role: Role, *, user: str, host: str, password: str
) -> Sequence[tuple[str, str]]:
    """Return statements that make the account, each with its reason.

    *password* is written as it is given: a placeholder or a reference, never a
    secret. Names are quoted here.
    """
    account = f"{_quoted(user)}@{_quoted(host)}"
    made = f"CREATE USER IF NOT EXISTS {account} IDENTIFIED BY {_quoted(password)}"
    return (
        (made, ROLES[role]),
        *(
            (f"GRANT {grant.privilege} ON {grant.on} TO {account}", grant.without)
            for grant in grants_of(engine, role)
        ),
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
