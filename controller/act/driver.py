"""Drive one saga: intent, effect, outcome. No branch in here is a policy choice.

Intent before effect and outcome after it, each durable before the next step:
the order etcd/raft asks of its callers (persist before send). A lost lease
stops everything at once, without a clean-up that another controller may be
doing better.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from controller.act.admission import Admission, Unlimited
from controller.act.book import Book
from controller.act.cancel import heed_cancel
from controller.act.executor import Executor, only_proven
from controller.act.within import within
from controller.decide.advice import after_halt
from controller.decide.codec import render_plan, render_session
from controller.decide.failover import FAILOVER, UNDOING, begins_again
from controller.decide.old import PREEMPTED, STOPPED
from controller.decide.reconcile import RECONCILE
from controller.decide.rejoin import EXAMINE, REJOIN
from controller.decide.reopen import REOPEN, gave_way
from controller.decide.restore import LEAVE, LOOSEN, RESTORE, RETIRE, WIDEN
from controller.decide.saga import (
    End,
    Kind,
    Plan,
    Row,
    Run,
    Step,
    Table,
    advance,
    timeout_of,
)
from controller.decide.switchover import (
    SWITCHOVER,
    opened_nothing,
    taken_back_at,
    undoes,
)
from controller.incident.record import RecordKind
from controller.model.errors import LeaseLostError
from controller.model.ids import Epoch, IncidentId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import Session

TABLES: Mapping[Kind, Table] = {
    Kind.FAILOVER: FAILOVER,
    Kind.SWITCHOVER: SWITCHOVER,
    Kind.RESTORE: RESTORE,
    Kind.RETIRE: RETIRE,
    Kind.LEAVE: LEAVE,
    Kind.WIDEN: WIDEN,
    Kind.LOOSEN: LOOSEN,
    Kind.RECONCILE: RECONCILE,
    Kind.REOPEN: REOPEN,
    Kind.EXAMINE: EXAMINE,
    Kind.REJOIN: REJOIN,
}

CrashPoint = Callable[[Step, str], None]
"""Called at (step, "intent" | "effect"); a test's way to kill the daemon there."""


def no_crash(step: Step, point: str) -> None:
    """Do nothing: the production crash point."""


@dataclass(slots=True)
class Driver:
    """Executes runs one at a time and keeps the book.

    admission: of the daemon, asked before each further step; among many clusters that
        may take a while.
    """

    book: Book
    executor: Executor
    holds_lease: Callable[[], Awaitable[bool]]
    crash_point: CrashPoint = no_crash
    admission: Callable[[], Admission] = Unlimited
    tables: Mapping[Kind, Table] = field(default_factory=lambda: TABLES)
    running: Run | None = field(default=None)
    _paused_by: Epoch | None = None
    _paused_at_s: float = 0.0

    async def begin(self, plan: Plan, step: Step) -> End:
        """Record *plan* as a new incident and drive it from *step* to its end.

        Under a newer epoch than planned, if a run that was resumed and gave way has
        taken that one meanwhile.
        """
        epoch = Epoch(max(plan.epoch, self.book.ledger.epoch + 1))
        plan = replace(plan, epoch=epoch)
        number = self.book.ledger.incidents + 1
        self.book.append(
            RecordKind.STARTED,
            {"plan": render_plan(plan), "step": step.value},
            epoch=plan.epoch,
            incident=IncidentId(f"i{number}"),
        )
        return await self.drive(Run(plan=plan, step=step))

    async def resume(self) -> End | None:
        """Continue the run the journal says is unfinished, if there is one.

        An intent without an outcome is recorded as unknown and tried again; an
        outcome on record is never asked for again, it leads on. Before OPEN a
        failover begins again at CONFIRM, under a new epoch (rule 1), and a planned
        move is taken back under one. What was judged by evidence that is old by
        now is given up, and judged anew.
        """
        ledger = self.book.ledger
        run, answer, doubt = ledger.run, ledger.answer, ledger.unanswered
        if run is None:
            return None
        self.running = run
        if doubt:
            self._record_outcome(run, Unknown(STOPPED))
            run = self.book.ledger.run or run
        if run.plan.kind is Kind.SWITCHOVER and undoes(run, answer):
            return await self._restart(run, taken_back_at(run))
        if begins_again(run, answer):
            return await self._restart(run, Step.CONFIRM)
        if answer is not None:
            return await self._go_on(run, answer)
        planned = run.plan.kind is Kind.SWITCHOVER
        judged = run.step in {Step.RETIRE, Step.COMPARE} and not planned
        if judged or (run.step is Step.DEGRADE and not doubt):
            why = "the controller stopped; its evidence is old"
            self._record_end(run, End.ABANDONED, why)
            return End.ABANDONED
        return await self.drive(replace(run, doubt=run.doubt or doubt))

    async def _restart(self, run: Run, step: Step) -> End:
        epoch = Epoch(self.book.ledger.epoch + 1)
        run = Run(
            plan=replace(run.plan, epoch=epoch),
            step=step,
            fenced=run.fenced,
        )
        self.book.append(
            RecordKind.RESTARTED,
            {"plan": render_plan(run.plan), "step": run.step.value},
            epoch=epoch,
        )
        return await self.drive(run)

    async def _go_on(self, run: Run, answer: Outcome) -> End:
        following = advance(run, answer, self.tables[run.plan.kind])
        if isinstance(following, End):
            why = "" if isinstance(answer, Done) else answer.reason
            self._record_end(run, following, f"{run.step.value}: {why}", run.step)
            return following
        return await self.drive(following)

    async def drive(self, run: Run) -> End:
        """Execute *run* to its end and record it."""
        table = self.tables[run.plan.kind]
        why, undone = "stopped before a restart of the controller", ""
        cause = run.step
        while True:
            self.running = run
            row = table[run.step]
            outcome = await self._attempt(run, row)
            heed_cancel()
            self._record_outcome(run, outcome)
            following = advance(run, outcome, table)
            if not isinstance(outcome, Done):
                told = f"{run.step.value}: {outcome.reason}"
                if run.step in UNDOING:
                    undone = f"; {told}"
                else:
                    why, cause = told, run.step
            if isinstance(following, End):
                self._record_end(run, following, why + undone, cause)
                return following
            if following.attempt > 1:
                await asyncio.sleep(row.pause_s)
            await self.admission().enter(following)
            run = following

    def preempt(self, why: str) -> None:
        """Record that the present run gives way; its task was cancelled before."""
        run = self.running or self.book.ledger.run
        if run is not None and self.book.ledger.run is not None:
            if self.book.ledger.unanswered:
                self._record_outcome(run, Unknown(f"{PREEMPTED}{why}"))
            end = (
                End.ABANDONED if opened_nothing(self.book.ledger.run) else gave_way(run)
            )
            self._record_end(run, end, f"{run.step.value}: preempted: {why}")

    async def _attempt(self, run: Run, row: Row) -> Outcome:
        command = row.order(run.plan)
        left_s = self._pause_left_s(run, row)
        if row.rechecks and not await self.holds_lease():
            raise LeaseLostError(f"lease lost before {run.step.value}")
        sessions = await self._sessions(run, row)
        doubtful = self.book.ledger.doubtful
        known = () if isinstance(sessions, NotSeen) else sessions
        self.book.append(
            RecordKind.INTENT,
            {
                "step": run.step.value,
                "attempt": run.attempt,
                "doubt": run.doubt,
                "why": row.why,
                "sessions": [render_session(s) for s in known],
            },
            epoch=run.plan.epoch,
        )
        self.crash_point(run.step, "intent")
        if isinstance(sessions, NotSeen):
            return Refused(f"not sent, the connection is silent: {sessions.reason}")
        if left_s <= 0:
            limit_s = run.plan.pause_max_s
            return Refused(f"not sent: writes were paused for {limit_s:g} s already")
        command = only_proven(command, known)
        timeout_s = min(timeout_of(row, run.plan), left_s)
        try:
            outcome = await within(timeout_s, self.executor.execute(command, doubtful))
        except TimeoutError:
            outcome = Unknown(f"no answer within {timeout_s:g} s")
        self.crash_point(run.step, "effect")
        return outcome

    def _pause_left_s(self, run: Run, row: Row) -> float:
        """Return how long *row* may take by the plan's limit on paused writes.

        The pause begins with the first row that pauses. What was sent once without
        an answer, or cannot be undone, is not cut short.
        """
        if not row.pauses or not run.plan.pause_max_s:
            return math.inf
        now_s = asyncio.get_running_loop().time()
        if self._paused_by != run.plan.epoch:
            self._paused_by, self._paused_at_s = run.plan.epoch, now_s
        left_s = run.plan.pause_max_s - (now_s - self._paused_at_s)
        return math.inf if run.doubt or (row.unfences and left_s > 0) else left_s

    async def _sessions(self, run: Run, row: Row) -> tuple[Session, ...] | NotSeen:
        """Prove the connections first when a late arrival could undo a fence."""
        if not row.unfences:
            return ()
        return await self.executor.sessions(row.order(run.plan))

    def _record_outcome(self, run: Run, outcome: Outcome) -> None:
        told: dict[str, object] = {
            "step": run.step.value,
            "attempt": run.attempt,
            "outcome": type(outcome).__name__.lower(),
        }
        if isinstance(outcome, Done):
            told["evidence"] = {k: str(v) for k, v in outcome.evidence.items()}
        else:
            told["reason"] = outcome.reason
        self.book.append(RecordKind.OUTCOME, told, epoch=run.plan.epoch)

    def _record_end(
        self, run: Run, end: End, why: str, cause: Step | None = None
    ) -> None:
        """Record *end*: what led there unless COMPLETED, and after a halt what next."""
        body = {
            "end": end.value,
            "kind": run.plan.kind.value,
            "why": "" if end is End.COMPLETED else why,
        }
        if end is End.HALTED:
            body["advice"] = after_halt(run.plan, cause or run.step, run.step)
        self.book.append(RecordKind.ENDED, body, epoch=run.plan.epoch)
