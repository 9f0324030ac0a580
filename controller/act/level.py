"""Before commits wait for an acker: it is level, and no older canary hangs."""

import asyncio

from controller.act.within import within
from controller.model.outcomes import NotSeen, Outcome, Unknown
from replication.gtid import surely_holds
from replication.ports import DatabaseServer, Receiving, ServerView

POLL_S = 0.02
VIEW_S = 0.2
LEVEL_S = 5.0
"""A backlog that takes longer is not waited for: then writes wait, as they must."""


async def nearly_level(primary: DatabaseServer, acker: DatabaseServer) -> None:
    """Wait, a few seconds at most, until *acker* holds what *primary* has now.

    Enabled before, every commit would wait until its backlog was sent.
    """
    wanted = await bounded_view(primary)
    if isinstance(wanted, NotSeen):
        return
    loop = asyncio.get_running_loop()
    until_s = loop.time() + LEVEL_S
    while loop.time() < until_s:
        view = await bounded_view(acker)
        if isinstance(view, NotSeen) or view.receiving is Receiving.STOPPED:
            return
        if surely_holds(view.received, view.executed, wanted.executed):
            return
        await asyncio.sleep(POLL_S)


async def canary_of_our_own(primary: DatabaseServer) -> Outcome:
    """Commit a canary; one that hangs already goes first.

    It may well hang for the same acker. The caller's time-out bounds it.
    """
    while True:
        outcome = await primary.canary(durable=True)
        if not isinstance(outcome, Unknown):
            return outcome
        await asyncio.sleep(POLL_S)


async def bounded_view(database: DatabaseServer) -> ServerView | NotSeen:
    """Read *database* once; no answer within a moment is an answer too."""
    try:
        return await within(VIEW_S, database.view())
    except TimeoutError:
        return NotSeen("read", f"no answer within {VIEW_S:g} s")
