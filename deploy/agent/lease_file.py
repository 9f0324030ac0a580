"""The lease on disk: written in place, so that a full disk takes it from nobody.

Two slots of one block each, written in turn and once in full when the file is laid.
The guard reads while the agent writes: a slot that is torn fails its checksum, and
the other one, a renewal older, counts. It need not survive the machine (CLOCK_BOOTTIME
does not), so nothing is synchronised: no slow disk delays a renewal.
"""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SLOT_BYTES = 512
_SLOTS = 2
_SUM_DIGITS = 8


@dataclass(frozen=True, slots=True)
class LeaseFile:
    """One writer, any number of readers."""

    path: Path

    def read(self) -> Mapping[str, object] | None:
        """Return what was written last and whole; None: nothing is."""
        try:
            return self._newest(self.path.read_bytes())[1]
        except OSError:
            return None

    def write(self, body: Mapping[str, object]) -> None:
        """Replace it; raises `OSError`, and what was there before still counts then."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = SLOT_BYTES * _SLOTS
            held = os.pread(descriptor, size, 0)
            if len(held) < size:  # new, or laid when the disk was full
                _write_all(descriptor, b" " * (size - len(held)), len(held))
            turn, _ = self._newest(held)
            slot = _seal({**body, "turn": turn + 1})
            _write_all(descriptor, slot, (turn + 1) % _SLOTS * SLOT_BYTES)
        finally:
            os.close(descriptor)

    def _newest(self, held: bytes) -> tuple[int, Mapping[str, object] | None]:
        newest: tuple[int, Mapping[str, object] | None] = (0, None)
        for at in range(0, len(held), SLOT_BYTES):
            found = _unseal(held[at : at + SLOT_BYTES])
            if found is not None and int(str(found["turn"])) > newest[0]:
                newest = (int(str(found["turn"])), found)
        return newest


def _seal(body: Mapping[str, object]) -> bytes:
    text = json.dumps(body).encode()
    slot = (b"%08x" % zlib.crc32(text) + text).ljust(SLOT_BYTES)
    assert len(slot) == SLOT_BYTES, "a lease fits its slot"
    return slot


def _unseal(slot: bytes) -> Mapping[str, object] | None:
    text = slot[_SUM_DIGITS:].rstrip()
    if slot[:_SUM_DIGITS] != b"%08x" % zlib.crc32(text) or not text:
        return None
    found = json.loads(text)
    assert isinstance(found, dict)  # ours: its checksum is
    return found


def _write_all(descriptor: int, told: bytes, at: int) -> None:
    while told:
        written = os.pwrite(descriptor, told, at)
        told, at = told[written:], at + written
