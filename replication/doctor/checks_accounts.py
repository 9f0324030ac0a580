"""Who may do what: the controller enough, everybody else too little.

What a privilege allows was tried on the servers named in `words`, with one
account a privilege.
"""

from collections.abc import Iterator, Mapping, Sequence

from replication.doctor.checks import Check, finding
from replication.doctor.inspection import (
    DatabaseAccount,
    Finding,
    Inspection,
    Severity,
    Wanted,
)
from replication.grants import ROLES, Role, needed_everywhere

_SERVERS_OWN = frozenset(
    {"mariadb.sys", "mysql.sys", "mysql.session", "mysql.infoschema"}
)
_ADMINISTRATORS = frozenset({"root", "mysql", "debian-sys-maint"})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_MEND_AFTER = "; then end its connections, which keep it"


def missing_grants(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Name each privilege the controller lacks, and what it cannot do so.

    Rights on tables are not looked at: the canaries of every round use them.
    """
    if seen.own is None:
        return
    others = needed_everywhere(seen.words.engine, Role.CLONE) if wanted.clone else {}
    served = seen.words.super_serves if "SUPER" in seen.own else frozenset()
    by_role = _by_role(seen)
    for privilege, without in seen.words.needed.items():
        if privilege in seen.own | served or privilege in others:
            continue
        what = f"the controller's account lacks {privilege}"
        if privilege in by_role:
            what += f", but for role {by_role[privilege]}, on or not"
        yield finding(
            seen,
            "missing_grant",
            Severity.UNKNOWN if privilege in by_role else Severity.BLOCKER,
            what=what,
            cost=without,
            mend=f"GRANT {privilege} ON *.* TO {_named(seen.whoami)}",
        )


def own_accounts(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Our other accounts, by the table the controller's is measured by.

    One of a user's accounts with everything is enough. Rights on tables are not
    looked at: a probe without them sees nothing, and says so.
    """
    users = {
        Role.REPLICATION: wanted.replication,
        Role.PROBE: wanted.probe,
        Role.CLONE: wanted.clone,
    }
    for role, user in users.items():
        if user and seen.accounts is not None:
            needed = needed_everywhere(seen.words.engine, role)
            found = [a for a in seen.accounts if a.user == user and not a.locked]
            lacking = [needed.keys() - account.privileges.keys() for account in found]
            if all(lacking):
                yield _unfit_account(seen, role, user, found)


def _unfit_account(
    seen: Inspection, role: Role, user: str, found: Sequence[DatabaseAccount]
) -> Finding:
    """Return what is wrong with the only account for *role*, or that there is none."""
    if not found:
        return finding(
            seen,
            "no_account",
            Severity.BLOCKER,
            what=f"no account {user!r} can log in, for {role.value}",
            cost=f"it is who {ROLES[role]}",
            mend=f"`sitedr grants --account {role.value}` prints the statements",
        )
    account, needed = found[0], needed_everywhere(seen.words.engine, role)
    lacking = sorted(needed.keys() - account.privileges.keys())
    return finding(
        seen,
        "missing_grant",
        Severity.BLOCKER,
        what=f"the {role.value} account {account.name} lacks {', '.join(lacking)}",
        cost="; ".join(needed[privilege] for privilege in lacking),
        mend=f"GRANT {', '.join(lacking)} ON *.* TO {account.name}",
    )


def _by_role(seen: Inspection) -> Mapping[str, str]:
    """Return what the controller's account reaches, roles included, and how."""
    for account in seen.accounts or ():
        if f"{account.user}@{account.host}" == seen.whoami:
            return account.privileges
    return {}


def _named(whoami: str) -> str:
    user, _, host = whoami.rpartition("@")
    return f"'{user}'@'{host}'"


def bypasses_read_only(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """A precondition of `acks revoked` and of every old primary that restarts."""
    for account in _others(seen, wanted):
        held = _held(account, seen.words.bypass)
        if held:
            yield _too_much(
                seen,
                account,
                held,
                name="bypasses_read_only",
                cost="it writes on a read-only server: a fenced old primary, or a"
                " replica, gets writes that nobody else has",
                severity=_weight(account),
            )


def can_unfence(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Ending the wait tells every waiter OK, also on a primary being left."""
    for account in _others(seen, wanted):
        held = _held(account, seen.words.unfence)
        if held:
            yield _too_much(
                seen,
                account,
                held,
                name="can_unfence",
                cost="one statement of it ends the wait for acknowledgements, or"
                " read-only: writes are acknowledged that exist nowhere else",
                severity=_weight(account),
            )


def risky(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Nothing happens by mistake here, but nothing stops it either."""
    for account in _others(seen, wanted):
        held = _held(account, seen.words.risky)
        if held and not _held(account, seen.words.bypass | seen.words.unfence):
            yield _too_much(
                seen,
                account,
                held,
                name="risky_account",
                cost="it can write past the binary log, end others' connections or"
                " shut the server down (which tells waiters OK)",
                severity=Severity.WARNING,
            )


def roles_for_all(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """MySQL's mandatory roles are in no table that names an account."""
    del wanted
    setting = seen.settings.get("mandatory_roles")
    if setting is not None and setting.value:
        yield finding(
            seen,
            "mandatory_roles",
            Severity.UNKNOWN,
            what=f"mandatory_roles is {setting.value}: not followed here",
            cost="if one of them bypasses read-only, every account does",
            mend="SHOW GRANTS FOR each of them; SET PERSIST mandatory_roles=''",
        )


def _others(seen: Inspection, wanted: Wanted) -> Iterator[DatabaseAccount]:
    """Yield accounts that can log in and are neither ours nor the server's."""
    ours = {wanted.controller, wanted.replication}
    for account in seen.accounts or ():
        if not account.locked and account.user not in ours | _SERVERS_OWN:
            yield account


def _held(account: DatabaseAccount, dangerous: frozenset[str]) -> list[str]:
    return sorted(dangerous & account.privileges.keys())


def _weight(account: DatabaseAccount) -> Severity:
    """A person at the server's own console may; an application may not."""
    at_console = account.user in _ADMINISTRATORS and account.host in _LOCAL
    return Severity.WARNING if at_console else Severity.BLOCKER


def _too_much(
    seen: Inspection,
    account: DatabaseAccount,
    held: list[str],
    *,
    name: str,
    cost: str,
    severity: Severity,
) -> Finding:
    revokes = "; ".join(
        f"REVOKE {privilege} ON *.* FROM {account.privileges[privilege]}"
        for privilege in held
    )
    return finding(
        seen,
        name,
        severity,
        what=f"{account.name} has {', '.join(held)}",
        cost=cost,
        mend=f"{revokes}{_MEND_AFTER}",
    )


ACCOUNTS: tuple[Check, ...] = (
    missing_grants,
    own_accounts,
    bypasses_read_only,
    can_unfence,
    risky,
    roles_for_all,
)
