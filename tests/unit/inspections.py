"""A server with nothing to find, per engine, to plant one defect in."""

from collections.abc import Mapping
from dataclasses import replace

from controller.model.ids import ServerId
from replication.doctor.inspection import (
    DatabaseAccount,
    Inspection,
    Setting,
    Wanted,
)
from replication.doctor.words import MARIADB, MYSQL, Words

WANTED = Wanted(controller="sitedr", replication="repl", acks=True)

_VALUES: Mapping[str, str] = {
    "server_id": "1",
    "port": "3306",
    "log_bin": "ON",
    "sync_binlog": "1",
    "datadir": "/data/",
    "flush_log": "1",
    "closed": "ON",
    "acks_required": "OFF",
    "ack_point": "AFTER_SYNC",
    "ack_timeout": "4294967295",
    "gtid": "ON",
    "relayed_in_binlog": "ON",
    "admin_port": "3307",
    "skip_start": "ON",
    "acks_alone": "ON",
    "ack_sender": "ON",
    "gtid_consistent": "ON",
    "relay_log_recovery": "OFF",
    "admin_address": "10.0.0.1",
    "server_uuid": "u-1",
    "mandatory_roles": "",
    "loads_persisted": "ON",
    "clone": "OFF",
}
_VERSIONS = {"mariadb": "10.11.19-MariaDB-log", "mysql": "9.7.4"}


def clean(words: Words) -> Inspection:
    """Return the answers of a server set up as it should be."""
    return Inspection(
        server=ServerId("db-a"),
        words=words,
        admin_port=3307,
        whoami="sitedr@%",
        version=_VERSIONS[words.engine],
        uptime_s=60.0,
        clock_offset_s=0.0,
        clock_error_s=0.001,
        settings={
            key: Setting(name, _VALUES[key], _VALUES[key])
            for key, name in words.settings.items()
        },
        own=frozenset(words.needed),
        accounts=(
            account("sitedr", *words.needed, "SUPER"),
            account("repl", "REPLICATION SLAVE"),
            account("app"),
            account("mysql.session", "SUPER", host="localhost"),
            account("gone", "SUPER", locked=True),
        ),
        data_bytes=None,
    )


def account(
    user: str, *privileges: str, host: str = "%", locked: bool = False
) -> DatabaseAccount:
    """Return an account that holds *privileges* itself."""
    holder = f"'{user}'@'{host}'"
    return DatabaseAccount(
        user=user,
        host=host,
        locked=locked,
        privileges=dict.fromkeys(privileges, holder),
    )


def with_setting(
    seen: Inspection, key: str, value: str, at_boot: str | None = ""
) -> Inspection:
    """Return *seen* with one variable otherwise, at boot too unless given."""
    name = seen.words.name_of(key)
    setting = Setting(name, value, value if at_boot == "" else at_boot)
    return replace(seen, settings={**seen.settings, key: setting})


def without_setting(seen: Inspection, key: str) -> Inspection:
    """Return *seen* of a server that does not know a variable."""
    left = {k: v for k, v in seen.settings.items() if k != key}
    return replace(seen, settings=left)


def with_account(seen: Inspection, *found: DatabaseAccount) -> Inspection:
    """Return *seen* with more accounts."""
    return replace(seen, accounts=(*(seen.accounts or ()), *found))


CLEAN_MARIADB = clean(MARIADB)
CLEAN_MYSQL = clean(MYSQL)
