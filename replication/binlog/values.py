"""Column values as row events hold them, for people; pure.

Read here and not by a library or the engines' tools: the well-known library drops
bytes it cannot decode (shown on a BLOB), and the tools would have to be installed
beside the daemon, in the engine's own version, and mix rows with statement text.
What a log does not say (character set, sign, the words of an ENUM, unless
`binlog_row_metadata=FULL`) is shown as it stands in the log, never guessed.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from replication.binlog.json_binary import json_text

VALUE_CHARACTERS_MAX = 200
"""A longer value is cut, and says of how much."""

(TINY, SHORT, LONG, FLOAT, DOUBLE, TIMESTAMP, LONGLONG, INT24) = (
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
)
DATE, TIME, DATETIME, YEAR, NEWDATE, VARCHAR, BIT = 10, 11, 12, 13, 14, 15, 16
TIMESTAMP2, DATETIME2, TIME2 = 17, 18, 19
VECTOR, JSON, DECIMAL, ENUM, SET = 242, 245, 246, 247, 248
BLOBS = frozenset({249, 250, 251, 252})
VAR_STRING, STRING, GEOMETRY = 253, 254, 255

_META_BYTES: Mapping[int, int] = {
    **dict.fromkeys((FLOAT, DOUBLE, TIMESTAMP2, DATETIME2, TIME2), 1),
    **dict.fromkeys((VECTOR, JSON, GEOMETRY, *BLOBS), 1),
    **dict.fromkeys((VARCHAR, BIT, DECIMAL, ENUM, SET, VAR_STRING, STRING), 2),
}
INTEGERS: Mapping[int, int] = {TINY: 1, SHORT: 2, INT24: 3, LONG: 4, LONGLONG: 8}
NUMERIC = frozenset({*INTEGERS, FLOAT, DOUBLE, DECIMAL, YEAR})
"""The types that MySQL's and MariaDB's signedness bits count."""

Value = str | int | float | None


class UnreadableRowError(ValueError):
    """A row is written in a way that is not known here."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table map. unsigned None: the log does not say."""

    name: str
    kind: int
    meta: int
    unsigned: bool | None = None


class Bytes:
    """A cursor over one event."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at

    @property
    def left(self) -> int:
        """Return how many bytes are left."""
        return len(self._data) - self.at

    def take(self, count: int) -> bytes:
        """Return the next *count* bytes; raise `UnreadableRowError` if too few."""
        if count < 0 or self.left < count:
            raise UnreadableRowError("a row event ends too early")
        self.at += count
        return self._data[self.at - count : self.at]

    def number(self, count: int) -> int:
        """Return a little-endian number of *count* bytes."""
        return int.from_bytes(self.take(count), "little")

    def packed(self) -> int:
        """Return a length-encoded number."""
        first = self.number(1)
        widths = {252: 2, 253: 3, 254: 8}
        return self.number(widths[first]) if first in widths else first


def column_of(name: str, kind: int, source: Bytes) -> Column:
    """Read the metadata of a column of *kind*; STRING may turn out to be an ENUM."""
    size = _META_BYTES.get(kind, 0)
    raw = source.take(size)
    if kind in {STRING, DECIMAL, ENUM, SET, VAR_STRING}:
        first, second = raw
        if kind == STRING and first in {ENUM, SET}:
            return Column(name, first, second)
        if kind == STRING:
            long = (first & 0x30) ^ 0x30
            return Column(name, kind, second | (long << 4))
        return Column(
            name, kind, second if kind in {ENUM, SET} else first << 8 | second
        )
    return Column(name, kind, int.from_bytes(raw, "little"))


def value_of(column: Column, source: Bytes) -> Value:
    """Read one value; raise `UnreadableRowError` for an unknown type."""
    if column.kind in INTEGERS:
        return _integer(column, source)
    read = _READERS.get(column.kind)
    if read is None:
        raise UnreadableRowError(f"column type {column.kind} is not known")
    return read(column.meta, source)


def _integer(column: Column, source: Bytes) -> Value:
    raw = source.take(INTEGERS[column.kind])
    signed = int.from_bytes(raw, "little", signed=True)
    unsigned = int.from_bytes(raw, "little")
    if column.unsigned is None and signed < 0:
        return f"{signed} (or {unsigned}, if the column is unsigned)"
    return unsigned if column.unsigned else signed


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = f"0x{raw[: VALUE_CHARACTERS_MAX // 2].hex()}"
        whole = f"{len(raw)} bytes"
        return text if len(raw) * 2 <= VALUE_CHARACTERS_MAX else f"{text}… ({whole})"
    if len(text) <= VALUE_CHARACTERS_MAX:
        return text
    return f"{text[:VALUE_CHARACTERS_MAX]}… ({len(text)} characters)"


def _sized(size_bytes: int, source: Bytes) -> bytes:
    return source.take(source.number(size_bytes))


def _varchar(length_max: int, source: Bytes) -> Value:
    return _text(_sized(2 if length_max > 255 else 1, source))


def _blob(size_bytes: int, source: Bytes) -> Value:
    return _text(_sized(size_bytes, source))


def _binary(size_bytes: int, source: Bytes) -> Value:
    """Return an engine's own binary form as bytes: a geometry, a vector."""
    raw = _sized(size_bytes, source)
    shown = raw[: VALUE_CHARACTERS_MAX // 2].hex()
    return f"0x{shown}{'' if len(shown) == 2 * len(raw) else '…'} ({len(raw)} bytes)"


def _json(size_bytes: int, source: Bytes) -> Value:
    """Return MySQL's binary form as text, or its bytes when that makes no sense."""
    at = source.at
    try:
        return _text(json_text(_sized(size_bytes, source)).encode())
    except ValueError:
        source.at = at
        return _binary(size_bytes, source)


def _bit(meta: int, source: Bytes) -> Value:
    bits = (meta & 0xFF) + 8 * (meta >> 8)
    return int.from_bytes(source.take((bits + 7) // 8), "big")


def _fraction(digits: int, source: Bytes) -> str:
    """Return `.123456`, as many digits as the column has."""
    if not digits:
        return ""
    raw = int.from_bytes(source.take((digits + 1) // 2), "big")
    return f".{raw:0{digits + digits % 2}d}"[: digits + 1]


def _timestamp2(digits: int, source: Bytes) -> Value:
    seconds = int.from_bytes(source.take(4), "big")
    return _moment(seconds, _fraction(digits, source))


def _moment(seconds: int, fraction: str = "") -> str:
    """Return a TIMESTAMP in UTC, whatever the server's own zone was."""
    if not seconds:
        return "0000-00-00 00:00:00"
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}{fraction} UTC"


def _datetime2(digits: int, source: Bytes) -> Value:
    packed = int.from_bytes(source.take(5), "big") - 0x8000000000
    months, rest = packed >> 22, packed & 0x3FFFFF
    year, month = divmod(months, 13)
    date = f"{year:04}-{month:02}-{rest >> 17:02}"
    time = f"{rest >> 12 & 31:02}:{rest >> 6 & 63:02}:{rest & 63:02}"
    return f"{date} {time}{_fraction(digits, source)}"


def _time2(digits: int, source: Bytes) -> Value:
    count = (digits + 1) // 2
    packed = int.from_bytes(source.take(3 + count), "big") - (1 << 8 * (3 + count) - 1)
    sign = "-" if packed < 0 else ""
    whole, part = divmod(abs(packed), 1 << 8 * count)
    clock = f"{whole >> 12 & 1023:02}:{whole >> 6 & 63:02}:{whole & 63:02}"
    if not digits:
        return sign + clock
    return f"{sign}{clock}.{part:0{digits + digits % 2}d}"[
        : len(sign + clock) + 1 + digits
    ]


def _date(_: int, source: Bytes) -> Value:
    packed = source.number(3)
    return f"{packed >> 9:04}-{packed >> 5 & 15:02}-{packed & 31:02}"


def _year(_: int, source: Bytes) -> Value:
    year = source.number(1)
    return year + 1900 if year else 0


_DIGIT_BYTES = (0, 1, 1, 2, 2, 3, 3, 4, 4, 4)


def _decimal(meta: int, source: Bytes) -> Value:
    """Return the digits; nine to four bytes, the sign in the first bit, inverted."""
    precision, scale = meta >> 8, meta & 0xFF
    whole_nines, whole_rest = divmod(precision - scale, 9)
    part_nines, part_rest = divmod(scale, 9)
    groups = [whole_rest] * bool(whole_rest) + [9] * whole_nines
    parts = [9] * part_nines + [part_rest] * bool(part_rest)
    raw = bytearray(source.take(sum(_DIGIT_BYTES[n] for n in (*groups, *parts))))
    negative = not raw[0] & 0x80
    raw[0] ^= 0x80
    data = Bytes(bytes(b ^ 0xFF for b in raw) if negative else bytes(raw))

    def digits(wanted: list[int]) -> str:
        return "".join(
            f"{int.from_bytes(data.take(_DIGIT_BYTES[n]), 'big'):0{n}d}" for n in wanted
        )

    whole, part = digits(groups).lstrip("0") or "0", digits(parts)
    return f"{'-' if negative else ''}{whole}{'.' if part else ''}{part}"


def _float(_: int, source: Bytes) -> Value:
    return float(struct.unpack("<f", source.take(4))[0])


def _double(_: int, source: Bytes) -> Value:
    return float(struct.unpack("<d", source.take(8))[0])


_READERS: Mapping[int, Callable[[int, Bytes], Value]] = {
    FLOAT: _float,
    DOUBLE: _double,
    TIMESTAMP: lambda _, source: _moment(source.number(4)),
    TIMESTAMP2: _timestamp2,
    DATETIME: lambda _, source: f"{source.number(8):014d}",
    DATETIME2: _datetime2,
    TIME: lambda _, source: f"{source.number(3):06d}",
    TIME2: _time2,
    DATE: _date,
    NEWDATE: _date,
    YEAR: _year,
    VARCHAR: _varchar,
    VAR_STRING: _varchar,
    STRING: _varchar,
    BIT: _bit,
    DECIMAL: _decimal,
    ENUM: lambda size, source: source.number(size),
    SET: lambda size, source: source.number(size),
    JSON: _json,
    GEOMETRY: _binary,
    VECTOR: _binary,
    **dict.fromkeys(BLOBS, _blob),
}
