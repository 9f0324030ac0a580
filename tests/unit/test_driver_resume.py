"""A controller killed between two records: what is on record is not asked again."""

import asyncio
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from controller.act.book import Book
from controller.act.driver import Driver
from controller.act.executor import Executor
from controller.decide.saga import End, Kind, Plan, Step
from controller.incident.journal import MemoryJournal
from controller.incident.record import RecordKind
from controller.model.command import Command
from controller.model.commands import Acker, Confirm
from controller.model.ids import BootId, Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from replication.ports import Session
from tests.no_ports import NO_PORTS
from tests.unit.test_ledger import FAILOVER_PLAN, RESTORE_PLAN, Story
from tests.unit.world_facts import A, B, C


async def unasked(_order: Confirm) -> Outcome:
    """Refuse: nobody here confirms anything."""
    return Refused("not asked here")


@dataclass(frozen=True)
class Noted(Executor):
    """Answers every order alike and keeps the names of the orders."""

    answer: Outcome = field(default_factory=Done)
    orders: list[str] = field(default_factory=list)

    @override
    async def sessions(self, command: Command) -> tuple[Session, ...] | NotSeen:
        return ()

    @override
    async def execute(self, command: Command, doubtful: tuple[Session, ...]) -> Outcome:
        self.orders.append(type(command).__name__)
        return self.answer


async def leased() -> bool:
    """Say that the lease is ours."""
    return True


def resumed(story: Story, answer: Outcome) -> tuple[list[str], End | None, Book]:
    """Start the next process on *story*; return its orders, the end, the book."""
    book = Book(MemoryJournal(story.journal.clock, list(story.journal.records())))
    noted = Noted(NO_PORTS, lambda _a, _b: True, unasked, answer)
    driver = Driver(book=book, executor=noted, holds_lease=leased)
    return noted.orders, asyncio.run(driver.resume()), book


def begun(plan: Plan, step: Step) -> Story:
    """Return the story of a cluster protected by b, with *plan* just started."""
    story = Story()
    story.put(RecordKind.ADOPTED, {"primary": {"server": A.server, "zone": A.zone}})
    story.start(RESTORE_PLAN, Step.REGISTER)
    story.both(Step.REGISTER)
    story.both(Step.PROTECT, acker=B.server, acker_boot_id="b1", gtid="u:1")
    story.put(RecordKind.ENDED, {"end": "completed", "kind": "restore", "why": ""})
    story.start(plan, step)
    return story


def test_an_open_that_is_on_record_is_not_asked_for_again() -> None:
    """Asked again it could be refused, and the ackers would go back to the old one."""
    story = begun(FAILOVER_PLAN, Step.CONFIRM)
    story.both(Step.OPEN)
    orders, _, _ = resumed(story, Refused("meanwhile it restarted"))
    assert "EnsureOpen" not in orders
    assert "EnsureUnfrozen" not in orders


def test_an_unknown_open_on_record_outlives_a_no_after_the_crash() -> None:
    """Killed in the pause before the second attempt: the first may be in place."""
    story = begun(FAILOVER_PLAN, Step.CONFIRM)
    story.both(Step.OPEN, "unknown")
    orders, end, book = resumed(story, Refused("the connection is silent"))
    assert "EnsureUnfrozen" not in orders
    assert end is End.HALTED
    assert B in book.ledger.suspects, "it counts as a primary until fenced"


def test_an_open_that_was_refused_is_confirmed_anew_after_a_restart() -> None:
    """Nothing opened: the next process is one that restarts before OPEN (rule 1)."""
    story = begun(FAILOVER_PLAN, Step.CONFIRM)
    story.both(Step.OPEN, "refused")
    orders, _, _ = resumed(story, Done())
    assert orders[0] == "Confirm"


@pytest.mark.parametrize("seen", [True, False])
def test_a_degrade_is_not_carried_out_on_old_evidence(*, seen: bool) -> None:
    """Started, or refused, and then killed: the stall may be over by now."""
    story = begun(RESTORE_PLAN, Step.DEGRADE)
    if seen:
        story.both(Step.DEGRADE, "refused")
    orders, end, book = resumed(story, Done())
    assert orders == []
    assert end in {End.ABANDONED, End.UNDER_REPLICATED}
    assert book.ledger.durability.protected


@pytest.mark.parametrize("point", ["started", "intent"])
def test_a_server_is_not_ended_on_old_evidence(point: str) -> None:
    """By now it may hold the only second copy: judged anew, still registered."""
    plan = Plan(
        kind=Kind.RETIRE,
        epoch=Epoch(3),
        lost=B,
        target=A,
        ackers=(Acker(server=ServerId(C.server), zone=C.zone, boot_id=BootId("c")),),
    )
    story = begun(plan, Step.RETIRE)
    if point == "intent":
        story.intent(Step.RETIRE)
    orders, end, book = resumed(story, Done())
    assert orders == []
    assert end is End.ABANDONED
    assert B.server in {a.server for a in book.ledger.ackers}


def test_what_was_confirmed_counts_in_its_own_incident_only() -> None:
    """The next incident needs a second vantage of its own (promise 3)."""
    story = begun(FAILOVER_PLAN, Step.CONFIRM)
    story.both(Step.CONFIRM)
    assert story.ledger.confirmed
    story.put(RecordKind.ENDED, {"end": "abandoned", "kind": "failover", "why": ""})
    assert not story.ledger.confirmed


def test_a_failover_that_gives_way_after_open_was_not_abandoned() -> None:
    """Abandoned means nothing irreversible happened; the cool-down counts it."""
    story = begun(FAILOVER_PLAN, Step.CONFIRM)
    story.both(Step.OPEN)
    story.intent(Step.PROVISION)
    book = Book(story.journal)
    noted = Noted(NO_PORTS, lambda _a, _b: True, unasked)
    Driver(book=book, executor=noted, holds_lease=leased).preempt("b is lost")
    assert [e.end for e in book.ledger.endings if e.kind is Kind.FAILOVER] == [
        End.UNDER_REPLICATED
    ]


def test_an_end_names_what_led_there_before_what_could_not_be_undone() -> None:
    """A person who reads only "unfreeze refused" does not learn of the fence."""
    story = begun(FAILOVER_PLAN, Step.CONFIRM)
    orders, end, book = resumed(story, Refused("silence"))
    assert end is End.HALTED
    assert orders
    why = book.journal.records()[-1].body["why"]
    assert why == "confirm: silence; unhold: silence"
