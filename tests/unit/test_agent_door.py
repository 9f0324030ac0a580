"""The agent's HTTP door and its client, as one: over a real socket on loopback."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import pytest
from aiohttp import web

from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Refused, Unknown
from deploy.agent.client import AgentClient
from deploy.agent.http_api import AgentDoor
from deploy.agent.ports import AgentState, Contact, Renewal
from tests.unit.agent_stage import DB_A, A, B, Stage

TOKEN = "a-token"
SITE = "cms"
T = TypeVar("T")


def ask(
    question: Callable[[AgentClient], Awaitable[T]],
    *,
    token: str = TOKEN,
    site: str = SITE,
    stage: Stage | None = None,
) -> T:
    """Ask the agent of *stage* over HTTP."""

    async def both() -> T:
        door = AgentDoor((stage or Stage()).agent, TOKEN, SITE)
        runner = web.AppRunner(door.application())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        client = AgentClient(f"http://{host}:{port}", token, site)
        try:
            return await question(client)
        finally:
            await client.aclose()
            await runner.cleanup()

    return asyncio.run(both())


CONTACT = Contact(epoch=Epoch(4), renews=True, nonce="", known_ttl_s=0.0)


def test_what_is_said_arrives_as_it_was_meant() -> None:
    state = ask(lambda a: a.contact(CONTACT))
    assert isinstance(state, AgentState)
    assert (state.zone, state.server, state.epoch) == (A, DB_A, 4)
    assert ask(lambda a: a.renew(B, Epoch(1))) == Renewal(
        granted=True, promised=Epoch(0)
    )
    assert ask(lambda a: a.promise(B, Epoch(5))) == Done({"promised": "5"})
    assert isinstance(ask(lambda a: a.fence(ServerId("db-x"), Epoch(5))), Refused)
    fenced = ask(lambda a: a.fence(DB_A, Epoch(5)))
    assert isinstance(fenced, Done)
    assert fenced.evidence["inhibited"] == "true"


def test_an_older_contact_is_no_state() -> None:
    stage = Stage()
    stage.agent.contact(CONTACT)
    older = Contact(epoch=Epoch(3), renews=True, nonce="", known_ttl_s=0.0)
    answer = ask(lambda a: a.contact(older), stage=stage)
    assert isinstance(answer, NotSeen)
    assert "older" in answer.reason


def test_without_the_token_nothing_happens() -> None:
    stage = Stage()
    answer = ask(lambda a: a.fence(DB_A, Epoch(5)), token="wrong", stage=stage)
    assert isinstance(answer, Unknown)
    assert "token" in answer.reason
    assert TOKEN not in answer.reason
    assert stage.hand.running
    state = ask(lambda a: a.state(), token="wrong", stage=stage)
    assert isinstance(state, NotSeen)
    assert state.phase == "auth"


def test_another_sites_order_is_refused_though_the_server_is_called_the_same() -> None:
    """Two sites have a `db-a`; killing the wrong one is a loss and no proof."""
    stage = Stage()
    answer = ask(lambda a: a.fence(DB_A, Epoch(5)), site="shop", stage=stage)
    assert answer == Refused("this is site cms's, not shop's")
    assert stage.hand.running
    assert stage.agent.memo.epoch == 0
    told = ask(lambda a: a.contact(CONTACT), site="shop", stage=stage)
    assert isinstance(told, NotSeen)
    assert stage.agent.memo.epoch == 0
    assert isinstance(ask(lambda a: a.renew(B, Epoch(1)), site="shop"), NotSeen)


def test_a_body_that_makes_no_sense_is_refused_and_changes_nothing() -> None:
    stage = Stage()

    async def post(client: AgentClient) -> list[int]:
        found = []
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            for text in ("", "[]", "{}", '{"server": "db-a", "epoch": "x"}'):
                async with session.post(f"{client.url}/v1/fence", data=text) as told:
                    found.append(told.status)
        return found

    assert ask(post, stage=stage) == [400] * 4
    assert stage.hand.running


def test_an_order_that_never_left_is_refused_and_a_silent_one_unknown() -> None:
    async def nobody() -> object:
        client = AgentClient("http://127.0.0.1:1", TOKEN, SITE)
        try:
            return await client.fence(DB_A, Epoch(5))
        finally:
            await client.aclose()

    assert isinstance(asyncio.run(nobody()), Refused)

    async def silent() -> object:
        open_ends: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(
            lambda _, writer: open_ends.append(writer), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        client = AgentClient(f"http://127.0.0.1:{port}", TOKEN, SITE, order_s=0.2)
        try:
            return await client.promise(ZoneId("b"), Epoch(5))
        finally:
            await client.aclose()
            for end in open_ends:
                end.close()
            server.close()

    assert isinstance(asyncio.run(silent()), Unknown)


@pytest.mark.parametrize("shown", [repr, str])
def test_a_client_does_not_print_its_token(shown: Callable[[object], str]) -> None:
    assert TOKEN not in shown(AgentClient("http://x", TOKEN, SITE))
