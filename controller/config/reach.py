"""How databases are reached: accounts and TLS of a configuration, as adapters take it.

Everything is made once a server: while a password changes, each server may be at
another point of it.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

from controller.config.schema import Account, Site
from controller.config.secrets import read_secret
from controller.model.errors import ConfigError
from replication.sql.credentials import Credentials
from replication.sql.tls import ReplicaTls, Tls


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """The accounts of one server's adapter."""

    controller: Credentials
    replication: Credentials
    probe: Credentials | None
    clone: Credentials | None


def credentials_of(site: Site, base: Path) -> Ours:
    """Return the accounts, for one server; all bad secrets at once.

    Raises:
        ConfigError: Secrets that cannot be read now. Later they may not be, for a
            while: the one read last goes on.
    """
    problems: list[str] = []

    def perhaps(account: Account | None) -> Credentials | None:
        return read(account) if account else None

    def read(account: Account) -> Credentials:
        def password() -> str:
            try:
                return read_secret(account.password, base=base).value
            except ConfigError as error:
                raise ValueError(str(error)) from error

        try:
            now = read_secret(account.password, base=base).value
        except ConfigError as error:
            problems.extend(error.problems)
            now = ""
        return Credentials(user=account.user, password=now, read=password)

    ours = Ours(
        controller=read(site.accounts.controller),
        replication=read(site.accounts.replication),
        probe=perhaps(site.accounts.probe),
        clone=perhaps(site.accounts.clone),
    )
    if problems:
        raise ConfigError(problems)
    return ours


def tls_of(site: Site, base: Path) -> Tls | None:
    """Return TLS from here to the databases, tried once; None: plain text.

    Raises:
        ConfigError: A file is missing, or holds no certificate or key.
    """
    wanted = site.database_tls
    if wanted is None:
        return None
    tls = Tls(
        ca=base / wanted.ca,
        verify_name=wanted.verify_name,
        certificate=base / wanted.certificate if wanted.certificate else None,
        key=base / wanted.key if wanted.key else None,
    )
    try:
        tls.context()
    except ssl.SSLError as error:
        why = "no certificate, or not its key"
        raise ConfigError([f"database_tls: {error.reason or why}"]) from error
    except OSError as error:
        raise ConfigError([f"database_tls: {error}"]) from error
    return tls


def replica_tls_of(site: Site) -> ReplicaTls | None:
    """Return TLS from a replica to its source; None: plain text."""
    told = site.database_tls.replication if site.database_tls else None
    if told is None:
        return None
    return ReplicaTls(
        ca=told.ca,
        verify_name=told.verify_name,
        certificate=told.certificate,
        key=told.key,
    )
