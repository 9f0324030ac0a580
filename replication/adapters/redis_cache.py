"""`CacheStore` on a zone's Redis.

The site reads cached pages under `sitedr:page:<generation>:…`; raising
`sitedr:generation` makes every older page unreadable at once, in one atomic
script that never lowers it.
"""

import asyncio
from typing import Any

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from typing_extensions import override

from controller.model.ids import Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.ports import CacheInventory, CacheStore

GENERATION_KEY = "sitedr:generation"
PAGE_PATTERN = "sitedr:page:*"
SESSION_PATTERN = "sitedr:session:*"
_SCAN_COUNT = 1000
_RAISE = """
local now = tonumber(redis.call('GET', KEYS[1]) or '0')
if now > tonumber(ARGV[1]) then return {now, -1} end
local keys = redis.call('DBSIZE')
redis.call('SET', KEYS[1], ARGV[1])
return {tonumber(ARGV[1]), keys}
"""


class RedisCache(CacheStore):
    """One zone's Redis; *timeout_s* bounds each whole call.

    password: of the default user; empty: none is sent.
    """

    def __init__(
        self, host: str, port: int, password: str = "", *, timeout_s: float = 0.3
    ) -> None:
        self._timeout_s = timeout_s
        self._redis: Any = redis.asyncio.Redis(
            host=host,
            port=port,
            password=password or None,
            socket_connect_timeout=timeout_s,
            socket_timeout=timeout_s,
            # A repeated order could arrive after a newer one: we retry, not it.
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )

    @override
    async def ensure_generation(self, epoch: Epoch) -> Outcome:
        sent = False
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._redis.ping()  # a question: failing here, nothing was sent
                sent = True
                generation, keys = await self._redis.eval(
                    _RAISE, 1, GENERATION_KEY, int(epoch)
                )
        except ResponseError as error:
            return Refused(f"Redis says: {error}")
        except (RedisError, OSError, TimeoutError) as error:
            why = f"{type(error).__name__}: {error}"
            return Unknown(why) if sent else Refused(why)
        if keys < 0:
            return Refused(f"generation is {generation} already")
        return Done({"keys_before": str(keys), "generation": str(generation)})

    @override
    async def inventory(self) -> CacheInventory | NotSeen:
        try:
            async with asyncio.timeout(self._timeout_s):
                generation = int(await self._redis.get(GENERATION_KEY) or 0)
                return CacheInventory(
                    sessions=await self._count(SESSION_PATTERN),
                    pages=await self._count(PAGE_PATTERN),
                    generation=generation,
                )
        except (TimeoutError, RedisTimeoutError):
            return NotSeen("read", "no answer in time")
        except (RedisConnectionError, OSError) as error:
            return NotSeen("connect", str(error))
        except (RedisError, ValueError) as error:
            return NotSeen("body", str(error))

    async def _count(self, pattern: str) -> int:
        # SCAN may name a key twice while the table is resized.
        keys: set[str] = set()
        async for key in self._redis.scan_iter(match=pattern, count=_SCAN_COUNT):
            keys.add(str(key))
        return len(keys)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._redis.aclose()
