"""What Prometheus scrapes of pages and of the figures that services give."""

from collections.abc import Iterable, Mapping

from prometheus_client.core import GaugeMetricFamily, Metric

from controller.act.answer import NEVER
from controller.decide.facts import Facts
from health.certificate import CERTIFICATE_LEFT_S
from health.detector import Reading, Verdict

_FIGURES: Mapping[str, tuple[str, str]] = {
    "memory_ratio": ("redis_memory_ratio", "How much of `maxmemory` is used."),
    "evictions_per_s": (
        "redis_evictions_per_second",
        "Keys that had to go early, a second.",
    ),
}


def probe_metrics(site: str, facts: Facts) -> Iterable[Metric]:
    """Return what is known of pages, certificates and stores; unknown is no sample."""
    yield _services(site, facts)
    yield _latencies(site, facts)
    yield _pages(site, facts)
    yield _journeys(site, facts)
    yield _certificates(site, facts)
    for figure, (name, told) in _FIGURES.items():
        family = GaugeMetricFamily(f"sitedr_{name}", told, labels=["site", "zone"])
        for zone, fact in sorted(facts.zones.items()):
            redis = fact.latest.get("redis")
            if redis is not None and figure in redis.figures:
                family.add_metric([site, zone], redis.figures[figure])
        yield family


def _services(site: str, facts: Facts) -> Metric:
    zones = sorted(facts.zones.items())
    return _up(
        "service",
        "1 while the zone's service answers as it should",
        ["zone", "service"],
        {
            (site, zone, name): reading
            for zone, fact in zones
            for name, reading in sorted({**fact.services, **fact.also}.items())
        },
    )


def _latencies(site: str, facts: Facts) -> Metric:
    family = GaugeMetricFamily(
        "sitedr_service_answer_seconds",
        "How long the latest right answer took; none: it was not right.",
        labels=["site", "zone", "service"],
    )
    for zone, fact in sorted(facts.zones.items()):
        for name, sample in sorted(fact.latest.items()):
            if not sample.phase and sample is not NEVER:
                family.add_metric([site, zone, name], sample.latency_s)
    return family


def _pages(site: str, facts: Facts) -> Metric:
    zones = sorted(facts.zones.items())
    return _up(
        "page",
        "1 while the page is right where it is asked for",
        ["zone", "page"],
        {
            (site, zone, name): page.reading
            for zone, fact in zones
            for name, page in sorted(fact.pages.items())
        },
    )


def _journeys(site: str, facts: Facts) -> Metric:
    return _up(
        "journey",
        "1 while the page asked for through an edge is right",
        ["journey"],
        {(site, name): j.reading for name, j in sorted(facts.journeys.items())},
    )


def _up(
    name: str, told: str, labels: list[str], seen: Mapping[tuple[str, ...], Reading]
) -> Metric:
    """Return 1 or 0 where either is known."""
    told = f"{told}; none: it cannot be observed, or is not known yet."
    family = GaugeMetricFamily(f"sitedr_{name}_up", told, labels=["site", *labels])
    for values, reading in seen.items():
        if reading.verdict in {Verdict.OK, Verdict.DOWN}:
            family.add_metric(list(values), float(reading.verdict is Verdict.OK))
    return family


def _certificates(site: str, facts: Facts) -> Metric:
    """Return the certificates that were shown; one that is not valid is never shown."""
    family = GaugeMetricFamily(
        "sitedr_certificate_expires_seconds",
        "How long the certificate shown to a question is still good for.",
        labels=["site", "asked"],
    )
    shown = {f"journey {n}": j.figures for n, j in facts.journeys.items()}
    for zone, fact in facts.zones.items():
        shown |= {f"{n} {zone}": seen.figures for n, seen in fact.latest.items()}
        shown |= {f"page {n} {zone}": page.figures for n, page in fact.pages.items()}
    for asked, figures in sorted(shown.items()):
        if (left_s := figures.get(CERTIFICATE_LEFT_S)) is not None:
            family.add_metric([site, asked], left_s)
    return family
