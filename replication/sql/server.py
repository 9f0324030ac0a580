"""What every SQL server's adapter has: sessions, views, the border of the port."""

import asyncio
from abc import ABC
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from typing_extensions import override

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import DatabaseServer, OpenTransaction, ServerView, Session
from replication.sql.canary import Canaries
from replication.sql.credentials import Credentials
from replication.sql.session import (
    Endpoint,
    LostError,
    NotSentError,
    Row,
    SaidError,
    SqlError,
    SqlSession,
    caught,
    not_seen_of,
    outcome_of,
)
from replication.sql.tls import ReplicaTls, Tls
from replication.sql.view import Said, Sight, sight_of
from replication.statements import (
    EPOCH,
    LOCK_NAME,
    NET_TIMEOUT_S,
    OPEN_TRANSACTIONS,
    Dialect,
)
from replication.versions import era_of

IDLE_S = 8
"""The order session is closed by the server, and its lock freed, after this."""

POLL_S = 0.01

SIZE_S = 30.0
"""A server that has just got its data opens every table to say how large it is."""

CopyMethod: TypeAlias = Literal["auto", "physical", "logical"]

_NO_SCHEMA = frozenset({1049, 1146})
_NO_SUCH_THREAD = 1094


@dataclass(frozen=True, slots=True)
class Address:
    """Where other members reach a server, and who the controller is there."""

    host: str
    port: int
    account: Credentials | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlAccess:
    """How to reach one server, and how it reaches the others.

    admin_port: on *host*; answers when `max_connections` is exhausted.
    members: where each server, this one included, serves its replicas.
    seed_position: the GTID position provisioning laid a copy at (MariaDB), None
        when it knows none.
    copy_method: physical, logical, or auto: logical where physical cannot be.
    copy_mb_s: how much a copy may move, megabytes a second; 0: no limit.
    statement_timeout_s: without an answer for so long a statement is `Unknown`.
    probe: who looks, clone: whom a server is copied as; None: the controller.
    tls: how we reach it; replica_tls: how it reaches its source. None: plain text.
    """

    server: ServerId
    host: str
    admin_port: int
    controller: Credentials
    replication: Credentials
    members: Mapping[ServerId, Address]
    seed_position: Callable[[ServerId], str | None] = lambda _server: None
    copy_mb_s: int = 0
    copy_method: CopyMethod = "auto"
    connect_timeout_s: float = 1.0
    statement_timeout_s: float = 2.0
    probe: Credentials | None = None
    clone: Credentials | None = None
    tls: Tls | None = None
    replica_tls: ReplicaTls | None = None

    @property
    def users(self) -> frozenset[str]:
        """Return the names of our own accounts: none of them is an application."""
        ours = (self.controller, self.replication, self.probe, self.clone)
        return frozenset(account.user for account in ours if account is not None)


class LockHeldError(NotSentError):
    """Another controller's connection holds this server's named lock."""


class SqlServer(DatabaseServer, ABC):
    """Sessions and the border of the port.

    *order* holds the named lock and carries every order, *view* asks, the
    canaries have their own; all on the admin port.
    """

    dialect: Dialect

    def __init__(self, access: SqlAccess) -> None:
        self._access = access
        self._timeout_s = access.statement_timeout_s
        self._endpoint = Endpoint(
            host=access.host,
            port=access.admin_port,
            account=access.controller,
            connect_timeout_s=access.connect_timeout_s,
            tls=access.tls,
            greeted=self._greeted,
        )
        prober = access.probe or access.controller
        self._view = SqlSession(replace(self._endpoint, account=prober))
        # What needs more than looking, and may not wait for an order.
        self._desk = SqlSession(self._endpoint) if access.probe else self._view
        self._order = SqlSession(
            self._endpoint,
            setup=(
                f"SET SESSION wait_timeout={IDLE_S}",
                "SET SESSION lock_wait_timeout=1, innodb_lock_wait_timeout=1",
            ),
        )
        self._canaries = Canaries(
            self._endpoint, lambda: self.dialect, timeout_s=self._timeout_s
        )
        self._ordering = asyncio.Lock()
        self._owner: str | None = None
        self._last_order_id = 0  # the server's id of our latest order connection
        self._named_id = 0  # the connection `ready` named last

    @property
    @override
    def server(self) -> ServerId:
        return self._access.server

    @override
    async def view(self) -> ServerView | NotSeen:
        sight = await caught(self._look())
        return not_seen_of(sight) if isinstance(sight, SqlError) else sight.view

    @override
    async def transactions(
        self, *, older_than_s: float
    ) -> tuple[OpenTransaction, ...] | NotSeen:
        found = await caught(self._open_longer_than(older_than_s))
        return not_seen_of(found) if isinstance(found, SqlError) else found

    @override
    async def canary(self, *, durable: bool) -> Outcome:
        return await (self._canaries.durable() if durable else self._canaries.local())

    @override
    async def ensure_claimed(self, owner: str) -> Outcome:
        async with self._ordering:
            if self._owner not in {None, owner}:
                return Refused(f"this process claimed it for {self._owner}")
            claimed = await caught(self._prove_and_claim())
            if isinstance(claimed, LockHeldError):
                return Refused(claimed.reason)
            if isinstance(claimed, SqlError):
                # Not reached is not refused: nobody else is known to hold it.
                return Unknown(claimed.reason)
            if not claimed:
                return Refused("another controller holds the database's lock")
            self._owner = owner
            return Done({"connection_id": str(self._order.connection_id)})

    @override
    async def ready(self) -> Session | NotSeen:
        async with self._ordering:
            sight = await caught(self._prove())
            if isinstance(sight, SqlError):
                return not_seen_of(sight)
            self._named_id = self._order.connection_id
            return Session(self.server, sight.view.boot_id, self._named_id)

    @override
    async def session_ended(self, session: Session) -> Outcome:
        """End it and poll until the server lists it no more.

        `Refused` when it is still listed after a few seconds: MySQL keeps a
        killed session that waits for an acknowledgement.
        """
        ended = await caught(self._end(session))
        return outcome_of(ended) if isinstance(ended, SqlError) else ended

    @override
    async def aclose(self) -> None:
        await self._canaries.aclose()
        self._order.close()
        self._desk.close()
        self._view.close()

    # ---- for the engines' orders ----------------------------------------------

    async def _ordered(
        self,
        epoch: Epoch,
        carry_out: Callable[[Sight], Awaitable[Outcome]],
        *,
        unfences: bool = False,
    ) -> Outcome:
        """Prove the session and the epoch, then carry an order out on it.

        Until *carry_out* begins nothing but questions has been sent, so silence
        there is `Refused`. *unfences*: travel only on the connection that
        `ready` named last, if it named one (rule 5).
        """
        async with self._ordering:
            named, self._named_id = self._named_id, 0  # good for one order
            sight = await caught(self._prove(only_id=named if unfences else 0))
            if isinstance(sight, SqlError):
                return Refused(f"nothing was sent: {sight.reason}")
            if sight.view.epoch > epoch:
                return Refused(
                    f"epoch {epoch} is over: the server has seen {sight.view.epoch}"
                )
            outcome = await caught(carry_out(sight))
            if isinstance(outcome, NotSentError):
                # The connection broke between two statements of the order.
                return Unknown(outcome.reason)
            return outcome_of(outcome) if isinstance(outcome, SqlError) else outcome

    async def _do(self, *statements: str) -> Sequence[Sequence[Row]]:
        return await self._order.ask(*statements, timeout_s=self._timeout_s)

    async def _stop_receiving(self) -> None:
        """Stop the receiver; while it tries to connect, as long as one try takes.

        The server marks it stopped at once and only then waits for the thread,
        which looks at the mark before it receives anything.
        """
        await self._order.ask(
            self.dialect.stop_receiver, timeout_s=self._timeout_s + NET_TIMEOUT_S
        )

    async def _sight(self) -> Sight:
        """Read everything on the order session."""
        return await self._read(self._order)

    async def _processes(self, session: SqlSession) -> Sequence[Row]:
        (rows,) = await session.ask("SHOW FULL PROCESSLIST", timeout_s=self._timeout_s)
        return rows

    async def _kill(self, session: SqlSession, connection_id: int) -> None:
        """End one connection; never its statement alone (`KILL QUERY`, rule 9)."""
        try:
            await session.ask(f"KILL {connection_id}", timeout_s=self._timeout_s)
        except SaidError as gone:
            if gone.code != _NO_SUCH_THREAD:
                raise

    async def _bytes(self) -> str:
        """Return the size of all tables, as the server estimates it."""
        row = await self._order.one(
            "SELECT CAST(COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) AS CHAR) AS size"
            " FROM information_schema.TABLES",
            timeout_s=SIZE_S,
        )
        return "0" if row is None else str(row["size"])

    # ---- inside -----------------------------------------------------------------

    def _greeted(self, version: str) -> None:
        """Speak the server's own words from here on; it may have been upgraded."""
        self.dialect = era_of(self.dialect.engine, version).dialect

    async def _look(self) -> Sight:
        """Read everything on the view session; an idle one is replaced once."""
        if self._view.is_open:
            try:
                return await self._read(self._view)
            except LostError as lost:
                if lost.silent:
                    raise
        await self._view.connect()
        return await self._read(self._view)

    async def _prove(self, *, only_id: int = 0) -> Sight:
        """Return a sight read on the order session just now.

        A connection that has gone is replaced, and the lock taken again, unless
        *only_id* names the one connection that will do.
        """
        if only_id and self._order.connection_id != only_id:
            raise NotSentError("connect", "the connection named last has gone")
        if self._order.is_open:
            try:
                return await self._read(self._order)
            except LostError as lost:
                if lost.silent:
                    raise
        if only_id:
            raise NotSentError("connect", "the connection named last has gone")
        await self._order.connect()
        if self._owner is not None and not await self._claim():
            self._order.close()
            raise LockHeldError("connect", "another controller holds the lock")
        self._last_order_id = self._order.connection_id
        return await self._read(self._order)

    async def _read(self, session: SqlSession) -> Sight:
        dialect = self.dialect
        ask = (dialect.variables, dialect.status, dialect.replica)
        epochs: Sequence[Row] = ()
        try:
            variables, status, replica, epochs = await session.ask(
                *ask, EPOCH, timeout_s=self._timeout_s
            )
        except SaidError as said:
            if said.code not in _NO_SCHEMA:
                raise
            variables, status, replica = await session.ask(
                *ask, timeout_s=self._timeout_s
            )
        answers = Said(
            variables=variables[0],
            status=status,
            replicas=replica,
            epoch=int(epochs[0]["epoch"] or 0) if epochs else 0,
        )
        return sight_of(self.server, dialect, answers)

    async def _open_longer_than(self, seconds: float) -> tuple[OpenTransaction, ...]:
        """Ask InnoDB; appliers and our own canaries are no application's."""
        await self._look()  # connects, if need be, and finds a broken line
        await self._sit_down()
        (rows,) = await self._desk.ask(OPEN_TRANSACTIONS, timeout_s=self._timeout_s)
        ours = self._access.users
        theirs = {
            row["Id"]
            for row in await self._processes(self._desk)
            if row["User"] not in ours | {"system user"}
        }
        return tuple(
            OpenTransaction(connection_id=int(row["id"]), age_s=float(row["age_s"]))
            for row in rows
            if row["id"] in theirs and float(row["age_s"]) > seconds
        )

    async def _sit_down(self) -> None:
        """Have the desk's connection proven by a round trip, or made anew."""
        if self._desk is self._view:
            return
        if self._desk.is_open:
            try:
                await self._desk.ask("SELECT 1", timeout_s=self._timeout_s)
            except LostError as lost:
                if lost.silent:
                    raise
        await self._desk.connect()

    async def _prove_and_claim(self) -> bool:
        await self._prove()
        return await self._claim()

    async def _end(self, session: Session) -> Outcome:
        if (await self._look()).view.boot_id != session.boot_id:
            return Done({"gone": "restarted"})
        await self._sit_down()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 2 * self._timeout_s
        while await self._lists(session.connection_id):
            if loop.time() > deadline:
                return Refused(f"connection {session.connection_id} is still there")
            await self._kill(self._desk, session.connection_id)
            await asyncio.sleep(POLL_S)
        return Done({"gone": "ended"})

    async def _claim(self) -> bool:
        """Take the lock; from an older connection of our own it is taken away."""
        for _ in range(2):
            row = await self._order.one(
                f"SELECT IF(IS_USED_LOCK('{LOCK_NAME}') = CONNECTION_ID(), 1,"
                f" GET_LOCK('{LOCK_NAME}', 0.2)) AS got,"
                f" IS_USED_LOCK('{LOCK_NAME}') AS holder",
                timeout_s=self._timeout_s,
            )
            if row is not None and row["got"] == 1:
                return True
            ours = self._last_order_id
            if self._owner is None or row is None or row["holder"] != ours:
                return False
            await self._kill(self._order, ours)
        return False

    async def _lists(self, connection_id: int) -> bool:
        return any(r["Id"] == connection_id for r in await self._processes(self._desk))
