"""What our own accounts have to have, and who may have it instead."""

from dataclasses import replace

from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import Severity
from tests.unit.inspections import (
    CLEAN_MARIADB,
    CLEAN_MYSQL,
    WANTED,
    account,
    with_account,
)
from tests.unit.test_doctor import found_in

UNKNOWN = Severity.UNKNOWN


def test_super_serves_for_what_it_serves() -> None:
    """On MariaDB it freezes, protects and looks, but neither opens nor closes."""
    own = frozenset({"SUPER", "PROCESS", "RELOAD", "CREATE USER"})
    found = found_in(replace(CLEAN_MARIADB, own=own, accounts=None))
    lacking = {f.mend.split(" ON ")[0] for f in found}
    assert lacking == {"GRANT READ_ONLY ADMIN", "GRANT CONNECTION ADMIN"}


def test_our_other_accounts_are_measured_too() -> None:
    """With an account to copy as, the controller needs no more for it."""
    wanted = replace(WANTED, probe="looker", clone="copier")
    assert CLEAN_MYSQL.own is not None
    apart = replace(CLEAN_MYSQL, own=CLEAN_MYSQL.own - {"BACKUP_ADMIN"})
    names = [f.what for f in diagnose([apart], wanted)]
    assert names == [
        "no account 'looker' can log in, for probe",
        "no account 'copier' can log in, for clone",
    ]
    both = with_account(
        apart,
        account("looker", "REPLICATION CLIENT", host="10.0.0.1"),
        account("looker", "REPLICATION CLIENT", "SERVICE_CONNECTION_ADMIN"),
        account("copier"),
    )
    (found,) = diagnose([both], wanted)
    assert found.mend == "GRANT BACKUP_ADMIN ON *.* TO 'copier'@'%'"


def test_a_privilege_through_a_role_may_or_may_not_be_there() -> None:
    assert CLEAN_MYSQL.own is not None
    own = CLEAN_MYSQL.own - {"RELOAD"}
    (found,) = found_in(replace(CLEAN_MYSQL, own=own))
    assert (found.name, found.severity) == ("missing_grant", UNKNOWN)
