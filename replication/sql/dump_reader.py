"""The donor's side of a logical copy: one snapshot, read to its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

import aiomysql
import pymysql

from replication.sql.dumping import (
    COLUMNS,
    SYSTEM_TABLES,
    Table,
    narrowed,
    quoted_name,
    tables_of,
)
from replication.sql.session import (
    Endpoint,
    LostError,
    SaidError,
    SqlSession,
    understood,
)

T = TypeVar("T")
Cursor: TypeAlias = Any
"""The driver has no types."""
Rows: TypeAlias = list[Sequence[bytes | None]]

BATCH_BYTES = 1 << 20
BATCH_ROWS = 10_000
STILL_S_MAX = 60.0
LOCKED_S_MAX = 3
"""So long the donor stays locked for a controller that has fallen silent meanwhile."""
_LOCK_TRIES = 5
_SYSTEM = "('mysql', 'information_schema', 'performance_schema', 'sys')"
_NEEDED = (
    *("SELECT", "SHOW VIEW", "TRIGGER", "EVENT", "CREATE ROUTINE", "ALTER ROUTINE"),
)


class DumpError(Exception):
    """This donor cannot be copied row by row; says why. Nothing was promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A view, routine, trigger or event: its statement and where it must be run."""

    schema: str
    statement: str
    settings: str
    kind: str


async def _ask_for_none(_cursor: object, _connection: object) -> None:
    """What matters is read back; warnings would be a round trip each."""


_QUIET = {"_show_warnings": _ask_for_none}
_Cursor = type("_Cursor", (aiomysql.Cursor,), _QUIET)
_Stream = type("_Stream", (aiomysql.SSCursor,), _QUIET)


class _BytesSession(SqlSession):
    """A connection whose values come as the server sent them."""

    decoding = MappingProxyType({"use_unicode": False, "conv": {}})

    async def cursor(self, kind: type) -> Cursor:
        """Return a cursor of *kind*."""
        return await self._connection.cursor(kind)


class DumpReader:
    """One connection to the donor, in one transaction; text comes as bytes."""

    def __init__(self, at: Endpoint, engine: str) -> None:
        self._session = _BytesSession(at)
        self._engine = engine

    def close(self) -> None:
        """Drop the connection, and with it the snapshot."""
        self._session.close()

    async def begin(self) -> str:
        """Take the snapshot; return the GTID position it stands at.

        Raises:
            DumpError: something there would be missing from the copy.
            NotSentError: the donor cannot be reached.
        """
        await self._session.connect()
        await self._run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await self._run("SET SESSION time_zone='+00:00', lock_wait_timeout=1")
        await self._run("SET SESSION character_set_results=NULL")
        await self._check()
        snapshot = self._mariadb if self._engine == "mariadb" else self._mysql
        return await snapshot()

    async def _mariadb(self) -> str:
        """MariaDB tells the position of a snapshot, and locks nobody."""
        await self._run("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        rows = await self._run("SHOW STATUS LIKE 'binlog_snapshot_%'")
        found = {r[0].decode().lower(): r[1].decode() for r in rows}
        file, at = found["binlog_snapshot_file"], found["binlog_snapshot_position"]
        if not file:
            raise DumpError("the donor has no binary log: its position is unknown")
        (row,) = await self._run(f"SELECT BINLOG_GTID_POS('{file}', {int(at)})")
        return row[0].decode() if row[0] else ""

    async def _mysql(self) -> str:
        """A read lock for a moment; a statement that runs longer is not waited for.

        By default the server would keep it 8 h for a client that a black hole took.
        """
        await self._run(f"SET SESSION wait_timeout={LOCKED_S_MAX}")
        for attempt in range(_LOCK_TRIES):
            try:
                await self._run("FLUSH TABLES WITH READ LOCK")
                break
            except SaidError as busy:
                if attempt == _LOCK_TRIES - 1:
                    raise DumpError(f"no moment without a write: {busy}") from busy
                await asyncio.sleep(0.5)
        await self._run("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        (row,) = await self._run("SELECT @@GLOBAL.gtid_executed")
        await self._run("UNLOCK TABLES")
        await self._run("SET SESSION wait_timeout=DEFAULT")
        return "".join(row[0].decode().split())

    async def _check(self) -> None:
        rows = await self._run(
            "SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES"
            " WHERE REPLACE(GRANTEE, '''', '') = CURRENT_USER()"
        )
        held = {r[0].decode().upper() for r in rows}
        if missing := [p for p in _NEEDED if p not in held]:
            raise DumpError(
                "a logical copy needs of the controller's account on *.*:"
                f" {', '.join(missing)}; what it may not see would be missing"
            )
        rows = await self._run(_NOT_COPIED.format(system=_SYSTEM))
        if rows:
            names = ", ".join(r[0].decode() for r in rows[:5])
            raise DumpError(f"no snapshot has, or no copy may have: {names}")

    async def size_bytes(self) -> int:
        """Estimate what `rows` will bring."""
        (row,) = await self._run(_SIZE.format(system=_SYSTEM))
        return int(row[0])

    async def schemas(self) -> Sequence[str]:
        """Return what creates every schema."""
        rows = await self._run(_SCHEMAS.format(system=_SYSTEM))
        found = []
        for row in rows:
            name = quoted_name(row[0].decode())
            (made,) = await self._run(f"SHOW CREATE DATABASE IF NOT EXISTS {name}")
            found.append(made[1].decode())
        return found

    async def tables(self, where: str = "") -> Sequence[Table]:
        """Return the base tables, by default everyone's but the system's."""
        text = COLUMNS.format(where=where or _OURS.format(system=_SYSTEM))
        names = ("s", "t", "c", "kind")
        rows = [
            dict(zip(names, (x.decode() for x in row), strict=True))
            for row in await self._run(text)
        ]
        return list(tables_of(rows).values())

    async def create(self, table: Table) -> str:
        """Return what creates *table*."""
        (row,) = await self._run(f"SHOW CREATE TABLE {table.full_name}")
        return str(row[1].decode())

    async def rows(self, table: Table) -> AsyncIterator[tuple[Rows, int]]:
        """Yield the rows in batches of about a megabyte, each with its size, bytes."""
        cursor = await self._session.cursor(_Stream)
        await self._timed(cursor.execute(table.select()))
        batch: Rows = []
        size = 0
        while (row := await self._timed(cursor.fetchone())) is not None:
            batch.append(row)
            size += sum(len(value) for value in row if value is not None)
            if size >= BATCH_BYTES or len(batch) >= BATCH_ROWS:
                yield batch, size
                batch, size = [], 0
        if batch:
            yield batch, size
        await cursor.close()  # not after an error: it would read to the end

    async def accounts(
        self, there: Mapping[tuple[str, str], Table]
    ) -> Sequence[tuple[Table, Rows]]:
        """Return the rows of those grant tables, as far as *there* has the columns."""
        found = []
        for ours in await self.tables(SYSTEM_TABLES):
            theirs = there.get((ours.schema, ours.name))
            if theirs is None:
                continue
            table = narrowed(ours, theirs)
            rows = [r async for batch, _ in self.rows(table) for r in batch]
            found.append((table, rows))
        return found

    async def programs(self) -> Sequence[Program]:
        """Return views, routines, triggers and events, in an order to create them."""
        found: list[Program] = []
        for kind, listing in _LISTINGS.items():
            for schema, name, word in await self._run(listing.format(system=_SYSTEM)):
                found.append(await self._program(kind, schema, name, word))
        return found

    async def _program(
        self, kind: str, schema: bytes, name: bytes, word: bytes
    ) -> Program:
        where = f"{quoted_name(schema.decode())}.{quoted_name(name.decode())}"
        cursor = await self._session.cursor(_Cursor)
        await self._timed(cursor.execute(f"SHOW CREATE {word.decode()} {where}"))
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, await cursor.fetchone(), strict=True))
        statement = next(
            v for k, v in row.items() if k.startswith("Create ") or k == _TRIGGER
        )
        if statement is None:
            raise DumpError(f"the controller's account may not read {where}")
        settings = ", ".join(
            f"{k}='{row[k].decode()}'" for k in _SETTINGS if row.get(k) is not None
        )
        return Program(
            schema=schema.decode(),
            statement=statement.decode(),
            settings=settings,
            kind=kind,
        )

    async def _run(self, statement: str) -> Sequence[Sequence[Any]]:
        cursor = await self._session.cursor(_Cursor)
        try:
            await self._timed(cursor.execute(statement))
            return list(await cursor.fetchall())
        finally:
            await cursor.close()

    async def _timed(self, call: Awaitable[T]) -> T:
        """Await *call*; a donor that says nothing for `STILL_S_MAX` is lost."""
        try:
            async with asyncio.timeout(STILL_S_MAX):
                return await call
        except (TimeoutError, OSError) as error:
            raise LostError("read", f"the donor fell silent: {error}") from error
        except pymysql.err.MySQLError as error:
            raise understood(error) from error


_SETTINGS = ("sql_mode", "character_set_client", "collation_connection", "time_zone")
_TRIGGER = "SQL Original Statement"
_SIZE = (
    "SELECT CAST(COALESCE(SUM(DATA_LENGTH), 0) AS CHAR) FROM information_schema.TABLES"
    " WHERE TABLE_SCHEMA NOT IN {system}"
)
_SCHEMAS = (
    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA"
    " WHERE SCHEMA_NAME NOT IN {system}"
)
_OURS = (
    "TABLE_SCHEMA NOT IN {system} AND (TABLE_SCHEMA, TABLE_NAME) IN"
    " (SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES"
    " WHERE TABLE_TYPE = 'BASE TABLE')"
)
_NOT_COPIED = (
    # Only InnoDB has a snapshot; and a half copy is no donor.
    "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES"
    " WHERE TABLE_SCHEMA NOT IN {system} AND TABLE_TYPE <> 'VIEW' AND ("
    "TABLE_TYPE <> 'BASE TABLE' OR COALESCE(ENGINE, '') <> 'InnoDB'"
    " OR (TABLE_SCHEMA = 'sitedr' AND TABLE_NAME = 'copying'))"
)
_LISTINGS: Mapping[str, str] = {
    "routine": (
        "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE"
        " FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN {system}"
    ),
    "view": (
        "SELECT TABLE_SCHEMA, TABLE_NAME, 'VIEW' FROM information_schema.VIEWS"
        " WHERE TABLE_SCHEMA NOT IN {system}"
    ),
    "trigger": (
        "SELECT TRIGGER_SCHEMA, TRIGGER_NAME, 'TRIGGER'"
        " FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN {system}"
        " ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER"
    ),
    "event": (
        "SELECT EVENT_SCHEMA, EVENT_NAME, 'EVENT' FROM information_schema.EVENTS"
        " WHERE EVENT_SCHEMA NOT IN {system}"
    ),
}
