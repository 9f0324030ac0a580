"""Which words which server understands, by the version it greets us with; data.

One table: from which version on an engine is known, up to which, and what it calls
otherwise than the newest. A server outside it is not spoken to: what a guess sends
in the middle of a failover cannot be taken back.

MySQL renamed in steps (statements in 8.0.22 and 8.0.23, plugins and variables in
8.0.26, the binary log's statements in 8.2) and dropped the old words in 8.4. Until
8.0.25 all the old ones are understood, so there are three sets and not five.
Whoever upgrades a server and keeps the plugin `rpl_semi_sync_master` keeps its
variables too: the doctor says so (`no_semi_sync_source`), and to install the new.

Seen on servers: MySQL 8.0.46, 8.4.10 and 9.7.4; MariaDB 10.6.23, 10.11.19 and
11.8.6. What lies between is by their manuals.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from replication.doctor import words
from replication.doctor.words import Words
from replication.statements import MARIADB, MYSQL, Dialect

Number = tuple[int, ...]
"""A version, as in (8, 0, 26)."""
Renamed = Sequence[tuple[str, str]]
"""What the newest say and what older ones say, the longer phrases first."""

T = TypeVar("T", Dialect, Words)

BINARY_LOG: Renamed = (
    ("SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"),
    ("RESET BINARY LOGS AND GTIDS", "RESET MASTER"),
)
"""Since 8.2."""

SOURCE_AND_REPLICA: Renamed = (
    *BINARY_LOG,
    ("CHANGE REPLICATION SOURCE TO", "CHANGE MASTER TO"),
    ("GET_SOURCE_PUBLIC_KEY", "GET_MASTER_PUBLIC_KEY"),
    *(
        (f"SOURCE_{option}", f"MASTER_{option}")
        for option in (
            *("HOST", "PORT", "USER", "PASSWORD", "AUTO_POSITION", "CONNECT_RETRY"),
            *("RETRY_COUNT", "HEARTBEAT_PERIOD", "SSL_VERIFY_SERVER_CERT"),
            *("SSL_CERT", "SSL_KEY", "SSL_CA", "SSL"),
        )
    ),
    *((f"{verb} REPLICA", f"{verb} SLAVE") for verb in ("START", "STOP", "RESET")),
    ("SHOW REPLICA STATUS", "SHOW SLAVE STATUS"),
    ("Read_Source_Log_Pos", "Read_Master_Log_Pos"),
    ("Source_Log_File", "Master_Log_File"),
    ("Source_Host", "Master_Host"),
    ("Source_Port", "Master_Port"),
    ("Replica_IO_Running", "Slave_IO_Running"),
    ("Replica_SQL_Running", "Slave_SQL_Running"),
    ("source_wait_no_replica", "master_wait_no_slave"),
    ("source_wait_for_replica_count", "master_wait_for_slave_count"),
    ("rpl_semi_sync_source", "rpl_semi_sync_master"),
    ("rpl_semi_sync_replica", "rpl_semi_sync_slave"),
    ("semisync_source", "semisync_master"),
    ("semisync_replica", "semisync_slave"),
    ("replica_net_timeout", "slave_net_timeout"),
    ("skip_replica_start", "skip_slave_start"),
    ("log_replica_updates", "log_slave_updates"),
)
"""Since 8.0.26, all of it; some of it earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """Versions from *since* up to the next era that understand the same words."""

    since: Number
    dialect: Dialect
    words: Words


class UnsupportedError(ValueError):
    """A server we have no words for; says which would do."""


def _in_older(newest: T, renamed: Renamed) -> T:
    """Return *newest* with every text in its older words."""
    changed: dict[str, Any] = {
        field.name: _reworded(getattr(newest, field.name), renamed)
        for field in fields(newest)
    }
    return replace(newest, **changed)


def _reworded(value: object, renamed: Renamed) -> object:
    if isinstance(value, str):
        for new, old in renamed:
            value = re.sub(
                rf"\b{new}(?![A-Z])" if new.isupper() else new,
                _like(old),
                value,
                flags=0 if new.isupper() else re.IGNORECASE,
            )
        return value
    if isinstance(value, tuple):
        return tuple(_reworded(item, renamed) for item in value)
    if isinstance(value, Mapping):
        return {key: _reworded(item, renamed) for key, item in value.items()}
    return value


def _like(old: str) -> Callable[[re.Match[str]], str]:
    """Return a replacement in capitals where what it replaces is."""

    def written(found: re.Match[str]) -> str:
        text = found.group()
        if text.isupper():
            return old.upper()
        return old[0].upper() + old[1:] if text[0].isupper() else old

    return written


ERAS: Mapping[str, Sequence[Era]] = {
    "mysql": (
        Era(
            since=(8, 0, 22),
            dialect=_in_older(MYSQL, SOURCE_AND_REPLICA),
            words=_in_older(words.MYSQL, SOURCE_AND_REPLICA),
        ),
        Era(
            since=(8, 0, 26),
            dialect=_in_older(MYSQL, BINARY_LOG),
            words=_in_older(words.MYSQL, BINARY_LOG),
        ),
        Era(since=(8, 2), dialect=MYSQL, words=words.MYSQL),
    ),
    "mariadb": (Era(since=(10, 6), dialect=MARIADB, words=words.MARIADB),),
}
UNTIL: Mapping[str, Number] = {"mysql": (10,), "mariadb": (12,)}
"""The first version nobody has tried; raise it when somebody has."""


def engine_of(version: str) -> str:
    """Return the engine of a greeting or of `VERSION()`."""
    return "mariadb" if "mariadb" in version.lower() else "mysql"


def number_of(version: str) -> Number:
    """Return the numbers of a greeting or of `VERSION()`; () when it has none.

    MariaDB greets as `5.5.5-10.11.19-MariaDB`, for the sake of old clients.
    """
    found = re.match(r"(?:5\.5\.5-)?(\d+(?:\.\d+)*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def era_of(engine: str, version: str) -> Era:
    """Return what a server of *engine* understands that says it is *version*.

    Raises:
        UnsupportedError: It is another engine, or no version of the table.
    """
    found = engine_of(version)
    if found != engine:
        raise UnsupportedError(f"it is {found} ({version}), not {engine}")
    number, until = number_of(version), UNTIL[engine]
    eras = [era for era in ERAS[engine] if era.since <= number]
    if not eras or number >= until:
        oldest = _dotted(ERAS[engine][0].since)
        raise UnsupportedError(
            f"{engine} {version} is not supported: {oldest} up to, but not with,"
            f" {_dotted(until)}"
        )
    return eras[-1]


def _dotted(number: Number) -> str:
    return ".".join(str(part) for part in number)
