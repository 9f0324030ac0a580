"""The HTTP surface of a zone's origin, without a database: for edge tests.

Run as `python -m tests.origin_double HOST PORT ZONE`. `/slow` answers after
0.6 s; `/fail` answers 500 and `/missing` 404; `POST /refuse` answers 425; `POST
/hang` never answers.
"""

import asyncio
import sys

from aiohttp import web

from deploy.lab.serve import serve_until_stopped

SLOW_S = 0.6


def application(zone: str) -> web.Application:
    """Return the double's routes."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=f"page of {zone}", headers={"X-Zone": zone})

    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(SLOW_S)
        return await page(request)

    async def write(request: web.Request) -> web.Response:
        sent = request.headers.get("X-Edge-Sent", "")
        return web.json_response(
            {"zone": zone, "sent": sent, "body": await request.text()},
            headers={"X-Zone": zone},
        )

    async def fail(_: web.Request) -> web.Response:
        return web.Response(status=500)

    async def missing(_: web.Request) -> web.Response:
        return web.Response(status=404)

    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=425, headers={"X-Write-Outcome": "not-sent"})

    async def hang(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    app = web.Application()
    app.add_routes(
        [
            web.get("/slow", slow),
            web.get("/fail", fail),
            web.get("/missing", missing),
            web.post("/fail", fail),
            web.get("/{tail:.*}", page),
            web.post("/write", write),
            web.post("/refuse", refuse),
            web.post("/hang", hang),
        ]
    )
    return app


if __name__ == "__main__":
    sys.exit(
        serve_until_stopped(application(sys.argv[3]), sys.argv[1], int(sys.argv[2]))
    )
