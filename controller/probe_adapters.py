"""Composition root of the probes beside those every zone has."""

from collections.abc import Mapping

from controller.act.clock import SystemClock
from controller.act.pages import PagePolicy
from controller.act.ports import Journey
from controller.config.asked import Asking, page_of
from controller.config.policy import slowest_page_s
from controller.config.schema import Site
from controller.model.ids import EdgeId, ZoneId
from health.adapters.page import PageProbe
from health.http_answer import WantedAnswer
from health.ports import Probe


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
