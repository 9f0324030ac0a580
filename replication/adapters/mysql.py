"""MySQL 8.0.22 to 9, by SQL.

Owns the order of statements that MySQL demands; its words are in
`replication.statements`, its traps in replication.md 2.13 and 2.14.
"""

import asyncio
from collections.abc import Sequence

from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import Done, Outcome, Refused
from replication.sql.mysql_clone import CloneSeeding
from replication.sql.server import POLL_S
from replication.sql.session import (
    Row,
    SaidError,
)
from replication.sql.view import Sight
from replication.statements import MYSQL

_LOCK_WAIT_TIMEOUT = 1205
_IN_COMMIT = ("Waiting for semi-sync ACK", "waiting for handler commit")
_INTERNAL = frozenset({"Binlog Dump GTID", "Binlog Dump", "Daemon"})
_SYSTEM = frozenset({"system user", "event_scheduler"})
RECONNECT_S_MAX = 3.0
"""Replicas try once a second."""


class MySqlServer(CloneSeeding):
    """One MySQL server."""

    dialect = MYSQL

    @override
    async def ensure_closed(self, epoch: Epoch) -> Outcome:
        """Read-only for the next start, then for this one; clients ended.

        With no commit hanging that is all, and readers and replicas stay; commits
        that an acker will acknowledge are waited for. A hanging commit keeps
        `super_read_only` from being set; then, and whenever a statement does,
        `offline_mode` ends every application session (a waiter gets an error) and
        lets no new one in, so from then on nobody is told OK. But the commit hangs
        on without its client and may be acknowledged later, which changes what
        readers see: then the answer is `Refused`, and only the end of the process
        closes the server. Never an orderly shutdown: it tells the waiters OK.
        """
        return await self._ordered(epoch, self._close)

    # ---- freezing and following ----------------------------------------------

    @override
    async def _stop_receiver(self, sight: Sight) -> None:
        await self._stop_receiving()

    @override
    async def _ensure_applier(self, sight: Sight) -> Outcome:
        if not sight.view.applying:
            await self._do(self.dialect.start_applier)
        return Done()

    # ---- opening ------------------------------------------------------------------

    @override
    async def _accept_epoch_row(self, sight: Sight) -> str:
        """`read_only` stays on: the controller's account bypasses that one.

        Offline mode goes first: it keeps replicas out too, and the epoch row
        would wait for one of them.
        """
        await self._do("SET GLOBAL read_only=1")
        if sight.offline:
            await self._do("SET GLOBAL offline_mode=0")
            if not await self._acked_again():
                return "acknowledgements are required and no replica came back"
        await self._do("SET GLOBAL super_read_only=0")
        return ""

    async def _acked_again(self) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RECONNECT_S_MAX
        while loop.time() < deadline:
            side = (await self._sight()).view.source_side
            if not side.required or side.receivers:
                return True
            await asyncio.sleep(POLL_S)
        return False

    @override
    async def _accept_writes(self) -> None:
        await self._do("SET GLOBAL offline_mode=0", "SET GLOBAL read_only=0")

    @override
    async def _readmit_readers(self, sight: Sight) -> None:
        if sight.offline:
            await self._do("SET GLOBAL offline_mode=0")

    # ---- closing ------------------------------------------------------------------

    async def _close(self, sight: Sight) -> Outcome:
        await self._do("SET PERSIST_ONLY super_read_only=1")
        if sight.offline or not await self._let_end(sight):
            await self._do("SET GLOBAL offline_mode=1")
        await self._end_clients()
        if await self._waiting() or not await self._read_only():
            return Refused(_hanging(await self._waiting()))
        after = (await self._sight()).view
        waiting = await self._waiting()
        if after.writable or waiting or after.source_side.waiters:
            return Refused(_hanging(waiting))
        return Done({"executed": after.executed, "boot_id": after.boot_id})

    async def _let_end(self, sight: Sight) -> bool:
        """Set read-only when what commits now can end; False: it may hang.

        While an acker is connected, or nobody waits for one, running commits end
        by themselves, and the statement waits for them: going offline would cut
        the acker off and make them hang. Without one they hang already.
        """
        side = sight.view.source_side
        ends = side.receivers > 0 or not side.required
        return (ends or not await self._waiting()) and await self._read_only()

    async def _read_only(self) -> bool:
        """Set it; False when something held it off for `lock_wait_timeout`."""
        try:
            await self._do("SET GLOBAL super_read_only=1")
        except SaidError as said:
            if said.code != _LOCK_WAIT_TIMEOUT:
                raise
            return False
        return True

    async def _end_clients(self) -> None:
        """End application sessions that wait for no acknowledgement.

        The others would stay in the list, killed or not.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout_s
        kept = self._access.users
        while loop.time() < deadline:
            left = [
                row
                for row in await self._processes(self._order)
                if row["User"] not in kept | _SYSTEM and not _commits(row)
            ]
            if not left:
                return
            for row in left:
                await self._kill(self._order, row["Id"])
            await asyncio.sleep(POLL_S)

    async def _waiting(self) -> Sequence[int]:
        rows = await self._processes(self._order)
        return [int(row["Id"]) for row in rows if _commits(row)]


def _commits(row: Row) -> bool:
    if row["Command"] in _INTERNAL or row["User"] in _SYSTEM:
        return False
    return str(row["State"] or "").startswith(_IN_COMMIT)


def _hanging(waiting: Sequence[int]) -> str:
    return (
        f"offline, so no application is told OK, but {len(waiting)} commits hang:"
        " only the end of the process closes it"
    )
