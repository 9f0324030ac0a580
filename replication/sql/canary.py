"""Heartbeat rows: one that waits for the acknowledgement and one that does not."""

import asyncio
import math

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


class Canaries:
    """One local and at most one durable canary at a time, each on its session."""

    def __init__(
        self, endpoint: Endpoint, dialect: Dialect, *, timeout_s: float
    ) -> None:
        self._dialect = dialect
        self._timeout_s = timeout_s
        self._local = SqlSession(endpoint, setup=("SET SESSION sql_log_bin=0",))
        self._durable = SqlSession(endpoint)
        self._outstanding: asyncio.Task[Outcome] | None = None

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

    async def aclose(self) -> None:
        """Give up what hangs and close; safe to call twice."""
        hanging, self._outstanding = self._outstanding, None
        if hanging is not None:
            hanging.cancel()
            await asyncio.gather(hanging, return_exceptions=True)
        self._local.close()
        self._durable.close()

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

    async def _beat_durably(self) -> Row:
        await self._durable.connect()
        _, rows = await self._durable.ask(
            _DURABLE,
            f"SELECT ROW_COUNT() AS changed, ({self._dialect.gtid_of_canary}) AS gtid",
            timeout_s=math.inf,
        )
        return rows[0]
