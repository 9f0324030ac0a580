"""The gate: places are taken, given back, counted after a restart, never lost."""

import asyncio
from dataclasses import replace

import pytest

from controller.act.admission import ENTER_S, Gate, Turn
from controller.act.book import Book
from controller.act.virtual import VirtualClock, run_virtual
from controller.decide.admission import NAME, Limits
from controller.decide.codec import render_plan
from controller.decide.decide import Decision, Start
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Kind, Plan, Run, Step
from controller.incident.journal import MemoryJournal
from controller.incident.record import RecordKind
from controller.model.clock import Clock
from controller.model.ids import Epoch, IncidentId
from tests.unit.test_ledger import FAILOVER_PLAN
from tests.unit.world_facts import primary_gone

START = Decision(start=Start(plan=FAILOVER_PLAN, step=Step.CONFIRM), trouble="lost")
FACTS = primary_gone()


def two(limit: int = 1) -> tuple[Gate, Turn, Turn]:
    gate = Gate(Limits(promotions_max=limit, stuck_s=3.0), VirtualClock())
    return gate, gate.turn("one", 50), gate.turn("two", 50)


def begins(turn: Turn, found: Decision = START, now_s: float = 10.0) -> bool:
    judged = turn.judge(found, Ledger(), replace(FACTS, now_s=now_s))
    assert judged.start is not None or judged.vetoes[-1].name == NAME
    return judged.start is not None


def book_of(turn: Turn, plan: Plan = FAILOVER_PLAN, clock: Clock | None = None) -> Book:
    """Return a book in which *turn* reads that a run of *plan* began."""
    book = Book(MemoryJournal(clock or VirtualClock()))
    turn.join(book)
    tell(book, RecordKind.STARTED, plan=render_plan(plan), step="confirm")
    return book


def tell(book: Book, what: RecordKind, /, **body: object) -> None:
    book.append(what, body, epoch=Epoch(2), incident=IncidentId("i1"))


def outcome(book: Book, step: Step, word: str) -> None:
    tell(book, RecordKind.INTENT, step=step.value, attempt=1, doubt=False, sessions=[])
    told: dict[str, object] = {"reason": "no", "evidence": {}}
    tell(book, RecordKind.OUTCOME, step=step.value, attempt=1, outcome=word, **told)


def test_one_place_is_for_one() -> None:
    gate, one, other = two()
    assert begins(one)
    assert not begins(other)
    assert gate.figures(10.0).waiting == 1


def test_a_place_is_free_again_at_open_not_before() -> None:
    gate, one, other = two()
    book = book_of(one)
    assert gate.under_way(0.0) == 1
    outcome(book, Step.CONFIRM, "done")
    outcome(book, Step.OPEN, "unknown")
    assert gate.under_way(0.0) == 1
    outcome(book, Step.OPEN, "done")
    assert gate.under_way(0.0) == 0
    assert begins(other)


def test_a_place_is_free_again_when_the_run_ends() -> None:
    gate, one, _ = two()
    book = book_of(one)
    tell(
        book,
        RecordKind.ENDED,
        end=End.ABANDONED.value,
        kind=Kind.FAILOVER.value,
        why="healed",
    )
    assert gate.under_way(0.0) == 0


def test_a_run_that_was_resumed_counts_without_asking() -> None:
    gate, one, other = two()
    book = book_of(one)
    one.leave()
    assert gate.under_way(0.0) == 0
    tell(book, RecordKind.RESTARTED, plan=render_plan(FAILOVER_PLAN), step="confirm")
    assert gate.under_way(0.0) == 1
    assert not begins(other, now_s=0.5)


def test_a_step_that_takes_too_long_holds_no_place_and_is_told() -> None:
    gate, one, other = two()
    book = book_of(one)
    outcome(book, Step.FREEZE, "unknown")
    assert (gate.figures(2.9).under_way, gate.figures(2.9).stuck) == (1, 0)
    assert (gate.figures(3.1).under_way, gate.figures(3.1).stuck) == (0, 1)
    assert begins(other, now_s=3.1)
    outcome(book, Step.FREEZE, "done")  # a further attempt of it takes no place
    assert gate.under_way(3.2) == 1


def run_at(step: Step, plan: Plan = FAILOVER_PLAN) -> Run:
    return Run(plan=plan, step=step)


def goes_on(gate: Gate, turn: Turn, run: Run, *, other_opens_s: float) -> float:
    """Return when *turn*, stuck for long, takes its step while another holds all."""

    async def story() -> float:
        await asyncio.sleep(10.0)
        other = gate.turns[1]
        book = book_of(other, clock=gate.clock)
        asyncio.get_running_loop().call_later(
            other_opens_s, outcome, book, Step.OPEN, "done"
        )
        entering = asyncio.ensure_future(turn.enter(run))
        await asyncio.sleep(0.2)
        now_s = gate.clock.monotonic_s()
        seen = turn.judge(Decision(), book.ledger, replace(FACTS, now_s=now_s))
        assert bool(seen.trouble) == (not entering.done())
        assert [v.name for v in seen.vetoes] == [NAME] * (not entering.done())
        assert gate.figures(now_s).waiting == (not entering.done())
        begun = gate.turn("new", 90)
        assert entering.done() or not begins(begun, now_s=now_s)
        begun.leave()
        await entering
        return gate.clock.monotonic_s() - 10.0

    return run_virtual(story())


def test_who_was_stuck_takes_a_place_again_before_it_goes_on_and_says_so() -> None:
    """What ends a hundred waits at one moment starts no hundred promotions."""
    gate, one, _ = two()
    assert begins(one, now_s=0.0)
    at_s = goes_on(gate, one, run_at(Step.DRAIN), other_opens_s=1.0)
    assert 1.0 <= at_s <= 1.0 + 2 * ENTER_S
    assert list(gate.holding) == ["one"]


@pytest.mark.parametrize(
    "run",
    [
        run_at(Step.UNFREEZE),
        run_at(Step.CANARY),
        run_at(Step.DRAIN, replace(FAILOVER_PLAN, kind=Kind.SWITCHOVER)),
        run_at(Step.DRAIN, replace(FAILOVER_PLAN, overrides=(NAME,))),
    ],
)
def test_an_undoing_what_is_open_and_a_waived_one_wait_for_nobody(run: Run) -> None:
    gate, one, _ = two()
    assert begins(one, now_s=0.0)
    assert goes_on(gate, one, run, other_opens_s=1.0) <= 0.2 + 1e-9


def test_who_goes_on_goes_by_priority() -> None:
    async def story() -> list[str]:
        gate, one, two_ = two()
        high = gate.turn("high", 90)
        went: list[str] = []

        async def enter(turn: Turn) -> None:
            await turn.enter(run_at(Step.DRAIN))
            went.append(turn.cluster)
            await asyncio.sleep(0.5)
            turn.leave()

        await asyncio.gather(*(enter(t) for t in (one, two_, high)))
        return went

    assert run_virtual(story()) == ["high", "one", "two"]


def test_other_runs_take_no_place() -> None:
    gate, one, _ = two()
    book_of(one, replace(FAILOVER_PLAN, kind=Kind.RESTORE))
    assert gate.under_way(0.0) == 0


def test_a_place_from_which_no_run_came_is_not_held_against_oneself() -> None:
    _, one, _ = two()
    assert begins(one)
    assert begins(one)


def test_looking_ahead_takes_nothing() -> None:
    gate, one, other = two()
    assert one.foresee(START, FACTS).start is not None
    assert gate.under_way(0.0) == 0
    assert begins(other, now_s=0.0)
    told = one.foresee(START, replace(FACTS, now_s=0.0))
    assert [v.name for v in told.vetoes] == [NAME]
    assert gate.figures(0.0).waiting == 0


def test_a_person_goes_past_the_limit_by_name() -> None:
    _, one, other = two()
    assert begins(one)
    plan = replace(FAILOVER_PLAN, overrides=(NAME,))
    assert begins(other, Decision(start=Start(plan=plan, step=Step.CONFIRM)))


def test_who_is_more_important_is_waited_for_while_it_may_still_ask() -> None:
    """Its primary fails to answer, and nobody has called it lost yet."""
    gate, one, _ = two()
    high = gate.turn("high", 90)
    high.fails_since_s, high.seen_at_s = 9.9, 10.0
    assert not begins(one, now_s=10.0)
    assert not begins(one, now_s=10.4)
    assert begins(one, now_s=10.6)


def test_who_has_not_evaluated_lately_is_not_waited_for() -> None:
    gate, one, _ = two()
    high = gate.turn("high", 90)
    high.asks_since_s, high.seen_at_s = 1.0, 1.0
    assert begins(one, now_s=10.0)
