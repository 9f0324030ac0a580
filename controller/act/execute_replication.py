"""Replication orders carried out; every answer comes from a port."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from controller.act.combine import combine
from controller.act.execute_switchover import SwitchoverExecutor
from controller.act.level import canary_of_our_own, nearly_level
from controller.act.ports import Ports
from controller.act.within import within
from controller.decide.verify import Covers, verify
from controller.model.commands import (
    Acker,
    CommitCanary,
    EnsureDegraded,
    EnsureDrained,
    EnsureFenced,
    EnsureFollowing,
    EnsureFrozen,
    EnsureHeard,
    EnsureInvalidated,
    EnsureOpen,
    EnsureProtected,
    EnsureRepointed,
    EnsureUnfrozen,
    EnsureWaiting,
    Proof,
    Verify,
)
from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import DatabaseServer, Receiving, ServerView, Session

POLL_S = 0.02
PROOF_TIMEOUT_S = 1.2
REREAD_S = 1.0
"""How long an acker may take to be read again before OPEN, out of its row's time."""
UPTIME_MIN_S = 2.0
"""MariaDB's boot id is its start time in whole seconds: younger ones look alike."""


async def gather(calls: Mapping[str, Awaitable[Outcome]]) -> dict[str, Outcome]:
    """Await all of *calls* side by side, keeping their names and order."""
    if len(calls) == 1:
        return {name: await call for name, call in calls.items()}
    answers = await asyncio.gather(*calls.values())
    return dict(zip(calls, answers, strict=True))


@dataclass(frozen=True, slots=True)
class ReplicationExecutor:
    """Speaks to databases and the provisioner; decides nothing."""

    ports: Ports
    covers: Covers

    def _database(self, server: ServerId) -> DatabaseServer:
        return self.ports.databases[server].database

    async def frozen(
        self, order: EnsureFrozen, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Prove old orders gone, then stop every acker's receiver."""
        servers = {a.server for a in order.ackers}
        ended = await gather(
            {
                f"{s.server}#{s.connection_id}": self._database(s.server).session_ended(
                    s
                )
                for s in doubtful
                if s.server in servers
            }
        )
        if ended and not isinstance(answer := combine(ended), Done):
            return answer
        return combine(
            await gather(
                {s: self._database(s).ensure_frozen(order.epoch) for s in servers}
            )
        )

    async def unfrozen(self, order: EnsureUnfrozen) -> Outcome:
        """Let every acker follow *source* again; the silent ones stay frozen."""
        answers = await gather(
            {
                a.server: self._database(a.server).ensure_following(
                    order.source, order.epoch
                )
                for a in order.ackers
                if a.server not in order.silent
            }
        )
        for server in order.silent:
            answers[server] = Refused("not sent, the connection is silent")
        return combine(answers)

    async def fenced(
        self, order: EnsureFenced, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Return the first accepted proof that holds, in the order given."""
        failed: dict[str, Outcome] = {}
        for proof in order.proofs:
            outcome = await self._proof(proof, order, doubtful)
            if isinstance(outcome, Done):
                return Done(
                    {"proof": proof.value, **outcome.evidence, **_unanswered(failed)}
                )
            failed[proof.value] = outcome
        return combine(failed) if failed else Refused("no fence proof is accepted")

    async def _proof(
        self, proof: Proof, order: EnsureFenced, doubtful: tuple[Session, ...]
    ) -> Outcome:
        if proof is Proof.ACKS_REVOKED:
            if order.acks_revoked:
                return Done({"acks": "every registered acker is frozen"})
            return Refused("acks are not revoked: not protected")
        try:
            asked = self._answered_proof(proof, order, doubtful)
            return await within(PROOF_TIMEOUT_S, asked)
        except TimeoutError:
            return Unknown(f"no answer within {PROOF_TIMEOUT_S:g} s")

    async def _answered_proof(
        self, proof: Proof, order: EnsureFenced, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Ask for proof (a) or (c); what may still open the server ends before (c)."""
        lost = order.lost
        if proof is Proof.SQL:
            ended = await self._orders_ended(lost.server, doubtful)
            if not isinstance(ended, Done):
                return ended
            return await self._database(lost.server).ensure_closed(order.epoch)
        if self.ports.provisioner is None:
            return Refused("no provisioner is configured")
        return await self.ports.provisioner.ensure_stopped(
            lost.zone, lost.server, order.epoch
        )

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
        return verify(order.candidate, order.ackers, seen, self.covers)

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
        return await self._require_acks(order.source, order.epoch)

    async def _require_acks(self, server: ServerId, epoch: Epoch) -> Outcome:
        """Turn the source side on once a receiver is connected (rule 8)."""
        database = self._database(server)
        return await self._until_done(
            lambda: database.ensure_acks_required(epoch, required=True)
        )

    @staticmethod
    async def _until_done(ask: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Repeat while the answer is a plain no; the caller's time-out bounds it."""
        while True:
            outcome = await ask()
            if not isinstance(outcome, Refused):
                return outcome
            await asyncio.sleep(POLL_S)

    async def opened(self, order: EnsureOpen) -> Outcome:
        """Re-read the frozen set, then open (rule 10 re-checked by the driver).

        `Refused`, with nothing sent to the candidate, when another acker cannot
        be read, restarted, is writable, or hears anybody but the candidate; in a
        planned move also when the old primary is not closed as it was.
        """
        if order.closed is not None:
            closed = await self._reread(order.closed.server)
            planned = SwitchoverExecutor(self.ports, self.covers)
            if reason := await planned.not_closed(order, closed):
                return Refused(reason)
        others = tuple(a for a in order.ackers if a.server != order.candidate.server)
        views = await asyncio.gather(*(self._reread(a.server) for a in others))
        for acker, view in zip(others, views, strict=True):
            if isinstance(view, NotSeen):
                return Refused(f"{acker.server} cannot be re-read: {view.reason}")
            if view.writable:
                return Refused(f"{acker.server} is writable")
            if self._hears_another(view, order):
                return Refused(f"{acker.server} hears {view.source}: frozen no more")
            if acker.boot_id and view.boot_id != acker.boot_id:
                return Refused(f"{acker.server} restarted: boot id is {view.boot_id}")
        return await self._database(order.candidate.server).ensure_open(
            order.epoch, boot_id=order.boot_id
        )

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
            view = await self._bounded_view(self._database(server))
            if isinstance(view, ServerView) and self._holds(view, gtid):
                return Done(
                    {"gtid": gtid, "acker": server, "acker_boot_id": view.boot_id}
                )
        return outcome

    async def _waits(self, server: ServerId) -> bool:
        view = await self._bounded_view(self._database(server))
        return isinstance(view, ServerView) and (
            view.source_side.required and view.source_side.active
        )

    @staticmethod
    async def _bounded_view(database: DatabaseServer) -> ServerView | NotSeen:
        try:
            return await within(0.2, database.view())
        except TimeoutError:
            return NotSeen("read", "no answer within 0.2 s")

    def _holds(self, view: ServerView, gtid: str) -> bool:
        return (
            bool(gtid)
            and view.source is not None
            and (self.covers(view.received, gtid) or self.covers(view.executed, gtid))
        )

    async def following(self, order: EnsureFollowing) -> Outcome:
        """Let one replica follow."""
        return await self._database(order.replica).ensure_following(
            order.source, order.epoch
        )

    async def protected(
        self, order: EnsureProtected, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Enable, commit, and see the acker receive what was acknowledged (rule 4)."""
        ended = await self._orders_ended(order.primary, doubtful)
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

    async def _orders_ended(
        self, server: ServerId, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Prove gone what unanswered orders to *server* travelled on (rule 5)."""
        for session in doubtful:
            if session.server == server:
                ended = await self._database(server).session_ended(session)
                if not isinstance(ended, Done):
                    return ended
        return Done()

    async def waiting(self, order: EnsureWaiting) -> Outcome:
        """Let commits wait, once somebody is connected who can acknowledge them."""
        return await self._require_acks(order.primary, order.epoch)

    async def heard(self, order: EnsureHeard, doubtful: tuple[Session, ...]) -> Outcome:
        """Commit behind closed doors, and see an acker hold what was acknowledged.

        Not before the server is old enough to be told from a restarted one.
        """
        ended = await self._orders_ended(order.primary, doubtful)
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
                view = await self._bounded_view(self._database(server))
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
            view = await self._bounded_view(self._database(order.acker.server))
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


def _unanswered(failed: Mapping[str, Outcome]) -> dict[str, str]:
    """Name the proofs that may have ended the server although nobody said so."""
    names = [name for name, o in failed.items() if isinstance(o, Unknown)]
    return {"unanswered": ", ".join(names)} if names else {}
