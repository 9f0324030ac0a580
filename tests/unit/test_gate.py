"""The gate: places are taken, given back, counted after a restart, never lost."""

from dataclasses import replace

from controller.act.admission import Gate, Turn
from controller.act.book import Book
from controller.act.virtual import VirtualClock
from controller.decide.admission import NAME, Limits
from controller.decide.codec import render_plan
from controller.decide.decide import Decision, Start
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Kind, Plan, Step
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
    outcome(book, Step.FENCE, "done")  # it goes on, and takes no place again
    assert gate.under_way(3.2) == 1


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
