"""What users asked of each zone and what they got, as gauges."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import GaugeMetricFamily, Metric

from controller.decide.facts import Facts, ZoneFact
from health.elevated import Elevation

_GAUGES: Mapping[str, tuple[str, Callable[[ZoneFact], float]]] = {
    "zone_answers": (
        "What users asked of the zone in the long window, by the edges' counters.",
        lambda zone: float(zone.users.long.here.total),
    ),
    "zone_failures": (
        "How much of that failed; who gave up first is in neither.",
        lambda zone: float(zone.users.long.here.bad),
    ),
    "zone_elevated": (
        "1 while failures are surely many, and surely this zone's.",
        lambda zone: float(zone.rates.says is Elevation.ELEVATED),
    ),
}


def zone_metrics(site: str, facts: Facts) -> Iterable[Metric]:
    """Return one gauge of every zone for each figure."""
    for name, (told, value) in _GAUGES.items():
        family = GaugeMetricFamily(f"sitedr_{name}", told, labels=["site", "zone"])
        for zone, fact in sorted(facts.zones.items()):
            family.add_metric([site, zone], value(fact))
        yield family
