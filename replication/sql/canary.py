"""Heartbeat rows: those that wait for the acknowledgement and one that does not."""

import asyncio
import math
from collections.abc import Callable

from controller.model.outcomes import Done, Outcome, Refused, Unknown
from replication.sql.session import (
    Endpoint,
    LostError,
    Row,
    SqlError,
    SqlSession,
    caught,
    outcome_of,
)
from replication.statements import Dialect

# Written only where writes are open, in one statement: the controller's account
# bypasses read-only, and its row on a replica would be an errant transaction.
_DURABLE = """
    INSERT INTO sitedr.canary (id, beat) SELECT 1, 1 FROM DUAL
    WHERE @@GLOBAL.read_only = 0 ON DUPLICATE KEY UPDATE beat = canary.beat + 1"""
_LOCAL = """
    INSERT INTO sitedr.local_canary (id, beat) VALUES (1, 1)
    ON DUPLICATE KEY UPDATE beat = beat + 1"""

# Past read-only, on the controller's privilege; but only where commits wait for an
# acknowledgement, which is never so on a replica.
_HEARD_EPOCH = """
    INSERT INTO sitedr.epoch (id, epoch) SELECT 1, {epoch} FROM DUAL
    WHERE {required} = 1
    ON DUPLICATE KEY UPDATE epoch = GREATEST(epoch.epoch, {epoch})"""
_HEARD = """
    INSERT INTO sitedr.canary (id, beat) SELECT 1, 1 FROM DUAL
    WHERE {required} = 1 ON DUPLICATE KEY UPDATE beat = canary.beat + 1"""


class Canaries:
    """One local canary, and of each durable kind at most one at a time.

    Each has its session, so that what hangs in commit holds up nothing else. The
    dialect is known once the server has greeted.
    """

    def __init__(
        self, endpoint: Endpoint, dialect: Callable[[], Dialect], *, timeout_s: float
    ) -> None:
        self._dialect = dialect
        self._timeout_s = timeout_s
        self._local = SqlSession(endpoint, setup=("SET SESSION sql_log_bin=0",))
        self._durable = SqlSession(endpoint)
        self._outstanding: asyncio.Task[Outcome] | None = None
        self._closed = SqlSession(endpoint)
        self._unheard: asyncio.Task[Outcome] | None = None

    async def local(self) -> Outcome:
        """Commit a row that waits for nobody and is replicated to nobody.

        A connection the server closed for being idle is replaced once: the
        row is a heartbeat, and a second beat harms nothing.
        """
        answer = await caught(self._beat_locally())
        if isinstance(answer, LostError) and not answer.silent:
            answer = await caught(self._beat_locally())
        return outcome_of(answer) if isinstance(answer, SqlError) else Done()

    async def durable(self) -> Outcome:
        """Commit a row that waits like any write; it may wait without limit.

        When the caller gives up, the commit hangs on by itself, and until it
        ends every further one is answered `Unknown` at once.
        """
        if self._outstanding is not None and not self._outstanding.done():
            return Unknown("previous canary still hanging")
        self._outstanding = asyncio.create_task(self._beat())
        return await asyncio.shield(self._outstanding)

    async def heard(self, epoch: int) -> Outcome:
        """Commit *epoch* and a row on a server that is closed to applications.

        They wait like any write, and hang on by themselves when the caller gives
        up; until then every further call is answered `Unknown` at once. `Refused`
        when nothing was written, because commits there wait for nobody.
        """
        if self._unheard is not None and not self._unheard.done():
            return Unknown("previous row still hanging")
        self._unheard = asyncio.create_task(self._beat_closed(epoch))
        return await asyncio.shield(self._unheard)

    async def aclose(self) -> None:
        """Give up what hangs and close; safe to call twice."""
        hanging = [t for t in (self._outstanding, self._unheard) if t is not None]
        self._outstanding = self._unheard = None
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        self._local.close()
        self._durable.close()
        self._closed.close()

    async def _beat_locally(self) -> None:
        await self._local.connect()
        await self._local.ask(_LOCAL, timeout_s=self._timeout_s)

    async def _beat(self) -> Outcome:
        if self._durable.is_open:  # perhaps no more: servers close idle ones
            asked = self._durable.ask("SELECT 1", timeout_s=self._timeout_s)
            if isinstance(await caught(asked), SqlError):
                self._durable.close()
        said = await caught(self._beat_durably())
        if isinstance(said, SqlError):
            return outcome_of(said)
        if int(said["changed"]) < 1:
            return Refused("the server is read-only: no canary on a replica")
        return Done({"gtid": "".join(str(said["gtid"]).split())})

    async def _beat_closed(self, epoch: int) -> Outcome:
        said = await caught(self._write_closed(epoch))
        self._closed.close()  # it is rarely needed, and idle ones go stale
        if isinstance(said, SqlError):
            return outcome_of(said)
        if int(said["changed"]) < 1:
            return Refused("commits there wait for nobody: nothing was written")
        return Done({"gtid": "".join(str(said["gtid"]).split())})

    async def _write_closed(self, epoch: int) -> Row:
        await self._closed.connect()
        required = self._dialect().acks_required
        _, _, rows = await self._closed.ask(
            _HEARD_EPOCH.format(epoch=int(epoch), required=required),
            _HEARD.format(required=required),
            self._changed(),
            timeout_s=math.inf,
        )
        return rows[0]

    def _changed(self) -> str:
        gtid = self._dialect().gtid_of_canary
        return f"SELECT ROW_COUNT() AS changed, ({gtid}) AS gtid"

    async def _beat_durably(self) -> Row:
        await self._durable.connect()
        _, rows = await self._durable.ask(
            _DURABLE,
            self._changed(),
            timeout_s=math.inf,
        )
        return rows[0]
