"""`protected` earned or given up: every answer comes from a database."""

import asyncio
from dataclasses import dataclass

from controller.act.asking import (
    POLL_S,
    bounded_view,
    orders_ended,
    require_acks,
)
from controller.act.level import canary_of_our_own, nearly_level
from controller.act.ports import Ports
from controller.decide.verify import Covers
from controller.model.commands import (
    Acker,
    CommitCanary,
    EnsureDegraded,
    EnsureHeard,
    EnsureProtected,
    EnsureWaiting,
)
from controller.model.ids import ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import DatabaseServer, Receiving, ServerView, Session

UPTIME_MIN_S = 2.0
"""MariaDB's boot id is its start time in whole seconds: younger ones look alike."""


@dataclass(frozen=True, slots=True)
class ProtectionExecutor:
    """Speaks to the primary and its ackers; decides nothing."""

    ports: Ports
    covers: Covers

    def _database(self, server: ServerId) -> DatabaseServer:
        return self.ports.databases[server].database

    async def canary(self, order: CommitCanary) -> Outcome:
        """Commit one durable row; say who received it, if the commit waited for that.

        A row that was received without being waited for proves nothing about
        the next one (rule 4).
        """
        waits = bool(order.ackers) and await self._waits(order.server)
        outcome = await self._database(order.server).canary(durable=True)
        if not isinstance(outcome, Done):
            return outcome
        gtid = outcome.evidence.get("gtid", "")
        for server in (a.server for a in order.ackers if waits):
            view = await bounded_view(self._database(server))
            if isinstance(view, ServerView) and self._holds(view, gtid):
                return Done(
                    {"gtid": gtid, "acker": server, "acker_boot_id": view.boot_id}
                )
        return outcome

    async def _waits(self, server: ServerId) -> bool:
        view = await bounded_view(self._database(server))
        return isinstance(view, ServerView) and (
            view.source_side.required and view.source_side.active
        )

    async def protected(
        self, order: EnsureProtected, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Enable, commit, and see the acker receive what was acknowledged (rule 4)."""
        ended = await orders_ended(self.ports, order.primary, doubtful)
        if not isinstance(ended, Done):
            return ended
        primary = self._database(order.primary)
        await nearly_level(primary, self._database(order.acker.server))
        enabled = await self._enabled(order)
        if not isinstance(enabled, Done):
            return enabled
        committed = await canary_of_our_own(primary)
        if not isinstance(committed, Done):
            return committed
        return await self._received(order, committed.evidence.get("gtid", ""))

    async def waiting(self, order: EnsureWaiting) -> Outcome:
        """Let commits wait, once somebody is connected who can acknowledge them."""
        return await require_acks(self.ports, order.primary, order.epoch)

    async def heard(self, order: EnsureHeard, doubtful: tuple[Session, ...]) -> Outcome:
        """Commit behind closed doors, and see an acker hold what was acknowledged.

        Not before the server is old enough to be told from a restarted one.
        """
        ended = await orders_ended(self.ports, order.primary, doubtful)
        if not isinstance(ended, Done):
            return ended
        database = self._database(order.primary)
        view = await database.view()
        if isinstance(view, NotSeen):
            return Refused(f"{order.primary} did not answer: {view.reason}")
        await asyncio.sleep(max(UPTIME_MIN_S - view.uptime_s, 0.0))
        committed = await database.ensure_heard(order.epoch, boot_id=order.boot_id)
        if not isinstance(committed, Done):
            return committed
        gtid = committed.evidence.get("gtid", "")
        return await self._held_by_one(order.ackers, gtid)

    async def _held_by_one(self, ackers: tuple[Acker, ...], gtid: str) -> Outcome:
        """Poll all of *ackers* until one holds *gtid*; the caller bounds the time."""
        while True:
            for server in (a.server for a in ackers):
                view = await bounded_view(self._database(server))
                if not isinstance(view, ServerView) or not self._holds(view, gtid):
                    continue
                if view.uptime_s >= UPTIME_MIN_S:
                    return Done(
                        {"gtid": gtid, "acker": server, "acker_boot_id": view.boot_id}
                    )
            await asyncio.sleep(POLL_S)

    async def _enabled(self, order: EnsureProtected) -> Outcome:
        """Turn acks on once the acker connects; one that was stopped never will."""
        primary = self._database(order.primary)
        while True:
            outcome = await primary.ensure_acks_required(order.epoch, required=True)
            if not isinstance(outcome, Refused):
                return outcome
            view = await bounded_view(self._database(order.acker.server))
            if isinstance(view, ServerView) and view.receiving is Receiving.STOPPED:
                return Refused(f"{order.acker.server} receives nothing: it was stopped")
            await asyncio.sleep(POLL_S)

    async def _received(self, order: EnsureProtected, gtid: str) -> Outcome:
        """Poll the acker until it holds *gtid* and is old enough to be told apart."""
        acker = order.acker.server
        while True:
            view = await self._database(acker).view()
            if isinstance(view, NotSeen):
                return Unknown(f"{acker} did not answer: {view.reason}")
            young_s = UPTIME_MIN_S - view.uptime_s
            held = self._holds(view, gtid)
            if held and young_s <= 0:
                return Done(
                    {"gtid": gtid, "acker": acker, "acker_boot_id": view.boot_id}
                )
            if view.receiving is Receiving.STOPPED and not held:
                return Refused(f"{acker} receives nothing: it was stopped")
            await asyncio.sleep(max(young_s, POLL_S))

    async def degraded(self, order: EnsureDegraded) -> Outcome:
        """Stop waiting for acknowledgements; waiters are acknowledged by this."""
        return await self._database(order.primary).ensure_acks_required(
            order.epoch, required=False
        )

    def _holds(self, view: ServerView, gtid: str) -> bool:
        return (
            bool(gtid)
            and view.source is not None
            and (self.covers(view.received, gtid) or self.covers(view.executed, gtid))
        )
