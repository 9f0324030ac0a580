"""Rows of the privilege tables to accounts with all they can do."""

from collections.abc import Mapping, Sequence
from typing import Any

from replication.doctor.inspection import DatabaseAccount
from replication.doctor.words import Words

Row = Mapping[str, Any]
_PUBLIC = "'PUBLIC'@''"
"""MariaDB's role that everybody has without being granted it."""


def accounts_of(
    words: Words,
    accounts: Sequence[Row],
    privileges: Sequence[Row],
    roles: Sequence[Row],
) -> tuple[DatabaseAccount, ...]:
    """Return every account that is no role, with what its roles add.

    A role counts whether it is a default one or not: `SET ROLE` needs no
    privilege. MySQL's roles are locked accounts and stay in the list as such.
    """
    own = _own_privileges(words, accounts, privileges)
    granted: dict[str, set[str]] = {}
    for row in roles:
        holder = _name(row["user"], row["host"])
        granted.setdefault(holder, set()).add(_name(row["role"], row["role_host"]))
    return tuple(
        DatabaseAccount(
            user=row["user"],
            host=row["host"],
            locked=bool(int(row["locked"])),
            privileges=_reached(_name(row["user"], row["host"]), own, granted),
        )
        for row in accounts
        if not int(row["is_role"])
    )


def _own_privileges(
    words: Words, accounts: Sequence[Row], privileges: Sequence[Row]
) -> Mapping[str, set[str]]:
    own: dict[str, set[str]] = {}
    for row in privileges:
        own.setdefault(row["grantee"], set()).add(row["privilege"].upper())
    for row in accounts:
        if int(row["is_role"]):
            bits = int(row["bits"] or 0)
            found = {name for bit, name in words.role_bits.items() if bits >> bit & 1}
            own.setdefault(_name(row["user"], row["host"]), set()).update(found)
    return own


def _reached(
    start: str, own: Mapping[str, set[str]], granted: Mapping[str, set[str]]
) -> Mapping[str, str]:
    """Return privilege to holder for *start* and every role it leads to."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = [start, _PUBLIC]
    while waiting:
        holder = waiting.pop(0)
        if holder in seen:
            continue
        seen.add(holder)
        for privilege in own.get(holder, ()):
            found.setdefault(privilege, holder.removesuffix("@''"))
        waiting += sorted(granted.get(holder, ()))
    return found


def _name(user: str, host: str) -> str:
    return f"'{user}'@'{host}'"
