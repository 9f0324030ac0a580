"""What a replica has that the primary has not, and what it leaves out.

The first only where all servers were asked together: an answer of minutes ago would
make a replica look ahead that is merely newer.
"""

from collections.abc import Iterator, Sequence

from replication.binlog_state import foreign_on
from replication.doctor.checks import Check, finding
from replication.doctor.inspection import Finding, Inspection, Severity, Wanted
from replication.gtid import GtidError

_ON = frozenset({"ON", "1"})


def errant(seen: Sequence[Inspection]) -> Iterator[Finding]:
    """Name transactions of nobody's primary; MySQL takes them without a word.

    They surface when that replica is promoted: its own rows appear, and the others
    lack them or stop.
    """
    told = [i for i in seen if i.history is not None and "closed" in i.settings]
    open_ones = [i for i in told if i.settings["closed"].value not in _ON]
    if len(open_ones) != 1:
        return  # no primary to measure by, or two: then that is the trouble
    for inspection in told:
        if inspection is not open_ones[0]:
            yield from _compared(inspection, open_ones[0])


def _compared(replica: Inspection, primary: Inspection) -> Iterator[Finding]:
    assert replica.history is not None
    assert primary.history is not None
    try:
        found = foreign_on(replica.history, primary.history, replica.words.engine)
    except GtidError:
        return  # of the other engine: `wrong_engine` says so
    if found.errant:
        yield _finding(replica, primary, found.errant, surely=True)
    if found.unproven:
        yield _finding(replica, primary, found.unproven, surely=False)


def _finding(
    replica: Inspection, primary: Inspection, gtids: str, *, surely: bool
) -> Finding:
    where = (
        f"{primary.server} has not"
        if surely
        else f"{primary.server}'s binary log begins too late to show"
    )
    # MySQL's sets show it whenever a candidate is chosen (`candidate_errant`), and
    # another replica may do; MariaDB's positions hide it from everybody but us.
    known = Severity.WARNING if replica.words.engine == "mysql" else Severity.BLOCKER
    return Finding(
        server=replica.server,
        name="errant_transactions" if surely else "unproven_transactions",
        severity=known if surely else Severity.UNKNOWN,
        what=f"it has {gtids}, which {where}",
        cost="promoted, it brings back rows nobody else has, and the other replicas"
        " lack them or stop; as a replica it has silently drifted",
        mend="look at them with mysqlbinlog and keep what matters, then fill it anew"
        " from the primary",
    )


CERTIFICATE_DAYS_MIN = 14
"""Two weeks' notice: time to renew it by hand."""


def filters(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """What is received and left out counts as had: by GTID nothing is missing."""
    del wanted
    for name, value in sorted(seen.filters.items()):
        yield finding(
            seen,
            "replication_filter",
            Severity.BLOCKER,
            what=f"{name} is {value}",
            cost="writes it acknowledges are never applied here, and no comparison"
            " shows it: promoted, it has lost them",
            mend=f"take {name} out of the option file; then fill it anew: what it left"
            " out does not come by itself",
        )


def certificate(seen: Inspection, wanted: Wanted) -> Iterator[Finding]:
    """An expired one is no loss of the zone, but nothing is seen of it any more."""
    days = seen.certificate_days
    if not wanted.tls or (days is not None and days >= CERTIFICATE_DAYS_MIN):
        return
    yield finding(
        seen,
        "certificate",
        Severity.WARNING,
        what="it has no certificate" if days is None else f"it ends in {days} days",
        cost="without a valid one it cannot be observed, and no replica that verifies"
        " it can follow: no failover, to it or from it",
        mend="renew it; then FLUSH SSL (MariaDB) or ALTER INSTANCE RELOAD TLS (MySQL)",
    )


HISTORY: tuple[Check, ...] = (filters, certificate)
