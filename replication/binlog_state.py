"""MariaDB's binary log as it describes itself, and what one server has alone; pure.

A position names the last transaction of a domain and forgets who wrote those
before; `gtid_binlog_state` remembers the last one of *every* server that wrote in
the domain. Only with it can two histories be told apart, and the server goes by it
too: it refuses a replica (1236) exactly when `holds` says no. Neither `gtid_slave_pos`
nor `MASTER_GTID_WAIT` does: both look at the number alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from typing_extensions import override

from replication.gtid import GtidError, GtidPosition, GtidSet

Origin = tuple[int, int]
"""Domain and server id."""


@dataclass(frozen=True, slots=True)
class BinlogState:
    """*last* maps who wrote (domain, server id) to the last number they wrote."""

    last: Mapping[Origin, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `@@GLOBAL.gtid_binlog_state`.

        Raises:
            GtidError: *text* is none, or names one server of a domain twice.
        """
        last: dict[Origin, int] = {}
        for chunk in "".join(text.split()).split(","):
            if not chunk:
                continue
            found = re.fullmatch(r"([0-9]+)-([0-9]+)-([0-9]+)", chunk)
            if found is None:
                raise GtidError(f"not a MariaDB GTID: {chunk!r}")
            origin = (int(found[1]), int(found[2]))
            if origin in last:
                raise GtidError(f"server {origin} is named twice: {text!r}")
            last[origin] = int(found[3])
        return cls(dict(sorted(last.items())))

    def holds(self, origin: Origin, number: int) -> bool:
        """Tell whether that transaction is in this binary log, purged files too."""
        return self.last.get(origin, 0) >= number

    def begins_before(self, domain: int, number: int) -> bool:
        """Tell whether the log has something of *domain* from before *number*.

        Then it passed *number* itself; a log that begins later (on a copy) says
        nothing about what lies before its beginning.
        """
        return any(d == domain and n < number for (d, _), n in self.last.items())

    @override
    def __str__(self) -> str:
        return ",".join(f"{d}-{s}-{n}" for (d, s), n in self.last.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What one server has, in its engine's notation.

    origin: what it writes itself is marked with: its server UUID (MySQL) or
        server id (MariaDB).
    executed: `gtid_executed`, or `gtid_current_pos`. binlog: `gtid_binlog_state`;
        empty for MySQL, whose set says it all.
    On a running MySQL the executed set lacks what waits for an acknowledgement
    and *is* in the binary log: compare an old primary after a restart (rule 7).
    """

    origin: str
    executed: str
    binlog: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What one server has and another lacks, as GTID text; "" when nothing.

    errant: surely. unproven: it may be there, but that log begins later and its
    position no longer tells; a copy of the data would settle it.
    """

    errant: str = ""
    unproven: str = ""

    def __bool__(self) -> bool:
        return bool(self.errant or self.unproven)


def alone_on(old: History, new: History, engine: str) -> Alone:
    """Return what *old* has that *new* lacks; nothing: it may follow *new*.

    Raises:
        GtidError: a text is not of that engine.
    """
    if engine != "mariadb":
        ahead = GtidSet.parse(old.executed).ahead_of(GtidSet.parse(new.executed))
        return Alone(errant=str(ahead))
    there = BinlogState.parse(new.binlog)
    at = GtidPosition.parse(new.executed).last
    errant: list[str] = []
    unproven: list[str] = []
    for (domain, server), number in _newest(old).items():
        position = at.get(domain, (0, 0))
        if there.holds((domain, server), number) or position == (server, number):
            continue
        passed = number < position[1] and not there.begins_before(domain, number)
        (unproven if passed else errant).append(f"{domain}-{server}-{number}")
    return Alone(errant=",".join(errant), unproven=",".join(unproven))


def foreign_on(replica: History, primary: History, engine: str) -> Alone:
    """As `alone_on`, for a running pair: without what *primary* itself wrote.

    They were asked at two instants, and meanwhile only the primary may have written.
    """
    found = alone_on(replica, primary, engine)
    return Alone(
        errant=_without(found.errant, primary.origin, engine),
        unproven=_without(found.unproven, primary.origin, engine),
    )


def _newest(old: History) -> Mapping[Origin, int]:
    """Return the last number of every server that wrote, by log and by position.

    A copy's log is empty; its position is all that tells what it has.
    """
    last = dict(BinlogState.parse(old.binlog).last)
    for domain, (server, number) in GtidPosition.parse(old.executed).last.items():
        last[domain, server] = max(number, last.get((domain, server), 0))
    return dict(sorted(last.items()))


def _without(text: str, origin: str, engine: str) -> str:
    if engine == "mariadb":
        chunks = [c for c in text.split(",") if c]
        return ",".join(c for c in chunks if c.split("-")[1] != origin)
    left = {
        who: runs
        for who, runs in GtidSet.parse(text).runs.items()
        if who.partition(":")[0] != origin.lower()
    }
    return str(GtidSet(left))
