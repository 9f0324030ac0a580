"""How executors ask: side by side, again and again, within a bound; no policy."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from controller.act.ports import Ports
from controller.act.within import within
from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from replication.ports import DatabaseServer, ServerView, Session

POLL_S = 0.02


async def gather(calls: Mapping[str, Awaitable[Outcome]]) -> dict[str, Outcome]:
    """Await all of *calls* side by side, keeping their names and order."""
    if len(calls) == 1:
        return {name: await call for name, call in calls.items()}
    answers = await asyncio.gather(*calls.values())
    return dict(zip(calls, answers, strict=True))


async def until_done(ask: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Repeat while the answer is a plain no; the caller's time-out bounds it."""
    while True:
        outcome = await ask()
        if not isinstance(outcome, Refused):
            return outcome
        await asyncio.sleep(POLL_S)


async def bounded_view(database: DatabaseServer) -> ServerView | NotSeen:
    """Read *database*, for a fifth of a second at most."""
    try:
        return await within(0.2, database.view())
    except TimeoutError:
        return NotSeen("read", "no answer within 0.2 s")


async def require_acks(
    ports: Ports, server: ServerId, epoch: Epoch, acks: int
) -> Outcome:
    """Turn the source side on once *acks* receivers are connected (rule 8)."""
    database = ports.databases[server].database
    return await until_done(
        lambda: database.ensure_acks_required(epoch, required=True, acks=acks)
    )


async def orders_ended(
    ports: Ports, server: ServerId, doubtful: tuple[Session, ...]
) -> Outcome:
    """Prove gone what unanswered orders to *server* travelled on (rule 5)."""
    for session in doubtful:
        if session.server == server:
            ended = await ports.databases[server].database.session_ended(session)
            if not isinstance(ended, Done):
                return ended
    return Done()
