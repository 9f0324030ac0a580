"""The origin's way to its own zone's database: a small pool and one write path.

The question a write must answer is *did it happen*: `COMMITTED` only after
COMMIT returned, `NOT_EXECUTED` whenever COMMIT was never sent or was refused,
`UNKNOWN` for a COMMIT without an answer. A COMMIT that hangs (waiting for the
replica's acknowledgement) keeps its connection, so hung commits are bounded by
the write pool and readers have a pool of their own.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

import aiomysql
import pymysql.err

Row: TypeAlias = tuple[Any, ...]

READ_ONLY_CODES = frozenset({1290, 1792, 1836, 4151})
"""Server answers that mean *fenced or read-only*, also as the answer to COMMIT."""

DUPLICATE_KEY = 1062
_LOST = (OSError, EOFError, pymysql.err.OperationalError, pymysql.err.InterfaceError)


class DatabaseDownError(Exception):
    """The database did not answer a question in time or at all."""


class Fate(StrEnum):
    """What became of one write."""

    COMMITTED = "committed"
    NOT_EXECUTED = "not-executed"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Written:
    """A write's fate and one sentence why."""

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the zone's database is and who asks."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds in seconds and connections.

    commit_s is what the client waits; a commit still hanging then is answered
    `UNKNOWN` and keeps its connection for at most abandon_s.
    """

    connect_s: float = 0.5
    read_s: float = 1.0
    slot_s: float = 0.5
    commit_s: float = 5.0
    abandon_s: float = 60.0
    readers: int = 8
    writers: int = 24


class Pool:
    """At most *size* connections, opened on demand, none kept after an error."""

    def __init__(
        self, where: Address, *, size: int, limits: Limits, autocommit: bool
    ) -> None:
        self._where = where
        self._autocommit = autocommit
        self._limits = limits
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Any] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """Lend a connection; an exception (also a cancellation) closes it."""
        async with asyncio.timeout(self._limits.slot_s):
            await self._slots.acquire()
        try:
            conn = self._usable() or await self._open()
            try:
                yield conn
            except BaseException:
                conn.close()
                raise
            self._idle.append(conn)
        finally:
            self._slots.release()

    def _usable(self) -> Any:  # noqa: ANN401  aiomysql carries no types
        while self._idle:
            conn = self._idle.pop()
            # The reader has seen EOF when the server went away meanwhile.
            if not conn.closed and not conn._reader.at_eof():  # noqa: SLF001  as aiomysql's own pool does
                return conn
            conn.close()
        return None

    async def _open(self) -> Any:  # noqa: ANN401  aiomysql carries no types
        # No TLS: a context costs 40 ms, and the lab never leaves the machine.
        async with asyncio.timeout(self._limits.connect_s):
            return await aiomysql.connect(
                host=self._where.host,
                port=self._where.port,
                user=self._where.user,
                password=self._where.password,
                db=self._where.name,
                charset="utf8mb4",
                autocommit=self._autocommit,
            )

    def forget_idle(self) -> None:
        """Close idle connections: after one broke, the others are suspects."""
        while self._idle:
            self._idle.pop().close()


@dataclass(slots=True)
class _Progress:
    """How far a transaction got; COMMIT may have left from `committing` on."""

    committing: bool = False


class Database:
    """Reads and writes of one origin."""

    def __init__(self, where: Address, limits: Limits | None = None) -> None:
        self._limits = limits = limits or Limits()
        # Autocommit: a reader's snapshot ends with its statement.
        self._readers = Pool(where, size=limits.readers, limits=limits, autocommit=True)
        self._writers = Pool(
            where, size=limits.writers, limits=limits, autocommit=False
        )
        self._commits: set[asyncio.Task[Written]] = set()

    async def query(
        self, sql: str, args: Sequence[object] = (), *, within_s: float | None = None
    ) -> Sequence[Row]:
        """Return the rows, or raise `DatabaseDownError` within the bound.

        A connection that broke while idle is replaced once.
        """
        try:
            async with asyncio.timeout(within_s or self._limits.read_s):
                try:
                    return await self._query_once(sql, args)
                except _LOST:
                    self._readers.forget_idle()
                    return await self._query_once(sql, args)
        except TimeoutError:
            raise DatabaseDownError("no answer in time") from None
        except (*_LOST, pymysql.err.MySQLError) as error:
            raise DatabaseDownError(_brief(error)) from error

    async def _query_once(self, sql: str, args: Sequence[object]) -> Sequence[Row]:
        async with self._readers.connection() as conn, conn.cursor() as cursor:
            await cursor.execute(sql, args)
            return tuple(await cursor.fetchall())

    async def write(
        self, sql: str, args: Sequence[object], *, wanted: Callable[[], bool]
    ) -> Written:
        """Run *sql* and COMMIT; never claims what COMMIT has not returned.

        wanted is asked right before COMMIT: a process that was frozen in
        between must not execute what its client has long given up.
        """
        progress = _Progress()
        task = asyncio.create_task(self._transaction(sql, args, wanted, progress))
        self._commits.add(task)
        task.add_done_callback(self._commits.discard)
        done, _ = await asyncio.wait({task}, timeout=self._limits.commit_s)
        if done:
            return task.result()
        if progress.committing:
            return Written(Fate.UNKNOWN, "COMMIT has not answered")
        task.cancel()
        return Written(Fate.NOT_EXECUTED, "the database did not take the statement")

    async def _transaction(
        self,
        sql: str,
        args: Sequence[object],
        wanted: Callable[[], bool],
        progress: _Progress,
    ) -> Written:
        try:
            async with self._writers.connection() as conn:
                async with conn.cursor() as cursor:
                    await cursor.execute(sql, args)
                if not wanted():
                    await conn.rollback()
                    return Written(Fate.NOT_EXECUTED, "too old")
                progress.committing = True
                async with asyncio.timeout(self._limits.abandon_s):
                    await conn.commit()
            return Written(Fate.COMMITTED)
        except TimeoutError:
            return _failed(progress, None, "no answer in time")
        except (*_LOST, pymysql.err.MySQLError) as error:
            self._writers.forget_idle()
            return _failed(progress, _code(error), _brief(error))

    async def aclose(self) -> None:
        """Close every connection; hung commits stay unknown; safe to call twice."""
        for task in tuple(self._commits):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._readers.forget_idle()
        self._writers.forget_idle()


def _failed(progress: _Progress, code: int | None, why: str) -> Written:
    if code == DUPLICATE_KEY and not progress.committing:
        return Written(Fate.DUPLICATE, why)
    if not progress.committing or code in READ_ONLY_CODES:
        return Written(Fate.NOT_EXECUTED, why)
    return Written(Fate.UNKNOWN, why)


def _code(error: BaseException) -> int | None:
    first = error.args[0] if error.args else None
    return first if isinstance(first, int) else None


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__} {error}"[:200]
