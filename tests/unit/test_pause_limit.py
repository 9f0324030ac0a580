"""Writes are paused for so long and no longer: then a planned move is undone."""

import asyncio
from dataclasses import dataclass, replace

import pytest
from typing_extensions import override

from controller.act.book import Book
from controller.act.driver import Driver
from controller.act.executor import Executor
from controller.act.virtual import run_virtual
from controller.decide.saga import End, Plan, Step
from controller.incident.journal import MemoryJournal
from controller.incident.record import RecordKind
from controller.model.command import Command
from controller.model.commands import (
    EnsureCaughtUp,
    EnsureHeld,
    EnsureInvalidated,
    EnsureOpen,
)
from controller.model.outcomes import Done, NotSeen, Outcome
from replication.ports import Session
from tests.no_ports import NO_PORTS
from tests.unit.test_driver_resume import leased, unasked
from tests.unit.test_switchover_table import PLAN
from tests.unit.world_facts import NOW_S, WALL_S


class FixedClock:
    """A journal's clock; what is measured here is the loop's time."""

    def monotonic_s(self) -> float:
        return NOW_S

    def wall_s(self) -> float:
        return WALL_S


@dataclass(frozen=True)
class Slow(Executor):
    """Answers everything with Done; *slow* only after *lasts_s*."""

    slow: type[Command] = EnsureHeld
    lasts_s: float = 0.0

    @override
    async def sessions(self, command: Command) -> tuple[Session, ...] | NotSeen:
        return ()

    @override
    async def execute(self, command: Command, doubtful: tuple[Session, ...]) -> Outcome:
        if isinstance(command, self.slow):
            await asyncio.sleep(self.lasts_s)
        return Done()


def play(plan: Plan, slow: type, lasts_s: float) -> tuple[End, list[str], float]:
    """Return the end, the steps begun, and how long it took."""
    book = Book(MemoryJournal(FixedClock()))
    executor = Slow(NO_PORTS, lambda *_: True, unasked, slow=slow, lasts_s=lasts_s)
    driver = Driver(book=book, executor=executor, holds_lease=leased)

    async def run() -> tuple[End, float]:
        began_s = asyncio.get_running_loop().time()
        end = await driver.begin(plan, Step.CONFIRM)
        return end, asyncio.get_running_loop().time() - began_s

    end, took_s = run_virtual(run(), horizon_s=60)
    records = book.journal.records()
    steps = [str(r.body["step"]) for r in records if r.kind is RecordKind.INTENT]
    return end, steps, took_s


def test_a_row_may_take_no_longer_than_what_is_left_of_the_pause() -> None:
    """Its own time-out is longer; the users' patience is not."""
    plan = replace(PLAN, pause_max_s=1.0)
    end, steps, took_s = play(plan, EnsureCaughtUp, 2.0)
    assert end is End.ABANDONED
    assert steps[-5:-1] == ["catch_up", "unfreeze", "reopen", "unhold"]
    assert took_s == pytest.approx(1.0, abs=0.1)


def test_open_is_not_sent_once_the_pause_is_used_up() -> None:
    """Everything was proven, and yet it is taken back."""
    plan = replace(PLAN, pause_max_s=0.3)
    end, steps, _ = play(plan, EnsureInvalidated, 0.35)
    assert end is End.ABANDONED
    assert "canary" not in steps
    assert steps[-4:-1] == ["unfreeze", "reopen", "unhold"]


def test_an_open_that_was_sent_is_not_cut_short() -> None:
    """Its answer is worth more than the limit: without one nobody may go back."""
    plan = replace(PLAN, pause_max_s=0.5)
    end, steps, took_s = play(plan, EnsureOpen, 2.0)
    assert end is End.COMPLETED
    assert "reopen" not in steps
    assert took_s >= 2.0


def test_without_a_limit_nothing_is_cut_short() -> None:
    end, _, _ = play(replace(PLAN, pause_max_s=0.0), EnsureCaughtUp, 2.4)
    assert end is End.COMPLETED
