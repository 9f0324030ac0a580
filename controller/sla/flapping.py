"""A zone that comes and goes, as a timeline tells it; pure."""

from controller.incident.record import Body


def quarantine_text(body: Body) -> str:
    """Return one line about a quarantine that began, or is over."""
    zone = f"zone {body['zone']}"
    if body["act"] == "over":
        return f"{zone} is calm again, and may be moved to"
    span_s, times = float(str(body["span_s"])), int(str(body["times"]))
    again = f", the {times}. time in a row" if times > 1 else ""
    return f"{zone} {body['why']}: no successor until calm for {span_s:.0f} s{again}"
