"""The task tree of one site: observe, decide, act; and nothing else at once.

Decisions are asked of `controller.decide`; what they say is started here. The
top of the daemon records and lets a crash be a crash: the next process goes on
from the journal.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from controller.act.admission import Admission, Unlimited
from controller.act.agents import CONTACT_S
from controller.act.beating import Beating
from controller.act.book import Book
from controller.act.cancel import heed_cancel
from controller.act.confirm import Confirmer
from controller.act.copying import COPY_S
from controller.act.driver import TABLES, CrashPoint, Driver, no_crash
from controller.act.executor import Executor
from controller.act.lease import DatabaseLease
from controller.act.naming import Naming
from controller.act.noting import NO_INCIDENT, Noter
from controller.act.observe import Observatory
from controller.act.pages import serves_pages
from controller.config.budget import EDGE_S
from controller.decide.adopt import adopt
from controller.decide.agents import armed_notes
from controller.decide.closed import serving_notes, waiting_notes
from controller.decide.codec import render_member
from controller.decide.decide import Decision, Start, decide
from controller.decide.facts import Facts, Mode, Policy, Veto
from controller.decide.fitness import look_at
from controller.decide.guards import LEASE_LOST
from controller.decide.observers import is_heard
from controller.decide.reconcile import drift_notes
from controller.decide.saga import Kind, Table
from controller.decide.verify import Covers
from controller.incident.record import RecordKind
from controller.model.commands import Member
from controller.model.errors import JournalError
from controller.model.ids import ZoneId
from health.detector import Verdict
from health.loop_lag import TICK_S

EVALUATE_S = 0.03
CLAIM_S = 1.0


@dataclass(slots=True)
class Daemon:
    """Runs one site until cancelled."""

    book: Book
    observatory: Observatory
    lease: DatabaseLease
    policy: Policy
    configured_primary: Member
    covers: Covers
    crash_point: CrashPoint = no_crash
    tables: Mapping[Kind, Table] = field(default_factory=lambda: TABLES)
    phase: float = 0.0  # 0..1 of an interval: many daemons in a process ask in turn
    evaluate_s: float = EVALUATE_S
    admission: Admission = field(default_factory=Unlimited)
    driver: Driver = field(init=False)
    confirmer: Confirmer = field(init=False)
    decision: Decision = field(default_factory=Decision)
    _saga: asyncio.Task[object] | None = None
    _resumed: bool = False
    _beating: Beating = field(init=False)
    _claim_at_s: float = 0.0
    _settle_until_s: float | None = None
    _noter: Noter = field(init=False)
    _naming: Naming = field(init=False)

    def __post_init__(self) -> None:
        self._noter, self._naming = Noter(self.book), Naming(self.book)
        writes = self.policy.mode is not Mode.OBSERVE
        self._beating = Beating(self.book, lambda: self.observatory, writes=writes)
        self.confirmer = Confirmer(
            self.book, lambda: self.observatory, self.facts, lambda: self.policy
        )
        self.driver = Driver(
            book=self.book,
            executor=Executor(
                self.observatory.ports,
                self.covers,
                self.confirmer,
                clock=self.observatory.clock,
            ),
            holds_lease=self.holds_lease,
            crash_point=self.crash_point,
            admission=lambda: self.admission,
            tables=self.tables,
        )

    async def run(self) -> None:
        """Observe, resume what the journal says is unfinished, then decide for ever."""
        self.book.append(RecordKind.DAEMON_STARTED, {"mode": self.policy.mode.value})
        try:
            async with asyncio.TaskGroup() as group:
                for ask, every_s in self._questions():
                    group.create_task(_repeat(ask, every_s, self.phase * every_s))
                group.create_task(_tick(self.observatory.alertness.tick))
                if self.observatory.voting is not None:
                    group.create_task(self.observatory.voting.run())
                for durable in (True, False):
                    group.create_task(self._beating.go_on(durable=durable))
                await self._settle()
                await self._resume()
                await self._evaluate_for_ever()
        finally:
            await self._end_saga()
            await self.observatory.doctor.aclose()
            with contextlib.suppress(JournalError):
                self.book.append(RecordKind.DAEMON_STOPPED, {})

    async def step(self, late_s: float = 0.0) -> None:
        """Ask everything once, then decide: `run` at the caller's pace.

        late_s: how much later than that pace. For rehearsals, where thousands of
        rounds a second matter: no timers, one question after the other. Raises what
        the saga raised, as `run` does.
        """
        now_s = self.observatory.clock.monotonic_s()
        if self._settle_until_s is None:
            self.book.append(
                RecordKind.DAEMON_STARTED, {"mode": self.policy.mode.value}
            )
            self._settle_until_s = now_s + self._settle_s()
        await self._ask_once(now_s)
        self.observatory.alertness.tick(late_s)
        if self.observatory.voting is not None:
            self.observatory.voting.turn()
        if self._settle_until_s > 0.0:
            if not self._is_settled() and now_s < self._settle_until_s:
                return
            self._settle_until_s = 0.0
        if not self._resumed:
            self._resumed = self._try_resume()
            if not self._resumed:
                return
        self.evaluate()
        self._reap_saga()

    async def stop(self, *, cleanly: bool = True) -> None:
        """End what `step` started; not *cleanly*: as SIGKILL would, no last word."""
        await self._beating.stop()
        await self._end_saga()
        await self.observatory.doctor.aclose()
        if cleanly:
            with contextlib.suppress(JournalError):
                self.book.append(RecordKind.DAEMON_STOPPED, {})

    @property
    def busy(self) -> bool:
        """Tell whether a run is under way in this process."""
        return self._saga is not None

    async def _ask_once(self, now_s: float) -> None:
        watch = self.observatory
        for server in watch.ports.databases:
            await watch.ask_server(server)
        for zone, probes in watch.ports.probes.items():
            for name in probes:
                await watch.ask_service(zone, name)
        for edge in watch.ports.edges:
            await watch.ask_edge(edge)
        await self._ask_further()
        await watch.copies.ask(self.book.ledger.run)
        if self.policy.mode is Mode.OBSERVE:
            self.lease.held = True
            return
        if now_s >= self._claim_at_s or not self.lease.held:
            self._claim_at_s = now_s + CLAIM_S
            await self._claim()
        for zone in watch.ports.agents:
            await self._contact(zone)
        self._beating.once()

    async def _end_saga(self) -> None:
        """Stop the run in the middle; the journal says where, the next one goes on."""
        if self._saga is not None and not self._saga.done():
            self._saga.cancel()
            await asyncio.wait({self._saga})

    def _questions(self) -> list[tuple[Callable[[], Awaitable[object]], float]]:
        """Return every periodic question with its interval."""
        watch = self.observatory
        every_s = watch.policy.interval_s
        found: list[tuple[Callable[[], Awaitable[object]], float]] = [
            (lambda s=s: watch.ask_server(s), every_s)  # type: ignore[misc]
            for s in watch.ports.databases
        ]
        found += [
            (lambda z=z, n=n: watch.ask_service(z, n), every_s)  # type: ignore[misc]
            for z, probes in watch.ports.probes.items()
            for n in probes
        ]
        found += [
            (lambda e=e: watch.ask_edge(e), EDGE_S)  # type: ignore[misc]
            for e in watch.ports.edges
        ]
        found += self._further()
        found.append((lambda: watch.copies.ask(self.book.ledger.run), COPY_S))
        if self.policy.mode is not Mode.OBSERVE:
            found.append((self._claim, CLAIM_S))
            found += [
                (partial(self._contact, z), CONTACT_S) for z in watch.ports.agents
            ]
        else:
            self.lease.held = True
        return found

    def _further(self) -> list[tuple[Callable[[], Awaitable[object]], float]]:
        """Return the questions a site may do without: pages, journeys, and others."""
        watch = self.observatory

        def counts(zone: ZoneId) -> bool:
            ledger, ports = self.book.ledger, watch.ports
            return serves_pages(ledger, ports, zone) and watch.works(zone, "origin")

        return [*watch.pages.questions(counts), *watch.singles.questions()]

    async def _ask_further(self) -> None:
        for ask, _ in self._further():
            await ask()

    async def _contact(self, zone: ZoneId) -> None:
        """Only who may act vouches for a primary."""
        ledger, held = self.book.ledger, self.lease.held
        await self.observatory.agents.ask(zone, ledger, lease_held=held)

    async def _claim(self) -> None:
        await self.lease.claim(down=self.observatory.down())

    def facts(self) -> Facts:
        """Return what is known now."""
        return self.observatory.facts(lease_held=self.lease.held)

    async def _settle(self) -> None:
        """Wait until every subject was asked often enough to have a verdict."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self._settle_s()
        while loop.time() < until_s:
            if self._is_settled():
                return
            await asyncio.sleep(EVALUATE_S)

    def _settle_s(self) -> float:
        policy = self.observatory.policy
        return policy.detector.rounds_down * (policy.timeout_s + policy.interval_s)

    def _is_settled(self) -> bool:
        facts = self.facts()
        readings = [f.reading for f in facts.servers.values()]
        known = self.lease.held and is_heard(facts.electorate)
        return known and all(r.verdict is not Verdict.UNDECIDED for r in readings)

    async def _resume(self) -> None:
        while not self._try_resume():  # noqa: ASYNC110  a lease has no event to wait for
            await asyncio.sleep(EVALUATE_S)

    def _try_resume(self) -> bool:
        """Go on with an unfinished run once we may act at all; until then say why.

        Even its clean-up touches servers that another controller may be using.
        Returns whether nothing is left waiting to be resumed.
        """
        run = self.book.ledger.run
        if run is None:
            return True
        held = self._forbids_resuming()
        if held:
            trouble = f"an unfinished {run.plan.kind.value} stands at {run.step.value}"
            self.decision = Decision(trouble=trouble, vetoes=held)
            self._noter.verdicts(self.facts())
            self._noter.vetoes(self.decision)
            return False
        self._saga = asyncio.create_task(self.driver.resume())
        return True

    def _forbids_resuming(self) -> tuple[Veto, ...]:
        if self.policy.mode is Mode.OBSERVE:
            return (Veto(name="observe_mode", reason="mode is observe"),)
        if self.lease.held:
            return ()
        reason = LEASE_LOST
        return (Veto(name="lease_lost", reason=reason, overridable=False),)

    async def _evaluate_for_ever(self) -> None:
        while True:
            self.evaluate()
            self._reap_saga()
            await asyncio.sleep(self.evaluate_s)

    def _reap_saga(self) -> None:
        if self._saga is not None and self._saga.done():
            saga, self._saga = self._saga, None
            saga.result()

    def evaluate(self) -> None:
        """Decide once; start what the decision says, record what it will not do."""
        facts = self.facts()
        self._noter.verdicts(facts)
        self._noter.findings(facts)
        for body in armed_notes(self.book.ledger, facts):
            self.book.append(RecordKind.ARMED, body, incident=NO_INCIDENT)
        self._noter.copying(facts)
        self._noter.calm(facts, self.policy)
        for body in drift_notes(self.book.ledger, facts, self.policy):
            self.book.append(RecordKind.DRIFT, body, incident=NO_INCIDENT)
        for serves in (serving_notes, waiting_notes):
            for body in serves(self.book.ledger, facts, self.policy):
                self.book.append(RecordKind.SERVING, body, incident=NO_INCIDENT)
        if self.book.ledger.primary is None:
            self.decision = self._adopt(facts)
        else:
            found = decide(self.book.ledger, facts, self.policy)
            self.decision = self.admission.judge(found, self.book.ledger, facts)
        self._naming.note(self.decision, facts.now_s)
        self._noter.vetoes(self.decision)
        if self.decision.start is not None:
            self._begin(self.decision.start)
        elif self._saga is None:
            doctor = self.observatory.doctor
            doctor.begin(look_at(self.book.ledger, facts, self.policy))

    def _adopt(self, facts: Facts) -> Decision:
        found = adopt(facts, self.policy, self.configured_primary)
        if isinstance(found, Member):
            view = facts.servers[found.server].view
            boot_id = view.boot_id if view is not None else ""
            body = {"primary": render_member(found), "boot_id": boot_id}
            self.book.append(RecordKind.ADOPTED, body)
            return Decision()
        veto = Veto(name="not_adopted", reason=found, overridable=False)
        return Decision(trouble="no primary is known yet", vetoes=(veto,))

    def _begin(self, start: Start) -> None:
        """Start a run; a preempted one is cancelled first and gives way on record."""
        previous = self._saga
        if previous is not None and not start.preempts:
            return
        self._reap_saga()
        if previous is not None:
            # Now, not in a moment: by then it might have gone a step further than
            # where it was when it was judged to give way.
            previous.cancel()
        self.observatory.doctor.give_up()

        async def run() -> object:
            if previous is not None:
                await asyncio.wait({previous})
                if not previous.cancelled():
                    previous.result()  # what it raised is ours to raise
            if start.preempts:
                self.driver.preempt(start.plan.why)
            return await self.driver.begin(start.plan, start.step)

        self._saga = asyncio.create_task(run())

    async def holds_lease(self) -> bool:
        """Re-check the named lock on every server that may answer (rule 10)."""
        return await self.lease.claim(down=self.observatory.down())


async def _tick(tick: Callable[[], None]) -> None:
    """Turn for ever at the pace by which our own lag is measured."""
    while True:
        tick()
        await asyncio.sleep(TICK_S)


async def _repeat(
    ask: Callable[[], Awaitable[object]], every_s: float, after_s: float = 0.0
) -> None:
    """Ask for ever, at most once per *every_s*, first *after_s*; never two at once."""
    loop = asyncio.get_running_loop()
    if after_s:
        await asyncio.sleep(after_s)
    while True:
        began_s = loop.time()
        await ask()
        heed_cancel()
        await asyncio.sleep(max(every_s - (loop.time() - began_s), 0.001))
