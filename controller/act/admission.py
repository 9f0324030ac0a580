"""The gate before promotions: who asks, who is under way, who is stuck.

Every evaluation of a cluster that would begin a failover comes by here, and nothing
waits inside. What is under way is read from each cluster's own journal as it is
written, so that a run that was resumed counts, too. A run that was stuck in a step
has lost its place, and waits for another before its next one: what ends a hundred
waits at one moment (a power switch, an agent's time) starts no hundred promotions.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from typing_extensions import override

from controller.act.book import Book
from controller.decide.admission import (
    NAME,
    Claim,
    Limits,
    budget_veto,
    counts,
    goes_on_veto,
    is_promotion,
    moves_veto,
    place_s,
    takes_place,
    waits_also,
    within_budget,
)
from controller.decide.decide import Decision
from controller.decide.facts import Facts, Veto
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Kind, Run, Step
from controller.decide.standing import elapsed_s
from controller.incident.record import Record, RecordKind
from controller.model.clock import Clock
from health.detector import Verdict

FRESH_S = 2.0
"""Who has not evaluated for so long asks no more: its part of the process is down."""

ENTER_S = 0.05
"""How often one that was stuck asks for its place, the first time after so long:
what comes at the same moment is put in order."""

RETURNS = Veto(name=NAME, reason="it was stuck, and asks for a place to go on")


class Admission(Protocol):
    """Has a say in what a daemon begins."""

    def judge(self, found: Decision, ledger: Ledger, facts: Facts) -> Decision:
        """Return *found*, or why it is not begun now; takes a place if it is."""
        ...

    def foresee(self, found: Decision, facts: Facts) -> Decision:
        """Return what `judge` would, and take nothing."""
        ...

    async def enter(self, run: Run) -> None:
        """Return once *run* may take its step."""
        ...


class Unlimited(Admission):
    """A daemon that has the process to itself."""

    @override
    def judge(self, found: Decision, ledger: Ledger, facts: Facts) -> Decision:
        del ledger, facts
        return found

    @override
    def foresee(self, found: Decision, facts: Facts) -> Decision:
        del facts
        return found

    @override
    async def enter(self, run: Run) -> None:
        del run


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many clusters stand where."""

    under_way: int
    waiting: int
    stuck: int


@dataclass(slots=True)
class Gate:
    """One for all clusters of a process."""

    limits: Limits
    clock: Clock
    turns: list["Turn"] = field(default_factory=list)
    holding: dict[str, "Turn"] = field(default_factory=dict)

    def turn(self, cluster: str, priority: int) -> "Turn":
        """Return the place of one cluster before the gate, for all its lives."""
        turn = Turn(self, cluster, priority)
        self.turns.append(turn)
        return turn

    def held(self, turn: "Turn", now_s: float) -> tuple[Veto, ...]:
        """Return why *turn* may not begin now."""
        goes_on = sum(other.waits_on is not None for other in self.turns)
        under_way = self.under_way(now_s) + goes_on
        waited_s = now_s - (now_s if turn.asks_since_s is None else turn.asks_since_s)
        gathering = waited_s < self.limits.gather_s
        others = (
            claim
            for other in self.turns
            if other is not turn
            and now_s - other.seen_at_s <= FRESH_S
            and (claim := other.claim()) is not None
            and (claim.asks or gathering)
        )
        mine = turn.claim()
        assert mine is not None
        limits = self.limits
        moves = moves_veto(self._moves(now_s), limits)
        # Nobody goes before another where nobody goes by himself at all.
        first = others if moves is None else ()
        turn_comes = budget_veto(mine, first, under_way=under_way, limits=limits)
        found = (turn_comes, moves)
        return tuple(veto for veto in found if veto is not None)

    def held_up(self, turn: "Turn", run: Run, now_s: float) -> Veto | None:
        """Return why *run* of *turn*, which has lost its place, may not go on now."""
        others = (o.place() for o in self.turns if o.waits_on and o is not turn)
        under_way = self.under_way(now_s)
        mine, limits = turn.place(), self.limits
        return goes_on_veto(run, mine, others, under_way=under_way, limits=limits)

    def _moves(self, now_s: float) -> int:
        """Count the failovers that began within the window; 0 where none is set."""
        if not self.limits.moves_max:
            return 0
        since_s = now_s - self.limits.moves_window_s
        return sum(turn.moves_since(since_s) for turn in self.turns)

    def has_place(self, turn: "Turn", now_s: float) -> bool:
        """Tell whether *turn* holds a place now, its last step having been in time."""
        return self.under_way(now_s) > 0 and turn.cluster in self.holding

    def under_way(self, now_s: float) -> int:
        """Count the places taken; whose step takes too long holds its no more."""
        for turn in tuple(self.holding.values()):
            if now_s - turn.step_at_s > place_s(turn.step, self.limits):
                del self.holding[turn.cluster]
                turn.stuck = True
        return len(self.holding)

    def figures(self, now_s: float) -> Figures:
        """Return how many stand where now."""
        return Figures(
            under_way=self.under_way(now_s),
            waiting=sum(
                t.asks_since_s is not None or t.waits_on is not None for t in self.turns
            ),
            stuck=sum(t.stuck for t in self.turns),
        )


@dataclass(slots=True)
class Turn(Admission):
    """One cluster before the gate.

    asks_since_s: when it first wanted to begin; None: it does not.
    fails_since_s: its primary fails to answer and nobody called it lost yet.
    step_at_s: when its present *step* began. stuck: it had a place and lost it so.
    waits_on: why its failover, stuck no more, does not go on; None: it goes on.
    moved_at_s: its failovers that ended, those of earlier lives by when they did.
    began_at_s: when the one under way began, or was taken up by this life.
    """

    gate: Gate
    cluster: str
    priority: int
    asks_since_s: float | None = None
    lost_since_s: float = 0.0
    fails_since_s: float | None = None
    seen_at_s: float = 0.0
    stuck: bool = False
    waits_on: Veto | None = None
    step_at_s: float = 0.0
    step: Step | None = None
    moved_at_s: list[float] = field(default_factory=list)
    began_at_s: float | None = None

    def join(self, book: Book) -> None:
        """Read along in *book*, the book of this cluster's present life."""
        book.listeners.append(self._read)
        now_s = self.gate.clock.monotonic_s()
        # By how long ago: a time of before the machine started lies in our future.
        self.moved_at_s = [
            now_s - elapsed_s(ending, now_s)
            for ending in book.ledger.endings
            if ending.kind is Kind.FAILOVER and ending.end is not End.ABANDONED
        ]
        self.began_at_s = now_s if _promotes(book.ledger) else None

    def leave(self) -> None:
        """Give the place back: the cluster's part of the process has stopped."""
        self.asks_since_s = self.fails_since_s = None
        self._give_back()

    def moves_since(self, since_s: float) -> int:
        """Count its failovers later than *since_s*, without those it gave up."""
        began = () if self.began_at_s is None else (self.began_at_s,)
        return sum(at_s > since_s for at_s in (*self.moved_at_s, *began))

    def claim(self) -> Claim | None:
        """Return what it wants; None: nothing."""
        asks = self.asks_since_s is not None
        since_s = self.lost_since_s if asks else self.fails_since_s
        if since_s is None:
            return None
        return self._claimed(since_s, asks=asks)

    def place(self) -> Claim:
        """Return its claim to the place that it lost."""
        return self._claimed(self.lost_since_s, asks=True)

    def _claimed(self, since_s: float, *, asks: bool) -> Claim:
        return Claim(
            cluster=self.cluster,
            priority=self.priority,
            lost_since_s=since_s,
            asks=asks,
        )

    @override
    def judge(self, found: Decision, ledger: Ledger, facts: Facts) -> Decision:
        self.seen_at_s = facts.now_s
        if not is_promotion(found):
            self._rest(ledger, facts)
            return waits_also(found, self.waits_on)
        if ledger.run is None:
            self._give_back()  # it had a place, and no run came of it
        self._ask(found, facts)
        judged = within_budget(found, self.gate.held(self, facts.now_s))
        if judged is found:
            self._take(facts.now_s)
        return judged

    @override
    def foresee(self, found: Decision, facts: Facts) -> Decision:
        if not is_promotion(found):
            return found
        before = self.asks_since_s
        self._ask(found, facts)
        judged = within_budget(found, self.gate.held(self, facts.now_s))
        self.asks_since_s = before
        return judged

    @override
    async def enter(self, run: Run) -> None:
        clock, gate = self.gate.clock, self.gate
        if not takes_place(run) or run.step is self.step:
            return
        if gate.has_place(self, clock.monotonic_s()):
            return
        try:
            self.stuck, self.waits_on = False, RETURNS
            while self.waits_on is not None:
                await asyncio.sleep(ENTER_S)
                self.waits_on = gate.held_up(self, run, clock.monotonic_s())
            self._take(clock.monotonic_s())
        finally:
            self.waits_on = None

    def _ask(self, found: Decision, facts: Facts) -> None:
        assert found.start is not None
        lost = found.start.plan.lost
        fact = None if lost is None else facts.servers.get(lost.server)
        self.lost_since_s = facts.now_s if fact is None else fact.reading.since_s
        self.fails_since_s = None
        if self.asks_since_s is None:
            self.asks_since_s = facts.now_s

    def _rest(self, ledger: Ledger, facts: Facts) -> None:
        """It begins no failover now; perhaps it will in a moment."""
        self.asks_since_s = self.fails_since_s = None
        if ledger.primary is None or ledger.run is not None:
            return
        fact = facts.servers.get(ledger.primary.server)
        if fact is None or fact.reading.verdict is Verdict.DOWN:
            return  # called lost and yet it does not ask: something else holds it
        if fact.reading.bad_in_a_row > 0:
            self.fails_since_s = fact.reading.since_s

    def _read(self, record: Record, ledger: Ledger) -> None:
        promotes = _promotes(ledger)
        body = record.body
        if record.kind in {RecordKind.STARTED, RecordKind.RESTARTED} and promotes:
            self.began_at_s = self.gate.clock.monotonic_s()
            self._take(self.began_at_s)
        elif record.kind is RecordKind.INTENT and promotes:
            self._step_on(Step(str(body["step"])))
        elif record.kind is RecordKind.OUTCOME and body["step"] == Step.OPEN.value:
            if body["outcome"] == "done":
                self._give_back()
        elif record.kind is RecordKind.ENDED:
            self._moved(End(str(body["end"])))
            self._give_back()

    def _moved(self, end: End) -> None:
        """Count the failover that ended, if it did not give up before it moved."""
        began_at_s, self.began_at_s = self.began_at_s, None
        if began_at_s is not None and end is not End.ABANDONED:
            self.moved_at_s.append(began_at_s)

    def _take(self, now_s: float) -> None:
        self.asks_since_s, self.stuck, self.step = None, False, None
        self.step_at_s = now_s
        self.gate.holding[self.cluster] = self

    def _step_on(self, step: Step) -> None:
        """Note when another step began; a further attempt is the same step."""
        if step is not self.step:
            self.step, self.step_at_s = step, self.gate.clock.monotonic_s()

    def _give_back(self) -> None:
        self.gate.holding.pop(self.cluster, None)
        self.stuck, self.step = False, None


def _promotes(ledger: Ledger) -> bool:
    """Tell whether a failover is under way."""
    return ledger.run is not None and counts(ledger.run.plan)
