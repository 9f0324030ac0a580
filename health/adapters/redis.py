"""Redis probe: PING must be answered with PONG; role and memory are told beside it.

Speaks by hand on a raw connection: a pooled client would retry and hide the phase that
failed. All is asked at once and answered in turn: one way there, one back.
"""

import asyncio
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from typing_extensions import override

from health.lack import phase_of
from health.ports import SILENCE, Probe, Sample
from health.redis_answer import Info, judge_pong, judge_role, read_info
from health.resp import NonsenseError, Reply, command, read_reply

INFO_S = 1.0
"""INFO costs a server more than all the rest, and a person reads it once a second."""


@dataclass(slots=True)
class _Replies:
    """What came so far, in the order it was asked for."""

    auth: Reply = None
    pong: Reply = None
    role: Reply = None
    info: list[Reply] = field(default_factory=list)
    alive: bool = False


class RedisProbe(Probe):
    """Asks one Redis server on a new connection each time."""

    def __init__(
        self, host: str, port: int, password: str = "", *, timeout_s: float
    ) -> None:
        """*timeout_s* bounds connect and answer together.

        *password*: of the default user; empty: none is sent.
        """
        self._host = host
        self._port = port
        self._password = password
        self._timeout_s = timeout_s
        self._info: Info | None = None
        self._info_at_s = float("-inf")
        self._evicting: float | None = None

    @override
    async def probe(self) -> Sample:
        began_s = time.monotonic()
        replies = _Replies()
        phase, reason = await self._ask(replies, informed=began_s < self._info_due_s)
        took_s = time.monotonic() - began_s
        if phase:
            return Sample(phase=phase, reason=reason, latency_s=took_s)
        self._learn(replies, began_s)
        notes = [reason, judge_role(replies.role)]
        notes += [self._info.shortage] if self._info is not None else []
        return Sample(
            phase="",
            reason="; ".join(filter(None, notes)),
            latency_s=took_s,
            figures=self._figures(),
        )

    @property
    def _info_due_s(self) -> float:
        return self._info_at_s + INFO_S

    async def _ask(self, replies: _Replies, *, informed: bool) -> tuple[str, str]:
        phase = "connect"
        try:
            async with asyncio.timeout(self._timeout_s):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                phase = "read"
                try:
                    writer.write(self._questions(informed=informed))
                    await self._hear(reader, replies, informed=informed)
                finally:
                    writer.close()
        except TimeoutError:
            return phase, f"{SILENCE} within {self._timeout_s:g} s"
        except socket.gaierror as error:
            return "dns", str(error)
        except (EOFError, OSError) as error:
            # Who has said PONG is alive, though it will not speak of the rest.
            if not replies.alive:
                return _fault(error, phase)
        except NonsenseError as error:
            return "body", str(error)
        return judge_pong(replies.pong, replies.auth)

    def _questions(self, *, informed: bool) -> bytes:
        asked = [("AUTH", self._password)] if self._password else []
        sections = () if informed else (("INFO", "memory"), ("INFO", "stats"))
        return b"".join(
            command(*words) for words in (*asked, ("PING",), ("ROLE",), *sections)
        )

    async def _hear(
        self, reader: asyncio.StreamReader, replies: _Replies, *, informed: bool
    ) -> None:
        if self._password:
            replies.auth = await read_reply(reader)
        replies.pong = await read_reply(reader)
        replies.alive = True
        if judge_pong(replies.pong, replies.auth)[0]:
            return
        replies.role = await read_reply(reader)
        if not informed:
            replies.info = [await read_reply(reader), await read_reply(reader)]

    def _learn(self, replies: _Replies, now_s: float) -> None:
        """Keep what INFO told; keys evicted since it was told last, as a rate."""
        if not replies.info:
            return
        before, passed_s = self._info, now_s - self._info_at_s
        self._info, self._info_at_s = read_info(*replies.info), now_s
        self._evicting = None
        if self._info is None or before is None:
            return
        if self._info.evicted is not None and before.evicted is not None:
            step = self._info.evicted - before.evicted
            self._evicting = step / passed_s if step >= 0 else None  # it restarted

    def _figures(self) -> Mapping[str, float]:
        ratio = self._info.ratio if self._info is not None else None
        found = {"memory_ratio": ratio, "evictions_per_s": self._evicting}
        return {name: value for name, value in found.items() if value is not None}


def _fault(error: EOFError | OSError, phase: str) -> tuple[str, str]:
    if isinstance(error, OSError):
        return phase_of(error, phase), str(error)
    return phase, "the server closed the connection"
