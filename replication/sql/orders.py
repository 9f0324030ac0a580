"""Orders both engines carry out alike: drain, open, acknowledgements."""

import asyncio
from abc import abstractmethod

from typing_extensions import override

from controller.model.ids import BootId, Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from replication.binlog.survey import History
from replication.gtid import ahead, covers
from replication.ports import Receiving, ServerView
from replication.sql.ids import skip_ids
from replication.sql.server import POLL_S, SqlServer
from replication.sql.session import (
    SqlError,
    SqlSession,
    caught,
    not_seen_of,
    outcome_of,
)
from replication.sql.view import Sight

_STOPPED = frozenset({Receiving.STOPPED, Receiving.NONE})


class SqlOrders(SqlServer):
    """The common half of an engine's adapter."""

    @override
    async def history(self) -> History | NotSeen:
        found = await caught(self._executed_so_far())
        return not_seen_of(found) if isinstance(found, SqlError) else found

    @override
    async def ensure_drained(self, epoch: Epoch) -> Outcome:
        return await self._ordered(epoch, self._drain)

    @override
    async def ensure_open(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Order: checks, forget the source, record the epoch, open writes last.

        The epoch row is written by compare-and-set: never lowered, and a higher
        one found there refuses the order before writes open. Nothing is made
        persistent: a server that restarts boots read-only.
        """

        async def carry_out(sight: Sight) -> Outcome:
            return await self._open(sight, epoch, boot_id)

        return await self._ordered(epoch, carry_out, unfences=True)

    @override
    async def ensure_ids_skipped(self, epoch: Epoch) -> Outcome:
        """Travel on a connection of its own: what hangs here must not hold the lock."""
        session = SqlSession(self._endpoint)
        try:
            said = await caught(
                skip_ids(session, self.dialect.engine, epoch, timeout_s=self._timeout_s)
            )
        finally:
            session.close()
        return outcome_of(said) if isinstance(said, SqlError) else said

    @override
    async def ensure_reopened(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Let applications in and write again; the epoch row is left as it is."""

        async def carry_out(sight: Sight) -> Outcome:
            return await self._reopen(sight, boot_id)

        return await self._ordered(epoch, carry_out, unfences=True)

    @override
    async def ensure_heard(self, epoch: Epoch, *, boot_id: BootId) -> Outcome:
        """Read-only stays on; the controller's account alone gets past it.

        The rows are committed on a session of their own: a commit that hangs on
        the order session would keep the named lock with it.
        """

        async def carry_out(sight: Sight) -> Outcome:
            veto = self._veto_on_hearing(sight.view, boot_id)
            veto = veto or await self._accept_epoch_row(sight)
            return Refused(veto) if veto else await self._canaries.heard(epoch)

        return await self._ordered(epoch, carry_out, unfences=True)

    @override
    async def ensure_acks_required(
        self, epoch: Epoch, *, required: bool, acks: int = 1
    ) -> Outcome:
        """On: only with *acks* receivers connected and no source of its own (rule 8).

        Their number is set before commits wait. Off acknowledges every waiter at
        once, on both engines.
        """

        async def require(sight: Sight) -> Outcome:
            return await self._require_acks(sight, acks)

        if required:
            return await self._ordered(epoch, require)
        return await self._ordered(epoch, self._waive_acks, unfences=True)

    # ---- an engine's own --------------------------------------------------------

    @abstractmethod
    async def _ensure_applier(self, sight: Sight) -> Outcome:
        """Have the applier running, losing nothing that was received."""

    @abstractmethod
    async def _accept_epoch_row(self, sight: Sight) -> str:
        """Let the controller, and nobody else, write; return why it cannot."""

    @abstractmethod
    async def _accept_writes(self) -> None:
        """Let applications in and write; the last statement opens writes."""

    # ---- inside -----------------------------------------------------------------

    def _lacks(self, view: ServerView) -> str:
        """Return what was received and is not applied yet."""
        return ahead(view.received, view.executed, self.dialect.engine)

    async def _executed_so_far(self) -> History:
        await self._look()  # connects, if need be
        ask = self.dialect.history
        ((row,),) = await self._view.ask(ask, timeout_s=self._timeout_s)
        return History(
            state=str(row["state"]),
            position=str(row["position"]),
            strict=bool(row["strict"]),
            by_log=bool(row["by_log"]),
        )

    async def _drain(self, sight: Sight) -> Outcome:
        if sight.view.receiving not in _STOPPED:
            return Refused("the receiver runs: freeze it first")
        target = sight.view.received
        if sight.view.source is not None and self._lacks(sight.view):
            started = await self._ensure_applier(sight)
            if not isinstance(started, Done):
                return started
        return await self._applied(target)

    async def _applied(self, target: str) -> Outcome:
        """Poll until *target* is executed; as long as the caller lets us."""
        while True:
            sight = await self._sight()
            if covers(sight.view.executed, target, self.dialect.engine):
                return Done(evidence_of(sight.view))
            if not sight.view.applying:
                return Refused(f"the applier stopped: {sight.error or 'by order'}")
            await asyncio.sleep(POLL_S)

    async def _open(self, sight: Sight, epoch: Epoch, boot_id: BootId) -> Outcome:
        veto = self._veto_on_opening(sight.view, boot_id)
        if veto:
            return Refused(veto)
        if sight.view.source is not None:
            await self._do(self.dialect.stop_replica, self.dialect.forget_source)
        unrecorded = await self._record(sight, epoch)
        if unrecorded:
            return Refused(unrecorded)
        if not sight.view.writable or sight.offline:
            await self._accept_writes()
        return await self._open_read_back(epoch, boot_id)

    async def _reopen(self, sight: Sight, boot_id: BootId) -> Outcome:
        if sight.view.boot_id != boot_id:
            return Refused(f"the server restarted: {sight.view.boot_id}, not {boot_id}")
        if sight.view.source is not None:
            return Refused("it is a replica: there is nothing to reopen")
        await self._accept_writes()
        after = (await self._sight()).view
        if not after.writable or after.boot_id != boot_id:
            return Refused(f"read back otherwise: {after!r}")
        return Done({"boot_id": after.boot_id, "executed": after.executed})

    async def _open_read_back(self, epoch: Epoch, boot_id: BootId) -> Outcome:
        after = (await self._sight()).view
        opened = after.writable and after.source is None and after.epoch == epoch
        if not opened or after.boot_id != boot_id:
            return Refused(f"read back otherwise: {after!r}")
        return Done({"boot_id": after.boot_id, "executed": after.executed})

    def _veto_on_opening(self, view: ServerView, boot_id: BootId) -> str:
        side = view.source_side
        if view.boot_id != boot_id:
            return f"the server restarted: {view.boot_id}, not {boot_id}"
        if view.receiving not in _STOPPED:
            return "the receiver runs: freeze it first"
        if view.source is not None and self._lacks(view):
            return f"received and not applied: {self._lacks(view)}"
        if side.required and side.receivers == 0:
            return "acknowledgements are required and nobody receives (rule 8)"
        return ""

    def _veto_on_hearing(self, view: ServerView, boot_id: BootId) -> str:
        if view.boot_id != boot_id:
            return f"the server restarted: {view.boot_id}, not {boot_id}"
        if view.writable or view.source is not None:
            return "it takes writes already, or follows a source"
        if not view.source_side.required or view.source_side.receivers == 0:
            return "nobody is there to acknowledge (rule 8)"
        return ""

    async def _record(self, sight: Sight, epoch: Epoch) -> str:
        """Raise the epoch row to *epoch*; return why that did not succeed.

        A higher row found there stays, and the order ends before writes open.
        """
        if sight.view.writable and sight.view.epoch == epoch:
            return ""
        if not sight.view.writable:
            unready = await self._accept_epoch_row(sight)
            if unready:
                return unready
        _, rows = await self._do(
            f"INSERT INTO sitedr.epoch (id, epoch) VALUES (1, {int(epoch)})"  # noqa: S608  a number
            f" ON DUPLICATE KEY UPDATE epoch = GREATEST(epoch, {int(epoch)})",
            "SELECT epoch FROM sitedr.epoch WHERE id = 1",
        )
        recorded = int(rows[0]["epoch"])
        return "" if recorded == epoch else f"meanwhile it has seen epoch {recorded}"

    async def _require_acks(self, sight: Sight, acks: int) -> Outcome:
        view, wanted = sight.view, self.dialect.acks_wanted
        if view.source is not None:
            return Refused("it is a replica: its applier would hang (rule 8)")
        if view.source_side.receivers < acks:
            received = view.source_side.receivers
            return Refused(
                f"{received or 'nobody'} receives, of {acks}: the first commit would"
                " hang (rule 8)"
            )
        if acks > 1 and not wanted:
            engine = self.dialect.engine
            return Refused(f"{engine} waits for one acknowledgement, never for more")
        counting = (wanted.format(acks=int(acks)),) if wanted else ()
        await self._do(*counting, *self.dialect.acks_on)
        return await self._acks_read_back(required=True, acks=acks)

    async def _waive_acks(self, sight: Sight) -> Outcome:
        if sight.view.source_side.required:
            await self._do(self.dialect.acks_off)
        return await self._acks_read_back(required=False)

    async def _acks_read_back(self, *, required: bool, acks: int = 1) -> Outcome:
        side = (await self._sight()).view.source_side
        if side.required is not required or (required and side.acks != acks):
            return Refused(f"read back otherwise: {side}")
        return Done(
            {
                "required": str(required),
                "receivers": str(side.receivers),
                "acks": str(side.acks),
            }
        )


def evidence_of(view: ServerView) -> dict[str, str]:
    """Return what FREEZE and DRAIN leave in the journal."""
    return {
        "boot_id": view.boot_id,
        "received": view.received,
        "executed": view.executed,
    }
