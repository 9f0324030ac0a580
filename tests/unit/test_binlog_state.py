"""Which transactions one server has alone, by binary log and by set."""

from dataclasses import replace

import pytest

from controller.model.ids import ServerId
from replication.binlog_state import Alone, BinlogState, History, alone_on, foreign_on
from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import Inspection, Severity
from replication.gtid import GtidError
from tests.unit.inspections import (
    CLEAN_MARIADB,
    CLEAN_MYSQL,
    WANTED,
    with_setting,
)

U1 = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
U2 = "4e11fa47-71ca-11e1-9e33-c80aa9429562"


def maria(executed: str, binlog: str, origin: str = "9") -> History:
    return History(origin=origin, executed=executed, binlog=binlog)


@pytest.mark.parametrize(
    ("old", "new", "alone"),
    [
        # the same, and a successor that went on from the last one
        (maria("0-1-15", "0-1-15"), maria("0-1-15", "0-1-15"), Alone()),
        (maria("0-1-15", "0-1-15"), maria("0-2-16", "0-1-15,0-2-16"), Alone()),
        # the successor went on from the one before: the position hides it
        (
            maria("0-1-15", "0-1-15"),
            maria("0-2-16", "0-1-13,0-2-16"),
            Alone(errant="0-1-15"),
        ),
        # the same number from another origin
        (maria("0-1-15", "0-1-15"), maria("0-2-15", "0-2-15"), Alone(errant="0-1-15")),
        # simply ahead, and a domain nobody else has
        (maria("0-1-15", "0-1-15"), maria("0-1-14", "0-1-14"), Alone(errant="0-1-15")),
        (
            maria("0-1-5,1-1-2", "0-1-5,1-1-2"),
            maria("0-1-9", "0-1-9"),
            Alone(errant="1-1-2"),
        ),
        # an earlier primary's tail inside the old log, under a good position
        (
            maria("0-2-20", "0-1-15,0-2-20"),
            maria("0-2-21", "0-1-14,0-2-21"),
            Alone(errant="0-1-15"),
        ),
        # laid from a copy: an empty log at the very position, and one that went on
        (maria("0-1-15", "0-1-15"), maria("0-1-15", ""), Alone()),
        (maria("0-1-15", ""), maria("0-1-15", "0-1-15"), Alone()),
        (
            maria("0-1-15", "0-1-15"),
            maria("0-2-17", "0-2-17"),
            Alone(unproven="0-1-15"),
        ),
    ],
)
def test_mariadb_compares_logs_not_positions(
    old: History, new: History, alone: Alone
) -> None:
    assert alone_on(old, new, "mariadb") == alone
    assert bool(alone) == bool(alone.errant or alone.unproven)


def test_mysql_subtracts_sets_tags_too() -> None:
    old = History(origin=U1, executed=f"{U1}:1-10,{U1}:batch:1-3")
    new = History(origin=U2, executed=f"{U1}:1-9:12,{U2}:4,{U1}:batch:2")
    assert alone_on(old, new, "mysql") == Alone(errant=f"{U1}:10,{U1}:batch:1:3")
    assert not alone_on(new, new, "mysql")


def test_what_the_primary_wrote_since_is_not_errant() -> None:
    """The two were asked one after the other."""
    newer = History(origin=U2, executed=f"{U1}:1-12,{U1}:batch:1,{U2}:1")
    primary = History(origin=U1.upper(), executed=f"{U1}:1-9")
    assert foreign_on(newer, primary, "mysql") == Alone(errant=f"{U2}:1")
    found = foreign_on(
        maria("0-1-9,2-2-1", "0-1-9,2-2-1"), maria("0-1-8", "0-1-8", "1"), "mariadb"
    )
    assert found == Alone(errant="2-2-1")


def test_a_state_survives_being_written() -> None:
    text = "0-1-15,0-2-16,1-1-2"
    assert str(BinlogState.parse(f" {text}\n")) == text
    assert BinlogState.parse("") == BinlogState()


@pytest.mark.parametrize("text", ["0-1", "x", "0-1-5,0-1-6"])
def test_what_is_no_state_is_refused(text: str) -> None:
    with pytest.raises(GtidError):
        BinlogState.parse(text)


def beside(seen: Inspection) -> Inspection:
    """Return a second server beside db-a."""
    one = replace(seen, server=ServerId("db-2"))
    one = with_setting(one, "server_id", "2")
    return with_setting(one, "server_uuid", "u-2") if seen.words.persists else one


def names(*seen: Inspection) -> set[tuple[str | None, str, Severity]]:
    wanted = {"errant_transactions", "unproven_transactions"}
    found = diagnose(seen, WANTED)
    return {(f.server, f.name, f.severity) for f in found if f.name in wanted}


def test_the_doctor_names_a_replica_with_transactions_of_its_own() -> None:
    primary = replace(
        with_setting(CLEAN_MYSQL, "closed", "OFF", at_boot="ON"),
        history=History(origin=U1, executed=f"{U1}:1-9"),
    )
    replica = beside(CLEAN_MYSQL)
    good = replace(replica, history=History(origin=U2, executed=f"{U1}:1-12"))
    bad = replace(replica, history=History(origin=U2, executed=f"{U1}:1-7,{U2}:1"))
    assert names(primary, good) == set()
    assert names(primary, bad) == {("db-2", "errant_transactions", Severity.WARNING)}
    assert names(good, bad) == set(), "nobody is primary: nothing to measure by"
    assert names(primary, replica) == set(), "not asked"


def test_what_positions_hide_is_a_blocker() -> None:
    """On MariaDB nobody but the doctor sees it when a candidate is chosen."""
    primary = replace(
        with_setting(CLEAN_MARIADB, "closed", "OFF", at_boot=None),
        history=maria("0-2-21", "0-1-14,0-2-21", "2"),
    )
    drifted = replace(beside(CLEAN_MARIADB), history=maria("0-2-20", "0-1-15,0-2-20"))
    assert names(primary, drifted) == {
        ("db-2", "errant_transactions", Severity.BLOCKER)
    }


def test_the_doctor_says_when_a_log_begins_too_late() -> None:
    primary = replace(
        with_setting(CLEAN_MARIADB, "closed", "OFF", at_boot=None),
        history=maria("0-2-17", "0-2-17", "2"),
    )
    replica = replace(beside(CLEAN_MARIADB), history=maria("0-1-15", "0-1-15"))
    assert names(primary, replica) == {
        ("db-2", "unproven_transactions", Severity.UNKNOWN)
    }
    other_engine = replace(replica, history=History(origin="x", executed="x"))
    assert names(primary, other_engine) == set()
