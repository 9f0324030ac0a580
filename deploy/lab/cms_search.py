"""The origin's way to its own zone's search service: best effort, bounded."""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp

CORE = "cms"
STALE_ID = "sitedr_stale"
_BOUND_S = 0.3
_FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError)


class SearchIndex:
    """One core of a Solr-compatible service."""

    def __init__(self, url: str) -> None:
        self._base = f"{url}/solr/{CORE}"
        self._http: aiohttp.ClientSession | None = None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        return self._http

    async def index(self, slug: str, title: str, body: str) -> bool:
        """Add or replace one document; False when the index did not confirm."""
        document = {"id": slug, "title_t": title, "body_t": body}
        try:
            async with (
                asyncio.timeout(_BOUND_S),
                self._session().post(
                    f"{self._base}/update", params={"commit": "true"}, json=[document]
                ) as answer,
            ):
                return answer.status == 200
        except _FAILURES:
            return False

    async def find(self, question: str) -> tuple[Sequence[str], bool] | None:
        """Return matching slugs and whether the index is flagged stale."""
        try:
            async with asyncio.timeout(_BOUND_S):
                found = await self._select(question or "*:*", f"-id:{STALE_ID}")
                flags = await self._select(f"id:{STALE_ID}", "*:*")
        except _FAILURES:
            return None
        return [str(doc["id"]) for doc in found], bool(flags)

    async def _select(self, question: str, only: str) -> Sequence[dict[str, Any]]:
        params = {"q": question, "fq": only, "rows": "20", "wt": "json"}
        async with self._session().get(f"{self._base}/select", params=params) as answer:
            answer.raise_for_status()
            tree = await answer.json()
        docs: Sequence[dict[str, Any]] = tree["response"]["docs"]
        return docs

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        if self._http is not None:
            await self._http.close()
