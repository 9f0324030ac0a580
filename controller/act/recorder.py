"""Writes what is observed to a file, for `sitedr detect --replay`.

Never in the way of observing: lines go through a bounded queue to a thread of their
own; when the disk is slow or full they are dropped, counted, and said once.
"""

import logging
import logging.handlers
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path

import structlog
from typing_extensions import override

from controller.model.errors import ControllerError
from health.recording import Began, Line, text_of

FILE_BYTES_MAX, FILES_KEPT = 100 * 1_000_000, 10
"""A site of three zones asked ten times a second writes one such file in some hours."""

WAITING_MAX = 10_000
CLOSE_S = 2.0
"""What still waits is written within this at the end, or is dropped."""

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
Record = Callable[[Line], None]


def unrecorded(_line: Line) -> None:
    """Keep nothing: the default."""


class _File(logging.handlers.RotatingFileHandler):
    """Says once that it cannot write, and again after it could.

    head: what every further file begins with, so that each can be read alone.
    """

    failing = False
    head = ""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        if not self.failing:
            structlog.get_logger().warning("recorder.failed", file=self.baseFilename)
        self.failing = True

    @override
    def flush(self) -> None:
        super().flush()
        self.failing = False

    @override
    def _open(self) -> TextIOWrapper:
        """Open for its owner alone; a line that was torn by a crash is ended."""
        made = os.open(self.baseFilename, _APPEND, 0o600)
        size = os.fstat(made).st_size
        if size and os.pread(made, 1, size - 1) != b"\n":
            os.write(made, b"\n")
        elif not size and self.head:
            os.write(made, f"{self.head}\n".encode())
        return TextIOWrapper(BufferedWriter(FileIO(made, "a")), encoding="utf-8")


class FileRecorder:
    """Appends to *file*; at `FILE_BYTES_MAX` it becomes `file.1`, and so on.

    dropped: lines that were not written, because the disk was behind or they could
    not be written down.
    """

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
        self.dropped = 0
        self._waiting: queue.Queue[Line | None] = queue.Queue(WAITING_MAX)
        self._writing = threading.Thread(target=self._write, daemon=True)
        self._writing.start()

    def __call__(self, line: Line) -> None:
        """Hand *line* over; returns at once."""
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            self.dropped += 1

    def _write(self) -> None:
        while (line := self._waiting.get()) is not None:
            try:
                text = text_of(line)
            except ValueError:  # a reason that is no text
                self.dropped += 1
                continue
            if isinstance(line, Began):
                self._file.head = text
            self._file.emit(
                logging.LogRecord("", logging.INFO, "", 0, text, None, None)
            )

    def close(self) -> None:
        """Write what waits, and close; bounded, and safe to call twice."""
        if not self._writing.is_alive():
            return
        with suppress(queue.Full):
            self._waiting.put(None, timeout=CLOSE_S)
        self._writing.join(CLOSE_S)
        left = self._waiting.qsize()
        if self._writing.is_alive():
            structlog.get_logger().warning("recorder.stuck", left=left)
        else:
            with suppress(OSError):
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
