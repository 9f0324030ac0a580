"""The writes only a dead ex-primary has, as a tree people and programs can read.

Counts are of everything; what is *shown* is bounded, and says what was cut. Our own
heartbeat rows are labelled and counted apart: nobody wrote them. Row images may
hold personal data: the tree goes into a file of mode 0600 and nowhere else.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from replication.binlog.events import (
    QUERY,
    TABLE_MAP,
    Event,
    Splitter,
    query_text,
)
from replication.binlog.rows import OPAQUE, Change, RowReader
from replication.binlog.transactions import Reader
from replication.binlog.values import UnreadableRowError

OWN_SCHEMA = "sitedr."
TRANSACTIONS_MAX = 1000
ROWS_MAX = 50
"""How many transactions are listed, and how many rows of each are shown."""
STATEMENT_CHARACTERS_MAX = 300

_NO_WRITES = (b"BEGIN", b"COMMIT", b"ROLLBACK", b"XA ")


@dataclass(slots=True)
class Lost:
    """One transaction under way through the reader."""

    gtid: str
    at_wall_s: int
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: list[Change] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)

    @property
    def is_canary(self) -> bool:
        """Tell whether it holds nothing but our own heartbeat."""
        return (
            bool(self.counts)
            and not self.statements
            and not self.unread
            and all(table.startswith(OWN_SCHEMA) for table, _ in self.counts)
        )

    def tree(self) -> Mapping[str, object]:
        """Return it as JSON."""
        return {
            "gtid": self.gtid,
            "at_wall_s": self.at_wall_s,
            "canary": self.is_canary,
            "tables": tables_of(self.counts),
            "rows": [
                {"table": c.table, "kind": c.kind, "before": c.before, "after": c.after}
                for c in self.rows
            ],
            "rows_not_shown": sum(self.counts.values()) - len(self.rows),
            "statements": list(self.statements),
            "unread": dict(self.unread),
        }


def tables_of(counts: Mapping[tuple[str, str], int]) -> Mapping[str, object]:
    """Return rows by table and kind, every kind named."""
    found: dict[str, dict[str, int]] = {}
    for (table, kind), count in sorted(counts.items()):
        found.setdefault(table, dict.fromkeys(("insert", "update", "delete"), 0))
        found[table][kind] += count
    return found


class LostReader:
    """Reads the saved files, oldest first, and keeps the transactions of *extra*."""

    def __init__(self, extra: Collection[str]) -> None:
        self._extra = frozenset(extra)
        self._found: list[Lost] = []
        self._seen = 0
        self._canaries = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._own_rows = 0
        self._statements = 0
        self._unread: Counter[str] = Counter()
        self._begin()

    def _begin(self) -> None:
        self._splitter, self._reader, self._rows = Splitter(), Reader(), RowReader()
        self._now: Lost | None = None

    def next_file(self) -> None:
        """Begin the next file; what the last one left open is let go."""
        self._begin()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the file; raise `BrokenLogError`."""
        for event in self._splitter.feed(chunk):
            self._take(event)

    def _take(self, event: Event) -> None:
        before = self._reader.current
        ended = list(self._reader.take(event))
        current = self._reader.current
        if current is not None and current is not before:
            wanted = current.text in self._extra
            self._now = Lost(current.text, event.at_wall_s) if wanted else None
            return
        self._change(event)
        if ended and self._now is not None:
            self._keep(self._now)
            self._now = None

    def _change(self, event: Event) -> None:
        lost = self._now
        if event.kind == TABLE_MAP or lost is not None:
            try:
                changes = list(self._rows.take(event))
            except UnreadableRowError as reason:
                if lost is not None:
                    table = self._rows.table_of(event)
                    lost.unread[f"rows of {table}: {reason}"] += 1
                return
            if lost is not None:
                self._note(lost, event, changes)

    def _note(self, lost: Lost, event: Event, changes: list[Change]) -> None:
        for change in changes:
            lost.counts[change.table, change.kind] += 1
        room = ROWS_MAX - len(lost.rows)
        if len(self._found) < TRANSACTIONS_MAX and room > 0:
            lost.rows += changes[:room]
        if event.kind in OPAQUE:
            lost.unread[OPAQUE[event.kind]] += 1
        elif event.kind == QUERY:
            text = query_text(event.body)
            if not text.startswith(_NO_WRITES):
                shown = text.decode("utf-8", "replace")
                lost.statements.append(shown[:STATEMENT_CHARACTERS_MAX])

    def _keep(self, lost: Lost) -> None:
        self._seen += 1
        self._canaries += lost.is_canary
        self._statements += len(lost.statements)
        self._unread += lost.unread
        for (table, kind), count in lost.counts.items():
            if table.startswith(OWN_SCHEMA):
                self._own_rows += count
            else:
                self._counts[table, kind] += count
        if len(self._found) < TRANSACTIONS_MAX:
            self._found.append(lost)

    def tree(self) -> Mapping[str, object]:
        """Return everything found, as JSON; GTIDs that were not met are named."""
        return {
            "transactions": self._seen,
            "canaries": self._canaries,
            "canary_rows": self._own_rows,
            "rows": sum(self._counts.values()),
            "tables": tables_of(self._counts),
            "statements": self._statements,
            "unread": dict(self._unread),
            "missing": len(self._extra) - self._seen,
            "not_listed": self._seen - len(self._found),
            "lost": [lost.tree() for lost in self._found],
        }
