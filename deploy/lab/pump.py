"""Carry a stream from one tool to another: counted, throttled, never blocked.

Either side may be frozen, so nothing here waits for one without a limit.
"""

import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from deploy.lab.engine import LabError

CHUNK_BYTES = 1 << 18
STILL_S_MAX = 60.0
"""A stream that stands still for so long has lost one of its sides."""
POLL_S = 0.1
_BURST_S = 0.1


@dataclass(slots=True)
class Meter:
    """Counts what passed; with *rate_b_s* (bytes a second; 0: no limit) holds it back.

    A token bucket that holds a tenth of a second: what was not used while the
    donor was slow is not caught up later, for its disk is busy then.
    """

    rate_b_s: float = 0.0
    passed_bytes: int = 0
    _allowed: float = 0.0
    _at_s: float = field(default_factory=time.monotonic)

    def wait_s(self) -> float:
        """Return how long to wait before the next piece; 0: it may pass now."""
        if not self.rate_b_s:
            return 0.0
        now_s = time.monotonic()
        grown = self._allowed + (now_s - self._at_s) * self.rate_b_s
        self._allowed = min(grown, self.rate_b_s * _BURST_S)
        self._at_s = now_s
        return max(-self._allowed / self.rate_b_s, 0.0)

    def passed(self, count: int) -> None:
        """Note that *count* bytes passed."""
        self.passed_bytes += count
        self._allowed -= count


def pump(
    source: IO[bytes], sink: IO[bytes], meter: Meter, stop: Callable[[], None]
) -> None:
    """Carry *source* to *sink* until its end; *stop* raises to end it early.

    Raises:
        BrokenPipeError: the sink has closed; its exit code says why, and the source
            would wait for a reader for ever.
        LabError: nothing moved for `STILL_S_MAX`.
    """
    pipe = _Pipe(source.fileno(), sink.fileno(), meter)
    moved_s = time.monotonic()
    while True:
        stop()
        now_s = time.monotonic()
        if now_s - moved_s > STILL_S_MAX:
            raise LabError(f"no byte of the copy moved for {STILL_S_MAX:g} s")
        try:
            if not pipe.move():
                continue
        except BlockingIOError:
            continue
        except EOFError:
            return
        moved_s = now_s


class _Pipe:
    """One piece at a time: read it, then write it as the meter and the sink allow."""

    def __init__(self, source: int, sink: int, meter: Meter) -> None:
        self._source, self._sink, self._meter = source, sink, meter
        self._pending = memoryview(b"")
        for side in (source, sink):
            os.set_blocking(side, False)

    def move(self) -> bool:
        """Wait a moment for one step; tell whether it was taken, or held on purpose.

        Raises:
            EOFError: the source has ended and everything is written.
            BrokenPipeError: the sink has closed.
            BlockingIOError: it was not ready after all.
        """
        if not self._pending:
            return self._read()
        wait_s = self._meter.wait_s()
        if wait_s > 0:
            time.sleep(min(wait_s, POLL_S))  # held to the rate; short: a stop is heard
            return True
        if not _is_ready(self._sink, select.POLLOUT):
            return False
        written = os.write(self._sink, self._pending)
        self._pending = self._pending[written:]
        self._meter.passed(written)
        return True

    def _read(self) -> bool:
        if not _is_ready(self._source, select.POLLIN):
            return False
        self._pending = memoryview(os.read(self._source, CHUNK_BYTES))
        if not self._pending:
            raise EOFError
        return True


def _is_ready(side: int, event: int) -> bool:
    ready = select.poll()
    ready.register(side, event)
    return bool(ready.poll(POLL_S * 1000))
