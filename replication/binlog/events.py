"""A binary log file cut into events, as its bytes arrive; pure.

Layout of both engines: four magic bytes, then events of a 19-byte header (time,
type, server id, size, end position, flags), a body, and a CRC32 when the format
event says so. A file that a killed server left may end in the middle of an event;
anything else that does not fit is `BrokenLogError`, never guessed at.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xfebin"
HEADER_BYTES = 19
CHECKSUM_BYTES = 4

QUERY, STOP, ROTATE, FORMAT, XID, TABLE_MAP = 2, 3, 4, 15, 16, 19
GTID, ANONYMOUS_GTID, PREVIOUS_GTIDS, XA_PREPARE, PAYLOAD = 33, 34, 35, 38, 40
TAGGED_GTID = 42
MARIADB_GTID, MARIADB_GTID_LIST, MARIADB_ENCRYPTION = 162, 163, 164
MARIADB_COMPRESSED_QUERY = 165

_IN_USE = 0x1
_FLAGS_AT = 17
_HEADER = struct.Struct("<IBIIIH")


class BrokenLogError(ValueError):
    """The bytes are no binary log we can read to its end."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. at_wall_s: when it was written, whole seconds. body: no checksum."""

    at_wall_s: int
    kind: int
    server_id: int
    body: bytes
    raw: bytes


class Splitter:
    """Cuts chunks of one file into events, whatever the chunks' borders."""

    def __init__(self) -> None:
        self.checksums = False
        self._bytes = bytearray()
        self._begun = False
        self._offset = 0  # in the file, of the first byte kept

    @property
    def left(self) -> int:
        """Return how many bytes at the end belong to no whole event."""
        return len(self._bytes)

    @property
    def begun(self) -> bool:
        """Tell whether the file showed that it is a binary log."""
        return self._begun

    @property
    def breaks_off(self) -> bool:
        """Tell whether the file ends within an event that says where it would end.

        A header whose size and end position disagree was not written so: then what
        follows is no torn end but a damaged middle.
        """
        if len(self._bytes) < HEADER_BYTES:
            return bool(self._bytes)
        _, _, _, size, end, _ = _HEADER.unpack_from(self._bytes)
        return bool(self._offset + size == end)

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Yield every event that *chunk* completes; raise `BrokenLogError`."""
        self._bytes += chunk
        if not self._begun:
            if len(self._bytes) < len(MAGIC):
                return
            if self._bytes[: len(MAGIC)] != MAGIC:
                raise BrokenLogError("no binary log, or an encrypted one")
            del self._bytes[: len(MAGIC)]
            self._begun, self._offset = True, len(MAGIC)
        at = 0
        try:
            while len(self._bytes) - at >= HEADER_BYTES:
                size = int.from_bytes(self._bytes[at + 9 : at + 13], "little")
                if size < HEADER_BYTES:
                    raise BrokenLogError(f"an event of {size} bytes")
                if len(self._bytes) - at < size:
                    return
                event = self._event(bytes(self._bytes[at : at + size]))
                at += size
                yield event
        finally:
            del self._bytes[:at]
            self._offset += at

    def _event(self, raw: bytes) -> Event:
        at_wall_s, kind, server_id, _, _, flags = _HEADER.unpack_from(raw)
        if kind == FORMAT:
            # Its last bytes: which checksum, and one of its own in any case.
            if len(raw) < HEADER_BYTES + 62:
                raise BrokenLogError("the format event is too short")
            self.checksums = raw[-CHECKSUM_BYTES - 1] == 1
            if flags & _IN_USE:  # its checksum was taken while this bit was not set
                raw = (
                    raw[:_FLAGS_AT]
                    + (flags & ~_IN_USE).to_bytes(2, "little")
                    + raw[19:]
                )
        if not self.checksums:
            return Event(at_wall_s, kind, server_id, raw[HEADER_BYTES:], raw)
        found = int.from_bytes(raw[-CHECKSUM_BYTES:], "little")
        if zlib.crc32(raw[:-CHECKSUM_BYTES]) != found:
            raise BrokenLogError(f"a wrong checksum in an event of type {kind}")
        return Event(at_wall_s, kind, server_id, raw[HEADER_BYTES:-CHECKSUM_BYTES], raw)


def query_text(body: bytes) -> bytes:
    """Return the statement of a QUERY event's *body*; raise `BrokenLogError`."""
    if len(body) < 13:
        raise BrokenLogError("a statement event is too short")
    schema_bytes, status_bytes = body[8], int.from_bytes(body[11:13], "little")
    return body[13 + status_bytes + schema_bytes + 1 :]
