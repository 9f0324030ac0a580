"""The agent's door: a few orders over HTTP, each with the bearer token.

It stands on the zone's own address, so that the other zones and the controller
reach it; whoever has the token may end the zone's database.
"""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from controller.model.errors import ControllerError
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.agent.agent import Agent
from deploy.agent.wire import (
    SITE_HEADER,
    Tree,
    parse_contact,
    render_outcome,
    render_renewal,
    render_state,
)

_BODY_BYTES_MAX = 1 << 16
_STATUS: dict[type[Done] | type[Refused] | type[Unknown], int] = {
    Done: 200,
    Refused: 409,
    Unknown: 502,
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class AgentDoor:
    """The handlers of one agent."""

    agent: Agent
    token: str
    site: str

    def application(self) -> web.Application:
        """Return the application; `/healthz` alone needs no token."""
        app = web.Application(
            middlewares=[self._authorised], client_max_size=_BODY_BYTES_MAX
        )
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/v1/state", self.state)
        app.router.add_post("/v1/contact", self.contact)
        app.router.add_post("/v1/fence", self.fence)
        app.router.add_post("/v1/promise", self.promise)
        app.router.add_post("/v1/renew", self.renew)
        app.router.add_post("/v1/stop-database", self.stop_database)
        app.router.add_post("/v1/start-database", self.start_database)
        return app

    @property
    def _authorised(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        wanted = f"Bearer {self.token}".encode()

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            given = request.headers.get("Authorization", "").encode()
            if request.path != "/healthz" and not hmac.compare_digest(given, wanted):
                return _tell({"error": "wrong or missing bearer token"}, 401)
            asked = request.headers.get(SITE_HEADER, self.site)
            if asked != self.site:
                return _answer(Refused(f"this is site {self.site}'s, not {asked}'s"))
            try:
                return await handler(request)
            except (KeyError, ValueError, TypeError) as error:
                return _tell({"error": f"not understood: {error!r}"}, 400)
            except OSError as error:  # its memory could not be made durable
                return _answer(Unknown(f"not durable: {error}"))

        return check

    async def healthz(self, request: web.Request) -> web.Response:
        """Answer 200; says nothing of the database."""
        del request
        return _tell({"zone": self.agent.settings.zone})

    async def state(self, request: web.Request) -> web.Response:
        """Answer with what the agent knows of itself; changes nothing."""
        del request
        return _tell(render_state(self.agent.state()))

    async def contact(self, request: web.Request) -> web.Response:
        """Take the controller's word; answer with the state and a new nonce."""
        answer = self.agent.contact(parse_contact(await _tree(request)))
        if isinstance(answer, Refused):
            return _answer(answer)
        return _tell(render_state(answer))

    async def fence(self, request: web.Request) -> web.Response:
        """End the database for good: proof (a)."""
        tree = await _tree(request)
        server, epoch = ServerId(str(tree["server"])), Epoch(int(str(tree["epoch"])))
        return _answer(await self.agent.fence(server, epoch, str(tree["nonce"])))

    async def promise(self, request: web.Request) -> web.Response:
        """Renew nothing for a zone below an epoch."""
        tree = await _tree(request)
        zone, epoch = ZoneId(str(tree["zone"])), Epoch(int(str(tree["epoch"])))
        return _answer(self.agent.promise(zone, epoch))

    async def renew(self, request: web.Request) -> web.Response:
        """Witness for another zone."""
        tree = await _tree(request)
        zone, epoch = ZoneId(str(tree["zone"])), Epoch(int(str(tree["epoch"])))
        return _tell(render_renewal(self.agent.renew(zone, epoch)))

    async def stop_database(self, request: web.Request) -> web.Response:
        """End clients in order, then SIGKILL; for people."""
        why = str((await _tree(request)).get("why", "")) or "by a person"
        return _answer(await self.agent.stop_database(why))

    async def start_database(self, request: web.Request) -> web.Response:
        """Boot it read-only; for people."""
        fenced = (await _tree(request)).get("fenced") is True
        return _answer(await self.agent.start_database(fenced=fenced))


def _tell(tree: Tree, status: int = 200) -> web.Response:
    return web.json_response(tree, status=status)


def _answer(outcome: Outcome) -> web.Response:
    return _tell(render_outcome(outcome), _STATUS[type(outcome)])


async def _tree(request: web.Request) -> Tree:
    tree = json.loads(await request.text())
    if not isinstance(tree, dict):
        raise TypeError("need a JSON object")
    return tree


async def open_door(door: AgentDoor, host: str, port: int) -> web.AppRunner:
    """Listen; raise `ControllerError` in one line when that cannot be."""
    runner = web.AppRunner(door.application(), access_log=None)
    try:
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ControllerError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; free the port"
            " or change `listen`"
        ) from error
    return runner
