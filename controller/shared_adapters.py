"""Adapters that clusters of one process have in one; part of the composition root."""

from functools import partial
from pathlib import Path

from cdn_router.adapters.haproxy import HaproxyRuntime
from cdn_router.shares import Share
from controller.act.together import Company, SharedProbe, Together
from controller.config.schema import Site
from controller.model.ids import ClusterId, SlotId
from health.adapters.http import HttpProbe
from health.adapters.redis import RedisProbe
from health.adapters.solr import SolrProbe
from health.ports import Probe

EDGE_PACE_S = 0.05
EDGE_BOUND_S = 1.0
"""Of one look at an edge for all clusters: not more often, and not longer."""


def zone_probe(
    make: "partial[HttpProbe] | partial[RedisProbe] | partial[SolrProbe]",
    site: Site,
    company: Company | None,
) -> Probe:
    """Return a probe; where other clusters ask the same, it asks once for all."""
    timeout_s, pace_s = site.probe.timeout_s, site.probe.interval_s
    if company is None:
        return make(timeout_s=timeout_s)
    key = (make.func, make.args, timeout_s, pace_s)
    probe = company.one(key, lambda: make(timeout_s=timeout_s))
    bound_s = 2 * timeout_s  # it bounds itself; this only says that it must
    return company.one(
        ("shared", *key), lambda: SharedProbe(Together(probe.probe, pace_s, bound_s))
    )


def edge_runtime(socket: Path, maps: Path, company: Company | None) -> HaproxyRuntime:
    """Return the way into an edge; clusters that share it look and write in turn."""
    if company is None:
        return HaproxyRuntime(socket=socket, maps=maps)

    def make() -> HaproxyRuntime:
        runtime = HaproxyRuntime(socket=socket, maps=maps)
        runtime.reading = Together(runtime.look, EDGE_PACE_S, EDGE_BOUND_S)
        return runtime

    return company.one(("edge", socket.resolve()), make)


def share_of(site: Site) -> Share:
    """Return what *site* has of an edge it shares."""
    return Share(cluster=ClusterId(site.site), slots=frozenset(map(SlotId, site.slots)))
