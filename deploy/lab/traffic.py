"""Readers and writers at the edges: what users would have seen.

Open loop: a request is sent when its time has come, whatever became of the
earlier ones, so that an outage shows as missing answers and not as a pause of
the clients. Every fourth request uses a connection of its own, as new users
do. A write has an id of its own and is never repeated under the same id.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import aiohttp

READ_PATHS: Sequence[str] = ("/", "/page/welcome", "/", "/search?q=welcome")
NOT_SENT = "not-sent"


class Fate(StrEnum):
    """What the client knows about its write."""

    ACKED = "acked"
    FAILED = "failed"  # certainly not executed
    UNKNOWN = "unknown"  # perhaps executed, perhaps not


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How hard the clients work, for each edge; seconds and requests a second."""

    reads_per_s: float = 20.0
    writes_per_s: float = 10.0
    read_timeout_s: float = 2.0
    write_timeout_s: float = 10.0
    fresh_every: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One read; *ok*: a complete 200 within the time-out. Times are monotonic."""

    edge: str
    sent_s: float
    done_s: float
    ok: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write; *zone* is where it was acknowledged. Times are monotonic."""

    id: str
    edge: str
    sent_s: float
    done_s: float
    fate: Fate
    zone: str = ""
    why: str = ""


def judge_write(status: int, write_outcome: str) -> Fate:
    """Return what an answered write's client may believe.

    Only the edge's own word makes a failure certain: any other answer may
    hide an executed write.
    """
    if 200 <= status < 300:
        return Fate.ACKED
    if write_outcome == NOT_SENT:
        return Fate.FAILED
    return Fate.UNKNOWN


@dataclass(slots=True)
class Traffic:
    """Clients of every edge; use as `async with`, then look at the lists.

    name: a prefix for the ids, unique among all runs on one database.
    """

    edges: Mapping[str, str]
    sites: Sequence[str]
    name: str
    rates: Rates = field(default_factory=Rates)
    reads: list[Read] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    began_s: float = 0.0
    ended_s: float = 0.0
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _pacers: list[asyncio.Task[None]] = field(default_factory=list)
    _in_flight: set[asyncio.Task[None]] = field(default_factory=set)
    _kept: dict[str, aiohttp.ClientSession] = field(default_factory=dict)
    _fresh: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Start all clients."""
        self.began_s = time.monotonic()
        for edge in self.edges:
            self._kept[edge] = _session(keep=True)
        self._fresh = _session(keep=False)
        rates = self.rates
        for edge in self.edges:
            for ask, per_s in (
                (self._read, rates.reads_per_s),
                (self._write, rates.writes_per_s),
            ):
                if per_s > 0:
                    number = len(self._pacers) / (2 * len(self.edges))
                    pacer = self._pace(ask, edge, 1 / per_s, number / per_s)
                    self._pacers.append(asyncio.create_task(pacer))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop, and let nothing behind; what is in flight is given up."""
        self._stopped.set()
        for task in (*self._pacers, *self._in_flight):
            task.cancel()
        await asyncio.gather(*self._pacers, *self._in_flight, return_exceptions=True)
        for session in (*self._kept.values(), self._fresh):
            if session is not None:
                await session.close()
        self.ended_s = self.ended_s or time.monotonic()

    async def finish(self) -> None:
        """Send nothing more and wait for the answers; bounded by the time-outs."""
        self._stopped.set()
        self.ended_s = time.monotonic()
        await asyncio.gather(*self._pacers)
        await asyncio.gather(*self._in_flight)

    async def _pace(
        self,
        ask: Callable[[str, int], Awaitable[None]],
        edge: str,
        every_s: float,
        offset_s: float,
    ) -> None:
        """Send one request per interval; what our own lateness missed is left out."""
        due_s, number = self.began_s + offset_s, 0
        while not await self._stopped_before(due_s):
            task = asyncio.ensure_future(ask(edge, number))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)
            number += 1
            late = max(0.0, time.monotonic() - due_s) // every_s
            due_s += every_s * (1 + late)

    async def _stopped_before(self, due_s: float) -> bool:
        try:
            async with asyncio.timeout(max(0.0, due_s - time.monotonic())):
                await self._stopped.wait()
        except TimeoutError:
            return False
        return True

    def _client(self, edge: str, number: int) -> aiohttp.ClientSession:
        fresh = number % self.rates.fresh_every == 0
        assert self._fresh is not None
        return self._fresh if fresh else self._kept[edge]

    def _headers(self, number: int) -> Mapping[str, str]:
        return {"Host": self.sites[number % len(self.sites)]}

    async def _read(self, edge: str, number: int) -> None:
        sent_s = time.monotonic()
        url = self.edges[edge] + READ_PATHS[number % len(READ_PATHS)]
        try:
            async with (
                asyncio.timeout(self.rates.read_timeout_s),
                self._client(edge, number).get(
                    url, headers=self._headers(number), allow_redirects=False
                ) as answer,
            ):
                await answer.read()
                why = "" if answer.status == 200 else f"status {answer.status}"
        except TimeoutError:
            why = f"no answer within {self.rates.read_timeout_s:g} s"
        except (aiohttp.ClientError, OSError) as error:
            why = f"{type(error).__name__}: {error}"
        self.reads.append(
            Read(
                edge=edge,
                sent_s=sent_s,
                done_s=time.monotonic(),
                ok=not why,
                why=why,
            )
        )

    async def _write(self, edge: str, number: int) -> None:
        write_id = f"{self.name}-{edge}-{number}"
        sent_s = time.monotonic()
        fate, zone, why = await self._send(edge, number, write_id)
        self.writes.append(
            Write(
                id=write_id,
                edge=edge,
                sent_s=sent_s,
                done_s=time.monotonic(),
                fate=fate,
                zone=zone,
                why=why,
            )
        )

    async def _send(
        self, edge: str, number: int, write_id: str
    ) -> tuple[Fate, str, str]:
        try:
            async with (
                asyncio.timeout(self.rates.write_timeout_s),
                self._client(edge, number).post(
                    self.edges[edge] + "/write",
                    headers=self._headers(number),
                    json={"id": write_id},
                    allow_redirects=False,
                ) as answer,
            ):
                await answer.read()
                outcome = answer.headers.get("X-Write-Outcome", "")
                fate = judge_write(answer.status, outcome)
                why = "" if fate is Fate.ACKED else f"status {answer.status} {outcome}"
                return fate, answer.headers.get("X-Zone", ""), why.rstrip()
        except aiohttp.ClientConnectorError as error:
            return Fate.FAILED, "", f"no connection: {error}"  # nothing was sent
        except TimeoutError:
            why = f"no answer within {self.rates.write_timeout_s:g} s"
            return Fate.UNKNOWN, "", why
        except (aiohttp.ClientError, OSError) as error:
            return Fate.UNKNOWN, "", f"{type(error).__name__}: {error}"

    def acked(self) -> list[Write]:
        """Return the acknowledged writes, in the order of their acknowledgements."""
        found = [w for w in self.writes if w.fate is Fate.ACKED]
        return sorted(found, key=lambda w: w.done_s)


def _session(*, keep: bool) -> aiohttp.ClientSession:
    # Time-outs are ours, around the whole request.
    connector = aiohttp.TCPConnector(limit=0, force_close=not keep)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
    )
