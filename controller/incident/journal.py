"""The journal on SQLite, and the same promises in memory.

`synchronous=FULL` in WAL mode: a committed append survives power loss (SQLite
manual, PRAGMA synchronous). Triggers make UPDATE and DELETE errors, so that
the past cannot be edited by accident.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from controller.incident.record import (
    Body,
    Journal,
    Record,
    RecordKind,
    parse_body,
    render_body,
)
from controller.model.clock import Clock
from controller.model.errors import JournalError
from controller.model.ids import Epoch, IncidentId

_DDL = """
CREATE TABLE IF NOT EXISTS record (
  seq INTEGER PRIMARY KEY, at_wall_s REAL NOT NULL, at_mono_s REAL NOT NULL,
  incident TEXT NOT NULL, epoch INTEGER NOT NULL, kind TEXT NOT NULL,
  body TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS record_no_update BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


class SqliteJournal(Journal):
    """One file; one writer, who holds the state directory's lock."""

    def __init__(self, path: Path, *, clock: Clock, read_only: bool = False) -> None:
        """Open or create *path*; raise `JournalError` saying what is wrong."""
        self._clock = clock
        self._path = path
        try:
            self._db = self._connect(path, read_only=read_only)
        except sqlite3.Error as error:
            raise JournalError(f"cannot open the journal {path}: {error}") from error

    @staticmethod
    def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
        mode = "ro" if read_only else "rwc"
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
        db.isolation_level = None
        db.execute("PRAGMA busy_timeout=2000")
        if not read_only:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.executescript(_DDL)
        return db

    @override
    def append(
        self, kind: RecordKind, body: Body, *, incident: IncidentId, epoch: Epoch
    ) -> Record:
        at_wall_s, at_mono_s = self._clock.wall_s(), self._clock.monotonic_s()
        row = (at_wall_s, at_mono_s, incident, epoch, kind.value, render_body(body))
        try:
            cursor = self._db.execute(
                "INSERT INTO record(at_wall_s,at_mono_s,incident,epoch,kind,body)"
                " VALUES(?,?,?,?,?,?)",
                row,
            )
        except sqlite3.Error as error:
            raise JournalError(
                f"cannot write the journal {self._path}: {error};"
                " nothing was done that it does not say"
            ) from error
        assert cursor.lastrowid is not None
        return Record(
            seq=cursor.lastrowid,
            at_wall_s=at_wall_s,
            at_mono_s=at_mono_s,
            incident=incident,
            epoch=epoch,
            kind=kind,
            body=body,
        )

    @override
    def records(self) -> tuple[Record, ...]:
        try:
            rows = self._db.execute(
                "SELECT seq,at_wall_s,at_mono_s,incident,epoch,kind,body"
                " FROM record ORDER BY seq"
            ).fetchall()
            return tuple(_record(row) for row in rows)
        except (sqlite3.Error, ValueError) as error:
            raise JournalError(
                f"cannot read the journal {self._path}: {error}"
            ) from error

    @override
    def close(self) -> None:
        self._db.close()


def _record(row: tuple[int, float, float, str, int, str, str]) -> Record:
    seq, at_wall_s, at_mono_s, incident, epoch, kind, body = row
    return Record(
        seq=seq,
        at_wall_s=at_wall_s,
        at_mono_s=at_mono_s,
        incident=IncidentId(incident),
        epoch=Epoch(epoch),
        kind=RecordKind(kind),
        body=parse_body(body),
    )


@dataclass(slots=True)
class MemoryJournal(Journal):
    """The same promises for rehearsals; `crash` is keeping it and nothing else."""

    clock: Clock
    kept: list[Record] = field(default_factory=list)

    @override
    def append(
        self, kind: RecordKind, body: Body, *, incident: IncidentId, epoch: Epoch
    ) -> Record:
        record = Record(
            seq=len(self.kept) + 1,
            at_wall_s=self.clock.wall_s(),
            at_mono_s=self.clock.monotonic_s(),
            incident=incident,
            epoch=epoch,
            kind=kind,
            body=body,
        )
        self.kept.append(record)
        return record

    @override
    def records(self) -> tuple[Record, ...]:
        return tuple(self.kept)

    @override
    def close(self) -> None:
        """Keep everything: closing loses nothing."""
