"""What Prometheus scrapes of pages and of the figures that services give."""

from prometheus_client.core import GaugeMetricFamily, Metric

from controller.decide.facts import Facts
from health.detector import Verdict


def page_metric(site: str, facts: Facts) -> Metric:
    """Return whether each page of each zone is right; 0 also while that is unknown."""
    family = GaugeMetricFamily(
        "sitedr_page_up",
        "1 while the page is right where it is asked for.",
        labels=["site", "zone", "page"],
    )
    for zone, fact in sorted(facts.zones.items()):
        for name, page in sorted(fact.pages.items()):
            up = page.reading.verdict is Verdict.OK
            family.add_metric([site, zone, name], float(up))
    return family
