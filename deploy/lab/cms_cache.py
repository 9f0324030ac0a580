"""The origin's Redis: editor sessions, and cached pages under a generation.

A page's key carries the generation, so raising `sitedr:generation` makes every
older page unreadable at once without touching it. Every method degrades to
"not cached" when Redis is slow or gone: a page must never wait for its cache.
"""

import secrets
from typing import Any

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

GENERATION_KEY = "sitedr:generation"
PAGE_PREFIX = "sitedr:page:"
SESSION_PREFIX = "sitedr:session:"
PAGE_TTL_S = 30
SESSION_TTL_S = 8 * 3600
_BOUND_S = 0.1


class PageCache:
    """Pages and sessions of one zone."""

    def __init__(self, host: str, port: int) -> None:
        self._redis: Any = redis.asyncio.Redis(
            host=host,
            port=port,
            socket_connect_timeout=_BOUND_S,
            socket_timeout=_BOUND_S,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )

    async def generation(self) -> str | None:
        """Return the generation in force, or None when Redis does not answer."""
        try:
            return str(await self._redis.get(GENERATION_KEY) or "0")
        except (RedisError, OSError, TimeoutError):
            return None

    async def page(self, generation: str, slug: str) -> str | None:
        """Return the cached page of *generation*, if any."""
        try:
            found = await self._redis.get(f"{PAGE_PREFIX}{generation}:{slug}")
        except (RedisError, OSError, TimeoutError):
            return None
        return None if found is None else str(found)

    async def keep_page(self, generation: str, slug: str, text: str) -> None:
        """Store a page under the generation that was read *before* the database."""
        try:
            await self._redis.set(
                f"{PAGE_PREFIX}{generation}:{slug}", text, ex=PAGE_TTL_S
            )
        except (RedisError, OSError, TimeoutError):
            return

    async def drop_page(self, slug: str) -> None:
        """Forget a page that was just changed; its TTL bounds a failure."""
        generation = await self.generation()
        if generation is None:
            return
        try:
            await self._redis.delete(f"{PAGE_PREFIX}{generation}:{slug}")
        except (RedisError, OSError, TimeoutError):
            return

    async def open_session(self, user: str) -> str | None:
        """Store a new session; None when Redis does not answer."""
        token = secrets.token_urlsafe(24)
        try:
            await self._redis.set(SESSION_PREFIX + token, user, ex=SESSION_TTL_S)
        except (RedisError, OSError, TimeoutError):
            return None
        return token

    async def user_of(self, token: str) -> str | None:
        """Return the session's user; a lost Redis has lost its sessions."""
        try:
            found = await self._redis.get(SESSION_PREFIX + token)
        except (RedisError, OSError, TimeoutError):
            return None
        return None if found is None else str(found)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._redis.aclose()
