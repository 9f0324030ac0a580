"""One warm connection: bounded statements, and what silence means.

Errors here are for adapters only; `outcome_of` and `not_seen_of` turn them into
what crosses the port:

never sent (no connection)        NotSentError  Refused
sent, no answer, or cut off       LostError     Unknown
the server said no                SaidError     Refused
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiomysql
import pymysql
from pymysql.constants import CLIENT

from controller.model.outcomes import NotSeen, Outcome, Refused, Unknown
from replication.ports import SAID
from replication.sql.credentials import Credentials
from replication.sql.tls import NoTlsError, Tls, is_distrust
from replication.versions import UnsupportedError

Row = Mapping[str, Any]
T = TypeVar("T")

_LOST_CODES = frozenset(
    {
        1053,  # the server is shutting down
        1317,  # interrupted: it may have been carried out already
        1927,  # MariaDB: this connection was killed
        2006,
        2013,
        2055,
        3169,  # this session was killed
        4031,  # MySQL: closed for being idle
    }
)
_PASSWORD_CODES = frozenset({1045, 1698})
_ADMIN_PORT_REFUSED = 1227
_PLAIN_TEXT_REFUSED = 3159
AUTH_CODES = _PASSWORD_CODES | {
    *(1044, 1820, 1862, 2058, 2059, 3118, 4151),
    *(_ADMIN_PORT_REFUSED, _PLAIN_TEXT_REFUSED),
}


class SqlError(Exception):
    """A statement brought no result. *phase* as in `NotSeen`."""

    def __init__(self, phase: str, reason: str) -> None:
        super().__init__(reason)
        self.phase = phase
        self.reason = reason


class NotSentError(SqlError):
    """Failed before the statement could leave: nothing has happened."""


class _AccessDeniedError(NotSentError):
    """The server does not take this password; perhaps another one."""


class LostError(SqlError):
    """Sent, and no answer: it may have happened, or happen later.

    silent: nothing at all came in time, as from a frozen server; otherwise the
    connection was found broken.
    """

    def __init__(self, phase: str, reason: str, *, silent: bool = False) -> None:
        super().__init__(phase, reason)
        self.silent = silent


class SaidError(SqlError):
    """The server answered with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__("status", f"{SAID}{code}: {message}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where and as whom to connect.

    tls: None (the default) speaks plain text; otherwise nothing is sent in plain.
    greeted: told the server's version at every connection, before anything is asked;
        raises `UnsupportedError` for one we have no words for.
    """

    host: str
    port: int
    account: Credentials
    connect_timeout_s: float = 1.0
    tls: Tls | None = None
    greeted: Callable[[str], None] = lambda _version: None


class _QuietCursor(aiomysql.DictCursor):  # type: ignore[misc]  # aiomysql has no types
    """Asks for no warnings: that would be a round trip in the middle of a batch."""

    async def _show_warnings(self, _connection: object) -> None:
        """Do nothing; what matters is read back, not warned about."""


class _Connection(aiomysql.Connection):  # type: ignore[misc]  # aiomysql has no types
    """A connection whose opening we own, so that a failed one is closed."""

    async def open(self) -> None:
        """Connect, and notice a dead path within 5 s, also in mid-statement.

        A commit may hang for hours on a live server: the kernel of a frozen one
        still answers keepalives, a black hole does not.
        """
        await self._connect()
        wire = self._writer.get_extra_info("socket")
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)

    def close(self) -> None:
        """Let go at once: an orderly end of TLS would wait for a server's answer."""
        if self._ssl_context and self._writer:
            self._writer.transport.abort()
        super().close()

    async def _request_authentication(self) -> None:
        """Never go on in plain text where TLS was wanted.

        The driver would, without a word, with anybody between who strips the offer.
        """
        if self._ssl_context and not self.server_capabilities & CLIENT.SSL:
            raise NoTlsError
        await super()._request_authentication()


class SqlSession:
    """At most one connection; made when first needed, never shared in time.

    decoding: how the driver turns what comes into values, for whoever wants bytes.
    """

    decoding: Mapping[str, object] = {}

    def __init__(self, endpoint: Endpoint, *, setup: Sequence[str] = ()) -> None:
        """Run *setup* on every new connection before anything else."""
        self._endpoint = endpoint
        self._setup = tuple(setup)
        self._connection: Any = None
        self._busy = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Tell whether a connection stands, as far as we know."""
        return self._connection is not None and not self._connection.closed

    @property
    def version(self) -> str:
        """Return the version the server greeted with, "" without a connection."""
        return str(self._connection.get_server_info()) if self.is_open else ""

    @property
    def connection_id(self) -> int:
        """Return the server's id of this connection, 0 when there is none."""
        return int(self._connection.thread_id()) if self.is_open else 0

    async def connect(self) -> None:
        """Connect unless connected.

        Raises:
            NotSentError: It could not, within the endpoint's time-out.
        """
        async with self._busy:
            if not self.is_open:
                await self._connect()

    async def ask(self, *statements: str, timeout_s: float) -> Sequence[Sequence[Row]]:
        """Send *statements* in one go and return the rows of each.

        They run in order; the first that fails ends the batch. Does not
        connect: an order must not travel on a connection nobody has named.

        Raises:
            NotSentError: There is no connection.
            LostError: No complete answer came; the connection is closed.
            SaidError: One of them failed.
        """
        async with self._busy:
            if not self.is_open:
                raise NotSentError("connect", "not connected")
            try:
                async with asyncio.timeout(timeout_s):
                    return await self._send(";".join(statements), len(statements))
            except TimeoutError as late:
                self.close()
                reason = f"no answer in {timeout_s:g} s"
                raise LostError("read", reason, silent=True) from late
            except asyncio.CancelledError:
                self.close()
                raise
            except SaidError:
                raise
            except Exception as error:
                self.close()
                raise understood(error) from error

    async def one(self, statement: str, *, timeout_s: float) -> Row | None:
        """Send one statement and return its first row, None when it has none."""
        (rows,) = await self.ask(statement, timeout_s=timeout_s)
        return rows[0] if rows else None

    def quoted(self, text: str) -> str:
        """Return *text* as an SQL literal."""
        return f"'{pymysql.converters.escape_string(text)}'"

    def close(self) -> None:
        """Drop the connection without a word; safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def _connect(self) -> None:
        """Connect with the first password the server takes."""
        account = self._endpoint.account
        *before, last = account.offered()
        for password in before:
            try:
                await self._connect_with(password)
            except NotSentError as refused:
                if not isinstance(refused, _AccessDeniedError):
                    raise
            else:
                account.worked(password)
                return
        await self._connect_with(last)
        account.worked(last)

    async def _connect_with(self, password: str) -> None:
        at = self._endpoint
        connection = _Connection(
            host=at.host,
            port=at.port,
            user=at.account.user,
            password=password,
            autocommit=True,
            charset="utf8mb4",
            client_flag=CLIENT.MULTI_STATEMENTS,
            connect_timeout=at.connect_timeout_s,
            cursorclass=_QuietCursor,
            ssl=at.tls.context() if at.tls else None,
            program_name="sitedr",
            **self.decoding,
        )
        try:
            async with asyncio.timeout(at.connect_timeout_s):
                await connection.open()
                at.greeted(connection.get_server_info())
                self._connection = connection
                if self._setup:
                    await self._send(";".join(self._setup), len(self._setup))
        except asyncio.CancelledError:
            self._discard(connection)
            raise
        except TimeoutError as late:
            self._discard(connection)
            reason = f"no connection in {at.connect_timeout_s:g} s"
            raise NotSentError("connect", reason) from late
        except UnsupportedError as unknown:
            self._discard(connection)
            raise NotSentError("version", str(unknown)) from unknown
        except Exception as error:
            self._discard(connection)
            raise _not_sent(error) from error

    def _discard(self, connection: _Connection) -> None:
        self._connection = None
        with contextlib.suppress(OSError):
            connection.close()

    async def _send(self, batch: str, count: int) -> Sequence[Sequence[Row]]:
        cursor = await self._connection.cursor()
        try:
            await cursor.execute(batch)
            answers = [_rows(await cursor.fetchall())]
            while len(answers) < count and await cursor.nextset():
                answers.append(_rows(await cursor.fetchall()))
        except pymysql.err.MySQLError as error:
            raise understood(error) from error
        if len(answers) != count:
            raise LostError("read", f"{len(answers)} of {count} answers came")
        return answers


def _rows(fetched: Sequence[Row] | None) -> Sequence[Row]:
    return tuple(fetched or ())


def understood(error: Exception) -> SqlError:
    """Return what *error* of a statement that had been sent means."""
    if isinstance(error, SqlError):
        return error
    if isinstance(error, pymysql.err.MySQLError) and error.args:
        code = error.args[0]
        known = isinstance(code, int) and code >= 1000
        if known and code not in _LOST_CODES and not 2000 <= code < 2100:
            return SaidError(code, str(error.args[-1]))
    return LostError("read", _reason_of(error))


def _not_sent(error: Exception) -> NotSentError:
    code = error.args[0] if error.args else None
    kind = _AccessDeniedError if code in _PASSWORD_CODES else NotSentError
    return kind(_phase_of(error), _reason_of(error))


def _phase_of(error: Exception) -> str:
    code = error.args[0] if error.args else None
    if isinstance(error, SqlError):
        return error.phase
    if code in AUTH_CODES or is_distrust(error):
        return "auth"
    if isinstance(error.__cause__, ssl.SSLError):
        return "tls"
    cause = error.__cause__
    if isinstance(cause, socket.gaierror):
        return "dns"
    return "read" if code == 2013 else "connect"


def _reason_of(error: Exception) -> str:
    if isinstance(error, pymysql.err.MySQLError) and len(error.args) > 1:
        text = f"{error.args[0]}: {error.args[1]}"
        if isinstance(error.__cause__, ssl.SSLError):
            text = f"{text} ({error.__cause__})"
    else:
        text = str(error)
    return text or type(error).__name__


async def caught(work: Awaitable[T]) -> T | SqlError:
    """Await *work* and return its result, or its failure: the adapter's border."""
    try:
        return await work
    except SqlError as error:
        return error
    except Exception as error:  # noqa: BLE001  unlisted: whatever was sent may have run
        return LostError("read", repr(error))


def outcome_of(error: SqlError) -> Outcome:
    """Return what an order's failure means for its effect."""
    if isinstance(error, NotSentError | SaidError):
        return Refused(error.reason)
    return Unknown(error.reason)


def not_seen_of(error: SqlError) -> NotSeen:
    """Return what a question's failure means."""
    return NotSeen(error.phase, error.reason)
