"""A fence order that arrives late fences nothing (promise 6).

What it meant may be gone, and what runs there now may have been laid anew.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from controller.model.ids import Epoch
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from deploy.agent.client import AgentClient
from deploy.agent.http_api import AgentDoor
from deploy.agent.memo import Held
from deploy.agent.nonces import ORDER_S
from tests.unit.agent_stage import DB_A, Stage, lives, served_for

TOKEN, SITE = "secret", "cms"


@pytest.fixture
def stage() -> Stage:
    return served_for(1.0)


def fence(stage: Stage, nonce: str, epoch: int = 9) -> Outcome:
    return asyncio.run(stage.agent.fence(DB_A, Epoch(epoch), nonce))


def test_an_order_that_was_kept_on_the_way_kills_nothing(stage: Stage) -> None:
    """Same epoch, right server; another hand was quicker and has let it run again."""
    nonce = stage.agent.state().nonce
    stage.now_s += ORDER_S + 0.1
    assert isinstance(fence(stage, nonce), Refused)
    assert lives(stage)
    assert (stage.agent.memo.held, stage.agent.memo.epoch) == (Held.NOT, Epoch(4))


def test_an_order_is_carried_out_once(stage: Stage) -> None:
    nonce = stage.agent.state().nonce
    assert isinstance(fence(stage, nonce), Done)
    stage.serves()
    assert isinstance(fence(stage, nonce), Refused), "a packet that was sent twice"
    assert lives(stage)


def test_an_order_to_an_earlier_life_of_the_agent_is_none(stage: Stage) -> None:
    nonce = stage.agent.state().nonce
    stage.begin()
    assert isinstance(fence(stage, nonce), Refused)
    assert isinstance(fence(stage, ""), Refused)
    assert lives(stage)


def test_an_order_that_waited_for_a_start_does_not_kill_what_was_started(
    stage: Stage,
) -> None:
    async def story() -> Outcome:
        nonce = stage.agent.state().nonce
        async with stage.agent._busy:
            order = asyncio.ensure_future(stage.agent.fence(DB_A, Epoch(9), nonce))
            await asyncio.sleep(0)
            stage.now_s += ORDER_S + 0.1
        return await order

    assert isinstance(asyncio.run(story()), Refused)
    assert lives(stage)


Seen = list[str]


async def beside(
    stage: Stage,
    told: Callable[[AgentClient, Seen], Awaitable[Outcome | NotSeen]],
    *,
    silent: bool = False,
) -> tuple[Outcome | NotSeen, Seen]:
    """Ask by the client; *silent*: the agent answers no question."""
    seen: Seen = []
    door = AgentDoor(stage.agent, TOKEN, SITE)

    @web.middleware
    async def note(
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        seen.append(request.path)
        if silent:
            await asyncio.sleep(5)
        return await handler(request)

    app = door.application()
    app.middlewares.insert(0, note)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    client = AgentClient(f"http://{host}:{port}", TOKEN, SITE, look_s=0.3)
    try:
        return await told(client, seen), seen
    finally:
        await client.aclose()
        await runner.cleanup()


def test_nothing_is_ordered_from_who_does_not_answer(stage: Stage) -> None:
    """No order lies in the socket of a frozen agent until it thaws."""
    answer, seen = asyncio.run(
        beside(stage, lambda c, _: c.fence(DB_A, Epoch(9)), silent=True)
    )
    assert isinstance(answer, Unknown)
    assert seen == ["/v1/state"]
    assert lives(stage)


def test_who_answers_is_ordered_with_what_it_gave(stage: Stage) -> None:
    answer, seen = asyncio.run(beside(stage, lambda c, _: c.fence(DB_A, Epoch(9))))
    assert isinstance(answer, Done)
    assert seen == ["/v1/state", "/v1/fence"]
    assert not lives(stage)
