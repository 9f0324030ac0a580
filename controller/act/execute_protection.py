"""`protected` earned or given up: every answer comes from a database."""

import asyncio
from collections.abc import Mapping, Sequence
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
    Register,
)
from controller.model.ids import ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.binlog.survey import History
from replication.ports import DatabaseServer, Receiving, ServerView, Session

SHOWN_S = 0.1
"""An acker may say so a moment after it acknowledged; users wait meanwhile."""

UNSEEN_S = 2.0
"""An acker that answers nobody for so long is not connecting any more."""

UPTIME_MIN_S = 2.0
"""MariaDB's boot id is its start time in whole seconds: younger ones look alike.

Looked for again and again, not slept for: uptime too counts whole seconds, so its
next one may be any moment away, and writes may be waiting for it.
"""


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
        waits = bool(order.ackers) and await self._waits(order)
        outcome = await self._database(order.server).canary(durable=True)
        if not isinstance(outcome, Done) or not waits:
            return outcome
        gtid = outcome.evidence.get("gtid", "")
        loop = asyncio.get_running_loop()
        until_s = loop.time() + SHOWN_S
        while len(held := await self._held(order.ackers, gtid)) < order.acks:
            if loop.time() > until_s:
                return outcome
            await asyncio.sleep(POLL_S)
        return held_by(held, gtid, order.acks)

    async def _waits(self, order: CommitCanary) -> bool:
        view = await bounded_view(self._database(order.server))
        if not isinstance(view, ServerView):
            return False
        side = view.source_side
        return side.required and side.active and side.acks >= order.acks

    async def _held(self, ackers: Sequence[Acker], gtid: str) -> dict[str, ServerView]:
        """Read *ackers* side by side; return those that hold *gtid*."""
        views = await asyncio.gather(
            *(bounded_view(self._database(a.server)) for a in ackers)
        )
        return {
            view.server: view
            for view in views
            if isinstance(view, ServerView) and self._holds(view, gtid)
        }

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
        # Before the canary: who holds that holds all of this, too.
        history = await primary.history()
        committed = await canary_of_our_own(primary)
        if not isinstance(committed, Done):
            return committed
        found = await self._received(order, committed.evidence.get("gtid", ""))
        if isinstance(found, Done) and isinstance(history, History) and history.logged:
            return Done({**found.evidence, "logged": history.logged})
        return found

    async def registered(self, order: Register) -> Outcome:
        """The intent made it true; say in which process, if it can be told now.

        A young one is waited for: within a second two starts look alike.
        """
        while order.identify:
            view = await bounded_view(self._database(order.acker.server))
            if isinstance(view, NotSeen):
                break
            if view.uptime_s >= UPTIME_MIN_S:
                return Done({"registered": view.server, "process": view.boot_id})
            await asyncio.sleep(POLL_S)
        return Done()

    async def waiting(self, order: EnsureWaiting) -> Outcome:
        """Let commits wait, once somebody is connected who can acknowledge them."""
        return await require_acks(self.ports, order.primary, order.epoch, order.acks)

    async def heard(self, order: EnsureHeard, doubtful: tuple[Session, ...]) -> Outcome:
        """Commit behind closed doors, and see an acker hold what was acknowledged.

        Not before the server is old enough to be told from a restarted one.
        """
        ended = await orders_ended(self.ports, order.primary, doubtful)
        if not isinstance(ended, Done):
            return ended
        database = self._database(order.primary)
        while not isinstance(view := await database.view(), NotSeen):
            if view.uptime_s >= UPTIME_MIN_S:
                break
            await asyncio.sleep(POLL_S)
        else:
            return Refused(f"{order.primary} did not answer: {view.reason}")
        committed = await database.ensure_heard(order.epoch, boot_id=order.boot_id)
        if not isinstance(committed, Done):
            return committed
        gtid = committed.evidence.get("gtid", "")
        return await self._held_by(order.ackers, gtid, order.acks)

    async def _held_by(
        self, ackers: tuple[Acker, ...], gtid: str, acks: int
    ) -> Outcome:
        """Poll all of *ackers* until *acks* hold *gtid*; the caller bounds the time."""
        while True:
            held = _old_enough(await self._held(ackers, gtid))
            if len(held) >= acks:
                return held_by(held, gtid, acks)
            await asyncio.sleep(POLL_S)

    async def _enabled(self, order: EnsureProtected) -> Outcome:
        """Turn acks on once enough connect; one that was stopped never will.

        Nor one that does not answer, or soon only: then it is another run's turn,
        and this one keeps nobody from beginning it.
        """
        primary, loop = self._database(order.primary), asyncio.get_running_loop()
        until_s = loop.time() + UNSEEN_S
        while True:
            outcome = await primary.ensure_acks_required(
                order.epoch, required=True, acks=order.acks
            )
            if not isinstance(outcome, Refused):
                return outcome
            stopped, silent = await self._deaf(order)
            if _too_few(order, stopped):
                return Refused(f"{', '.join(stopped)} receives nothing: it was stopped")
            if not _too_few(order, (*stopped, *silent)):
                until_s = loop.time() + UNSEEN_S
            elif loop.time() > until_s:
                return Refused(f"{', '.join((*silent, *stopped))} does not answer")
            await asyncio.sleep(POLL_S)

    async def _deaf(self, order: EnsureProtected) -> tuple[list[str], list[str]]:
        """Return which of those that are needed were stopped, and which are silent."""
        asked = [order.acker.server, *_others(order)]
        views = await asyncio.gather(*(bounded_view(self._database(s)) for s in asked))
        seen = dict(zip(asked, views, strict=True))
        silent = [s for s, view in seen.items() if isinstance(view, NotSeen)]
        stopped = [
            s
            for s, view in seen.items()
            if isinstance(view, ServerView) and view.receiving is Receiving.STOPPED
        ]
        return [str(s) for s in stopped], [str(s) for s in silent]

    async def _received(self, order: EnsureProtected, gtid: str) -> Outcome:
        """Poll the acker until it holds *gtid* and is old enough to be told apart.

        Then the others too, until as many hold it as commits wait for.
        """
        acker = order.acker.server
        while True:
            view = await self._database(acker).view()
            if isinstance(view, NotSeen):
                return Unknown(f"{acker} did not answer: {view.reason}")
            held = self._holds(view, gtid)
            if held and view.uptime_s >= UPTIME_MIN_S:
                asked = order.ackers if order.acks > 1 else ()
                others = _old_enough(await self._held(asked, gtid))
                if len(others) + 1 >= order.acks:
                    return held_by({acker: view, **others}, gtid, order.acks)
            if view.receiving is Receiving.STOPPED and not held:
                return Refused(f"{acker} receives nothing: it was stopped")
            await asyncio.sleep(POLL_S)

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


def _others(order: EnsureProtected) -> list[ServerId]:
    """Return who beside the acker is needed; with one acknowledgement nobody is."""
    return [a.server for a in order.ackers] if order.acks > 1 else []


def _too_few(order: EnsureProtected, deaf: Sequence[str]) -> bool:
    """Tell whether without *deaf* fewer are left than commits are to wait for."""
    left = {order.acker.server, *_others(order)}.difference(deaf)
    return order.acker.server in deaf or len(left) < order.acks


def _old_enough(views: Mapping[str, ServerView]) -> dict[str, ServerView]:
    """Return those whose process can be told from one started within a second."""
    return {s: view for s, view in views.items() if view.uptime_s >= UPTIME_MIN_S}


def held_by(views: Mapping[str, ServerView], gtid: str, acks: int) -> Done:
    """Return the proof that the canary *gtid* is on *acks* ackers or more.

    acker: the first of them. held_by: each with its process, where there are more.
    """
    (server, view), *rest = views.items()
    evidence = {"gtid": gtid, "acker": server, "acker_boot_id": view.boot_id}
    if rest:
        evidence["held_by"] = " ".join(f"{s}={v.boot_id}" for s, v in views.items())
        evidence["acks"] = str(acks)
    return Done(evidence)
