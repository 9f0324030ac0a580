"""What every door needs of JSON: read a request's object, refuse one in words."""

import json

from aiohttp import web


async def body_of(request: web.Request) -> dict[str, object]:
    """Return the JSON object of a request; an empty body is an empty object."""
    text = await request.text()
    if not text:
        return {}
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise web.HTTPBadRequest(text=f"not JSON: {error}") from error
    if not isinstance(tree, dict):
        raise web.HTTPBadRequest(text="need a JSON object")
    return tree


def refused(why: str) -> web.Response:
    """Return the answer to what cannot be done as it was asked for."""
    return web.json_response({"error": why}, status=400)
