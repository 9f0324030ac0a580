"""Row events of one binary log file: which rows changed, how, and to what; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from replication.binlog.events import TABLE_MAP, Event
from replication.binlog.values import (
    NUMERIC,
    Bytes,
    Column,
    UnreadableRowError,
    Value,
    column_of,
    value_of,
)

_V2 = {30: "insert", 31: "update", 32: "delete"}
KINDS: Mapping[int, str] = {23: "insert", 24: "update", 25: "delete", **_V2}
OPAQUE: Mapping[int, str] = {
    39: "partial JSON updates",
    40: "a compressed transaction",
    **dict.fromkeys(range(166, 172), "compressed rows"),
}
"""Kinds of events that change rows and are not read here."""

_SIGNS, _NAMES = 1, 4

Image = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the log describes it right before its rows."""

    name: str
    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class Change:
    """One row: *before* for update and delete, *after* for insert and update."""

    table: str
    kind: str
    before: Image | None
    after: Image | None


@dataclass(slots=True)
class RowReader:
    """Remembers the tables of one file; ids mean something else in the next one."""

    _tables: dict[int, Table] = field(default_factory=dict)

    def take(self, event: Event) -> Iterator[Change]:
        """Yield the rows of *event*; raise `UnreadableRowError` when it cannot."""
        if event.kind == TABLE_MAP:
            number, table = table_map(event.body)
            self._tables[number] = table
        elif event.kind in KINDS:
            yield from self._rows(event)

    def table_of(self, event: Event) -> str:
        """Return which table a row event is about, as far as is known."""
        number = int.from_bytes(event.body[:6], "little")
        found = self._tables.get(number)
        return found.name if found else "an unknown table"

    def _rows(self, event: Event) -> Iterator[Change]:
        source, kind = Bytes(event.body), KINDS[event.kind]
        table = self._tables.get(source.number(6))
        if table is None:
            raise UnreadableRowError("rows of a table the log does not describe")
        source.take(2)
        if event.kind in _V2:
            source.take(source.number(2) - 2)
        count = source.packed()
        if count != len(table.columns):
            raise UnreadableRowError(f"{count} columns, {len(table.columns)} described")
        shown = [_bits(source.take((count + 7) // 8), count)]
        if kind == "update":
            shown.append(_bits(source.take((count + 7) // 8), count))
        while source.left:
            images = [_image(table, present, source) for present in shown]
            yield Change(
                table=table.name,
                kind=kind,
                before=None if kind == "insert" else images[0],
                after=None if kind == "delete" else images[-1],
            )


def _bits(raw: bytes, count: int) -> list[bool]:
    return [bool(raw[n // 8] & 1 << n % 8) for n in range(count)]


def _image(table: Table, present: Sequence[bool], source: Bytes) -> Image:
    columns = [c for c, here in zip(table.columns, present, strict=True) if here]
    nulls = _bits(source.take((len(columns) + 7) // 8), len(columns))
    return {
        column.name: None if null else value_of(column, source)
        for column, null in zip(columns, nulls, strict=True)
    }


def table_map(body: bytes) -> tuple[int, Table]:
    """Return the id and the table of a TABLE_MAP event's *body*."""
    source = Bytes(body)
    number = source.number(6)
    source.take(2)
    schema = source.take(source.number(1)).decode("utf-8", "replace")
    source.take(1)
    name = source.take(source.number(1)).decode("utf-8", "replace")
    source.take(1)
    kinds = source.take(source.packed())
    metadata = Bytes(source.take(source.packed()))
    columns = [
        column_of(f"@{place}", kind, metadata) for place, kind in enumerate(kinds, 1)
    ]
    source.take((len(kinds) + 7) // 8)
    return number, Table(f"{schema}.{name}", _described(columns, kinds, source))


def _described(
    columns: Sequence[Column], kinds: bytes, source: Bytes
) -> Sequence[Column]:
    """Add what the server's `binlog_row_metadata` tells: signs, names."""
    found = list(columns)
    while source.left:
        what, data = source.number(1), Bytes(source.take(source.packed()))
        if what == _SIGNS:
            numeric = [n for n, kind in enumerate(kinds) if kind in NUMERIC]
            raw = data.take(data.left)
            for place, n in enumerate(numeric):
                is_unsigned = bool(raw[place // 8] & 0x80 >> place % 8)
                found[n] = replace(found[n], unsigned=is_unsigned)
        elif what == _NAMES:
            for n in range(len(found)):
                text = data.take(data.packed()).decode("utf-8", "replace")
                found[n] = replace(found[n], name=text)
    return found
