"""`Edge` on HAProxy 2.6: map files for the next start, runtime maps for now.

Maps: `read.map` and `write.map` (slot → zone), `gate.map` (slot → open|hold),
`epoch.map` with two keys. `claimed` is written before anything else and
refuses older controllers even when we die half way; `epoch` is written last
and says that the table under it is completely in force.
"""

import asyncio
import csv
import io
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from typing_extensions import override

from cdn_router.adapters.haproxy_maps import (
    EPOCH,
    GATE,
    READ,
    WRITE,
    AdminSocket,
    EdgeError,
    MapFiles,
    NamedEntries,
)
from cdn_router.plan import stale
from cdn_router.ports import Edge, EdgeState, Gate, Route, RouteTable
from controller.model.ids import EdgeId, Epoch, SiteId, SlotId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown

_FEW = 100  # up to here single edits are quicker than a transaction
_WRITE_BACKEND = "bk_w_"
_WORD = re.compile(r"[A-Za-z0-9_.-]+")
_GATES = frozenset(gate.value for gate in Gate)


class HaproxyEdge(Edge):
    """One HAProxy on this machine, or whose directory is mounted here."""

    def __init__(
        self,
        edge: EdgeId,
        *,
        url: str,
        socket: Path,
        maps: Path,
        timeout_s: float = 1.0,
    ) -> None:
        self._edge = edge
        self._url = url.rstrip("/")
        self._socket = AdminSocket(socket)
        self._files = MapFiles(maps)
        self._timeout_s = timeout_s

    @property
    @override
    def edge(self) -> EdgeId:
        return self._edge

    @override
    async def read(self) -> EdgeState | NotSeen:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._state()
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
            async with asyncio.timeout(self._timeout_s), self._files.locked() as lock:
                before = await self._table()
                if why := stale(seen=await self._claimed(), offered=table.epoch):
                    return Refused(why)
                touched = True
                await self._apply(lock, before, table)
                after = await self._table()
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
        self._files.close()

    async def _state(self) -> EdgeState:
        table = await self._table(strict=True)
        zones = _zones_up(await self._socket.ask("show stat -1 4 -1"))
        return EdgeState(edge=self._edge, table=table, zones_up=zones)

    async def _table(self, *, strict: bool = False) -> RouteTable:
        """Return the routes in force.

        strict: raise when the maps disagree or say what we never write (half of
        a change, a stranger's edit); otherwise leave those slots out, so that
        they can be repaired.
        """
        ids = await self._ids()
        read, write, gate = [
            await self._socket.show(ids[m]) for m in (READ, WRITE, GATE)
        ]
        if strict and not read.keys() == write.keys() == gate.keys():
            raise EdgeError("the three maps do not name the same slots")
        routes = {
            SlotId(slot): Route(
                read=ZoneId(read[slot]),
                write=ZoneId(write[slot]),
                gate=Gate(gate[slot]),
            )
            for slot in read.keys() & write.keys() & gate.keys()
            if strict or gate[slot] in _GATES
        }
        epoch = (await self._socket.show(ids[EPOCH])).get("epoch", "0")
        return RouteTable(epoch=Epoch(int(epoch)), routes=routes)

    async def _ids(self) -> Mapping[str, str]:
        ids = await self._socket.map_ids()
        if missing := {READ, WRITE, GATE, EPOCH} - ids.keys():
            raise EdgeError(f"this HAProxy has not loaded {sorted(missing)}")
        return ids

    async def _claimed(self) -> Epoch:
        """Return the highest epoch that ever began to change this edge."""
        live = await self._socket.show((await self._ids())[EPOCH])
        kept = self._files.read(EPOCH)
        return Epoch(max(int(v) for v in (*live.values(), *kept.values(), "0")))

    async def _apply(self, lock: int, before: RouteTable, table: RouteTable) -> None:
        ids = await self._ids()
        claim = {"claimed": str(table.epoch), "epoch": str(before.epoch)}
        final = {"claimed": str(table.epoch), "epoch": str(table.epoch)}
        # Writes are held before anything moves, and let go after everything did.
        shut = _gates(table) | {
            slot: Gate.HOLD.value
            for slot, route in before.routes.items()
            if _moves(route, table.routes.get(SlotId(slot)))
        }
        steps: tuple[NamedEntries, ...] = (
            (EPOCH, claim),
            (GATE, shut),
            (READ, {slot: route.read for slot, route in table.routes.items()}),
            (WRITE, {slot: route.write for slot, route in table.routes.items()}),
            (GATE, _gates(table)),
            (EPOCH, final),
        )
        await self._files.write(lock, steps)
        for name, entries in steps:
            await self._put(ids[name], entries)
        await self._end_writers(before, table)

    async def _put(self, map_id: str, wanted: Mapping[str, str]) -> None:
        current = await self._socket.show(map_id)
        changed = sum(current.get(k) != v for k, v in wanted.items())
        if changed + len(current.keys() - wanted.keys()) > _FEW:
            await self._socket.replace(map_id, wanted)
        else:
            await self._socket.edit(map_id, current, wanted)

    async def _end_writers(self, before: RouteTable, table: RouteTable) -> None:
        """Answer `unknown` now to writes hanging in a zone no slot writes to."""
        left = {r.write for r in before.routes.values()} - {
            r.write for r in table.routes.values()
        }
        for zone in sorted(left):
            await self._socket.ask(
                f"shutdown sessions server {_WRITE_BACKEND}{zone}/{zone}"
            )


def _unfit(table: RouteTable) -> str | None:
    """Return a name that could not be one word of a map or a command."""
    words = (w for s, r in table.routes.items() for w in (s, r.read, r.write))
    return next((word for word in words if not _WORD.fullmatch(word)), None)


def _gates(table: RouteTable) -> dict[str, str]:
    return {slot: route.gate.value for slot, route in table.routes.items()}


def _moves(old: Route, new: Route | None) -> bool:
    return new is not None and new.write != old.write


def _zones_up(stat: str) -> Mapping[ZoneId, bool]:
    """Read the zone's own server row of every write backend (it is the checked one)."""
    rows = csv.DictReader(io.StringIO(stat.removeprefix("# ")))
    return {
        ZoneId(row["svname"]): row["status"].startswith("UP")
        for row in rows
        if row["pxname"] == _WRITE_BACKEND + row["svname"]
    }
