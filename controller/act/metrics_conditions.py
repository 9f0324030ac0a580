"""What every zone and the site are called, as gauges of 0 and 1."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric

from controller.decide.classify import Condition, Conditions
from controller.model.ids import ZoneId


def condition_metrics(
    site: str, zones: Iterable[ZoneId], conditions: Conditions
) -> Iterable[Metric]:
    """Return every condition of every zone, `none` too, so that alerts can be plain."""
    family = GaugeMetricFamily(
        "sitedr_condition",
        "1 for what the zone is called now.",
        labels=["site", "zone", "condition"],
    )
    for zone in sorted(zones):
        now = conditions.of(zone)
        for condition in Condition:
            value = float(condition is now)
            family.add_metric([site, zone, condition.value], value)
    yield family
    whole = GaugeMetricFamily(
        "sitedr_site_condition",
        "1 for what the site is called now.",
        labels=["site", "condition"],
    )
    for condition in Condition:
        value = float(condition is conditions.site.condition)
        whole.add_metric([site, condition.value], value)
    yield whole
