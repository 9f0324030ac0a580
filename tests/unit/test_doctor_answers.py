"""Rows as the servers give them, to settings with a boot value and accounts."""

from collections.abc import Mapping

import pytest

from replication.doctor.accounts import accounts_of
from replication.doctor.inspection import Setting
from replication.doctor.words import MARIADB, MYSQL
from replication.sql.inspector import settings_of

Row = Mapping[str, object]


def said(name: str, value: str, origin: str) -> Row:
    return {"name": name, "value": value, "origin": origin}


@pytest.mark.parametrize(
    ("origin", "kept", "at_boot"),
    [
        ("EXPLICIT", None, "OFF"),
        ("COMPILED", None, "OFF"),
        ("PERSISTED", "OFF", "OFF"),
        ("DYNAMIC", None, None),
        ("DYNAMIC", "ON", "ON"),
        ("EXPLICIT", "ON", "ON"),
    ],
)
def test_mysql_reads_what_is_persisted_last(
    origin: str, kept: str | None, at_boot: str | None
) -> None:
    rows = [said("super_read_only", "OFF", origin)]
    persisted = [{"name": "super_read_only", "value": kept}] if kept else []
    found = settings_of(MYSQL, rows, persisted)
    assert found == {"closed": Setting("super_read_only", "OFF", at_boot)}


def test_what_is_persisted_may_be_ignored_at_boot() -> None:
    """With `persisted_globals_load=OFF` it proves nothing."""
    rows = [
        said("super_read_only", "ON", "DYNAMIC"),
        said("persisted_globals_load", "OFF", "EXPLICIT"),
    ]
    persisted = [{"name": "super_read_only", "value": "ON"}]
    assert settings_of(MYSQL, rows, persisted)["closed"].at_boot is None


@pytest.mark.parametrize(
    ("origin", "at_boot"),
    [("CONFIG", "ON"), ("COMMAND-LINE", "ON"), ("COMPILE-TIME", "ON"), ("SQL", None)],
)
def test_mariadb_forgets_its_files_when_somebody_sets(
    origin: str, at_boot: str | None
) -> None:
    found = settings_of(MARIADB, [said("read_only", "ON", origin)], ())
    assert found == {"closed": Setting("read_only", "ON", at_boot)}


def user(name: str, host: str = "%", *, bits: int = 0, role: int = 0) -> Row:
    return {"user": name, "host": host, "bits": bits, "locked": 0, "is_role": role}


def edge(name: str, role: str, role_host: str = "", host: str = "%") -> Row:
    return {"user": name, "host": host, "role": role, "role_host": role_host}


def test_a_role_of_a_role_counts_and_is_named() -> None:
    """MariaDB: `app` may `SET ROLE outer`, which holds `inner`."""
    accounts = [user("app"), user("outer", "", role=1), user("inner", "", role=1)]
    accounts[2] = user("inner", "", bits=1 << 33, role=1)
    edges = [edge("app", "outer"), edge("outer", "inner", host="")]
    (app,) = accounts_of(MARIADB, accounts, (), edges)
    assert app.privileges == {"READ_ONLY ADMIN": "'inner'"}


def test_everybody_holds_what_public_holds() -> None:
    accounts = [user("app"), user("PUBLIC", "", bits=1 << 15, role=1)]
    (app,) = accounts_of(MARIADB, accounts, (), ())
    assert app.privileges == {"SUPER": "'PUBLIC'"}


def test_roles_in_a_circle_end() -> None:
    """MySQL's roles are accounts with a host."""
    edges = [edge("app", "boss", "%"), edge("boss", "app", "%")]
    privileges = [{"grantee": "'boss'@'%'", "privilege": "CONNECTION_ADMIN"}]
    found = accounts_of(MYSQL, [user("app"), user("boss")], privileges, edges)
    assert [a.privileges for a in found] == [{"CONNECTION_ADMIN": "'boss'@'%'"}] * 2
