"""Seeding a MySQL server by CLONE: safe to interrupt, throttled, with progress.

As MySQL 9.7 behaves (tests/integration/test_clone_copies.py): a clone goes on when
its client has gone, and restarts the server on what it brought; ended in the middle,
by KILL or by SIGKILL, it has dropped the recipient's schemas and looks like a fresh
server. Only `clone_status` knows: it survives the restart, and is the mark of half a
copy. A donor that died is waited for over minutes.
"""

import asyncio
from collections.abc import Sequence

from typing_extensions import override

from controller.model.copying import CopyPhase, CopyProgress
from controller.model.ids import BootId, Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.gtid import GtidSet
from replication.ports import Receiving
from replication.sql.clone_fits import CLONABLE, why_no_clone
from replication.sql.clone_progress import Cloning
from replication.sql.logical import LogicalSeeding
from replication.sql.server import POLL_S, Address
from replication.sql.session import (
    LostError,
    NotSentError,
    Row,
    SaidError,
    SqlError,
    SqlSession,
    caught,
    not_seen_of,
)
from replication.sql.view import Sight

_RESTART_BY_HAND = 3707  # no supervisor: the clone is there, the server is down
_DONOR_SAID = 3862  # and then the donor's own code, as text
_ONE_AT_A_TIME = " 3634 "
CLONE_S_MAX = 7 * 86400.0
"""A copy may take as long as it moves; this is only for the statement's time-out."""
RESTART_S_MAX = 900.0
"""It recovers from the donor's redo log first."""
BUSY_S_MAX = 60.0
"""A donor gives one copy at a time, and may not have noticed yet that who took the one
before is dead. Once it has, a new copy takes its place at once."""
_WATCH_S = 1.0
_END_S = 5.0

_STATUS = (
    "SELECT PID AS pid, STATE AS state, ERROR_MESSAGE AS why"
    " FROM performance_schema.clone_status"
)
_NO_SUCH_TABLE = 1146  # without the plugin
_PROGRESS = (
    "SELECT STAGE AS stage, STATE AS state, ESTIMATE AS estimate, DATA AS copied"
    " FROM performance_schema.clone_progress"
)


class CloneSeeding(LogicalSeeding):
    """`ensure_seeded` and `copying` by CLONE."""

    _cloning: Cloning | None = None
    _ending: asyncio.Future[bool | SqlError] | None = None

    @override
    async def ensure_seeded(self, donor: ServerId, epoch: Epoch) -> Outcome:
        """CLONE from *donor*, unless what is here is a clean part of it.

        Clean: no half copy, not empty, nothing the donor has not, and nothing
        missing that the donor has purged; then auto-position brings the rest. The
        server restarts under its supervisor and comes back read-only, following
        nobody, whomever the donor followed. A clone left over from a controller
        that stopped is ended first.
        """

        async def carry_out(sight: Sight) -> Outcome:
            return await self._seed(sight, donor)

        return await self._ordered(epoch, carry_out)

    @override
    async def copying(self) -> CopyProgress | NotSeen | None:
        if self._cloning is None:
            return await super().copying()
        found = await caught(self._read_progress(self._cloning))
        return not_seen_of(found) if isinstance(found, SqlError) else found

    # ---- inside -----------------------------------------------------------------

    async def _seed(self, sight: Sight, donor: ServerId) -> Outcome:
        view = sight.view
        began_s = asyncio.get_running_loop().time()
        address = self._access.members.get(donor)
        if address is None or donor == self.server:
            return Refused(f"{donor} is no member to copy")
        if view.writable or view.receiving in {Receiving.YES, Receiving.CONNECTING}:
            return Refused("it accepts writes or receives: no place for a copy")
        if not await self._clone_ended(self._order):
            return Refused("an earlier clone does not end")
        copied = await self._copied_from(donor, address, sight)
        if not isinstance(copied, Done) or copied.evidence:
            return copied
        return await self._read_back(began_s)

    async def _copied_from(
        self, donor: ServerId, address: Address, sight: Sight
    ) -> Outcome:
        """Copy, unless there is a clean part; evidence only of a logical copy."""
        try:
            executed = GtidSet.parse(sight.view.executed)
            clean = await self._is_part_of(address, executed)
            if clean and not await self._is_half():
                return Done()
            why = await self._why_logical(address)
        except SqlError as error:
            return Refused(f"the donor does not answer: {error.reason}")
        if why:
            return await self._seed_logically(sight, donor, address, why)
        return await self._clone(donor, address, sight.view.boot_id)

    async def _read_back(self, began_s: float) -> Outcome:
        after = (await self._sight()).view
        if after.writable or after.source_side.required or not after.executed:
            return Refused(f"read back otherwise: {after!r}")
        if after.receiving is not Receiving.NONE or await self._is_half():
            return Refused("half a copy, or it knows a source already")
        took_s = asyncio.get_running_loop().time() - began_s
        return Done(
            {
                "executed": after.executed,
                "bytes": await self._bytes(),
                "seconds": f"{took_s:.2f}",
            }
        )

    async def _is_part_of(self, donor: Address, executed: GtidSet) -> bool:
        if not executed:
            return False
        row = await self._asked(
            donor,
            "SELECT @@GLOBAL.gtid_executed AS executed, @@GLOBAL.gtid_purged AS purged",
        )
        has = GtidSet.parse(row["executed"]).covers(executed)
        return has and executed.covers(GtidSet.parse(row["purged"]))

    async def _clone(
        self, donor: ServerId, address: Address, boot_id: BootId
    ) -> Outcome:
        """Copy over the network, and wait until the server is back on the copy.

        `read_only` stays on meanwhile: only the controller could write. What is
        persisted belongs to the recipient, not to the copy: however its files are
        set, it comes back read-only and connects to nobody (rules 2 and 3), though
        a replica's copy says whom to follow.
        """
        quoted = self._order.quoted
        # Renamed in the version that renamed semi-sync's variables, 8.0.26.
        word = "replica" if "source" in self.dialect.acks_off else "slave"
        where = quoted(f"{address.host}:{address.port}")
        await self._do(
            self.dialect.stop_replica,
            f"SET PERSIST_ONLY skip_{word}_start=1",
            "SET PERSIST_ONLY super_read_only=1",
            "SET GLOBAL read_only=1",
            "SET GLOBAL super_read_only=0",
            f"SET GLOBAL clone_valid_donor_list={where}",
            *_limits(self._access.copy_mb_s),
        )
        began = CopyProgress(
            donor=donor,
            method="clone",
            phase=CopyPhase.COPYING,
            copied_bytes=0,
            total_bytes=0,
        )
        cloning = Cloning(began, asyncio.get_running_loop().time())
        self._cloning = cloning
        try:
            copied = await self._copied_in_turn(address, cloning)
            back = (
                await self._come_back(boot_id, cloning) if _is_done(copied) else copied
            )
        except asyncio.CancelledError:
            # Nobody waits for it: whoever cancelled has something more urgent.
            self._ending = asyncio.ensure_future(caught(self._abandon()))
            raise
        finally:
            self._cloning = None
        if _is_done(back):
            await self._do(self.dialect.forget_source)
        return back

    async def _copied_in_turn(self, address: Address, cloning: Cloning) -> Outcome:
        """Copy; while the donor gives another copy, ask again."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + BUSY_S_MAX
        while True:
            try:
                return await self._copied(address, cloning)
            except SaidError as said:
                busy = said.code == _DONOR_SAID and _ONE_AT_A_TIME in said.reason
                if not busy or loop.time() > deadline:
                    raise
            await asyncio.sleep(_WATCH_S)
            await self._do("SET GLOBAL super_read_only=0")

    async def _copied(self, address: Address, cloning: Cloning) -> Outcome:
        """Run the statement; the answer is a lost connection when it works.

        And when the line to the server broke: it clones on.
        """
        account, quoted = (
            self._access.clone or self._access.controller,
            self._order.quoted,
        )
        encrypted = " REQUIRE SSL" if self._access.replica_tls else ""
        asked = asyncio.ensure_future(
            self._order.ask(
                f"CLONE INSTANCE FROM {quoted(account.user)}@{quoted(address.host)}:"
                f"{address.port} IDENTIFIED BY {quoted(account.newest())}{encrypted}",
                timeout_s=CLONE_S_MAX,
            )
        )
        try:
            stuck = await self._watch(asked, cloning)
            if not asked.done():
                return await self._given_up(stuck)
            asked.result()
        except LostError:
            return Done()
        except SaidError as said:
            if said.code == _RESTART_BY_HAND:
                return Done()
            await self._do("SET GLOBAL super_read_only=1")
            raise
        finally:
            asked.cancel()
            await asyncio.wait({asked})
        return Done()

    async def _watch(
        self, asked: asyncio.Future[Sequence[Sequence[Row]]], cloning: Cloning
    ) -> str:
        """Wait until the statement ends, or for why it is not waited for longer."""
        while True:
            await asyncio.wait({asked}, timeout=_WATCH_S)
            stuck = cloning.stuck(asyncio.get_running_loop().time())
            if asked.done() or stuck:
                return stuck
            await self.copying()

    async def _given_up(self, why: str) -> Outcome:
        rest = "" if await self._abandon() else ", and it does not end"
        return Refused(f"{why}{rest}")

    async def _abandon(self) -> bool:
        """End the clone under way, on a connection of our own."""
        session = SqlSession(self._endpoint)
        try:
            await session.connect()
            ended = await self._clone_ended(session)
            await session.ask("SET GLOBAL super_read_only=1", timeout_s=self._timeout_s)
        finally:
            session.close()
        return ended

    async def _read_progress(self, cloning: Cloning) -> CopyProgress:
        if not self._view.is_open:
            await self._view.connect()
        (rows,) = await self._view.ask(_PROGRESS, timeout_s=self._timeout_s)
        return cloning.read(rows, asyncio.get_running_loop().time())

    @override
    async def _is_half(self) -> bool:
        """Also of a clone that failed at once: what it dropped is not told surely."""
        rows = await self._clones(self._order)
        cloned = all(row["state"] == "Completed" for row in rows)
        return not cloned or await super()._is_half()

    async def _why_logical(self, donor: Address) -> str:
        """Return why rows are copied, not files; empty: CLONE it is.

        Raises:
            SqlError: the donor does not answer.
        """
        method = self._access.copy_method
        if method != "auto":
            return "" if method == "physical" else "so configured"
        (ours,) = await self._do(CLONABLE)
        return why_no_clone(ours[0], await self._asked(donor, CLONABLE))

    @override
    def _before_writing(self) -> Sequence[str]:
        return (
            self.dialect.stop_replica,
            "SET GLOBAL read_only=1",
            "SET GLOBAL super_read_only=0",
        )

    @override
    def _after_writing(self) -> Sequence[str]:
        return ("SET GLOBAL super_read_only=1",)

    @override
    def _position_statements(self, position: str) -> Sequence[str]:
        return (
            self.dialect.reset_binary_logs,
            f"SET GLOBAL gtid_purged={self._order.quoted(position)}",
        )

    async def _clones(self, session: SqlSession) -> Sequence[Row]:
        try:
            (rows,) = await session.ask(_STATUS, timeout_s=self._timeout_s)
        except SaidError as said:
            if said.code != _NO_SUCH_TABLE:
                raise
            return ()
        return rows

    async def _clone_ended(self, session: SqlSession) -> bool:
        """End a clone whose client has gone; without help it would go on."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + _END_S
        while True:
            rows = await self._clones(session)
            running = {int(r["pid"]) for r in rows if r["state"] == "In Progress"}
            # After a crash it says so too, of a connection that is no more.
            alive = {int(r["Id"]) for r in await self._processes(session)}
            if not running & alive:
                return True
            if loop.time() > until_s:
                return False
            for connection_id in running & alive:
                await self._kill(session, connection_id)
            await asyncio.sleep(5 * POLL_S)

    async def _come_back(self, boot_id: BootId, cloning: Cloning) -> Outcome:
        """Wait for the restarted server and go on with it.

        The connection is lost also when the clone itself was ended, and when only
        the line to the server broke: while it clones on it is watched as before.
        Looked at without the named lock: the session that clones holds it, and
        claiming it anew would end that one.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RESTART_S_MAX
        while loop.time() < deadline:
            try:
                if (await self._look()).view.boot_id != boot_id:
                    await self._prove()
                    return Done()
                await self._sit_down()
                rows = await self._clones(self._desk)
                if any(row["state"] == "Failed" for row in rows):
                    await self._prove()
                    await self._do("SET GLOBAL super_read_only=1")
                    return Refused(f"the clone failed: {rows[0]['why']}")
                if any(row["state"] == "In Progress" for row in rows):
                    await self._read_progress(cloning)
                    if stuck := cloning.stuck(loop.time()):
                        return await self._given_up(stuck)
                    deadline = loop.time() + RESTART_S_MAX
            except (NotSentError, LostError):
                pass
            await asyncio.sleep(5 * POLL_S)
        return Unknown("the server did not come back after the copy")

    @override
    async def aclose(self) -> None:
        if self._ending is not None:
            await asyncio.wait({self._ending}, timeout=_END_S)
            self._ending.cancel()
        await super().aclose()


def _is_done(outcome: Outcome) -> bool:
    return isinstance(outcome, Done)


def _limits(rate_mb_s: int) -> tuple[str, ...]:
    """Bound the copy; the server counts in MiB, and by itself adds threads."""
    if not rate_mb_s:
        return (
            "SET GLOBAL clone_autotune_concurrency=DEFAULT",
            "SET GLOBAL clone_max_data_bandwidth=0",
            "SET GLOBAL clone_max_network_bandwidth=0",
        )
    mib_s = max(rate_mb_s * 1_000_000 // 2**20, 1)
    return (
        "SET GLOBAL clone_autotune_concurrency=0",
        f"SET GLOBAL clone_max_data_bandwidth={mib_s}",
        f"SET GLOBAL clone_max_network_bandwidth={mib_s}",
    )
