"""The origin of one zone: a small CMS on its own zone's database.

Run as `python -m deploy.lab.cms --config FILE` (keys: `cms_config`). Its
contract with the edge: 425 + `X-Write-Outcome: not-sent` means *not executed,
safe to repeat*; 504 + `unknown` means a COMMIT without an answer; 200 on a
write only after COMMIT returned.
"""

import argparse
import asyncio
import hmac
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from typing_extensions import override

from controller.model.clock import Clock
from deploy.lab import cms_pages
from deploy.lab.cms_cache import PageCache
from deploy.lab.cms_config import CmsConfig, load
from deploy.lab.cms_database import Database, DatabaseDownError, Fate, Limits, Written
from deploy.lab.cms_fault import Faults
from deploy.lab.cms_search import SearchIndex
from deploy.lab.engine import LabError
from deploy.lab.serve import serve_until_stopped

SESSION_COOKIE = "cms_session"
HEALTH_BOUND_S = 0.12  # below the edge's check time-out: it hears *why*
_SLUG_LIMIT = 128
_ID_LIMIT = 64


class SystemClock(Clock):
    """The machine's clock; ages of requests are wall time of another process."""

    @override
    def monotonic_s(self) -> float:
        return time.monotonic()

    @override
    def wall_s(self) -> float:
        return time.time()  # noqa: TID251  the program's entry owns the real clock


class Origin:
    """Handlers and what they stand on."""

    def __init__(self, config: CmsConfig, clock: Clock, home: Path) -> None:
        self._config = config
        self._faults = Faults(home)
        self._clock = clock
        self._database = Database(config.database, Limits(commit_s=config.commit_s))
        self._cache = PageCache(config.redis_host, config.redis_port)
        self._search = SearchIndex(config.search)
        self._health: asyncio.Task[bool] | None = None

    def application(self) -> web.Application:
        """Return the routes; every answer names the zone."""
        app = web.Application(
            middlewares=[self._name_zone, self._faults.answer], client_max_size=2**20
        )
        app.add_routes(
            [
                web.get("/", self.home),
                web.get("/page/{slug}", self.page),
                web.get("/search", self.search),
                web.get("/healthz", self.healthz),
                web.get("/login", self.login_form),
                web.post("/login", self.login),
                web.post("/page", self.edit),
                web.post("/page/{slug}", self.edit),
                web.post("/write", self.write),
                web.get("/writes/{id}", self.written),
            ]
        )
        app.on_cleanup.append(self._close)
        return app

    @web.middleware
    async def _name_zone(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers["X-Zone"] = self._config.zone
            raise
        except DatabaseDownError as error:
            # Reads only; 503 makes the edge ask another zone.
            response = web.json_response({"error": str(error)}, status=503)
        response.headers["X-Zone"] = self._config.zone
        return response

    async def _close(self, _: web.Application) -> None:
        await self._database.aclose()
        await self._cache.aclose()
        await self._search.aclose()

    # ---- reads

    async def home(self, _: web.Request) -> web.Response:
        """Show the newest pages, cacheable."""
        return await self._cached(":home", "home", self._render_home)

    async def page(self, request: web.Request) -> web.Response:
        """Show one page, cacheable."""
        slug = request.match_info["slug"]

        async def render() -> str:
            rows = await self._database.query(
                "SELECT title, body, version FROM pages WHERE slug = %s", (slug,)
            )
            if not rows:
                raise web.HTTPNotFound(text="no such page")
            return cms_pages.page(str(rows[0][0]), str(rows[0][1]), int(rows[0][2]))

        return await self._cached(slug, f"page page:{slug}", render)

    async def _render_home(self) -> str:
        rows = await self._database.query(
            "SELECT slug, title FROM pages ORDER BY changed DESC LIMIT 20"
        )
        return cms_pages.home([{"slug": str(r[0]), "title": str(r[1])} for r in rows])

    async def _cached(
        self, key: str, surrogate: str, render: Callable[[], Awaitable[str]]
    ) -> web.Response:
        generation = await self._cache.generation()
        text = generation and await self._cache.page(generation, key)
        state = "hit" if text else "miss"
        if not text:
            text = await render()
            if generation is not None:
                await self._cache.keep_page(generation, key, text)
        headers = {
            "Cache-Control": "public, max-age=5, stale-if-error=3600",
            "Surrogate-Key": surrogate,
            "X-Cache": state,
        }
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def search(self, request: web.Request) -> web.Response:
        """Ask the zone's own index; says so when the index is stale or gone."""
        question = request.query.get("q", "")
        answer = await self._search.find(question)
        if answer is None:
            raise web.HTTPServiceUnavailable(text="search does not answer")
        slugs, stale = answer
        return web.Response(
            text=cms_pages.found(question, slugs, stale=stale),
            content_type="text/html",
            headers={
                "Cache-Control": "no-store",
                "X-Search-Stale": "true" if stale else "false",
            },
        )

    async def written(self, request: web.Request) -> web.Response:
        """Tell whether a write's id is in this zone's database."""
        rows = await self._database.query(
            "SELECT zone FROM writes WHERE id = %s", (request.match_info["id"],)
        )
        if not rows:
            raise web.HTTPNotFound(text="no such write")
        return web.json_response(
            {"id": request.match_info["id"], "written_by": str(rows[0][0])},
            headers={"Cache-Control": "no-store"},
        )

    async def healthz(self, _: web.Request) -> web.Response:
        """200 while this origin can serve reads: its database answered a SELECT."""
        # One question in flight, however many edges and probes ask.
        if self._health is None or self._health.done():
            self._health = asyncio.create_task(self._database_answers())
        answers = await asyncio.shield(self._health)
        body = {"zone": self._config.zone, "database": "ok" if answers else "down"}
        return web.json_response(
            {**body, "seeded": answers},
            status=200 if answers else 503,
            headers={"Cache-Control": "no-store"},
        )

    async def _database_answers(self) -> bool:
        try:
            # A table of the site: a server without our data is not seeded.
            await self._database.query(
                "SELECT 1 FROM pages LIMIT 1", within_s=HEALTH_BOUND_S
            )
        except DatabaseDownError:
            return False
        return True

    # ---- editors

    async def login_form(self, _: web.Request) -> web.Response:
        """Show the form."""
        return web.Response(text=cms_pages.login(), content_type="text/html")

    async def login(self, request: web.Request) -> web.Response:
        """Open a session in the zone's Redis."""
        form, editor = await _fields(request), self._config.editor
        if editor is None or not (
            hmac.compare_digest(form.get("user", "").encode(), editor.user.encode())
            and hmac.compare_digest(
                form.get("password", "").encode(), editor.password.encode()
            )
        ):
            raise web.HTTPForbidden(text="wrong user or password")
        token = await self._cache.open_session(editor.user)
        if token is None:
            return _not_executed("sessions are not available")
        response = web.json_response({"user": editor.user})
        response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="Lax")
        return response

    async def edit(self, request: web.Request) -> web.Response:
        """Create or change a page: one write, then the index, best effort."""
        if await self._cache.user_of(request.cookies.get(SESSION_COOKIE, "")) is None:
            raise web.HTTPForbidden(text="log in first")
        form = await _fields(request)
        slug = request.match_info.get("slug") or form.get("slug", "")
        title, body = form.get("title", slug), form.get("body", "")
        if not 0 < len(slug) <= _SLUG_LIMIT or "/" in slug:
            raise web.HTTPBadRequest(text="slug: 1 to 128 characters, no slash")
        result = await self._database.write(
            "INSERT INTO pages (slug, title, body, version) VALUES (%s, %s, %s, 1) "
            "ON DUPLICATE KEY UPDATE title = %s, body = %s, version = version + 1",
            (slug, title[:200], body, title[:200], body),
            wanted=lambda: not self._too_old(request),
        )
        if result.fate is Fate.COMMITTED:
            await self._cache.drop_page(slug)
            await self._cache.drop_page(":home")
            await self._search.index(slug, title, body)
        return self._answer(result, {"slug": slug})

    # ---- measured writes

    async def write(self, request: web.Request) -> web.Response:
        """Insert one unique id; 200 only after COMMIT returned."""
        if self._too_old(request):
            return _not_executed("too old")
        write_id = (await _fields(request)).get("id", "")
        if not 0 < len(write_id) <= _ID_LIMIT:
            raise web.HTTPBadRequest(text="id: 1 to 64 characters")
        result = await self._database.write(
            "INSERT INTO writes (id, zone) VALUES (%s, %s)",
            (write_id, self._config.zone),
            wanted=lambda: not self._too_old(request),
        )
        return self._answer(result, {"id": write_id})

    def _too_old(self, request: web.Request) -> bool:
        """Tell whether the edge sent this so long ago that its client has gone."""
        sent = request.headers.get("X-Edge-Sent", "")
        if not sent.isdecimal():
            return False  # not through an edge
        return self._clock.wall_s() - int(sent) / 1000 > self._config.max_age_s

    def _answer(self, result: Written, named: dict[str, str]) -> web.Response:
        match result.fate:
            case Fate.COMMITTED:
                return web.json_response({**named, "zone": self._config.zone})
            case Fate.DUPLICATE:
                # Never an acknowledgement: whose row it is, we do not know.
                return web.json_response({**named, "error": "exists"}, status=409)
            case Fate.NOT_EXECUTED:
                return _not_executed(result.why)
            case Fate.UNKNOWN:
                return web.json_response(
                    {**named, "error": result.why},
                    status=504,
                    headers={"X-Write-Outcome": "unknown"},
                )


def _not_executed(why: str) -> web.Response:
    return web.json_response(
        {"error": why}, status=425, headers={"X-Write-Outcome": "not-sent"}
    )


async def _fields(request: web.Request) -> dict[str, str]:
    """Return a form's or a JSON object's text fields."""
    if request.content_type != "application/json":
        return {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    try:
        tree = await request.json()
    except json.JSONDecodeError:
        raise web.HTTPBadRequest(text="not JSON") from None
    if not isinstance(tree, dict):
        raise web.HTTPBadRequest(text="a JSON object is needed")
    return {str(k): v for k, v in tree.items() if isinstance(v, str)}


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 when the configuration cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, required=True)
    try:
        file = parser.parse_args().config
        config = load(file)
    except LabError as error:
        sys.stderr.write(f"cms: {error}\n")
        return 2
    app = Origin(config, SystemClock(), file.parent).application()
    return serve_until_stopped(app, config.host, config.port)


if __name__ == "__main__":
    sys.exit(main())
