"""MySQL 8.0.22 to 9, by SQL.

Owns the order of statements that MySQL demands; its words are in
`replication.statements`, its traps in replication.md 2.13 and 2.14.
"""

import asyncio
from collections.abc import Sequence

from typing_extensions import override

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, Outcome, Refused
from replication.gtid import GtidSet
from replication.ports import Receiving
from replication.sql.following import SqlFollowing
from replication.sql.server import POLL_S, Address
from replication.sql.session import (
    Endpoint,
    LostError,
    NotSentError,
    Row,
    SaidError,
    SqlError,
    SqlSession,
)
from replication.sql.view import Sight
from replication.statements import MYSQL

_LOCK_WAIT_TIMEOUT = 1205
_RESTART_BY_HAND = 3707  # no supervisor: the clone is there, the server is down
_IN_COMMIT = ("Waiting for semi-sync ACK", "waiting for handler commit")
_INTERNAL = frozenset({"Binlog Dump GTID", "Binlog Dump", "Daemon"})
_SYSTEM = frozenset({"system user", "event_scheduler"})
CLONE_S_MAX = 3600.0
"""A copy may take as long as the caller allows; this is for a lost one."""
RESTART_S_MAX = 60.0
RECONNECT_S_MAX = 3.0
"""Replicas try once a second."""


class MySqlServer(SqlFollowing):
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

    @override
    async def ensure_seeded(self, donor: ServerId, epoch: Epoch) -> Outcome:
        """CLONE from *donor*, unless what is here is a clean part of it.

        Clean: not empty, nothing the donor has not, and nothing missing that
        the donor has purged; then auto-position brings the rest. The server
        restarts under its supervisor and comes back read-only.
        """

        async def carry_out(sight: Sight) -> Outcome:
            return await self._seed(sight, donor)

        return await self._ordered(epoch, carry_out)

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

    # ---- seeding ------------------------------------------------------------------

    async def _seed(self, sight: Sight, donor: ServerId) -> Outcome:
        view = sight.view
        address = self._access.members.get(donor)
        if address is None or donor == self.server:
            return Refused(f"{donor} is no member to copy")
        if view.writable or view.receiving in {Receiving.YES, Receiving.CONNECTING}:
            return Refused("it accepts writes or receives: no place for a copy")
        try:
            clean = await self._is_part_of(address, GtidSet.parse(view.executed))
        except SqlError as error:
            return Refused(f"the donor does not answer: {error.reason}")
        if not clean:
            cloned = await self._clone(address)
            if not isinstance(cloned, Done):
                return cloned
            await self._come_back(view.boot_id)
            await self._do(self.dialect.forget_source)
        after = (await self._sight()).view
        if after.writable or after.source_side.required or not after.executed:
            return Refused(f"read back otherwise: {after!r}")
        return Done({"executed": after.executed, "bytes": await self._bytes()})

    async def _is_part_of(self, donor: Address, executed: GtidSet) -> bool:
        if not executed:
            return False
        session = SqlSession(
            Endpoint(
                host=donor.host,
                port=donor.port,
                account=self._access.controller,
                connect_timeout_s=self._access.connect_timeout_s,
                tls=self._access.tls,
            )
        )
        try:
            await session.connect()
            row = await session.one(
                "SELECT @@GLOBAL.gtid_executed AS executed,"
                " @@GLOBAL.gtid_purged AS purged",
                timeout_s=self._timeout_s,
            )
        finally:
            session.close()
        assert row is not None
        has = GtidSet.parse(row["executed"]).covers(executed)
        return has and executed.covers(GtidSet.parse(row["purged"]))

    async def _clone(self, donor: Address) -> Outcome:
        """Copy over the network; the answer is a lost connection when it works.

        `read_only` stays on meanwhile: only the controller could write.
        """
        account = self._access.clone or self._access.controller
        quoted = self._order.quoted
        encrypted = " REQUIRE SSL" if self._access.replica_tls else ""
        await self._do(
            self.dialect.stop_replica,
            "SET GLOBAL read_only=1",
            "SET GLOBAL super_read_only=0",
            f"SET GLOBAL clone_valid_donor_list={quoted(f'{donor.host}:{donor.port}')}",
        )
        try:
            await self._order.ask(
                f"CLONE INSTANCE FROM {quoted(account.user)}@{quoted(donor.host)}:"
                f"{donor.port} IDENTIFIED BY {quoted(account.newest())}{encrypted}",
                timeout_s=CLONE_S_MAX,
            )
        except LostError:
            return Done()
        except SaidError as said:
            if said.code == _RESTART_BY_HAND:
                return Done()
            await self._do("SET GLOBAL super_read_only=1")
            raise
        return Done()

    async def _come_back(self, boot_id: str) -> None:
        """Wait for the restarted server and go on with it.

        Raises:
            LostError: It did not come back.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RESTART_S_MAX
        while loop.time() < deadline:
            try:
                if (await self._prove()).view.boot_id != boot_id:
                    return
            except (NotSentError, LostError):
                pass
            await asyncio.sleep(5 * POLL_S)
        raise LostError("connect", "the server did not come back after the copy")


def _commits(row: Row) -> bool:
    if row["Command"] in _INTERNAL or row["User"] in _SYSTEM:
        return False
    return str(row["State"] or "").startswith(_IN_COMMIT)


def _hanging(waiting: Sequence[int]) -> str:
    return (
        f"offline, so no application is told OK, but {len(waiting)} commits hang:"
        " only the end of the process closes it"
    )
