"""Maintenance as a timeline tells it, and which trouble was declared before; pure.

Trouble in a zone counts as declared only when a window of that zone, or of the site,
stood before it began (replication managers' users ask for exactly that bound: a
window said afterwards explains nothing away).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.incident.record import Body, Record, RecordKind


def maintenance_text(body: Body) -> str:
    """Return one line about a window that was begun, ended, or is over."""
    where = f"zone {body['zone']}" if body["zone"] else "the site"
    whose = f"{body['owner']}: {body['reason']}"
    match body["act"]:
        case "start":
            return f"{where} for {lasting(float(str(body['for_s'])))} ({whose})"
        case "end":
            return f"{where} ended by hand ({whose})"
        case _:
            return f"{where} is over ({whose})"


def lasting(seconds: float) -> str:
    """Return *seconds* as people say them, such as `1 h 30 min`."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (left, "s"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


@dataclass(slots=True)
class Declared:
    """Reads along, oldest record first: who has declared which zone until when.

    Keys are (zone, owner), values end times in wall seconds; zone "": the site.
    """

    _until_s: dict[tuple[str, str], float] = field(default_factory=dict)
    _whose: dict[tuple[str, str], Body] = field(default_factory=dict)

    def mark(self, record: Record) -> str:
        """Return what to add to the line of *record*; empty: nothing."""
        if record.kind is RecordKind.MAINTENANCE:
            self._follow(record)
            return ""
        zone = _zone_in_trouble(record)
        if not zone:
            return ""
        for key, until_s in self._until_s.items():
            if key[0] in {"", zone} and record.at_wall_s <= until_s:
                said = self._whose[key]
                return f"; declared before: {said['owner']}: {said['reason']}"
        return ""

    def _follow(self, record: Record) -> None:
        body = record.body
        key = (str(body["zone"]), str(body["owner"]))
        self._until_s.pop(key, None)
        if body["act"] == "start":
            self._until_s[key] = record.at_wall_s + float(str(body["for_s"]))
            self._whose[key] = body


def _zone_in_trouble(record: Record) -> str:
    """Return the zone that *record* says trouble begins in; empty: none.

    A database is `db-a`'s zone by no rule of ours, so its loss is told by the run or
    the veto that follows; services name their zone.
    """
    body = record.body
    if record.kind is RecordKind.VERDICT and body["verdict"] == "down":
        kind, _, zone = str(body["subject"]).partition(" ")
        return "" if kind in {"database", "edge"} else zone
    if record.kind is RecordKind.STARTED:
        plan = body["plan"]
        assert isinstance(plan, Mapping)
        lost = plan.get("lost")
        return str(lost["zone"]) if isinstance(lost, Mapping) else ""
    return ""
