"""Redis and search of one zone: what is in them before they are lost.

Neither is replicated, so a failover loses or ages what they hold; the demo
puts an editor's session and pages there and counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import redis
from redis.exceptions import RedisError

from controller.model.ids import ZoneId
from deploy.lab.cms_cache import PAGE_PREFIX, SESSION_PREFIX
from deploy.lab.cms_search import CORE, STALE_ID
from deploy.lab.secret_files import EDITOR
from deploy.lab.spec import EDGES, SLOTS, LabSpec

_BOUND_S = 2.0
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """What one zone alone keeps; None: it could not be counted."""

    sessions: int | None
    cached_pages: int | None
    documents: frozenset[str] | None


async def edit_pages(spec: LabSpec, name: str, count: int = 3) -> bool:
    """Log in as the editor through an edge and write some pages.

    Returns whether all of it was acknowledged; safe to repeat.
    """
    site = next(iter(SLOTS.values()))[0]
    password = _editor_password(spec)
    url = spec.edge_url(EDGES[0])
    headers: dict[str, str] = {"Host": site}
    timeout = aiohttp.ClientTimeout(total=_BOUND_S)
    jar = aiohttp.DummyCookieJar()
    try:
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=jar) as session:
            form = {"user": EDITOR, "password": password}
            async with session.post(
                f"{url}/login", data=form, headers=headers
            ) as answer:
                cookies = {k: m.value for k, m in answer.cookies.items()}
                if answer.status != 200:
                    return False
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in cookies.items())
            for number in range(count):
                page = {"slug": f"{name}-{number}", "title": name, "body": "written"}
                async with session.post(
                    f"{url}/page", data=page, headers=headers
                ) as answer:
                    if answer.status != 200:
                        return False
    except _FAILURES:
        return False
    return True


def _editor_password(spec: LabSpec) -> str:
    return Path(spec.directory, "secrets", EDITOR).read_text("utf-8").strip()


def count_cache(spec: LabSpec, zone: ZoneId) -> tuple[int | None, int | None]:
    """Return how many sessions and cached pages the zone's Redis holds."""
    try:
        with redis.Redis(
            host=spec.host(zone),
            port=spec.ports.redis,
            socket_timeout=_BOUND_S,
            socket_connect_timeout=_BOUND_S,
        ) as client:
            return (
                sum(1 for _ in client.scan_iter(f"{SESSION_PREFIX}*")),
                sum(1 for _ in client.scan_iter(f"{PAGE_PREFIX}*")),
            )
    except (RedisError, OSError):
        return None, None


async def documents(spec: LabSpec, zone: ZoneId) -> frozenset[str] | None:
    """Return the ids in the zone's search index."""
    url = f"{spec.search_url(zone)}/solr/{CORE}/select"
    timeout = aiohttp.ClientTimeout(total=_BOUND_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, params={"q": "*:*", "rows": "100000"}) as answer,
        ):
            tree: Mapping[str, Any] = await answer.json()
            found = {str(d["id"]) for d in tree["response"]["docs"]}
    except _FAILURES:
        return None
    return frozenset(found - {STALE_ID})


def unreplicated(lost: Stores, left: frozenset[str] | None) -> Mapping[str, int | None]:
    """Return what went with the lost zone, and what search has *left*."""
    gone = None
    if lost.documents is not None and left is not None:
        gone = len(lost.documents - left)
    return {
        "sessions_lost": lost.sessions,
        "cached_pages_lost": lost.cached_pages,
        "search_documents_lost": gone,
        "search_documents_left": None if left is None else len(left),
    }
