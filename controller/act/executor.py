"""Each order to the one call that makes it true; a dispatch and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from controller.act.execute_fencing import FencingExecutor
from controller.act.execute_protection import ProtectionExecutor
from controller.act.execute_replication import ReplicationExecutor
from controller.act.execute_routing import RoutingExecutor
from controller.act.execute_switchover import SwitchoverExecutor
from controller.act.ports import Ports
from controller.act.within import within
from controller.decide.reconcile import off_route
from controller.decide.verify import Covers
from controller.model.commands import (
    Command,
    CommitCanary,
    Confirm,
    EnsureCaughtUp,
    EnsureClosed,
    EnsureDegraded,
    EnsureDrained,
    EnsureFenced,
    EnsureFollowing,
    EnsureFrozen,
    EnsureHeard,
    EnsureHeld,
    EnsureInstance,
    EnsureInvalidated,
    EnsureOpen,
    EnsureProtected,
    EnsureReleased,
    EnsureReopened,
    EnsureRepointed,
    EnsureRouted,
    EnsureSeeded,
    EnsureUnfrozen,
    EnsureWaiting,
    RecordUnprotected,
    Register,
    Verify,
    VerifyEndToEnd,
)
from controller.model.ids import ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from replication.ports import Receiving, ServerView, Session

SESSION_TIMEOUT_S = 0.5

Confirmer = Callable[[Confirm], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Executor:
    """Carries out commands against *ports*.

    confirm: asks the daemon to observe anew and the guards to judge.
    """

    ports: Ports
    covers: Covers
    confirm: Confirmer

    async def sessions(self, command: Command) -> tuple[Session, ...] | NotSeen:
        """Prove the connections an un-fencing *command* will travel on (rule 5).

        Returns those of every server it goes to, within `SESSION_TIMEOUT_S`; of
        UNFREEZE those that answer, see `only_proven`. `NotSeen`: send nothing.
        """
        asked = _targets(command)
        if len(asked) > 1:
            answers = await asyncio.gather(*(self._session(s) for s in asked))
        else:
            answers = [await self._session(s) for s in asked]
        found = tuple(a for a in answers if isinstance(a, Session))
        silent = [a for a in answers if isinstance(a, NotSeen)]
        some_will_do = isinstance(command, EnsureUnfrozen) and found
        return silent[0] if silent and not some_will_do else found

    async def _session(self, server: ServerId) -> Session | NotSeen:
        try:
            database = self.ports.databases[server].database
            return await within(SESSION_TIMEOUT_S, database.ready())
        except TimeoutError:
            return NotSeen("read", f"no answer within {SESSION_TIMEOUT_S:g} s")

    async def execute(  # noqa: C901, PLR0911, PLR0912, PLR0915  one flat line a command
        self, command: Command, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Make *command* true; the caller bounds the time."""
        fencing = FencingExecutor(self.ports)
        replication = ReplicationExecutor(self.ports, self.covers)
        protection = ProtectionExecutor(self.ports, self.covers)
        routing = RoutingExecutor(self.ports)
        planned = SwitchoverExecutor(self.ports, self.covers)
        match command:
            case Confirm():
                return await self.confirm(command)
            case EnsureHeld():
                return await routing.held(command)
            case EnsureFrozen():
                return await fencing.frozen(command, doubtful)
            case EnsureUnfrozen():
                return await fencing.unfrozen(command)
            case EnsureFenced():
                return await fencing.fenced(command, doubtful)
            case EnsureClosed():
                return await planned.closed(command)
            case EnsureCaughtUp():
                return await planned.caught_up(command)
            case EnsureReopened():
                return await planned.reopened(command)
            case EnsureDrained():
                return await replication.drained(command)
            case Verify():
                return await replication.verified(command)
            case EnsureInvalidated():
                return await replication.invalidated(command)
            case EnsureRepointed():
                return await replication.repointed(command)
            case RecordUnprotected():
                return Done()  # the intent in the journal made it true
            case Register():
                return await protection.registered(command)
            case EnsureOpen():
                return await replication.opened(command)
            case CommitCanary():
                return await protection.canary(command)
            case EnsureRouted():
                return await routing.routed(command)
            case EnsureReleased():
                return await routing.released(command)
            case EnsureInstance():
                return await self._instance(command)
            case EnsureSeeded():
                return await self.ports.databases[command.spare].database.ensure_seeded(
                    command.donor, command.epoch
                )
            case EnsureFollowing():
                return await replication.following(command)
            case EnsureProtected():
                return await protection.protected(command, doubtful)
            case EnsureDegraded():
                return await protection.degraded(command)
            case EnsureWaiting():
                return await protection.waiting(command)
            case EnsureHeard():
                return await protection.heard(command, doubtful)
            case VerifyEndToEnd():
                return await self._end_to_end(command)

    async def _instance(self, order: EnsureInstance) -> Outcome:
        if order.spare is None:
            return Refused("no healthy zone is free for a new replica")
        if self.ports.provisioner is None:
            return Refused("no provisioner is configured: add a replica by hand")
        return await self.ports.provisioner.ensure_instance(
            order.spare.zone, order.spare.server, order.epoch, donor=order.donor
        )

    async def _end_to_end(self, order: VerifyEndToEnd) -> Outcome:
        """Read the primary, the replica and every edge once more.

        An edge off its route is named and fails nothing: this end is about two
        copies, and the edge is repaired by a run of its own.
        """
        primary = await self.ports.databases[order.primary.server].database.view()
        if not isinstance(primary, ServerView) or not primary.writable:
            return Refused(f"{order.primary.server} is not a writable primary")
        if order.acker is not None:
            replica = await self.ports.databases[order.acker.server].database.view()
            if isinstance(replica, NotSeen) or replica.receiving is not Receiving.YES:
                return Refused(f"{order.acker.server} does not receive")
        states = await RoutingExecutor(self.ports).seen()
        found = {"primary": order.primary.server, "executed": primary.executed}
        if off := off_route(states, self.ports.slots, order.primary.zone):
            found["off_route"] = off
        return Done(found)


def only_proven(command: Command, sessions: tuple[Session, ...]) -> Command:
    """Return *command* for those servers alone that proved their *sessions*.

    Each unfrozen acker may let the primary acknowledge again by itself; all
    other orders have one server and were not sent at all without its session.
    """
    if not isinstance(command, EnsureUnfrozen) or not sessions:
        return command
    proven = {s.server for s in sessions}
    silent = tuple(a.server for a in command.ackers if a.server not in proven)
    return replace(command, silent=silent)


def _targets(command: Command) -> tuple[ServerId, ...]:
    """Return the servers an un-fencing command is sent to."""
    match command:
        case EnsureUnfrozen():
            return tuple(a.server for a in command.ackers)
        case EnsureOpen():
            return (command.candidate.server,)
        case EnsureDegraded() | EnsureHeard():
            return (command.primary,)
        case EnsureReopened():
            return (command.source.server,)
        case EnsureFollowing():
            return (command.replica,)
        case _:
            return ()
