"""An agent, as its peers, the controller and people reach it."""

import asyncio
from dataclasses import dataclass, field

import aiohttp
from typing_extensions import override

from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import NotSeen, Outcome, Refused, Unknown
from deploy.agent.ports import AgentState, Contact, Renewal, ZoneAgent
from deploy.agent.wire import (
    SITE_HEADER,
    Tree,
    parse_outcome,
    parse_renewal,
    parse_state,
    render_contact,
)

_CONNECT_S = 0.5


@dataclass(slots=True)
class AgentClient(ZoneAgent):
    """One agent at *url*; connections are kept, each answer is bounded.

    site: whose database is meant; the agent of another site refuses.
    look_s: for questions. order_s: for orders, which may have to kill first.
    """

    url: str
    token: str = field(repr=False)
    site: str
    look_s: float = 0.8
    order_s: float = 3.0
    _session: aiohttp.ClientSession | None = None

    @override
    async def renew(self, zone: ZoneId, epoch: Epoch) -> Renewal | NotSeen:
        answer = await self._post(
            "renew", {"zone": zone, "epoch": epoch}, within_s=self.look_s
        )
        if isinstance(answer, NotSeen):
            return answer
        try:
            return parse_renewal(answer)
        except (KeyError, ValueError) as error:
            return NotSeen("body", f"not a renewal: {error!r}")

    @override
    async def contact(self, said: Contact) -> AgentState | NotSeen:
        """Say the controller's word; return what the agent answers."""
        tree = render_contact(said)
        answer = await self._post("contact", tree, within_s=self.look_s)
        return _state(answer)

    async def state(self) -> AgentState | NotSeen:
        """Ask what it knows of itself; changes nothing."""
        return _state(await self._ask("GET", "state", None, within_s=self.look_s))

    @override
    async def fence(self, server: ServerId, epoch: Epoch) -> Outcome:
        """Order proof (a); all in all within `order_s`.

        Asked first for a nonce: an order never waits in the socket of an agent that
        is frozen, and one that is kept on the way is void (see `Agent.fence`).
        """
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self.order_s
        known = await self._ask("GET", "state", None, within_s=self.look_s)
        if isinstance(known, NotSeen):
            return _unanswered(known)
        if "outcome" in known:
            return parse_outcome(known)
        tree = {"server": server, "epoch": epoch, "nonce": str(known.get("nonce"))}
        return await self._order("fence", tree, within_s=until_s - loop.time())

    @override
    async def promise(self, zone: ZoneId, epoch: Epoch) -> Outcome:
        """Have it swear to renew nothing for *zone* below *epoch*."""
        return await self._order("promise", {"zone": zone, "epoch": epoch})

    async def stop_database(self, why: str) -> Outcome:
        """Have it end its database in order."""
        return await self._order("stop-database", {"why": why})

    async def start_database(self, *, fenced: bool) -> Outcome:
        """Have it boot its database, read-only."""
        return await self._order("start-database", {"fenced": fenced})

    @override
    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _order(
        self, what: str, tree: Tree, *, within_s: float | None = None
    ) -> Outcome:
        answer = await self._post(what, tree, within_s=within_s or self.order_s)
        if isinstance(answer, NotSeen):
            return _unanswered(answer)
        return parse_outcome(answer)

    async def _post(self, what: str, tree: Tree, *, within_s: float) -> Tree | NotSeen:
        return await self._ask("POST", what, tree, within_s=within_s)

    async def _ask(
        self, method: str, what: str, tree: Tree | None, *, within_s: float
    ) -> Tree | NotSeen:
        url = f"{self.url}/v1/{what}"
        try:
            async with (
                asyncio.timeout(within_s),
                self._connected().request(method, url, json=tree) as answer,
            ):
                found = await answer.json()
        except aiohttp.ClientConnectorError as error:
            return NotSeen("connect", f"{self.url}: {error.strerror or error}")
        except TimeoutError:
            return NotSeen("read", f"{self.url}: no answer within {within_s:g} s")
        except (aiohttp.ClientError, ValueError, OSError) as error:
            return NotSeen("read", f"{self.url}: {error!r}")
        if not isinstance(found, dict):
            return NotSeen("body", f"{self.url}: not an object")
        if "error" in found:
            phase = "auth" if answer.status == 401 else "status"
            return NotSeen(phase, f"{self.url}: {found['error']}")
        return found

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={
                    "Authorization": f"Bearer {self.token}",
                    SITE_HEADER: self.site,
                },
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
            )
        return self._session


def _unanswered(answer: NotSeen) -> Outcome:
    """An order that did not leave us is `Refused`; one without answer `Unknown`."""
    sent = answer.phase != "connect"
    return Unknown(answer.reason) if sent else Refused(answer.reason)


def _state(answer: Tree | NotSeen) -> AgentState | NotSeen:
    if isinstance(answer, NotSeen):
        return answer
    if "outcome" in answer:
        return NotSeen("status", str(answer.get("reason")))
    try:
        return parse_state(answer)
    except (KeyError, ValueError) as error:
        return NotSeen("body", f"not a state: {error!r}")
