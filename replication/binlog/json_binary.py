"""MySQL's own form of a JSON value, for people; pure.

An offset or a count that leads out of the value, a type that is not known, or
nesting without end is `ValueError`: the caller shows the bytes instead.
"""

import json
import struct
from dataclasses import dataclass

DEPTH_MAX = 100
VALUES_MAX = 10_000
"""Damaged offsets may point at the same bytes again and again."""

_LITERALS = {0: None, 1: True, 2: False}
_NUMBERS = {5: "<h", 6: "<H", 7: "<i", 8: "<I", 9: "<q", 10: "<Q", 11: "<d"}
_INLINE_SMALL = frozenset({4, 5, 6})
_INLINE_LARGE = frozenset({*_INLINE_SMALL, 7, 8})
_STRING = 12


def json_text(raw: bytes) -> str:
    """Return the JSON text of *raw*; raise `ValueError` when it is none."""
    if not raw:
        return "null"
    try:
        found = _value(raw[0], raw[1:], _Budget())
        return json.dumps(found, ensure_ascii=False)
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


@dataclass(slots=True)
class _Budget:
    """How much of a value is read before it is given up."""

    values: int = VALUES_MAX
    depth: int = DEPTH_MAX

    def enter(self) -> None:
        self.values, self.depth = self.values - 1, self.depth - 1
        if self.values < 0 or self.depth < 0:
            raise ValueError("too much, or nested too deep")

    def leave(self) -> None:
        self.depth += 1


def _value(kind: int, data: bytes, budget: _Budget) -> object:
    budget.enter()
    found = _read(kind, data, budget)
    budget.leave()
    return found


def _read(kind: int, data: bytes, budget: _Budget) -> object:
    if kind in {0, 1, 2, 3}:
        return _container(data, budget, large=bool(kind & 1), pairs=kind < 2)
    if kind == 4:
        return _LITERALS[data[0]] if data[0] in _LITERALS else _unknown(data[0])
    if kind in _NUMBERS:
        return struct.unpack_from(_NUMBERS[kind], data)[0]
    if kind == _STRING:
        size, at = _length(data)
        return data[at : at + size].decode("utf-8")
    return _unknown(kind)


def _unknown(kind: int) -> object:
    raise ValueError(f"type {kind}")


def _length(data: bytes) -> tuple[int, int]:
    """Return a length of seven bits a byte, and where it ends."""
    size = 0
    for at in range(5):
        size |= (data[at] & 0x7F) << 7 * at
        if not data[at] & 0x80:
            return size, at + 1
    raise ValueError("a length without end")


def _container(data: bytes, budget: _Budget, *, large: bool, pairs: bool) -> object:
    width = 4 if large else 2

    def number(at: int, size: int = width) -> int:
        if at + size > len(data):
            raise ValueError("it ends too early")
        return int.from_bytes(data[at : at + size], "little")

    count, inline = number(0), _INLINE_LARGE if large else _INLINE_SMALL
    at = 2 * width
    keys = []
    for _ in range(count if pairs else 0):
        start, size = number(at), number(at + width, 2)
        keys.append(data[start : start + size].decode("utf-8"))
        at += width + 2
    values = []
    for _ in range(count):
        kind = data[at]
        start = at + 1 if kind in inline else number(at + 1)
        values.append(_value(kind, data[start:], budget))
        at += 1 + width
    return dict(zip(keys, values, strict=True)) if pairs else values
