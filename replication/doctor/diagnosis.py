"""From what the servers said to everything that is to be mended, in order."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from replication.doctor.checks import SETTINGS
from replication.doctor.checks_accounts import ACCOUNTS
from replication.doctor.checks_history import HISTORY, errant
from replication.doctor.inspection import (
    Finding,
    Inspection,
    NotInspected,
    Severity,
    Wanted,
)

SiteCheck = Callable[[Sequence[Inspection]], Iterable[Finding]]

CLOCK_S_MAX = 1.0
"""More than the network explains; well within what an NTP client keeps."""

COPY_ROOM_RATIO = 1.2
"""Room for a copy of the largest server: its tables, redo log and a margin."""

_WEIGHT = (Severity.BLOCKER, Severity.WARNING, Severity.UNKNOWN)


def diagnose(
    answers: Sequence[Inspection | NotInspected], wanted: Wanted
) -> tuple[Finding, ...]:
    """Return every finding: what concerns several servers first, then by server.

    Pure. Within one server the heaviest come first. Nothing found means that
    every question was answered and nothing was wrong.
    """
    seen = [answer for answer in answers if isinstance(answer, Inspection)]
    found = [_unreachable(a) for a in answers if isinstance(a, NotInspected)]
    for check in SITE:
        found += check(seen)
    for inspection in seen:
        for check_one in (*SETTINGS, *ACCOUNTS, *HISTORY):
            found += check_one(inspection, wanted)
    return tuple(sorted(found, key=_place))


def _place(found: Finding) -> tuple[str, int]:
    return found.server or "", _WEIGHT.index(found.severity)


def _unreachable(answer: NotInspected) -> Finding:
    reason = answer.why.reason
    return Finding(
        server=answer.server,
        name="unreachable",
        severity=Severity.UNKNOWN,
        what=f"{answer.why.phase}: {reason}",
        cost="nothing is known about it; right only for a spare zone that has no"
        " database yet",
        mend="start it, or correct its address, the controller's password or what"
        " lies between",
    )


def server_ids(seen: Sequence[Inspection]) -> Iterator[Finding]:
    """A replica ignores every event that carries its own id."""
    for key in ("server_id", "server_uuid"):
        owners: dict[str, list[Inspection]] = {}
        for inspection in seen:
            if key in inspection.settings:
                owners.setdefault(inspection.settings[key].value, []).append(inspection)
        for value, twins in owners.items():
            if len(twins) > 1:
                yield Finding(
                    server=None,
                    name=f"same_{key}",
                    severity=Severity.BLOCKER,
                    what=f"{_names(twins)} have {key} {value}",
                    cost="one of them drops the other's writes as its own, or they"
                    " throw each other out: replication looks well and is not",
                    mend=_mend_id(twins[-1], key),
                    among=tuple(twin.server for twin in twins),
                )


def _mend_id(twin: Inspection, key: str) -> str:
    if key == "server_uuid":
        return f"on {twin.server}: stop it, remove auto.cnf from its datadir, start it"
    words = twin.words
    return f"on {twin.server}: another one by {words.set_live(key, 'N')}"


def series(seen: Sequence[Inspection]) -> Iterator[Finding]:
    """CLONE and replication towards an older server are not supported."""
    found: dict[str, list[Inspection]] = {}
    for inspection in seen:
        found.setdefault(_series(inspection.version), []).append(inspection)
    if len(found) > 1:
        told = "; ".join(f"{_names(who)}: {name}" for name, who in found.items())
        yield Finding(
            server=None,
            name="different_series",
            severity=Severity.WARNING,
            what=told,
            cost="an older server may stop at what a newer one sends, and cannot be"
            " filled from it: after a failover the site stays unprotected",
            mend="bring them to one release series, replicas first",
            among=tuple(i.server for i in seen),
        )


def clocks(seen: Sequence[Inspection]) -> Iterator[Finding]:
    """Time stamps of rows and of the timeline come from these clocks."""
    if not seen:
        return
    ahead = max(seen, key=lambda i: i.clock_offset_s)
    behind = min(seen, key=lambda i: i.clock_offset_s)
    ours = {"ours": 0.0}
    offsets = {i.server: i.clock_offset_s for i in (behind, ahead)} | ours
    spread_s = max(offsets.values()) - min(offsets.values())
    if spread_s - ahead.clock_error_s - behind.clock_error_s > CLOCK_S_MAX:
        told = ", ".join(
            f"{name} {offset_s:+.1f} s"
            for name, offset_s in sorted(offsets.items(), key=lambda o: o[1])
        )
        yield Finding(
            server=None,
            name="clock_spread",
            severity=Severity.WARNING,
            what=f"clocks are {spread_s:.1f} s apart: {told}",
            cost="after a failover time stamps jump, sessions and certificates end"
            " early, and the timeline tells events in the wrong order",
            mend="run an NTP client on every machine",
            among=tuple(sorted({behind.server, ahead.server})),
        )


def disk_room(seen: Sequence[Inspection]) -> Iterator[Finding]:
    """No server tells by SQL how much of its disk is free."""
    sizes = [i.data_bytes for i in seen if i.data_bytes is not None]
    if not sizes:
        return
    needed = max(sizes) * COPY_ROOM_RATIO / 2**20
    yield Finding(
        server=None,
        name="disk_room",
        severity=Severity.UNKNOWN,
        what=f"a copy needs about {needed:.0f} MB; servers do not say what is free",
        cost="after a failover the new replica fills the disk of its zone and the"
        " site stays unprotected",
        mend="df "
        + " ".join(
            sorted(
                {i.settings["datadir"].value for i in seen if "datadir" in i.settings}
            )
        ),
    )


def _names(servers: Sequence[Inspection]) -> str:
    return ", ".join(i.server for i in servers)


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])


SITE: tuple[SiteCheck, ...] = (server_ids, series, clocks, disk_room, errant)
