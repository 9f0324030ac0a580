"""One planted defect a check: each is named, and nothing else is."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from controller.model.ids import ServerId
from controller.model.outcomes import NotSeen
from replication.doctor.checks import SETTINGS
from replication.doctor.checks_accounts import ACCOUNTS
from replication.doctor.checks_history import HISTORY
from replication.doctor.diagnosis import SITE, diagnose
from replication.doctor.inspection import (
    Finding,
    Inspection,
    NotInspected,
    Question,
    Severity,
)
from replication.doctor.words import MYSQL
from tests.unit.inspections import (
    CLEAN_MARIADB,
    CLEAN_MYSQL,
    WANTED,
    account,
    with_account,
    with_setting,
    without_setting,
)

BLOCKER, WARNING, UNKNOWN = Severity.BLOCKER, Severity.WARNING, Severity.UNKNOWN
MARIADB_NEVER_SAYS = "starts_replication"
Planted = tuple[Inspection, str, Severity, str]

FINITE = with_setting(CLEAN_MARIADB, "ack_timeout", "10000")
COMMITTED = with_setting(CLEAN_MYSQL, "ack_point", "AFTER_COMMIT")
ALONE = with_setting(CLEAN_MYSQL, "acks_alone", "OFF")


def waiting(seen: Inspection) -> Inspection:
    """Return *seen* of a primary whose commits wait for acknowledgements."""
    return with_setting(seen, "acks_required", "ON", at_boot=None)


PLANTED: Sequence[Planted] = (
    (
        replace(CLEAN_MYSQL, filters={"replicate_do_db": "cms"}),
        "replication_filter",
        BLOCKER,
        "take replicate_do_db out",
    ),
    (
        replace(
            CLEAN_MYSQL,
            accounts=tuple(a for a in CLEAN_MYSQL.accounts or () if a.user != "repl"),
        ),
        "no_account",
        BLOCKER,
        "sitedr grants --account replication",
    ),
    (
        replace(CLEAN_MYSQL, version="5.7.44"),
        "unsupported_version",
        BLOCKER,
        "a supported version",
    ),
    (
        with_setting(CLEAN_MARIADB, "closed", "OFF"),
        "boots_writable",
        BLOCKER,
        "`read_only=ON` under [mariadbd] in the option file",
    ),
    (
        with_setting(CLEAN_MARIADB, "closed", "OFF", at_boot=None),
        "boots_writable",
        UNKNOWN,
        "`read_only=ON` under [mariadbd] in the option file",
    ),
    (
        with_setting(CLEAN_MYSQL, "closed", "OFF", at_boot=None),
        "boots_writable",
        UNKNOWN,
        "SET PERSIST_ONLY super_read_only=ON",
    ),
    (
        with_setting(CLEAN_MYSQL, "skip_start", "OFF"),
        "starts_replication",
        BLOCKER,
        "SET PERSIST_ONLY skip_replica_start=ON",
    ),
    (
        without_setting(CLEAN_MYSQL, "skip_start"),
        "starts_replication",
        UNKNOWN,
        "skip_slave_start",
    ),
    (
        with_setting(CLEAN_MARIADB, "acks_required", "ON"),
        "boots_waiting_for_acks",
        BLOCKER,
        "rpl_semi_sync_master_enabled=OFF",
    ),
    (
        without_setting(CLEAN_MYSQL, "acks_required"),
        "no_semi_sync_source",
        BLOCKER,
        "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'",
    ),
    (
        without_setting(CLEAN_MYSQL, "ack_sender"),
        "no_semi_sync_replica",
        BLOCKER,
        "INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'",
    ),
    (COMMITTED, "wait_point", WARNING, "rpl_semi_sync_source_wait_point=AFTER_SYNC"),
    (waiting(COMMITTED), "wait_point", BLOCKER, "SET PERSIST rpl"),
    (FINITE, "ack_timeout", WARNING, "rpl_semi_sync_master_timeout=4294967295"),
    (waiting(FINITE), "ack_timeout", BLOCKER, "SET GLOBAL rpl_semi_sync_master"),
    (ALONE, "acknowledges_alone", WARNING, "wait_no_replica=ON"),
    (waiting(ALONE), "acknowledges_alone", BLOCKER, "wait_no_replica=ON"),
    (
        with_setting(CLEAN_MARIADB, "gtid", "OFF"),
        "gtid_mode",
        BLOCKER,
        "SET GLOBAL gtid_strict_mode=ON",
    ),
    (
        with_setting(CLEAN_MYSQL, "gtid", "OFF_PERMISSIVE"),
        "gtid_mode",
        BLOCKER,
        "SET PERSIST_ONLY gtid_mode=ON; then restart",
    ),
    (
        with_setting(CLEAN_MYSQL, "gtid_consistent", "WARN"),
        "gtid_mode",
        BLOCKER,
        "enforce_gtid_consistency=ON",
    ),
    (with_setting(CLEAN_MARIADB, "log_bin", "0"), "binary_log", BLOCKER, "log_bin"),
    (
        with_setting(CLEAN_MARIADB, "relayed_in_binlog", "OFF"),
        "binary_log",
        BLOCKER,
        "`log_slave_updates=ON` under [mariadbd]",
    ),
    (
        with_setting(CLEAN_MARIADB, "sync_binlog", "0"),
        "not_on_disk",
        WARNING,
        "SET GLOBAL sync_binlog=1",
    ),
    (
        with_setting(CLEAN_MYSQL, "flush_log", "2"),
        "not_on_disk",
        WARNING,
        "SET PERSIST innodb_flush_log_at_trx_commit=1",
    ),
    (
        with_setting(CLEAN_MYSQL, "relay_log_recovery", "ON"),
        "relay_log_recovery",
        WARNING,
        "SET PERSIST_ONLY relay_log_recovery=OFF",
    ),
    (
        with_setting(CLEAN_MARIADB, "admin_port", "0"),
        "no_admin_port",
        BLOCKER,
        "`extra_port=3307` under [mariadbd]",
    ),
    (
        with_setting(CLEAN_MYSQL, "admin_address", ""),
        "no_admin_port",
        BLOCKER,
        "admin_address",
    ),
    (replace(CLEAN_MYSQL, admin_port=3306), "no_admin_port", BLOCKER, "admin_port"),
    (without_setting(CLEAN_MYSQL, "clone"), "no_clone", WARNING, "mysql_clone.so"),
    (replace(CLEAN_MYSQL, version="10.11.6-MariaDB"), "wrong_engine", BLOCKER, "maria"),
    (
        replace(
            CLEAN_MYSQL, own=frozenset(MYSQL.needed) - {"CLONE_ADMIN"}, accounts=None
        ),
        "missing_grant",
        BLOCKER,
        "GRANT CLONE_ADMIN ON *.* TO 'sitedr'@'%'",
    ),
    (
        with_account(CLEAN_MARIADB, account("app2", "READ_ONLY ADMIN")),
        "bypasses_read_only",
        BLOCKER,
        "REVOKE READ_ONLY ADMIN ON *.* FROM 'app2'@'%'",
    ),
    (
        with_account(CLEAN_MYSQL, account("app2", "CONNECTION_ADMIN")),
        "bypasses_read_only",
        BLOCKER,
        "REVOKE CONNECTION_ADMIN ON *.* FROM 'app2'@'%'",
    ),
    (
        with_account(CLEAN_MYSQL, account("wp", "SUPER", host="localhost")),
        "bypasses_read_only",
        BLOCKER,
        "REVOKE SUPER ON *.* FROM 'wp'@'localhost'",
    ),
    (
        with_account(CLEAN_MYSQL, account("root", "SUPER", host="localhost")),
        "bypasses_read_only",
        WARNING,
        "REVOKE SUPER ON *.* FROM 'root'@'localhost'",
    ),
    (
        with_account(CLEAN_MYSQL, account("root", "SUPER")),
        "bypasses_read_only",
        BLOCKER,
        "REVOKE SUPER ON *.* FROM 'root'@'%'",
    ),
    (
        with_account(CLEAN_MARIADB, account("app2", "SUPER")),
        "can_unfence",
        BLOCKER,
        "REVOKE SUPER",
    ),
    (
        with_account(CLEAN_MYSQL, account("app2", "SYSTEM_VARIABLES_ADMIN")),
        "can_unfence",
        BLOCKER,
        "REVOKE SYSTEM_VARIABLES_ADMIN",
    ),
    (
        with_account(CLEAN_MARIADB, account("app2", "BINLOG ADMIN", "SHUTDOWN")),
        "risky_account",
        WARNING,
        "REVOKE BINLOG ADMIN ON *.* FROM 'app2'@'%'; REVOKE SHUTDOWN",
    ),
    (
        with_setting(CLEAN_MYSQL, "mandatory_roles", "`boss`@`%`"),
        "mandatory_roles",
        UNKNOWN,
        "SHOW GRANTS",
    ),
    (
        replace(
            CLEAN_MYSQL,
            accounts=None,
            unanswered={Question.ACCOUNTS: "the server said 1142"},
        ),
        "accounts_not_answered",
        UNKNOWN,
        "GRANT SELECT ON `mysql`.* TO 'sitedr'@'%'",
    ),
    (
        replace(
            CLEAN_MYSQL, settings={}, unanswered={Question.SETTINGS: "it said 1142"}
        ),
        "settings_not_answered",
        UNKNOWN,
        "GRANT SELECT ON `performance_schema`.* TO",
    ),
    (
        replace(CLEAN_MYSQL, unanswered={Question.SIZE: "it said 3024"}),
        "size_not_answered",
        UNKNOWN,
        "GRANT SELECT ON *.* TO",
    ),
    (
        replace(CLEAN_MYSQL, own=None, unanswered={Question.OWN: "it said 1"}),
        "grants_not_answered",
        UNKNOWN,
        "ask again",
    ),
)


def found_in(*seen: Inspection | NotInspected) -> list[Finding]:
    """Return the findings, without the one that every MariaDB has."""
    mariadb = any(isinstance(s, Inspection) and not s.words.persists for s in seen)
    return [
        f
        for f in diagnose(seen, WANTED)
        if not (mariadb and f.name == MARIADB_NEVER_SAYS)
    ]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p[1]}-{p[2]}-{p[3]}")
def test_a_planted_defect_is_named_with_cost_and_mend(planted: Planted) -> None:
    seen, name, severity, mend = planted
    (found,) = found_in(seen)
    assert (found.name, found.severity) == (name, severity)
    assert found.server == "db-a"
    assert mend in found.mend
    assert found.what
    assert found.cost


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    """MySQL proves all of it; MariaDB does not show what it starts with."""
    assert diagnose([CLEAN_MYSQL], WANTED) == ()
    (unproven,) = diagnose([CLEAN_MARIADB], WANTED)
    assert (unproven.name, unproven.severity) == (MARIADB_NEVER_SAYS, UNKNOWN)


def test_every_check_finds_something_in_this_file() -> None:
    """A check nobody can trigger is no check."""
    strict = replace(WANTED, tls=True)
    silent = {
        check.__name__
        for check in (*SETTINGS, *ACCOUNTS, *HISTORY)
        if not any(tuple(check(seen, strict)) for seen, *_ in PLANTED)
    }
    assert silent == set()
    assert {c.__name__ for c in SITE} == {
        "server_ids",
        "series",
        "clocks",
        "disk_room",
        "errant",
    }


def other(seen: Inspection = CLEAN_MYSQL, number: int = 2) -> Inspection:
    """Return a second server beside db-a."""
    one = replace(seen, server=ServerId(f"db-{number}"))
    one = with_setting(one, "server_id", str(number))
    return with_setting(one, "server_uuid", f"u-{number}")


SITES: Sequence[tuple[Callable[[Inspection], Inspection], str, Severity, str]] = (
    (lambda i: with_setting(i, "server_id", "1"), "same_server_id", BLOCKER, "db-2"),
    (lambda i: with_setting(i, "server_uuid", "u-1"), "same_server_uuid", BLOCKER, ""),
    (lambda i: replace(i, version="9.6.0"), "different_series", WARNING, "9.6"),
    (lambda i: replace(i, clock_offset_s=-1.5), "clock_spread", WARNING, "1.5 s"),
    (lambda i: replace(i, data_bytes=10 * 2**20), "disk_room", UNKNOWN, "12 MB"),
)


@pytest.mark.parametrize(("plant", "name", "severity", "told"), SITES)
def test_what_shows_only_between_servers(
    plant: Callable[[Inspection], Inspection], name: str, severity: Severity, told: str
) -> None:
    assert found_in(CLEAN_MYSQL, other()) == []
    (found,) = found_in(CLEAN_MYSQL, plant(other()))
    assert (found.server, found.name, found.severity) == (None, name, severity)
    assert told in found.what
    assert found.mend


def test_a_slow_answer_is_no_wrong_clock() -> None:
    """The round trip is not known to better than its length."""
    slow = replace(other(), clock_offset_s=1.5, clock_error_s=0.6)
    assert found_in(CLEAN_MYSQL, slow) == []


def test_all_clocks_wrong_alike_are_wrong_beside_ours() -> None:
    """The controller's own clock is one of them."""
    late = [replace(i, clock_offset_s=-90.0) for i in (CLEAN_MYSQL, other())]
    (found,) = found_in(*late)
    assert "ours +0.0 s" in found.what


def test_a_server_that_is_not_reached_is_unknown_not_well() -> None:
    gone = NotInspected(ServerId("db-b"), NotSeen("connect", "refused"))
    (found,) = found_in(CLEAN_MYSQL, gone)
    assert (found.server, found.name, found.severity) == (
        "db-b",
        "unreachable",
        UNKNOWN,
    )
    assert found.what == "connect: refused"


def test_without_acknowledgements_their_settings_do_not_matter() -> None:
    """`durability: none` promises nothing of the kind."""
    none = replace(WANTED, acks=False)
    for planted in (waiting(COMMITTED), without_setting(CLEAN_MYSQL, "ack_sender")):
        assert diagnose([planted], none) == ()


def test_within_a_server_the_heaviest_come_first() -> None:
    seen = with_setting(CLEAN_MARIADB, "sync_binlog", "0")
    seen = with_account(seen, account("app2", "SUPER"))
    found = diagnose([seen], WANTED)
    assert [f.severity for f in found] == [BLOCKER, WARNING, UNKNOWN]
