"""What Prometheus is told of maintenance."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric

from controller.decide.declared import EVERYWHERE
from controller.decide.facts import Facts
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
