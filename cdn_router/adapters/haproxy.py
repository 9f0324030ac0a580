"""`Edge` on HAProxy 2.6: map files for the next start, runtime maps for now.

Maps: `read.map` and `write.map` (slot → zone), `gate.map` (slot → open|hold),
`epoch.map` with two keys, and two for each cluster where several share the edge
(`cdn_router.shares`). `claimed` is written before anything else and refuses older
controllers even when we die half way; `epoch` is written last and says that the
table under it is completely in force.
"""

import asyncio
import re
import secrets
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Mapping,
)
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import aiohttp
from typing_extensions import override

from cdn_router.adapters.haproxy_look import WRITE_BACKEND, Look, look, table_of
from cdn_router.adapters.haproxy_maps import (
    EPOCH,
    GATE,
    READ,
    WRITE,
    AdminSocket,
    EdgeError,
    Keys,
    MapFiles,
    apart,
)
from cdn_router.ports import Edge, EdgeState, Gate, Route, RouteTable
from cdn_router.shares import Share, Shares, own_keys, written
from controller.model.ids import EdgeId, SiteId, SlotId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown

_FEW = 100  # up to here single edits are quicker than a transaction
_WORD = re.compile(r"[A-Za-z0-9_.-]+")
_Step: TypeAlias = tuple[str, Mapping[str, str], Keys]


class HaproxyRuntime:
    """The way into one HAProxy: admin socket and map files.

    Several clusters' doors in one process may share it: their orders then wait for
    each other in turn, not by polling the file lock. reading: how doors look; in such
    a process it may look once for several.
    """

    def __init__(self, *, socket: Path, maps: Path) -> None:
        self.socket = AdminSocket(socket)
        self.files = MapFiles(maps)
        self._turn = asyncio.Lock()
        self.reading: Callable[[], Awaitable[Look]] = self.look

    async def look(self) -> Look:
        """Return all that the edge says now; errors as they come."""
        return await look(self.socket)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[int]:
        """Keep every other door's check-and-write apart, here and elsewhere."""
        async with self._turn, self.files.locked() as lock:
            yield lock


class HaproxyEdge(Edge):
    """One HAProxy on this machine, or whose directory is mounted here."""

    def __init__(
        self,
        edge: EdgeId,
        *,
        url: str,
        runtime: HaproxyRuntime,
        share: Share | None = None,
        timeout_s: float = 1.0,
    ) -> None:
        """*share*: the cluster this door is for; None: the edge is its alone."""
        self._edge = edge
        self._url = url.rstrip("/")
        self._runtime = runtime
        self._socket = runtime.socket
        self._share = share
        self._timeout_s = timeout_s

    @property
    @override
    def edge(self) -> EdgeId:
        return self._edge

    @override
    async def read(self) -> EdgeState | NotSeen:
        try:
            async with asyncio.timeout(self._timeout_s):
                return self._state(await self._runtime.reading())
        except TimeoutError:
            return NotSeen("read", "the admin socket did not answer in time")
        except (FileNotFoundError, ConnectionRefusedError) as error:
            return NotSeen("connect", str(error))
        except OSError as error:
            return NotSeen("read", str(error))
        except (EdgeError, ValueError) as error:
            return NotSeen("body", str(error))

    @override
    async def ensure_routes(self, table: RouteTable) -> Outcome:
        if (word := _unfit(table)) is not None:
            return Refused(f"not usable as a name in a map: {word!r}")
        touched = False
        try:
            async with asyncio.timeout(self._timeout_s), self._runtime.locked() as lock:
                before = await look(self._socket, zones=False)
                if why := self._objection(before, table):
                    return Refused(why)
                touched = True
                await self._apply(lock, before, table)
                after = table_of(await look(self._socket, zones=False), self._share)
                if after != table:
                    return Unknown("read back something else than what was written")
                return Done(
                    {"epoch": str(after.epoch), "slots": str(len(table.routes))}
                )
        except TimeoutError:
            why = "no answer in time"
        except (OSError, EdgeError, ValueError) as error:
            why = f"{type(error).__name__}: {error}"
        return Unknown(why) if touched else Refused(why)

    @override
    async def prove(self, site: SiteId, *, zone: ZoneId) -> Outcome:
        # Nothing may answer for the zone: no cache, no kept connection.
        url = f"{self._url}/?sitedr-proof={secrets.token_hex(8)}"
        headers = {"Host": site, "Cache-Control": "no-cache"}
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(force_close=True)
                ) as http,
                http.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                await answer.read()
                status, seen = answer.status, answer.headers.get("X-Zone", "none")
        except aiohttp.ClientConnectorError as error:
            return Refused(f"cannot connect to the edge: {error}")
        except ValueError as error:
            return Refused(f"not a request anyone could send: {error}")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Unknown(f"no complete answer: {type(error).__name__} {error}")
        if status != 200 or seen != zone:
            return Refused(f"status {status} from zone {seen}, expected {zone}")
        return Done({"zone": seen})

    @override
    async def aclose(self) -> None:
        self._runtime.files.close()

    def _state(self, seen: Look) -> EdgeState:
        table = table_of(seen, self._share, strict=True)
        return EdgeState(edge=self._edge, table=table, zones_up=seen.zones_up)

    def _objection(self, seen: Look, table: RouteTable) -> str | None:
        """Say why *table* may not be applied, by what is live and by the files."""
        kept = Shares(self._runtime.files.read(EPOCH), seen.shares.mapped)
        live = seen.shares.objection(self._share, table)
        return live or kept.objection(self._share, table)

    async def _apply(self, lock: int, seen: Look, table: RouteTable) -> None:
        before = table_of(seen, self._share)
        slots = {*seen.shares.mine(self._share), *table.routes}
        marks, routes = own_keys(self._share, slots), frozenset(map(str, slots))
        keys = (None, None) if self._share is None else (marks, routes)
        claim = written(
            self._share, claimed=table.epoch, epoch=before.epoch, slots=slots
        )
        final = written(
            self._share, claimed=table.epoch, epoch=table.epoch, slots=table.routes
        )
        # Writes are held before anything moves, and let go after everything did.
        shut = _gates(table) | {
            slot: Gate.HOLD.value
            for slot, route in before.routes.items()
            if _moves(route, table.routes.get(SlotId(slot)))
        }
        of_marks, of_slots = keys
        steps: tuple[_Step, ...] = (
            (EPOCH, claim, of_marks),
            (GATE, shut, of_slots),
            (READ, {s: route.read for s, route in table.routes.items()}, of_slots),
            (WRITE, {s: route.write for s, route in table.routes.items()}, of_slots),
            (GATE, _gates(table), of_slots),
            (EPOCH, final, of_marks),
        )
        await self._runtime.files.write(lock, steps)
        for name, entries, own in steps:
            await self._put(seen.ids[name], entries, own)
        others = set(apart(seen.write, of_slots).values())
        await self._end_writers(before, table, others)

    async def _put(self, map_id: str, wanted: Mapping[str, str], own: Keys) -> None:
        current = await self._socket.show(map_id)
        others = apart(current, own)
        old = {key: value for key, value in current.items() if key not in others}
        changed = sum(old.get(k) != v for k, v in wanted.items())
        if changed + len(old.keys() - wanted.keys()) > _FEW:
            await self._socket.replace(map_id, {**others, **wanted})
        else:
            await self._socket.edit(map_id, old, wanted)

    async def _end_writers(
        self, before: RouteTable, table: RouteTable, others: Collection[str]
    ) -> None:
        """Answer `unknown` now to writes hanging in a zone no slot writes to.

        *others*: where the slots of other clusters write to. While one does, our
        hanging writes wait for their time-out: they cannot be told from its own.
        """
        left = {r.write for r in before.routes.values()} - {
            r.write for r in table.routes.values()
        }
        for zone in sorted(left - set(others)):
            await self._socket.ask(
                f"shutdown sessions server {WRITE_BACKEND}{zone}/{zone}"
            )


def _unfit(table: RouteTable) -> str | None:
    """Return a name that could not be one word of a map or a command."""
    words = (w for s, r in table.routes.items() for w in (s, r.read, r.write))
    return next((word for word in words if not _WORD.fullmatch(word)), None)


def _gates(table: RouteTable) -> dict[str, str]:
    return {slot: route.gate.value for slot, route in table.routes.items()}


def _moves(old: Route, new: Route | None) -> bool:
    return new is not None and new.write != old.write
