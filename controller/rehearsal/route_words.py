"""A route as one line of a history."""

from cdn_router.ports import Route


def route_words(route: Route | None) -> str:
    """Say where reads and writes go; empty: there is no route."""
    if route is None:
        return ""
    return f"reads {route.read}, writes {route.write}, {route.gate}"
