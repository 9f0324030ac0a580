"""Replication orders carried out; every answer comes from a port."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from controller.act.asking import POLL_S, gather, require_acks
from controller.act.combine import combine
from controller.act.execute_switchover import SwitchoverExecutor
from controller.act.ports import Ports
from controller.act.within import within
from controller.decide.verify import Covers, verify
from controller.model.commands import (
    EnsureDrained,
    EnsureFollowing,
    EnsureInvalidated,
    EnsureOpen,
    EnsureRepointed,
    Verify,
)
from controller.model.ids import ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import DatabaseServer, Receiving, ServerView

IDS_S = 0.8
"""How long gaps in counters may take, out of OPEN's time; writes are open by then."""

REREAD_S = 1.0
"""How long an acker may take to be read again before OPEN, out of its row's time."""


@dataclass(frozen=True, slots=True)
class ReplicationExecutor:
    """Speaks to databases and the provisioner; decides nothing."""

    ports: Ports
    covers: Covers

    def _database(self, server: ServerId) -> DatabaseServer:
        return self.ports.databases[server].database

    async def drained(self, order: EnsureDrained) -> Outcome:
        """Apply everything received, on every server side by side."""
        return combine(
            await gather(
                {
                    s: self._database(s).ensure_drained(order.epoch)
                    for s in order.servers
                }
            )
        )

    async def verified(self, order: Verify) -> Outcome:
        """Read every acker anew and ask the pure question."""
        servers = [a.server for a in order.ackers]
        views = await asyncio.gather(*(self._database(s).view() for s in servers))
        seen = dict(zip(servers, views, strict=True))
        return verify(order, seen, self.covers)

    async def invalidated(self, order: EnsureInvalidated) -> Outcome:
        """Bump the cache generation and flag search, side by side."""
        calls: dict[str, Awaitable[Outcome]] = {}
        if (cache := self.ports.caches.get(order.zone)) is not None:
            calls["cache"] = cache.ensure_generation(order.epoch)
        if (search := self.ports.searches.get(order.zone)) is not None:
            why = f"failover, epoch {order.epoch}: the index is not replicated"
            calls["search"] = search.ensure_flagged_stale(order.epoch, why=why)
        return combine(await gather(calls))

    async def repointed(self, order: EnsureRepointed) -> Outcome:
        """Attach the other replicas before writes open; none is a plain no."""
        if not order.replicas:
            return Refused("no other replica exists")
        followed = combine(
            await gather(
                {
                    a.server: self._database(a.server).ensure_following(
                        order.source, order.epoch
                    )
                    for a in order.replicas
                }
            )
        )
        if not isinstance(followed, Done) or not order.waits:
            return followed
        if len(order.replicas) < order.acks:
            return Refused(f"{len(order.replicas)} follow, of {order.acks} to wait for")
        return await require_acks(self.ports, order.source, order.epoch, order.acks)

    async def opened(self, order: EnsureOpen) -> Outcome:
        """Re-read the frozen set, then open (rule 10 re-checked by the driver).

        `Refused`, with nothing sent to the candidate, when another acker cannot
        be read, restarted, is writable, or hears anybody but the candidate; in a
        planned move also when the old primary is not closed as it was.
        """
        if reason := await self._why_not_open(order):
            return Refused(reason)
        candidate = self._database(order.candidate.server)
        opened = await candidate.ensure_open(order.epoch, boot_id=order.boot_id)
        if not isinstance(opened, Done) or not order.lossy:
            return opened
        return Done({**opened.evidence, **await self._ids_skipped(order)})

    async def _why_not_open(self, order: EnsureOpen) -> str:
        """Return what forbids opening by what is read now; empty: nothing."""
        if order.closed is not None:
            closed = await self._reread(order.closed.server)
            planned = SwitchoverExecutor(self.ports, self.covers)
            if reason := await planned.not_closed(order, closed):
                return reason
        others = tuple(a for a in order.ackers if a.server != order.candidate.server)
        views = await asyncio.gather(*(self._reread(a.server) for a in others))
        for acker, view in zip(others, views, strict=True):
            if isinstance(view, NotSeen):
                return f"{acker.server} cannot be re-read: {view.reason}"
            if view.writable:
                return f"{acker.server} is writable"
            if self._hears_another(view, order):
                return f"{acker.server} hears {view.source}: frozen no more"
            if acker.boot_id and view.boot_id != acker.boot_id:
                return f"{acker.server} restarted: boot id is {view.boot_id}"
        return ""

    async def _ids_skipped(self, order: EnsureOpen) -> Mapping[str, str]:
        """Leave gaps while users' writes are still held; told, and never waited for."""
        database = self._database(order.candidate.server)
        try:
            told = await within(IDS_S, database.ensure_ids_skipped(order.epoch))
        except TimeoutError:
            told = Unknown(f"no answer within {IDS_S:g} s")
        if isinstance(told, Done):
            return told.evidence
        return {"ids": f"may be given again: {told.reason}"}

    async def _reread(self, server: ServerId) -> ServerView | NotSeen:
        """Read *server* anew, insisting for `REREAD_S`: a lost packet is no death."""
        last = NotSeen("read", f"no answer within {REREAD_S:g} s")

        async def insist() -> ServerView:
            nonlocal last
            while isinstance(view := await self._database(server).view(), NotSeen):
                last = view
                await asyncio.sleep(POLL_S)
            return view

        try:
            return await within(REREAD_S, insist())
        except TimeoutError:
            return last

    def _hears_another(self, view: ServerView, order: EnsureOpen) -> bool:
        """Tell whether a receiver runs that REPOINT did not start."""
        target = self.ports.databases[order.candidate.server].address
        runs = view.receiving in {Receiving.YES, Receiving.CONNECTING}
        return runs and view.source != target

    async def following(self, order: EnsureFollowing) -> Outcome:
        """Let one replica follow."""
        return await self._database(order.replica).ensure_following(
            order.source, order.epoch
        )
