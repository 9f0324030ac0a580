"""Doors of the daemon: control on a unix socket, metrics on TCP.

Control changes things, so it is reachable only by who may open the socket
(mode 0600, the daemon's own user). The TCP port shows `/metrics` and
`/healthz` and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web

from controller.act.daemon import Daemon
from controller.act.metrics import render_metrics
from controller.decide.decide import current_wish, decide
from controller.decide.facts import Facts
from controller.decide.ledger import Wish
from controller.decide.maintenance import NAME
from controller.decide.outlook import outlook_tree, switchover_tree, with_wish
from controller.decide.status import status_tree
from controller.http_json import body_of as _body
from controller.http_json import refused as _bad
from controller.http_maintenance import MaintenanceDoor, told
from controller.incident.record import Record, RecordKind, render_record
from controller.model.ids import ServerId, ZoneId

"""Linux allows 107 bytes in a unix socket's path; a margin for the suffix."""


def socket_path(state_dir: Path) -> Path:
    """Return where the control socket of *state_dir* is; see `control.path`."""
    named = state_dir / "control.path"
    if named.exists():
        return Path(named.read_text(encoding="utf-8").strip())
    return state_dir / "control.sock"


@dataclass(slots=True)
class Doors:
    """The handlers; every change goes through the journal first."""

    daemon: Daemon
    site: str
    records: Callable[[], tuple[Record, ...]]

    def control(self) -> web.Application:
        """Return the application of the unix socket."""
        app = web.Application()
        app.router.add_get("/status", self.status)
        app.router.add_get("/records", self.list_records)
        app.router.add_get("/plan", self.plan)
        app.router.add_post("/approve", self.approve)
        app.router.add_post("/deny", self.deny)
        app.router.add_post("/pause", self.pause)
        app.router.add_post("/resume", self.resume)
        app.router.add_post("/give-up", self.give_up)
        app.router.add_post("/failover", self.failover)
        app.router.add_post("/switchover", self.switchover)
        MaintenanceDoor(self.daemon).add_to(app)
        return app

    def public(self) -> web.Application:
        """Return the application of the TCP port."""
        app = web.Application()
        app.router.add_get("/metrics", self.metrics)
        app.router.add_get("/healthz", self.healthz)
        return app

    async def status(self, request: web.Request) -> web.Response:
        """Answer with the whole state."""
        del request
        daemon = self.daemon
        return web.json_response(
            status_tree(
                daemon.book.ledger, daemon.facts(), daemon.policy, daemon.decision
            )
        )

    async def list_records(self, request: web.Request) -> web.Response:
        """Answer with the records after `since`, oldest first."""
        try:
            since = int(request.query.get("since", "0"))
        except ValueError:
            return _bad("since must be a record number")
        return web.json_response(
            [render_record(r) for r in self.records() if r.seq > since]
        )

    async def plan(self, request: web.Request) -> web.Response:
        """Answer with what losing `lose` would lead to, all vetoes included."""
        zone = ZoneId(request.query.get("lose", ""))
        daemon = self.daemon
        if zone not in daemon.observatory.ports.probes:
            return _bad(f"lose: no zone {zone!r}")
        tree = outlook_tree(daemon.book.ledger, daemon.facts(), daemon.policy, zone)
        return web.json_response(tree)

    async def approve(self, request: web.Request) -> web.Response:
        """Grant what waits for approval now."""
        body = await _body(request)
        waiting = {v.name for v in self.daemon.decision.vetoes}
        if "awaiting_approval" not in waiting:
            return _bad("nothing waits for approval")
        trouble = self.daemon.decision.trouble
        self.daemon.book.append(
            RecordKind.APPROVED, {"what": trouble, "by": str(body.get("by", ""))}
        )
        return web.json_response({"approved": trouble})

    async def deny(self, request: web.Request) -> web.Response:
        """Take back a wish or an approval that was not used yet."""
        body = await _body(request)
        ledger = self.daemon.book.ledger
        wish = current_wish(ledger, self.daemon.facts(), self.daemon.policy)
        if wish is None and not ledger.approved:
            return _bad("nothing to deny: no wish and no approval waits")
        what = f"the wish for zone {wish.to_zone}" if wish else "the approval"
        self.daemon.book.append(RecordKind.DENIED, {"by": str(body.get("by", ""))})
        return web.json_response({"denied": what})

    async def pause(self, request: web.Request) -> web.Response:
        """Begin nothing new; a run under way goes on to its end."""
        body = await _body(request)
        why = str(body.get("why", "")) or "by an operator"
        self.daemon.book.append(RecordKind.PAUSED, {"why": why})
        return web.json_response({"paused": why})

    async def resume(self, request: web.Request) -> web.Response:
        """End a pause, and a halt a person has looked at."""
        del request
        ledger = self.daemon.book.ledger
        ended = [f"paused ({ledger.paused})"] if ledger.paused else []
        ended += [f"halted ({ledger.halted})"] if ledger.halted else []
        if not ended:
            return _bad("nothing to resume: neither paused nor halted")
        self.daemon.book.append(RecordKind.RESUMED, {})
        return web.json_response({"resumed": ", ".join(ended)})

    async def give_up(self, request: web.Request) -> web.Response:
        """Let an old primary be laid anew although what it holds is not saved."""
        body = await _body(request)
        ledger = self.daemon.book.ledger
        server, why = str(body.get("server", "")), str(body.get("why", ""))
        old = ledger.old.get(ServerId(server))
        if not why:
            return _bad("need `why`, a reason for the journal")
        if old is None:
            known = ", ".join(sorted(ledger.old)) or "none"
            return _bad(f"{server} is no old primary; there: {known}")
        if old.may_be_laid_anew(ledger.primary):
            return _bad(f"nothing to give up: {server} may be laid anew as it is")
        if ledger.run is not None and ledger.run.plan.lost == old.member:
            return _bad(f"{server} is being looked at just now: ask again in a moment")
        self.daemon.book.append(RecordKind.GIVEN_UP, {"server": server, "why": why})
        return web.json_response({"server": server, "why": why})

    async def failover(self, request: web.Request) -> web.Response:
        """Begin a failover by an operator's wish, unless a veto stands.

        What could not begin within `valid_s` after all is forgotten.
        """
        body = await _body(request)
        daemon = self.daemon
        facts = daemon.facts()
        wish = _wish(body, facts, planned=False)
        if wrong := self._wrong(wish, needs_why=True):
            return _bad(wrong)
        windows = told(daemon, wish.to_zone)
        idle = [n for n in self._idle(wish, facts) if not (windows and n == NAME)]
        hoped = with_wish(daemon.book.ledger, wish)
        found = decide(hoped, facts, daemon.policy)
        decision = daemon.admission.foresee(found, facts)
        if decision.start is None:
            standing = [
                {"name": v.name, "reason": v.reason, "overridable": v.overridable}
                for v in decision.vetoes
            ]
            tree = {"started": False, "vetoes": standing, "idle_overrides": idle}
            return web.json_response({**tree, "maintenance": windows}, status=409)
        valid_s = self._take(wish)
        tree = {"started": True, "vetoes": [], "idle_overrides": idle}
        return web.json_response({**tree, "maintenance": windows, "valid_s": valid_s})

    async def switchover(self, request: web.Request) -> web.Response:
        """Begin a planned move, unless a veto stands; `dry_run`: only say which.

        The primary is asked which transactions are open, and nothing else is done
        before the answer is complete.
        """
        body = await _body(request)
        daemon = self.daemon
        primary = daemon.book.ledger.primary
        if primary is not None:
            await daemon.confirmer.ask_transactions(primary.server)
        dry_run = body.get("dry_run") is True
        facts = daemon.facts()
        wish = _wish(body, facts, planned=True)
        if wrong := self._wrong(wish, needs_why=not dry_run):
            return _bad(wrong)
        tree = {
            **switchover_tree(daemon.book.ledger, facts, daemon.policy, wish),
            "maintenance": told(daemon, wish.to_zone),
        }
        started = bool(tree["would_act"]) and not dry_run
        if not started:
            status = 200 if dry_run else 409
            return web.json_response({**tree, "started": False}, status=status)
        valid_s = self._take(wish)
        return web.json_response({**tree, "started": True, "valid_s": valid_s})

    def _wrong(self, wish: Wish, *, needs_why: bool) -> str:
        """Return what is wrong with the words of *wish*; empty: nothing."""
        zones = self.daemon.observatory.ports.probes
        if wish.to_zone not in zones:
            return f"no zone {wish.to_zone}: {'|'.join(sorted(zones))}"
        if needs_why and not wish.why:
            return "need `why`, a reason for the journal"
        return ""

    def _idle(self, wish: Wish, facts: Facts) -> list[str]:
        """Return the overrides that waive nothing, as a typo does."""
        plain = with_wish(self.daemon.book.ledger, replace(wish, overrides=()))
        standing = decide(plain, facts, self.daemon.policy).vetoes
        return sorted(set(wish.overrides) - {v.name for v in standing})

    def _take(self, wish: Wish) -> float:
        """Put *wish* on record; return for how long it may begin, seconds."""
        body: dict[str, object] = {
            "to": wish.to_zone,
            "why": wish.why,
            "overrides": list(wish.overrides),
        }
        if wish.planned:
            body["planned"] = True
        self.daemon.book.append(RecordKind.WISH, body)
        return self.daemon.policy.wish_s

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer a Prometheus scrape."""
        del request
        daemon = self.daemon
        text = render_metrics(
            self.site,
            lambda: (daemon.book.ledger, daemon.facts(), daemon.decision),
        )
        return web.Response(body=text, content_type="text/plain", charset="utf-8")

    async def healthz(self, request: web.Request) -> web.Response:
        """Answer 200 while the daemon evaluates; 503 when it is halted."""
        del request
        halted = self.daemon.book.ledger.halted
        return web.json_response(
            {"halted": halted, "lease_held": self.daemon.lease.held},
            status=503 if halted else 200,
        )


def _wish(body: Mapping[str, object], facts: Facts, *, planned: bool) -> Wish:
    overrides = body.get("overrides", [])
    return Wish(
        to_zone=ZoneId(str(body.get("to", ""))),
        why=str(body.get("why", "")),
        overrides=tuple(map(str, overrides)) if isinstance(overrides, list) else (),
        at_mono_s=facts.now_s,
        at_wall_s=facts.wall_s,
        planned=planned,
    )
