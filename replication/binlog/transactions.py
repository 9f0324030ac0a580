"""The transactions of one binary log file, with the state it began at; pure."""

import struct
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from replication.binlog.events import (
    ANONYMOUS_GTID,
    GTID,
    MARIADB_COMPRESSED_QUERY,
    MARIADB_ENCRYPTION,
    MARIADB_GTID,
    MARIADB_GTID_LIST,
    PAYLOAD,
    PREVIOUS_GTIDS,
    QUERY,
    TAGGED_GTID,
    XA_PREPARE,
    XID,
    BrokenLogError,
    Event,
    query_text,
)
from replication.gtid import GtidSet

_STANDALONE = 0x1
_COUNT_MASK = 0x0FFFFFFF
_ENDS = (b"COMMIT", b"ROLLBACK")


@dataclass(frozen=True, slots=True)
class Gtid:
    """One transaction's name. origin: MySQL's UUID, or MariaDB's domain-server."""

    origin: str
    number: int
    text: str


@dataclass(slots=True)
class Reader:
    """Follows the events of one file.

    sets: MySQL's state at the beginning of the file; states: MariaDB's, the last
    number of every (domain, server). headed: such a state was read.
    current: the transaction under way; None between two.
    """

    sets: GtidSet = field(default_factory=GtidSet)
    states: Mapping[tuple[int, int], int] = field(default_factory=dict)
    headed: bool = False
    current: Gtid | None = None
    _alone: bool = False
    _begun: bool = False

    def take(self, event: Event) -> Iterator[Gtid]:
        """Yield the transaction that *event* completes; raise `BrokenLogError`."""
        try:
            yield from self._take(event)
        except (struct.error, IndexError, ValueError) as error:
            raise BrokenLogError(f"event of type {event.kind}: {error}") from error

    def _take(self, event: Event) -> Iterator[Gtid]:
        if event.kind in _UNREADABLE:
            raise BrokenLogError(_UNREADABLE[event.kind])
        if event.kind == PREVIOUS_GTIDS:
            self.sets, self.headed = previous_gtids(event.body), True
        elif event.kind == MARIADB_GTID_LIST:
            self.states, self.headed = gtid_list(event.body), True
        elif event.kind in {GTID, MARIADB_GTID}:
            if self.current is not None:
                raise BrokenLogError(f"{self.current.text} has no end")
            self._begin(event)
        elif self.current is not None and self._ends(event):
            done, self.current = self.current, None
            yield done

    def _begin(self, event: Event) -> None:
        if event.kind == GTID:
            origin = str(uuid.UUID(bytes=event.body[1:17]))
            (number,) = struct.unpack_from("<q", event.body, 17)
            self.current = Gtid(origin, number, f"{origin}:{number}")
            self._alone = True  # until a BEGIN says otherwise
        else:
            number, domain, flags = struct.unpack_from("<QIB", event.body)
            origin = f"{domain}-{event.server_id}"
            self.current = Gtid(origin, number, f"{origin}-{number}")
            self._alone = bool(flags & _STANDALONE)
        self._begun = False

    def _ends(self, event: Event) -> bool:
        if event.kind in {XID, XA_PREPARE, PAYLOAD}:
            return True
        if event.kind == MARIADB_COMPRESSED_QUERY:
            return self._alone
        if event.kind != QUERY:
            return False
        text = query_text(event.body)
        if text == b"BEGIN":
            self._begun = True
            return False
        alone = self._alone and not self._begun
        return alone or text in _ENDS or text.startswith(b"XA ")


_UNREADABLE = {
    MARIADB_ENCRYPTION: "it is encrypted",
    ANONYMOUS_GTID: "it holds a transaction without a GTID",
    TAGGED_GTID: "it holds tagged GTIDs, which are not read yet",
}


def previous_gtids(body: bytes) -> GtidSet:
    """Return the set of a PREVIOUS_GTIDS event; raise for the tagged format."""
    (origins,) = struct.unpack_from("<Q", body)
    if origins >> 32:
        raise BrokenLogError("its GTID set is written in a newer format")
    runs: dict[str, list[tuple[int, int]]] = {}
    at = 8
    for _ in range(origins):
        origin = str(uuid.UUID(bytes=body[at : at + 16]))
        (count,) = struct.unpack_from("<Q", body, at + 16)
        at += 24
        found = runs.setdefault(origin, [])
        for _ in range(count):
            first, after = struct.unpack_from("<qq", body, at)
            found.append((first, after - 1))
            at += 16
    return GtidSet(runs)


def gtid_list(body: bytes) -> dict[tuple[int, int], int]:
    """Return the state of a MariaDB GTID_LIST event."""
    (count,) = struct.unpack_from("<I", body)
    found: dict[tuple[int, int], int] = {}
    for number in range(count & _COUNT_MASK):
        domain, server, last = struct.unpack_from("<IIQ", body, 4 + 16 * number)
        found[domain, server] = max(last, found.get((domain, server), 0))
    return found
