"""What one server's settings give away; every check is a function in a table.

A check returns what it found, or nothing. What could not be asked is named by
`unanswered`; the checks that would need it then say nothing of their own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from replication.doctor.inspection import (
    NOT_ANSWERED,
    Finding,
    Inspection,
    Question,
    Severity,
    Wanted,
)
from replication.statements import ACK_TIMEOUT_MS
from replication.versions import UnsupportedError, engine_of, era_of

Check = Callable[[Inspection, Wanted], Iterable[Finding]]

_BLOCKER, _WARNING, _UNKNOWN = Severity.BLOCKER, Severity.WARNING, Severity.UNKNOWN
_ON = frozenset({"ON", "1"})

_MISSING_GRANT: Mapping[Question, tuple[str, str]] = {
    Question.SETTINGS: ("no setting was checked", "SELECT ON `performance_schema`.*"),
    Question.OWN: ("a missing grant would show in the middle of a failover", ""),
    Question.ACCOUNTS: (
        "an account that bypasses read-only would undo a fence unseen",
        "SELECT ON `mysql`.*",
    ),
    Question.SIZE: (
        "whether a copy fits into a zone shows when the disk is full",
        "SELECT ON *.*",
    ),
    Question.HISTORY: ("a replica with transactions of its own is not found", ""),
    Question.FILTERS: (
        "a replica that leaves writes out would show when it is promoted",
        "SELECT ON `performance_schema`.*",
    ),
    Question.CERTIFICATE: ("an expired certificate would make it unobservable", ""),
}


def finding(
    seen: Inspection, name: str, severity: Severity, *, what: str, cost: str, mend: str
) -> Finding:
    """Return a finding about one server."""
    return Finding(
        server=seen.server,
        name=name,
        severity=severity,
        what=what,
        cost=cost,
        mend=mend,
    )


def unanswered(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Not being told is not being well."""
    for question, why in seen.unanswered.items():
        cost, grant = _MISSING_GRANT[question]
        account = f"'{wanted.controller}'@'%'"
        yield finding(
            seen,
            f"{question.value}{NOT_ANSWERED}",
            _UNKNOWN,
            what=why,
            cost=cost,
            mend=f"GRANT {grant} TO {account}" if grant else "ask again",
        )


def engine(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Every statement is written for one of the two."""
    del wanted
    found = engine_of(seen.version)
    if found != seen.words.engine:
        yield finding(
            seen,
            "wrong_engine",
            _BLOCKER,
            what=f"it is {found} ({seen.version}), not {seen.words.engine}",
            cost="no statement of the failover is understood",
            mend=f"`engine: {found}` in the configuration",
        )


def supported(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """What an unknown version calls things is not guessed."""
    del wanted
    if engine_of(seen.version) != seen.words.engine:
        return
    try:
        era_of(seen.words.engine, seen.version)
    except UnsupportedError as unknown:
        yield finding(
            seen,
            "unsupported_version",
            _BLOCKER,
            what=str(unknown),
            cost="the daemon does not speak to it: its zone has no database to fail"
            " over from, or to",
            mend="run a supported version, or a newer sitedr",
        )


def boots_read_only(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """An old primary that comes back must be no primary (rule 8)."""
    del wanted
    setting = seen.settings.get("closed")
    if setting is None or setting.at_boot in _ON:
        return
    mend = seen.words.set_boot("closed", "ON")
    cost = (
        "an old primary that restarts accepts writes at once, beside its successor:"
        " two primaries"
    )
    if setting.at_boot is not None:
        what = f"the next boot sets {setting.name}={setting.at_boot}"
        yield finding(seen, "boots_writable", _BLOCKER, what=what, cost=cost, mend=mend)
        return
    what = (
        f"{setting.name} is {setting.value} since somebody set it at run time;"
        " nothing proves what the next boot gives"
    )
    yield finding(seen, "boots_writable", _UNKNOWN, what=what, cost=cost, mend=mend)


def starts_replication(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """A freeze must survive a restart (rule 3). MariaDB does not show it."""
    del wanted
    setting = seen.settings.get("skip_start")
    if not seen.settings or (setting is not None and setting.at_boot in _ON):
        return
    if setting is None:
        severity, mend = _UNKNOWN, seen.words.in_file("skip_slave_start")
        what = "no variable of this server tells whether its files skip the start"
    else:
        severity = _UNKNOWN if setting.at_boot is None else _BLOCKER
        what = f"the next boot sets {setting.name}={setting.at_boot or 'unknown'}"
        mend = f"{seen.words.set_boot('skip_start', 'ON')}"
    yield finding(
        seen,
        "starts_replication",
        severity,
        what=what,
        cost="a frozen replica that restarts receives again and acknowledges for the"
        " old primary: the fence `acks revoked` is void",
        mend=mend,
    )


def boots_waiting_for_acks(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Without a receiver the source side stays off (rule 8)."""
    del wanted
    setting = seen.settings.get("acks_required")
    if setting is None or setting.at_boot not in _ON:
        return
    yield finding(
        seen,
        "boots_waiting_for_acks",
        _BLOCKER,
        what=f"the next boot sets {setting.name}=ON",
        cost="on a replica the applier waits for acknowledgements nobody gives: its"
        " relay log never drains and it cannot be promoted",
        mend=seen.words.set_boot("acks_required", "OFF"),
    )


def semi_sync(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """MariaDB has it built in, MySQL needs two plugins."""
    if not wanted.acks or not seen.settings:
        return
    plugins = {"acks_required": "source", "ack_sender": "replica"}
    for key, half in plugins.items():
        if key in seen.words.settings and key not in seen.settings:
            yield finding(
                seen,
                f"no_semi_sync_{half}",
                _BLOCKER,
                what=f"the server knows no {seen.words.name_of(key)}",
                cost="the site can never be `protected`: a failover loses what was"
                " acknowledged and not yet sent",
                mend=f"INSTALL PLUGIN {seen.words.plugins[key]}",
            )


def wait_point(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """AFTER_COMMIT shows readers what may yet be lost."""
    setting = seen.settings.get("ack_point")
    if not wanted.acks or setting is None or setting.value == "AFTER_SYNC":
        return
    yield finding(
        seen,
        "wait_point",
        _when_acks_required(seen),
        what=f"{setting.name} is {setting.value}",
        cost="readers see a write before a second zone has it; a failover takes it"
        " back after they acted on it",
        mend=seen.words.set_live("ack_point", "AFTER_SYNC"),
    )


def ack_timeout(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Durability is the controller's to change, never the server's."""
    setting = seen.settings.get("ack_timeout")
    if not wanted.acks or setting is None or int(setting.value) >= ACK_TIMEOUT_MS:
        return
    yield finding(
        seen,
        "ack_timeout",
        _when_acks_required(seen),
        what=f"{setting.name} is {setting.value} ms",
        cost="after it the primary acknowledges writes that exist nowhere else, also"
        " when it is cut off and a successor is open",
        mend=seen.words.set_live("ack_timeout", str(ACK_TIMEOUT_MS)),
    )


def acks_alone(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """MySQL tells waiters OK when the last replica has gone, if it may."""
    setting = seen.settings.get("acks_alone")
    if not wanted.acks or setting is None or setting.value in _ON:
        return
    yield finding(
        seen,
        "acknowledges_alone",
        _when_acks_required(seen),
        what=f"{setting.name} is {setting.value}",
        cost="when its last replica goes, the primary acknowledges everything alone",
        mend=seen.words.set_live("acks_alone", "ON"),
    )


def _when_acks_required(seen: Inspection) -> Severity:
    """While off, a trap for who enables it by hand; the controller sets it right."""
    required = seen.settings.get("acks_required")
    return _BLOCKER if required is not None and required.value in _ON else _WARNING


def gtids(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Who has what is compared by GTID, so nothing may be without one."""
    del wanted
    for key in ("gtid", "gtid_consistent"):
        setting = seen.settings.get(key)
        if setting is not None and setting.value != "ON":
            yield finding(
                seen,
                "gtid_mode",
                _BLOCKER,
                what=f"{setting.name} is {setting.value}",
                cost="servers that drifted apart look the same: a failover may lose"
                " or repeat writes without a word",
                mend=_mend_gtid(seen, key),
            )


def _mend_gtid(seen: Inspection, key: str) -> str:
    """MySQL takes the step from OFF to ON only at a start."""
    if seen.words.persists:
        return f"{seen.words.set_boot(key, 'ON')}; then restart"
    return seen.words.set_live(key, "ON")


def binary_log(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Any member may become the source of the others."""
    del wanted
    for key, line in (("log_bin", "log_bin=binlog"), ("relayed_in_binlog", "")):
        setting = seen.settings.get(key)
        if setting is not None and setting.value not in _ON:
            yield finding(
                seen,
                "binary_log",
                _BLOCKER,
                what=f"{setting.name} is {setting.value}",
                cost="promoted, it has nothing to send: no replica can follow it",
                mend=f"{seen.words.in_file(line or f'{setting.name}=ON')}; then"
                " restart",
            )


def disk(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """A commit is on disk before it is acknowledged, here as in the other zone."""
    del wanted
    for key in ("sync_binlog", "flush_log"):
        setting = seen.settings.get(key)
        if setting is not None and setting.value != "1":
            yield finding(
                seen,
                "not_on_disk",
                _WARNING,
                what=f"{setting.name} is {setting.value}",
                cost="a power cut forgets acknowledged commits of this server; if"
                " both zones lose power they are gone",
                mend=seen.words.set_live(key, "1"),
            )


def relay_log(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """ON discards at start what was acknowledged and not applied (MySQL).

    MariaDB always does and has no switch; the controller holds by boot id.
    """
    del wanted
    setting = seen.settings.get("relay_log_recovery")
    if setting is None or setting.at_boot not in _ON:
        return
    yield finding(
        seen,
        "relay_log_recovery",
        _WARNING,
        what=f"the next boot sets {setting.name}={setting.at_boot}",
        cost="a replica that restarts throws away acknowledged writes it had not"
        " applied; if the primary is lost then, failover holds",
        mend=f"{seen.words.set_boot('relay_log_recovery', 'OFF')}; then restart",
    )


def admin_port(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """Hung commits fill `max_connections`; then only this port answers (rule 6)."""
    del wanted
    port, admin = seen.settings.get("port"), seen.settings.get("admin_port")
    address = seen.settings.get("admin_address")
    if port is None or admin is None:
        return
    if address is not None and not address.value:
        what = "admin_address is not set: there is no admin port"
    elif admin.value == "0":
        what = f"{admin.name} is 0: there is no admin port"
    elif str(seen.admin_port) == port.value != admin.value:
        what = f"admin_port {seen.admin_port} is the ordinary port"
    else:
        return
    line = "admin_address=…" if address is not None else f"{admin.name}=3307"
    yield finding(
        seen,
        "no_admin_port",
        _BLOCKER,
        what=what,
        cost="with a replica lost, waiting clients take every connection (error"
        " 1040): nobody can degrade, fence or look",
        mend=f"{seen.words.in_file(line)}, a restart, and its port as `admin_port`"
        " in the configuration",
    )


def clone(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """MySQL fills a new replica over the network."""
    del wanted
    missing = "clone" in seen.words.settings and "clone" not in seen.settings
    if seen.settings and missing:
        yield finding(
            seen,
            "no_clone",
            _WARNING,
            what="the clone plugin is not installed",
            cost="after a failover no new replica is filled: unprotected until"
            " somebody does it by hand",
            mend="INSTALL PLUGIN clone SONAME 'mysql_clone.so'",
        )


SETTINGS: tuple[Check, ...] = (
    unanswered,
    engine,
    supported,
    boots_read_only,
    starts_replication,
    boots_waiting_for_acks,
    semi_sync,
    wait_point,
    ack_timeout,
    acks_alone,
    gtids,
    binary_log,
    disk,
    relay_log,
    admin_port,
    clone,
)
