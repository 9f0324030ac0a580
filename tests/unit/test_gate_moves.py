"""How many failovers may begin by themselves: what has moved counts, nothing else."""

from dataclasses import dataclass, replace

from controller.act.admission import Gate, Turn
from controller.act.book import Book
from controller.decide.admission import MOVES, Limits
from controller.decide.decide import Decision
from controller.decide.ledger import Ledger
from controller.decide.saga import End, Step
from controller.incident.record import RecordKind
from tests.unit.test_gate import FACTS, START, book_of, outcome, tell

LIMITS = Limits(promotions_max=9, stuck_s=3.0, moves_max=1, moves_window_s=100.0)


@dataclass
class Uptime:
    """A machine's clock since its start; *boot* begins it anew."""

    up_s: float = 1_000_000.0
    date_s: float = 1_700_000_000.0

    def monotonic_s(self) -> float:
        return self.up_s

    def wall_s(self) -> float:
        return self.date_s + self.up_s

    def boot(self) -> None:
        self.date_s, self.up_s = self.date_s + self.up_s, 60.0


def two(clock: Uptime) -> tuple[Turn, Turn]:
    gate = Gate(LIMITS, clock)
    return gate.turn("one", 50), gate.turn("two", 50)


def asks(turn: Turn, clock: Uptime) -> Decision:
    return turn.judge(START, Ledger(), replace(FACTS, now_s=clock.up_s))


def may_begin(turn: Turn, clock: Uptime) -> bool:
    judged = asks(turn, clock)
    turn.leave()
    assert judged.start is not None or [v.name for v in judged.vetoes] == [MOVES]
    return judged.start is not None


def ends(book: Book, end: End) -> None:
    tell(book, RecordKind.ENDED, end=end.value, kind="failover", why="")


def test_so_many_failovers_in_a_window_and_then_a_person_decides() -> None:
    clock = Uptime()
    one, other = two(clock)
    book = book_of(one, clock=clock)
    outcome(book, Step.OPEN, "done")
    assert not may_begin(other, clock)
    ends(book, End.COMPLETED)
    assert not may_begin(other, clock)
    one.join(Book(book.journal))  # a new life has read of it in the journal
    clock.up_s += 99.0
    assert not may_begin(other, clock)
    clock.up_s += 2.0
    assert may_begin(other, clock)


def test_one_that_is_under_way_counts_in_a_new_life_too() -> None:
    """Beyond OPEN it is resumed without beginning again."""
    clock = Uptime()
    one, other = two(clock)
    book = book_of(one, clock=clock)
    outcome(book, Step.OPEN, "done")
    one.join(again := Book(book.journal))
    assert not may_begin(other, clock)
    ends(again, End.COMPLETED)
    assert not may_begin(other, clock)


def test_one_that_was_abandoned_moved_nothing() -> None:
    clock = Uptime()
    one, other = two(clock)
    book = book_of(one, clock=clock)
    assert not may_begin(other, clock)
    ends(book, End.ABANDONED)
    assert may_begin(other, clock)
    one.join(Book(book.journal))
    assert may_begin(other, clock)


def test_what_moved_before_the_machine_started_anew_is_long_ago() -> None:
    """Its time by the clock of then lies in the future of the clock of now."""
    clock = Uptime()
    one, other = two(clock)
    book = book_of(one, clock=clock)
    ends(book, End.COMPLETED)
    clock.boot()
    one.join(Book(book.journal))
    assert may_begin(other, clock)
