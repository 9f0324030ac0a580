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
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from typing_extensions import override

from cdn_router.adapters.haproxy_counters import traffic_of
from cdn_router.adapters.haproxy_look import Look, look, table_of
from cdn_router.adapters.haproxy_maps import AdminSocket, EdgeError, MapFiles
from cdn_router.adapters.haproxy_orders import Order, OrderRoom
from cdn_router.ports import Edge, EdgeState, RouteTable
from cdn_router.shares import Share
from controller.model.ids import EdgeId, SiteId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown

_WORD = re.compile(r"[A-Za-z0-9_.-]+")


class HaproxyRuntime:
    """The way into one HAProxy: admin socket, map files, and the orders under way.

    Several clusters' doors in one process may share it: orders that come while one is
    carried out go together in the next. reading: how doors look; in such a process it
    may look once for several.
    """

    def __init__(self, *, socket: Path, maps: Path, timeout_s: float = 1.0) -> None:
        """*timeout_s*: of carrying out what goes together."""
        self._socket = AdminSocket(socket)
        self._files = MapFiles(maps)
        self._timeout_s = timeout_s
        self._waiting: list[Order] = []
        self._worker: asyncio.Task[None] | None = None
        self.reading: Callable[[], Awaitable[Look]] = self.look

    async def look(self) -> Look:
        """Return all that the edge says now; errors as they come."""
        return await look(self._socket)

    async def order(self, share: Share | None, table: RouteTable) -> Outcome:
        """Put *table* in force for *share*.

        Who is cancelled before it began has ordered nothing; later it goes on to
        its end, and its answer is lost.
        """
        order = Order(share, table, asyncio.get_running_loop().create_future())
        self._waiting.append(order)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.ensure_future(self._work())
        return await order.answer

    async def _work(self) -> None:
        room = OrderRoom(self._socket, self._files)
        while batch := self._together():
            await room.carry_out(batch, self._timeout_s)

    def _together(self) -> list[Order]:
        """Take the first order of every cluster; who has the edge alone goes alone."""
        waiting = [order for order in self._waiting if not order.answer.done()]
        batch: dict[str, Order] = {}
        for order in waiting:
            if order.share is None:
                batch = batch or {"": order}
                break
            batch.setdefault(order.share.cluster, order)
        taken = list(batch.values())
        self._waiting = [order for order in waiting if order not in taken]
        return taken

    def close(self) -> None:
        """Close what is open; a later order opens it again."""
        self._files.close()


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
        return await self._runtime.order(self._share, table)

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
        self._runtime.close()

    def _state(self, seen: Look) -> EdgeState:
        table = table_of(seen, self._share, strict=True)
        return EdgeState(
            edge=self._edge,
            table=table,
            zones_up=seen.zones_up,
            traffic=traffic_of(seen.rows),
        )


def _unfit(table: RouteTable) -> str | None:
    """Return a name that could not be one word of a map or a command."""
    words = (w for s, r in table.routes.items() for w in (s, r.read, r.write))
    return next((word for word in words if not _WORD.fullmatch(word)), None)
