"""A memory server's binary log as bytes, and the two who read it.

One line a transaction: `origin:number kind value`. What the real formats can hide
(a torn end, an unreadable head) is theirs to show; here `GARBLED` stands for it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from typing_extensions import override

from replication.adapters.memory.gtids import parse
from replication.adapters.memory.server import MemoryServer
from replication.binlog.lost import tables_of
from replication.binlog.survey import Comparison, History, Scan, Survey, concluded

FILE = "binlog.000001"
GARBLED = b"\0"

_TABLES: Mapping[str, tuple[str, str]] = {
    "row": ("cms.rows", "insert"),
    "heartbeat": ("sitedr.canary", "update"),
    "epoch": ("sitedr.epoch", "update"),
}


def log_files(member: MemoryServer) -> Mapping[str, bytes]:
    """Return the log of *member*: what it would show if it were started."""
    lines = (f"{t.gtid} {t.kind} {t.value}\n" for t in member.binlog)
    return {FILE: GARBLED if member.garbled else "".join(lines).encode()}


def _lines(data: bytes) -> Iterator[tuple[str, str, str]]:
    for line in data.decode().splitlines():
        gtid, kind, value = line.split(" ", 2)
        yield gtid, kind, value


class MemorySurvey(Survey):
    """Compares one log with a history, both exact sets."""

    def __init__(self, history: History, laid: str = "") -> None:
        del laid  # exact sets name what came with a copy, too
        self._theirs = parse(history.state)
        self._scans: list[Scan] = []
        self._data = b""

    @override
    def begin(self, name: str) -> None:
        self._scans.append(Scan(name))
        self._data = b""

    @override
    def feed(self, chunk: bytes) -> None:
        self._data += chunk

    @override
    def end(self) -> bool:
        scan = self._scans[-1]
        if self._data == GARBLED:
            scan.problem = "it makes no sense"
            return True
        for gtid, _, _ in _lines(self._data):
            origin, _, number = gtid.rpartition(":")
            if not self._theirs.has(origin, int(number)):
                scan.lacking.append(gtid)
        return True

    @override
    def result(self) -> Comparison:
        return concluded(self._scans, reached=True)


class MemoryLost:
    """Reads what was saved, for the report."""

    def __init__(self, extra: Collection[str]) -> None:
        self._extra = frozenset(extra)
        self._data = b""

    def next_file(self) -> None:
        """Begin the next file."""

    def feed(self, chunk: bytes) -> None:
        """Take its next bytes."""
        self._data += chunk

    def tree(self) -> Mapping[str, object]:
        """Return the same tree as the real reader."""
        found = [line for line in _lines(self._data) if line[0] in self._extra]
        counts = Counter(_TABLES[kind] for _, kind, _ in found)
        rows = {at: n for at, n in counts.items() if not at[0].startswith("sitedr.")}
        own = [kind for _, kind, _ in found if kind != "row"]
        return {
            "transactions": len(found),
            "canaries": len(own),
            "canary_rows": len(own),
            "rows": sum(rows.values()),
            "tables": tables_of(rows),
            "statements": 0,
            "unread": {},
            "missing": len(self._extra) - len(found),
            "not_listed": 0,
            "lost": [
                {
                    "gtid": gtid,
                    "at_wall_s": 0,
                    "canary": kind != "row",
                    "tables": tables_of({_TABLES[kind]: 1}),
                    "rows": [
                        {
                            "table": _TABLES[kind][0],
                            "kind": _TABLES[kind][1],
                            "before": None,
                            "after": {"@1": value},
                        }
                    ],
                    "rows_not_shown": 0,
                    "statements": [],
                    "unread": {},
                }
                for gtid, kind, value in found
            ],
        }
