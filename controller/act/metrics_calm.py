"""What Prometheus is told of maintenance, and of zones that come and go."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric

from controller.decide.declared import EVERYWHERE
from controller.decide.facts import Facts
from controller.decide.flapping import quarantine_left_s
from controller.decide.ledger import Ledger
from controller.decide.maintenance import active

SITE_WIDE = "*"
"""The zone label of a window of the whole site; no zone can have that name."""


def calm_metrics(site: str, ledger: Ledger, facts: Facts) -> Iterable[Metric]:
    """Yield a family each; no samples where there is nothing."""
    windows = GaugeMetricFamily(
        "sitedr_maintenance_active",
        "1 for each maintenance window; zone `*`: of the whole site.",
        labels=["site", "zone", "owner"],
    )
    for window in active(ledger, facts):
        zone = SITE_WIDE if window.zone == EVERYWHERE else window.zone
        windows.add_metric([site, zone, window.owner], 1.0)
    yield windows
    flips = GaugeMetricFamily(
        "sitedr_zone_flips",
        "How often the zone came back after it was down, in all of the journal.",
        labels=["site", "zone"],
    )
    held = GaugeMetricFamily(
        "sitedr_zone_quarantined_seconds",
        "For how long the zone must be calm until anybody is moved there by itself.",
        labels=["site", "zone"],
    )
    for zone, flaps in sorted(ledger.flaps.items()):
        flips.add_metric([site, zone], float(flaps.flips))
        held.add_metric([site, zone], quarantine_left_s(ledger, facts, zone))
    yield flips
    yield held
