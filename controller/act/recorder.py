"""Writes what is observed to a file, for `sitedr detect --replay`.

Never in the way of observing: lines go through a bounded queue to a thread of their
own; when the disk is slow or full they are dropped, counted, and said once.
"""

import logging
import logging.handlers
import os
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path

import structlog
from typing_extensions import override

from controller.model.errors import ControllerError
from health.recording import Began, Line, text_of

FILE_BYTES_MAX, FILES_KEPT = 100 * 1_000_000, 10
"""A site of three zones asked ten times a second writes one such file in some hours."""

WAITING_MAX = 10_000

_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
Record = Callable[[Line], None]


def unrecorded(_line: Line) -> None:
    """Keep nothing: the default."""


class _Queue(logging.handlers.QueueHandler):
    """Drops instead of waiting."""

    dropped = 0

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        self.dropped += 1


class _File(logging.handlers.RotatingFileHandler):
    """Says once that it cannot write, and again after it could.

    head: what every further file begins with, so that each can be read alone.
    """

    failing = False
    head = ""

    @override
    def _open(self) -> TextIOWrapper:
        made = os.open(self.baseFilename, _APPEND, 0o600)
        return TextIOWrapper(BufferedWriter(FileIO(made, "a")), encoding="utf-8")

    @override
    def doRollover(self) -> None:
        super().doRollover()
        if self.head and self.stream is not None:
            self.stream.write(self.head + self.terminator)

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        if not self.failing:
            structlog.get_logger().warning("recorder.failed", file=self.baseFilename)
        self.failing = True

    @override
    def flush(self) -> None:
        super().flush()
        self.failing = False


class FileRecorder:
    """Appends to *file*; at `FILE_BYTES_MAX` it becomes `file.1`, and so on."""

    def __init__(self, file: Path) -> None:
        """Open *file*; only its owner may read it.

        Raises:
            ControllerError: it cannot be written.
        """
        try:
            self._file = _File(
                file, maxBytes=FILE_BYTES_MAX, backupCount=FILES_KEPT, encoding="utf-8"
            )
        except OSError as error:
            raise ControllerError(f"--record {file}: {error.strerror}") from error
        waiting: queue.Queue[object] = queue.Queue(WAITING_MAX)
        self._queue = _Queue(waiting)
        self._listener = logging.handlers.QueueListener(waiting, self._file)
        self._listener.start()
        self._open = True

    @property
    def dropped(self) -> int:
        """Return how many lines were not written because the disk was behind."""
        return self._queue.dropped

    def __call__(self, line: Line) -> None:
        """Hand *line* over; returns at once."""
        text = text_of(line)
        if isinstance(line, Began):
            self._file.head = text
        made = logging.LogRecord("", logging.INFO, "", 0, text, None, None)
        self._queue.handle(made)

    def close(self) -> None:
        """Write what waits, and close; safe to call twice."""
        if not self._open:
            return
        self._open = False
        self._listener.stop()
        self._file.close()
        if self.dropped:
            structlog.get_logger().warning("recorder.dropped", lines=self.dropped)


@contextmanager
def recording(file: Path | None) -> Iterator[Record]:
    """Record to *file* while the block runs; None: nowhere.

    Raises:
        ControllerError: it cannot be written.
    """
    if file is None:
        yield unrecorded
        return
    recorder = FileRecorder(file)
    try:
        yield recorder
    finally:
        recorder.close()
