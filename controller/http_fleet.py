"""Doors of a fleet: every cluster in a line, and one scrape for all.

What changes a cluster goes through that cluster's own socket, which is where it
would be if it ran alone; the fleet's socket only shows.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from controller.act.admission import Gate
from controller.act.bulkhead import Cell, Life
from controller.act.metrics import SiteCollector, merged
from controller.decide.status import fleet_row


@dataclass(slots=True)
class FleetDoors:
    """The handlers; *cells* in the order of the fleet's file."""

    fleet: str
    cells: Sequence[Cell]
    gate: Gate

    def control(self) -> web.Application:
        """Return the application of the unix socket."""
        app = web.Application()
        app.router.add_get("/fleet", self.show)
        return app

    def public(self) -> web.Application:
        """Return the application of the TCP port."""
        app = web.Application()
        app.router.add_get("/metrics", self.metrics)
        app.router.add_get("/healthz", self.healthz)
        return app

    async def show(self, request: web.Request) -> web.Response:
        """Answer with one row a cluster."""
        del request
        rows = [row_of(cell) for cell in self.cells]
        tree = {"fleet": self.fleet, "promotions": self._promotions()}
        return web.json_response({**tree, "clusters": rows})

    def _promotions(self) -> Mapping[str, int]:
        found = self.gate.figures(self.gate.clock.monotonic_s())
        return {
            "under_way": found.under_way,
            "waiting": found.waiting,
            "stuck": found.stuck,
            "max": self.gate.limits.promotions_max,
        }

    async def healthz(self, request: web.Request) -> web.Response:
        """Answer 200 while every cluster evaluates; 503 naming who does not."""
        del request
        halted = {c.name: why for c in self.cells if (why := _halted(c))}
        stopped = {c.name: c.trouble for c in self.cells if c.life is Life.STOPPED}
        return web.json_response(
            {"halted": halted, "stopped": stopped, "clusters": len(self.cells)},
            status=503 if halted or stopped else 200,
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer a Prometheus scrape; other clusters' rounds go on in between."""
        del request
        found: dict[str, Iterable[Metric]] = {}
        for cell in self.cells:
            found[cell.name] = _site_metrics(cell)
            await asyncio.sleep(0)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Collected([*self._own(), *merged(found)]))
        text = generate_latest(registry)
        return web.Response(body=text, content_type="text/plain", charset="utf-8")

    def _own(self) -> Iterable[Metric]:
        up = GaugeMetricFamily(
            "sitedr_cluster_up",
            "1 while the cluster's part of the daemon runs.",
            labels=["site", "cluster"],
        )
        lives = GaugeMetricFamily(
            "sitedr_cluster_lives",
            "How often the cluster's part was begun; above 1: it stopped before.",
            labels=["site", "cluster"],
        )
        for cell in self.cells:
            up.add_metric([cell.name, cell.name], float(cell.life is Life.RUNNING))
            lives.add_metric([cell.name, cell.name], float(cell.lives))
        promotions = GaugeMetricFamily(
            "sitedr_promotions",
            "Failovers between start and OPEN, those that wait, and the limit.",
            labels=["fleet", "state"],
        )
        for state, count in self._promotions().items():
            promotions.add_metric([self.fleet, state], float(count))
        return up, lives, promotions


class _Collected(Collector):
    """Hands out what was found already."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = tuple(found)

    @override
    def collect(self) -> Iterable[Metric]:
        return self._found


def _site_metrics(cell: Cell) -> Iterable[Metric]:
    daemon = cell.daemon
    if daemon is None:
        return ()
    seen = (daemon.book.ledger, daemon.facts(), daemon.decision)
    return list(SiteCollector(cell.name, lambda: seen).collect())


def _halted(cell: Cell) -> str:
    return "" if cell.daemon is None else cell.daemon.book.ledger.halted


def row_of(cell: Cell) -> Mapping[str, object]:
    """Return what the fleet's table says of one cluster."""
    row = {
        "cluster": cell.name,
        "priority": cell.priority,
        "life": cell.life.value,
        "lives": cell.lives,
    }
    if (daemon := cell.daemon) is None:
        return {**row, "sentence": cell.trouble or "starting", "vetoes": []}
    return {**row, **fleet_row(daemon.book.ledger, daemon.policy, daemon.decision)}
