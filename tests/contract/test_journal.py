"""Journals: append-only, durable, the same story back."""

import sqlite3
from abc import ABC, abstractmethod
from pathlib import Path

import pytest
from typing_extensions import override

from controller.act.clock import SystemClock
from controller.incident.journal import MemoryJournal, SqliteJournal
from controller.incident.record import Journal, RecordKind, parse_body
from controller.model.errors import JournalError
from controller.model.ids import Epoch, IncidentId


class JournalContract(ABC):
    """What the book relies on."""

    @abstractmethod
    def make(self, tmp_path: Path) -> Journal:
        """Return an empty journal."""

    def test_records_come_back_in_order_as_written(self, tmp_path: Path) -> None:
        journal = self.make(tmp_path)
        for number in range(3):
            journal.append(
                RecordKind.INTENT,
                {"step": "fence", "attempt": number, "sessions": []},
                incident=IncidentId("i1"),
                epoch=Epoch(number),
            )
        found = journal.records()
        assert [r.seq for r in found] == [1, 2, 3]
        assert [r.body["attempt"] for r in found] == [0, 1, 2]
        assert [r.epoch for r in found] == [0, 1, 2]
        assert found[0].kind is RecordKind.INTENT
        journal.close()

    def test_append_returns_the_record_it_stored(self, tmp_path: Path) -> None:
        journal = self.make(tmp_path)
        kept = journal.append(
            RecordKind.PAUSED, {"why": "x"}, incident=IncidentId(""), epoch=Epoch(0)
        )
        assert journal.records() == (kept,)
        journal.close()


class TestMemoryJournal(JournalContract):
    """In memory."""

    @override
    def make(self, tmp_path: Path) -> Journal:
        return MemoryJournal(SystemClock())


class TestSqliteJournal(JournalContract):
    """On disk, append-only by trigger."""

    @override
    def make(self, tmp_path: Path) -> Journal:
        return SqliteJournal(tmp_path / "j.sqlite", clock=SystemClock())

    def test_a_second_process_reads_the_same(self, tmp_path: Path) -> None:
        first = self.make(tmp_path)
        first.append(
            RecordKind.PAUSED, {"why": "x"}, incident=IncidentId(""), epoch=Epoch(0)
        )
        kept = first.records()
        first.close()
        second = self.make(tmp_path)
        assert second.records() == kept
        second.close()

    @pytest.mark.parametrize(
        "statement", ["UPDATE record SET kind='x'", "DELETE FROM record"]
    )
    def test_the_past_cannot_be_edited(self, tmp_path: Path, statement: str) -> None:
        journal = self.make(tmp_path)
        kept = journal.append(
            RecordKind.PAUSED, {"why": "x"}, incident=IncidentId(""), epoch=Epoch(0)
        )
        other = sqlite3.connect(tmp_path / "j.sqlite")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(statement)
        other.close()
        assert journal.records() == (kept,)
        journal.close()

    def test_a_journal_that_cannot_be_written_says_so_in_a_line(
        self, tmp_path: Path
    ) -> None:
        self.make(tmp_path).close()
        journal = SqliteJournal(
            tmp_path / "j.sqlite", clock=SystemClock(), read_only=True
        )
        with pytest.raises(JournalError, match=r"cannot write the journal .*j.sqlite"):
            journal.append(
                RecordKind.PAUSED, {}, incident=IncidentId(""), epoch=Epoch(0)
            )
        journal.close()

    def test_a_file_that_is_no_journal_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "j.sqlite").write_text("not a database, but long enough" * 40)
        with pytest.raises(JournalError, match="cannot open"):
            self.make(tmp_path)


def test_a_body_of_another_schema_is_refused() -> None:
    """A newer daemon's journal is not guessed at."""
    with pytest.raises(ValueError, match="schema"):
        parse_body('{"schema": 99}')
