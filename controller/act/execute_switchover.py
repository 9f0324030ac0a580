"""The orders only a planned move has, to servers that live and can say so."""

import asyncio
from dataclasses import dataclass

from controller.act.asking import bounded_view
from controller.act.ports import Ports
from controller.decide.verify import Covers
from controller.model.commands import (
    EnsureCaughtUp,
    EnsureClosed,
    EnsureOpen,
    EnsureReopened,
)
from controller.model.ids import BootId, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import DatabaseServer, ServerView

POLL_S = 0.02
SETTLE_S = 0.5
"""How long commits that wait may get their acknowledgement before it is closed."""


@dataclass(frozen=True, slots=True)
class SwitchoverExecutor:
    """Speaks to databases; decides nothing."""

    ports: Ports
    covers: Covers

    def _database(self, server: ServerId) -> DatabaseServer:
        return self.ports.databases[server].database

    async def closed(self, order: EnsureClosed) -> Outcome:
        """Let what waits be acknowledged, close, and read back that it is closed."""
        database = self._database(order.source.server)
        settled = await self._settled(database, order)
        if not isinstance(settled, Done):
            return settled
        outcome = await database.ensure_closed(order.epoch)
        if not isinstance(outcome, Done):
            return outcome
        view = await database.view()
        if isinstance(view, NotSeen):
            return Unknown(f"closed, not read back: {view.reason}")
        if open_still := still_open(view, order.boot_id):
            return Unknown(f"closed, read back otherwise: {open_still}")
        return Done({"proof": "sql", "executed": view.executed})

    async def _settled(self, database: DatabaseServer, order: EnsureClosed) -> Outcome:
        """Wait a moment for nobody to wait: their acker still receives.

        `Refused`, with nothing sent, when somebody always does: closing would end
        commits in a state that readers may see and no acker has (rule 9).
        """
        loop = asyncio.get_running_loop()
        until_s = loop.time() + SETTLE_S
        while True:
            view = await database.view()
            if isinstance(view, NotSeen):
                return Refused(f"not sent, it does not answer: {view.reason}")
            if view.boot_id != order.boot_id:
                return Refused(f"not sent, it restarted: boot id is {view.boot_id}")
            if not view.source_side.waiters:
                return Done()
            if loop.time() > until_s:
                return Refused(f"not sent, {view.source_side.waiters} commits wait")
            await asyncio.sleep(POLL_S)

    async def caught_up(self, order: EnsureCaughtUp) -> Outcome:
        """Poll until both have executed the same; `Refused` when it takes too long."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + order.within_s
        while True:
            outcome = await self._compared(order)
            late = loop.time() > until_s
            if isinstance(outcome, Done) or late:
                return outcome
            await asyncio.sleep(POLL_S)

    async def _compared(self, order: EnsureCaughtUp) -> Outcome:
        source, target = await asyncio.gather(
            self._database(order.source.server).view(),
            self._database(order.target.server).view(),
        )
        if isinstance(source, NotSeen) or isinstance(target, NotSeen):
            return Refused(f"{_silent(order, source)} does not answer")
        for one, other in ((source, target), (target, source)):
            if not self.covers(other.executed, one.executed):
                return Refused(
                    f"{other.server} executed {other.executed}, which lacks what"
                    f" {one.server} did: {one.executed}"
                )
        return Done({"executed": target.executed})

    async def reopened(self, order: EnsureReopened) -> Outcome:
        """Let the old primary take writes as before; `Refused` beside another one.

        An acker that does not answer is no reason: users wait, and one that was
        opened by hand is another controller's or a person's, who must be seen.
        """
        servers = [a.server for a in order.ackers]
        views = await asyncio.gather(
            *(bounded_view(self._database(s)) for s in servers)
        )
        for server, view in zip(servers, views, strict=True):
            if isinstance(view, ServerView) and view.writable:
                return Refused(f"{server} takes writes")
        return await self._database(order.source.server).ensure_reopened(
            order.epoch, boot_id=order.boot_id
        )

    async def not_closed(self, order: EnsureOpen, view: ServerView | NotSeen) -> str:
        """Say why the old primary, as *view* shows it, forbids OPEN; empty: nothing."""
        assert order.closed is not None
        name = order.closed.server
        if isinstance(view, NotSeen):
            return f"{name} cannot be re-read: {view.reason}"
        if open_still := still_open(view, order.closed_boot):
            return f"{name} {open_still}"
        mine = await self._database(order.candidate.server).view()
        if isinstance(mine, NotSeen):
            return f"{order.candidate.server} cannot be re-read: {mine.reason}"
        if not self.covers(mine.executed, view.executed):
            return f"{order.candidate.server} lacks what {name} executed"
        return ""


def still_open(view: ServerView, boot_id: BootId) -> str:
    """Say why *view* is not of a closed primary, process *boot_id*; empty: it is."""
    if view.boot_id != boot_id:
        return f"restarted: boot id is {view.boot_id}"
    if view.writable:
        return "takes writes"
    if view.source_side.waiters:
        return f"has {view.source_side.waiters} commits that wait"
    return ""


def _silent(order: EnsureCaughtUp, source: ServerView | NotSeen) -> ServerId:
    silent = order.source if isinstance(source, NotSeen) else order.target
    return silent.server
