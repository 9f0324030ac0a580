"""The door of maintenance windows: begin, end, list; all of it on record first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from controller.act.daemon import Daemon
from controller.decide.declared import EVERYWHERE, WINDOW_MAX_S
from controller.decide.maintenance import active, maintenance_tree, windows_of
from controller.http_json import body_of, refused
from controller.incident.record import RecordKind
from controller.model.ids import IncidentId, ZoneId

NO_INCIDENT = IncidentId("")
WORDS_MAX = 200


@dataclass(slots=True)
class MaintenanceDoor:
    """The handlers of one site's windows."""

    daemon: Daemon

    def add_to(self, app: web.Application) -> None:
        """Put the routes into the application of the control socket."""
        app.router.add_get("/maintenance", self.show)
        app.router.add_post("/maintenance/start", self.start)
        app.router.add_post("/maintenance/end", self.end)

    async def show(self, request: web.Request) -> web.Response:
        """Answer with every window that stands."""
        del request
        return web.json_response({"maintenance": self._tree()})

    async def start(self, request: web.Request) -> web.Response:
        """Begin a window; one's own for the same zone is replaced by it."""
        body = await body_of(request)
        zone, owner = ZoneId(str(body.get("zone") or "")), str(body.get("owner", ""))
        reason, for_s = str(body.get("reason", "")), body.get("for_s")
        if wrong := self._wrong(zone, owner=owner, reason=reason):
            return refused(wrong)
        if isinstance(for_s, bool) or not isinstance(for_s, int | float):
            return refused("need `for_s`, how long it is to last in seconds")
        if not 0 < for_s <= WINDOW_MAX_S:
            return refused(
                f"for_s: {for_s:g} s is not above 0 and at most {WINDOW_MAX_S:g} s"
                " (72 h): every window ends by itself; say it again before it does"
            )
        said = {"act": "start", "zone": zone, "owner": owner, "reason": reason}
        self._append({**said, "for_s": float(for_s)})
        return web.json_response({"maintenance": self._tree()})

    async def end(self, request: web.Request) -> web.Response:
        """End the window of a zone, of *owner* when several people have one there."""
        body = await body_of(request)
        zone, owner = ZoneId(str(body.get("zone") or "")), str(body.get("owner") or "")
        if wrong := self._unknown(zone):
            return refused(wrong)
        daemon = self.daemon
        there = windows_of(daemon.book.ledger, daemon.facts(), zone)
        ending = [w for w in there if owner in {"", w.owner}]
        if not ending:
            whose = f" by {owner}" if owner else ""
            return refused(f"nothing to end: no window of {_where(zone)}{whose} stands")
        if len(ending) > 1:
            names = ", ".join(w.owner for w in ending)
            return refused(f"{_where(zone)} has windows of {names}: name the owner")
        (window,) = ending
        said = {"act": "end", "zone": zone, "owner": window.owner}
        self._append({**said, "reason": window.reason})
        return web.json_response(
            {"ended": {**said, "zone": zone or None}, "maintenance": self._tree()}
        )

    def _wrong(self, zone: ZoneId, *, owner: str, reason: str) -> str:
        """Return what is wrong with the words of a window; empty: nothing."""
        for name, said in (("owner", owner), ("reason", reason)):
            if not said.strip() or len(said) > WORDS_MAX or not said.isprintable():
                return f"need `{name}`, one line of at most {WORDS_MAX} characters"
        return self._unknown(zone)

    def _unknown(self, zone: ZoneId) -> str:
        zones = self.daemon.observatory.ports.probes
        if zone == EVERYWHERE or zone in zones:
            return ""
        return f"no zone {zone}: {'|'.join(sorted(zones))}, or the whole site"

    def _append(self, body: Mapping[str, object]) -> None:
        kind = RecordKind.MAINTENANCE
        self.daemon.book.append(kind, body, incident=NO_INCIDENT)

    def _tree(self) -> list[Mapping[str, object]]:
        return maintenance_tree(self.daemon.book.ledger, self.daemon.facts())


def _where(zone: ZoneId) -> str:
    return "the site" if zone == EVERYWHERE else f"zone {zone}"


def told(daemon: Daemon, to_zone: ZoneId) -> Sequence[str]:
    """Return in words every window that a move by a person goes out of, or into."""
    ledger, facts = daemon.book.ledger, daemon.facts()
    primary = set() if ledger.primary is None else {ledger.primary.zone}
    about = {EVERYWHERE, to_zone} | primary
    zones = {w.zone for w in active(ledger, facts)} & about
    trees = maintenance_tree(ledger, facts)
    return [str(t["words"]) for t in trees if (t["zone"] or EVERYWHERE) in zones]
