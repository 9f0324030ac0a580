"""Redis's protocol (RESP2), as far as a probe needs it: reply by reply, bounded."""

import asyncio

BULK_BYTES_MAX = 65536
ITEMS_MAX = 1000
DEPTH_MAX = 4


class NonsenseError(ValueError):
    """What came is no reply, or too much of one."""


class ErrorReply(str):
    """The server says no, in these words; without the leading dash."""

    __slots__ = ()


Reply = str | int | None | list["Reply"]


def command(*words: str) -> bytes:
    """Return one command as it is sent; any byte may stand in a word."""
    parts = [word.encode() for word in words]
    told = b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
    return b"*%d\r\n%s" % (len(parts), told)


async def read_reply(reader: asyncio.StreamReader, depth: int = 0) -> Reply:
    """Return the next reply.

    Raises:
        NonsenseError: this is none.
        EOFError: the server closed before it was whole.
    """
    line = await _line(reader)
    kind, rest = line[:1], line[1:]
    match kind:
        case "+":
            return rest
        case "-":
            return ErrorReply(rest)
        case ":":
            return _number(rest, least=-(2**63), most=2**63)
        case "$":
            return await _bulk(reader, _number(rest, least=-1, most=BULK_BYTES_MAX))
        case "*" if depth < DEPTH_MAX:
            count = _number(rest, least=-1, most=ITEMS_MAX)
            return [await read_reply(reader, depth + 1) for _ in range(count)]
    raise NonsenseError(f"unexpected answer {line[:40]!r}")


async def _line(reader: asyncio.StreamReader) -> str:
    try:
        line = await reader.readuntil(b"\r\n")
    except asyncio.LimitOverrunError as error:
        raise NonsenseError("an answer without an end of line") from error
    return line[:-2].decode(errors="replace")


async def _bulk(reader: asyncio.StreamReader, size: int) -> str | None:
    if size < 0:
        return None
    data = await reader.readexactly(size + 2)
    return data[:-2].decode(errors="replace")


def _number(text: str, *, least: int, most: int) -> int:
    try:
        found = int(text)
    except ValueError as error:
        raise NonsenseError(f"no number: {text[:40]!r}") from error
    if not least <= found <= most:
        raise NonsenseError(f"out of bounds: {found}")
    return found
