"""How rows travel as SQL text, exactly; pure.

Text comes off the donor in its column's own character set and goes in as a binary
literal, so nothing is converted on the way. What a server would read another way
than it wrote it - enumerations, bits, floats, JSON - goes by a form of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_PLAIN = frozenset(
    {
        *("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "double"),
        *("float", "year", "bit", "enum", "set"),
    }
)
_BY_NUMBER = frozenset({"bit", "enum", "set"})
_QUOTED = frozenset({"date", "time", "datetime", "timestamp", "uuid", "inet4", "inet6"})

COLUMNS = (
    "SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COLUMN_NAME AS c, DATA_TYPE AS kind"
    " FROM information_schema.COLUMNS"
    " WHERE COALESCE(GENERATION_EXPRESSION, '') = '' AND {where}"
    " ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION"
)

SYSTEM_TABLES = (
    # MariaDB's `mysql.user` is a view.
    "TABLE_SCHEMA = 'mysql' AND TABLE_NAME IN (SELECT TABLE_NAME FROM"
    " information_schema.TABLES WHERE TABLE_SCHEMA = 'mysql'"
    " AND TABLE_TYPE = 'BASE TABLE')"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is stored; *kind*: its `DATA_TYPE`."""

    name: str
    kind: str

    def selected(self) -> str:
        """Return the expression its value is read by."""
        name = quoted_name(self.name)
        if self.kind in _BY_NUMBER:
            return f"{name}+0"
        # As text a float has six digits; as a double it comes back the same.
        return f"CAST({name} AS DOUBLE)" if self.kind == "float" else name

    def literal(self, raw: bytes | None) -> str:
        """Return *raw*, as the server sent it, as an SQL literal."""
        if raw is None:
            return "NULL"
        if self.kind in _PLAIN:
            return raw.decode("ascii")
        if self.kind in _QUOTED:
            return f"'{raw.decode('ascii')}'"
        hexed = f"X'{raw.hex()}'"
        return f"CONVERT({hexed} USING utf8mb4)" if self.kind == "json" else hexed


@dataclass(frozen=True, slots=True)
class Table:
    """A base table and its stored columns, in order."""

    schema: str
    name: str
    columns: tuple[Column, ...]

    @property
    def full_name(self) -> str:
        """Return its name as SQL."""
        return f"{quoted_name(self.schema)}.{quoted_name(self.name)}"

    def select(self) -> str:
        """Return the statement that reads all of it."""
        columns = ", ".join(c.selected() for c in self.columns)
        words = ["SELECT", columns, "FROM", self.full_name]
        return " ".join(words)

    def insert(self, rows: Iterable[Sequence[bytes | None]], verb: str) -> str:
        """Return one statement that writes *rows*; *verb*: INSERT or REPLACE."""
        names = ", ".join(quoted_name(c.name) for c in self.columns)
        values = ",".join(
            f"({','.join(map(Column.literal, self.columns, row))})" for row in rows
        )
        return " ".join((verb, "INTO", self.full_name, f"({names}) VALUES", values))


def quoted_name(name: str) -> str:
    """Return *name* as an SQL identifier."""
    return "`" + name.replace("`", "``") + "`"


def tables_of(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], Table]:
    """Return the tables the rows of `COLUMNS` tell of, by schema and name."""
    found: dict[tuple[str, str], list[Column]] = {}
    for row in rows:
        column = Column(row["c"], row["kind"].lower())
        found.setdefault((row["s"], row["t"]), []).append(column)
    return {(s, t): Table(s, t, tuple(columns)) for (s, t), columns in found.items()}


def narrowed(table: Table, to: Table) -> Table:
    """Return *table* with the columns that *to* has too; series differ in some."""
    known = {c.name for c in to.columns}
    kept = tuple(c for c in table.columns if c.name in known)
    return Table(table.schema, table.name, kept)
