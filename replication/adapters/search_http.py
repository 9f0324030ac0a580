"""`SearchStore` over the part of Solr's HTTP API that a real Solr also speaks.

Solr has no place for "this index is stale", so the flag is a document with a
reserved id; the site looks for it and warns its users. Rebuilding the index
deletes it.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import SearchStore

STALE_ID = "sitedr_stale"


class HttpSearch(SearchStore):
    """One core; *timeout_s* bounds each whole call."""

    def __init__(self, url: str, *, core: str = "cms", timeout_s: float = 0.3) -> None:
        self._base = f"{url.rstrip('/')}/solr/{core}"
        self._timeout_s = timeout_s

    @override
    async def documents(self) -> int | NotSeen:
        try:
            async with asyncio.timeout(self._timeout_s), _session() as http:
                found = await self._select(http, "*:*", f"-id:{STALE_ID}")
                return int(found["numFound"])
        except aiohttp.ClientConnectorError as error:
            return NotSeen("connect", str(error))
        except aiohttp.ClientResponseError as error:
            return NotSeen("status", f"{error.status} {error.message}")
        except TimeoutError:
            return NotSeen("read", "no answer in time")
        except (aiohttp.ClientError, OSError) as error:
            return NotSeen("read", f"{type(error).__name__} {error}")
        except (ValueError, KeyError, TypeError) as error:
            return NotSeen("body", f"{type(error).__name__} {error}")

    @override
    async def ensure_flagged_stale(self, epoch: Epoch, *, why: str) -> Outcome:
        sent = False
        try:
            async with asyncio.timeout(self._timeout_s), _session() as http:
                flagged = await self._flagged(http)
                if flagged is not None and flagged > epoch:
                    return Refused(f"flagged by epoch {flagged} already")
                sent = True
                await self._flag(http, epoch, why)
                return Done({"epoch": str(epoch)})
        except aiohttp.ClientResponseError as error:
            if error.status < 500 or not sent:
                return Refused(f"status {error.status}: {error.message}")
            return Unknown(f"status {error.status}: {error.message}")
        except (
            aiohttp.ClientError,
            OSError,
            TimeoutError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:
            reason = f"{type(error).__name__}: {error}"
            return Unknown(reason) if sent else Refused(reason)

    async def _flagged(self, http: aiohttp.ClientSession) -> Epoch | None:
        found = await self._select(http, f"id:{STALE_ID}", "*:*")
        if not found["docs"]:
            return None
        value = found["docs"][0]["epoch_l"]
        # Solr answers a multi-valued field with a list.
        return Epoch(int(value[0] if isinstance(value, list) else value))

    async def _flag(self, http: aiohttp.ClientSession, epoch: Epoch, why: str) -> None:
        flag = {"id": STALE_ID, "epoch_l": int(epoch), "why_s": why}
        async with http.post(
            f"{self._base}/update", params={"commit": "true"}, json=[flag]
        ) as answer:
            answer.raise_for_status()

    async def _select(
        self, http: aiohttp.ClientSession, query: str, only: str
    ) -> Mapping[str, Any]:
        params = {"q": query, "fq": only, "rows": "1", "wt": "json"}
        async with http.get(f"{self._base}/select", params=params) as answer:
            answer.raise_for_status()
            tree: Mapping[str, Any] = await answer.json(content_type=None)
        response: Mapping[str, Any] = tree["response"]
        return response


def _session() -> aiohttp.ClientSession:
    # A fresh connection each: an idle one to a zone that vanished tells nothing.
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
