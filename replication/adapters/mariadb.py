"""MariaDB 10.6 to 11, by SQL.

Owns the order of statements that MariaDB demands; its words are in
`replication.statements`, its traps in replication.md 2.13 and 2.14.
"""

import asyncio
from collections.abc import Sequence

from typing_extensions import override

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, Outcome, Refused
from replication.gtid import GtidError, covers
from replication.ports import Receiving
from replication.sql.logical import LogicalSeeding
from replication.sql.server import POLL_S, Address
from replication.sql.session import Row, SaidError, SqlError
from replication.sql.view import Sight
from replication.statements import MARIADB

_LOCK_WAIT_TIMEOUT = 1205
_KILL_BEFORE_STOP_S = 0.02
_NO_SUCH_TABLE = frozenset({1049, 1146})
_INTERNAL = frozenset(
    {"Binlog Dump", "Daemon", "Slave_IO", "Slave_SQL", "Slave_worker"}
)
_IN_COMMIT = ("Waiting for semi-sync ACK", "Waiting for prior transaction", "Commit")

# Local to this server, like the account locks it remembers.
_LOCKED = """
    CREATE TABLE IF NOT EXISTS sitedr.locked_accounts (
    user VARCHAR(128) NOT NULL, host VARCHAR(255) NOT NULL,
    PRIMARY KEY (user, host)) ENGINE=InnoDB"""


class MariaDbServer(LogicalSeeding):
    """One MariaDB server."""

    dialect = MARIADB

    @override
    async def ensure_closed(self, epoch: Epoch) -> Outcome:
        """Lock accounts, end clients (readers first), then `read_only=1`.

        The locks are local (not in the binary log) and remembered in
        `sitedr.locked_accounts`, so that opening lifts these and no others.
        Never `KILL QUERY`: it tells a waiter OK. A killed waiter gets an error
        and its row becomes visible here, so readers go first. `Refused` while
        some commit keeps `read_only` from being set: ask again.
        """
        return await self._ordered(epoch, self._close)

    @override
    async def ensure_seeded(self, donor: ServerId, epoch: Epoch) -> Outcome:
        """Set the GTID position provisioning laid the copy at.

        A server that has it already, or has applied more since, is left alone.
        Where provisioning laid an empty server, its rows are copied here.
        """

        async def carry_out(sight: Sight) -> Outcome:
            return await self._seed(sight, donor)

        return await self._ordered(epoch, carry_out)

    # ---- freezing and following ----------------------------------------------

    @override
    async def _stop_receiver(self, sight: Sight) -> None:
        # With both halves stopped, the next START throws the relay log away.
        if not sight.view.applying:
            await self._do(self.dialect.start_applier)
        # STOP alone waits for the network: 2 s in a black hole, while connected.
        # Within a millisecond of the KILL it waits as long (measured, about two
        # tries in three); 10 ms later it never did.
        for row in await self._processes(self._order):
            if row["Command"] == "Slave_IO":
                await self._kill(self._order, row["Id"])
                await asyncio.sleep(_KILL_BEFORE_STOP_S)
        await self._stop_receiving()

    @override
    async def _ensure_applier(self, sight: Sight) -> Outcome:
        """A stopped applier beside a stopped receiver is left stopped.

        Starting either would make MariaDB delete the relay log, and the
        unapplied transactions with it; they may exist nowhere else.
        """
        if sight.view.applying:
            return Done()
        return Refused(
            f"received and not applied: {self._lacks(sight.view)}; MariaDB would throw"
            f" it away when the applier starts ({sight.error or 'stopped by order'})"
        )

    # ---- opening ------------------------------------------------------------------

    @override
    async def _accept_epoch_row(self, sight: Sight) -> str:
        # The controller's account may write while `read_only` is on.
        return ""

    @override
    async def _accept_writes(self) -> None:
        await self._unlock_accounts()
        await self._do("SET GLOBAL read_only=0")

    @override
    async def _readmit_readers(self, sight: Sight) -> None:
        await self._unlock_accounts()

    # ---- closing ------------------------------------------------------------------

    async def _close(self, sight: Sight) -> Outcome:
        del sight  # the end state is looked at afresh below
        await self._lock_accounts()
        await self._end_clients()
        try:
            await self._do("SET GLOBAL read_only=1")
        except SaidError as said:
            if said.code != _LOCK_WAIT_TIMEOUT:
                raise
            return Refused("a running statement keeps read_only from being set")
        left = [row["Id"] for row in await self._clients()]
        after = (await self._sight()).view
        if left or after.writable or after.source_side.waiters:
            return Refused(f"still there: connections {left}, {after.source_side}")
        return Done({"executed": after.executed, "boot_id": after.boot_id})

    async def _lock_accounts(self) -> None:
        kept = (*sorted(self._access.users), "mariadb.sys")
        names = ", ".join(self._order.quoted(user) for user in kept)
        (accounts,) = await self._do(
            "SELECT User AS user, Host AS host FROM mysql.global_priv WHERE"  # noqa: S608  quoted by the driver
            f" User NOT IN ({names}) AND User <> '' AND Host <> ''"
            " AND NOT COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0)"
            " AND NOT COALESCE(JSON_VALUE(Priv, '$.is_role'), 0)"
        )
        if not accounts:
            return
        pairs = [
            (self._order.quoted(a["user"]), self._order.quoted(a["host"]))
            for a in accounts
        ]
        rows = ", ".join(f"({user}, {host})" for user, host in pairs)
        named = ", ".join(f"{user}@{host}" for user, host in pairs)
        await self._locally(
            _LOCKED,
            f"INSERT IGNORE INTO sitedr.locked_accounts VALUES {rows}",  # noqa: S608  quoted by the driver
            f"ALTER USER {named} ACCOUNT LOCK",
        )

    async def _unlock_accounts(self) -> None:
        try:
            (rows,) = await self._do("SELECT user, host FROM sitedr.locked_accounts")
        except SaidError as said:
            if said.code not in _NO_SUCH_TABLE:
                raise
            return
        if not rows:
            return
        quoted = self._order.quoted
        named = ", ".join(f"{quoted(r['user'])}@{quoted(r['host'])}" for r in rows)
        await self._locally(
            f"ALTER USER IF EXISTS {named} ACCOUNT UNLOCK",
            "DELETE FROM sitedr.locked_accounts",
        )

    async def _locally(self, *statements: str) -> None:
        """Run *statements* without the binary log.

        A failure ends the connection: on one that was left without the binary
        log an epoch row would reach no replica.
        """
        try:
            await self._do(
                "SET SESSION sql_log_bin=0", *statements, "SET SESSION sql_log_bin=1"
            )
        except BaseException:
            self._order.close()
            raise

    async def _end_clients(self) -> None:
        """End what reads, wait until it is gone, then end what waits in commit.

        What cannot be ended in time is found, and named, by the reading back.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 2 * self._timeout_s
        for waiting in (False, True):
            while loop.time() < deadline:
                clients = await self._clients()
                ending = [row for row in clients if waiting or not _commits(row)]
                if not ending:
                    break
                for row in ending:
                    await self._kill(self._order, row["Id"])
                await asyncio.sleep(POLL_S)

    async def _clients(self) -> Sequence[Row]:
        """Return connections that could be told OK, hung canaries among them."""
        return [
            row for row in await self._processes(self._order) if self._is_client(row)
        ]

    def _is_client(self, row: Row) -> bool:
        if row["Command"] in _INTERNAL or row["User"] in {
            "system user",
            "event_scheduler",
        }:
            return False
        if row["User"] in self._access.users:
            return _commits(row)
        return True

    # ---- seeding ------------------------------------------------------------------

    async def _seed(self, sight: Sight, donor: ServerId) -> Outcome:
        view = sight.view
        if view.writable:
            return Refused("it accepts writes: no place for a copy")
        position = self._access.seed_position(self.server)
        if position is None:
            return await self._fall_back(sight, donor)
        try:
            there = covers(view.executed, position, self.dialect.engine)
        except GtidError as bad:
            return Refused(str(bad))
        if not there:
            if view.receiving is not Receiving.NONE:
                return Refused("it follows a source and lacks the copy's position")
            await self._do(f"SET GLOBAL gtid_slave_pos={self._order.quoted(position)}")
        after = (await self._sight()).view
        if not covers(after.executed, position, self.dialect.engine):
            return Refused(f"read back otherwise: {after.executed}")
        return Done({"executed": after.executed, "bytes": await self._bytes()})

    async def _fall_back(self, sight: Sight, donor: ServerId) -> Outcome:
        address = self._access.members.get(donor)
        if address is None or donor == self.server:
            return Refused(f"{donor} is no member to copy")
        if sight.view.executed and not await self._is_half():
            return await self._part_of(sight, address)
        if self._access.copy_method == "physical":
            return Refused("provisioning recorded no position for this copy")
        why = "so configured" if self._access.copy_method == "logical" else "no files"
        return await self._seed_logically(sight, donor, address, why)

    async def _part_of(self, sight: Sight, donor: Address) -> Outcome:
        """It was copied before: nothing is missing, nothing is too much."""
        executed = sight.view.executed
        question = "SELECT @@GLOBAL.gtid_current_pos AS executed"
        try:
            there = (await self._asked(donor, question))["executed"]
            part = covers(there, executed, self.dialect.engine)
        except (SqlError, GtidError) as error:
            return Refused(f"the donor's position is not known: {error}")
        if not part:
            return Refused(f"it has executed {executed}, the donor only {there}")
        return Done({"executed": executed, "bytes": await self._bytes()})

    @override
    def _before_writing(self) -> Sequence[str]:
        return ()  # the controller's account bypasses read-only

    @override
    def _after_writing(self) -> Sequence[str]:
        return ()

    @override
    def _position_statements(self, position: str) -> Sequence[str]:
        return (f"SET GLOBAL gtid_slave_pos={self._order.quoted(position)}",)


def _commits(row: Row) -> bool:
    return str(row["State"] or "").startswith(_IN_COMMIT)
