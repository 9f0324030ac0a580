"""Composition root of the probes, and of what else the zones' stores are reached by."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from controller.act.clock import SystemClock
from controller.act.pages import PagePolicy
from controller.act.ports import Also, Journey
from controller.act.together import Company
from controller.config.asked import Also as AlsoConfig
from controller.config.asked import Asking, page_of
from controller.config.policy import slowest_page_s
from controller.config.schema import Site, Zone
from controller.config.secrets import read_secret
from controller.model.ids import EdgeId, ZoneId
from controller.shared_adapters import zone_probe
from deploy.running import REAP_S, run_bounded
from health.adapters.command import CommandProbe
from health.adapters.http import HttpProbe
from health.adapters.page import PageProbe
from health.adapters.redis import RedisProbe
from health.adapters.solr import SolrProbe
from health.adapters.tcp import TcpProbe
from health.http_answer import WantedAnswer
from health.ports import Probe
from replication.adapters.redis_cache import RedisCache
from replication.ports import CacheStore

SEARCH_S = 1.0
"""Nothing is moved by a lost search, so nobody waits for a tenth of a second."""


def build_probes(
    site: Site, base: Path, company: Company | None
) -> Mapping[ZoneId, Mapping[str, Probe]]:
    """Return what every zone is asked for; raises `ConfigError` for a bad secret."""
    password, wall_s = _redis_password(site, base), SystemClock().wall_s
    return {
        ZoneId(name): {
            "origin": zone_probe(
                partial(HttpProbe, f"{zone.origin}/healthz", wall_s=wall_s),
                site,
                company,
            ),
            "redis": zone_probe(
                partial(RedisProbe, *_host_port(zone.redis), password), site, company
            ),
        }
        for name, zone in site.zones.items()
    }


def build_caches(site: Site, base: Path) -> Mapping[ZoneId, CacheStore]:
    """Return every zone's Redis; raises `ConfigError` for a bad secret."""
    password = _redis_password(site, base)
    return {
        ZoneId(name): RedisCache(*_host_port(zone.redis), password)
        for name, zone in site.zones.items()
    }


def build_also(
    site: Site, company: Company | None
) -> Mapping[ZoneId, Mapping[str, Also]]:
    """Return every zone's further services: search, and what its `also` lists."""
    return {
        ZoneId(name): {
            "search": _search(site, zone, company),
            **{also.name: _also(also, name) for also in zone.also},
        }
        for name, zone in site.zones.items()
    }


def _search(site: Site, zone: Zone, company: Company | None) -> Also:
    make = partial(SolrProbe, *search_of(site, zone))
    return Also(
        probe=zone_probe(make, site, company),
        every_s=max(SEARCH_S, site.probe.interval_s),
        bound_s=2 * site.probe.timeout_s,
    )


def _also(also: AlsoConfig, zone: str) -> Also:
    return Also(
        probe=_tcp(also) if also.command is None else _command(also, zone),
        every_s=also.every_s,
        bound_s=also.timeout_s + REAP_S,
        mandatory=also.mandatory,
    )


def _tcp(also: AlsoConfig) -> Probe:
    assert also.tcp is not None
    return TcpProbe(*_host_port(also.tcp), timeout_s=also.timeout_s)


def _command(also: AlsoConfig, zone: str) -> Probe:
    told = {"SITEDR_ZONE": zone, "SITEDR_SERVICE": also.name}
    bound_s = also.timeout_s
    run = partial(run_bounded, also.command or (), told, bound_s=bound_s)
    return CommandProbe(run, timeout_s=bound_s)


def search_of(site: Site, zone: Zone) -> tuple[str, str]:
    """Return where a zone's Solr is, and its core: the URL's, or `search_core`."""
    url, _, core = zone.search.rstrip("/").partition("/solr/")
    return (url, core) if core else (url.removesuffix("/solr"), site.search_core)


def _redis_password(site: Site, base: Path) -> str:
    reference = site.redis_password
    return read_secret(reference, base=base).value if reference else ""


def _host_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def build_pages(site: Site) -> Mapping[ZoneId, Mapping[str, Probe]]:
    """Return every page of every zone."""
    return {
        ZoneId(name): {page.name: _asking(zone.origin, page) for page in site.pages}
        for name, zone in site.zones.items()
    }


def build_journeys(site: Site) -> Mapping[str, Journey]:
    """Return every journey by its name."""
    return {
        journey.name: Journey(
            edge=EdgeId(journey.edge),
            probe=_asking(site.edges[journey.edge].url, journey),
            every_s=site.probe.page_interval_s,
            page=page_of(journey, site.pages),
        )
        for journey in site.journeys
    }


def page_policy(site: Site) -> PagePolicy:
    """Return how often pages are asked for, and how long the slowest may take."""
    every_s = site.probe.page_interval_s
    return PagePolicy(every_s=every_s, slow_s=slowest_page_s(site))


def _asking(url: str, asking: Asking) -> Probe:
    return PageProbe(
        f"{url.rstrip('/')}{asking.path}",
        slow_s=asking.slow_s,
        wanted=WantedAnswer(status=asking.status, body=(asking.body or "").encode()),
        host=asking.host or "",
        wall_s=SystemClock().wall_s,
    )
