"""What Prometheus scrapes, computed from the status when it asks."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from controller.act.metrics_calm import calm_metrics
from controller.act.metrics_conditions import condition_metrics
from controller.act.probe_metrics import probe_metrics
from controller.act.zone_metrics import zone_metrics
from controller.decide.agents import SILENT_S
from controller.decide.copying import CopyFact
from controller.decide.decide import Decision
from controller.decide.facts import Facts
from controller.decide.fitness import standing_findings
from controller.decide.ledger import Ledger
from controller.decide.reconcile import standing
from health.detector import Verdict
from replication.doctor.inspection import Severity

_COPY: Mapping[str, tuple[str, Callable[[CopyFact], float | None]]] = {
    "copied_bytes": (
        "Bytes of the copy into this server so far.",
        lambda copy: copy.progress.copied_bytes,
    ),
    "total_bytes": (
        "What the whole copy is estimated to be; 0: unknown.",
        lambda copy: copy.progress.total_bytes,
    ),
    "rate_bytes": ("Bytes a second lately.", lambda copy: copy.rate_b_s),
    "left_seconds": ("Until the last byte at this rate.", lambda copy: copy.left_s),
    "still_seconds": ("Since the last byte came.", lambda copy: copy.still_s),
}

Snapshot = Callable[[], tuple[Ledger, Facts, Decision]]


class SiteCollector(Collector):
    """Reads one consistent snapshot a scrape; keeps no counters of its own."""

    def __init__(self, site: str, snapshot: Snapshot) -> None:
        self._site = site
        self._snapshot = snapshot

    @override
    def collect(self) -> Iterable[Metric]:
        ledger, facts, decision = self._snapshot()
        yield self._gauge("epoch", "Highest epoch on record.", ledger.epoch)
        yield self._gauge(
            "protected",
            "1 while every acknowledged write is in two zones.",
            ledger.durability.protected,
        )
        yield self._gauge(
            "unprotected_seconds",
            "Seconds since protection ended; 0 while protected.",
            0.0
            if ledger.durability.protected
            else facts.wall_s - (ledger.durability.since_wall_s or facts.wall_s),
        )
        yield self._gauge("halted", "1 when a person must look.", bool(ledger.halted))
        yield self._gauge(
            "paused", "1 while a person's pause holds.", bool(ledger.paused)
        )
        yield self._gauge("lease_held", "1 while this one may act.", facts.lease_held)
        yield self._gauge("incidents", "Runs begun since the start.", ledger.incidents)
        yield self._gauge(
            "canary_hung_seconds",
            "How long the durable canary waits for an acknowledgement.",
            facts.canary.durable_hung_s,
        )
        yield self._labelled(
            "veto_active",
            "1 for each reason that holds an action now, or would.",
            "veto",
            {v.name: 1.0 for v in decision.vetoes},
        )
        yield from calm_metrics(self._site, ledger, facts)
        yield self._old_primaries(ledger)
        yield self._labelled(
            "lost_transactions",
            "Transactions that only an old primary has; saved and reported.",
            "server",
            {
                s: float(o.counts["transactions"])
                for s, o in ledger.old.items()
                if "transactions" in o.counts
            },
        )
        found = standing_findings(ledger, facts)
        yield self._labelled(
            "doctor_findings",
            "What the doctor finds of the databases, by severity.",
            "severity",
            {s.value: float(sum(f.severity is s for f in found)) for s in Severity},
        )
        yield self._labelled(
            "doctor_inspected_seconds",
            "Since the database last answered the doctor; none: it never did.",
            "server",
            {
                s: look.answered_s
                for s, look in facts.doctor.looks.items()
                if look.answered_s is not None
            },
        )
        yield self._labelled(
            "run_active",
            "1 for the saga step in flight.",
            "step",
            {ledger.run.step.value: 1.0} if ledger.run else {},
        )
        yield from self._copy(facts.copy)
        yield self._labelled(
            "database_up",
            "1 while the database answers us.",
            "server",
            {
                s: float(f.reading.verdict is Verdict.OK)
                for s, f in facts.servers.items()
            },
        )
        yield self._labelled(
            "database_writable",
            "1 for a server that accepts writes by its own word.",
            "server",
            {
                s: float(f.view.writable)
                for s, f in facts.servers.items()
                if f.view is not None and f.reading.verdict is Verdict.OK
            },
        )
        yield from self._lags(facts)
        yield self._labelled(
            "edge_epoch",
            "Epoch of the routes in force at each reachable edge.",
            "edge",
            {e: float(f.epoch) for e, f in facts.edges.items() if f.reachable},
        )
        yield self._labelled(
            "edge_up",
            "1 while the edge answers us.",
            "edge",
            {e: float(f.reachable) for e, f in facts.edges.items()},
        )
        yield self._labelled(
            "edge_on_route",
            "1 while the edge sends users to the primary; none during a run.",
            "edge",
            {
                e: float(on)
                for e, on in standing(ledger, facts).items()
                if on is not None
            },
        )
        yield from zone_metrics(self._site, facts)
        yield from condition_metrics(self._site, facts.zones, decision.conditions)
        yield from probe_metrics(self._site, facts)
        yield self._labelled(
            "agent_up",
            "1 while the zone's agent answers us.",
            "zone",
            {z: float(f.age_s <= SILENT_S) for z, f in facts.agents.items()},
        )
        yield self._labelled(
            "agent_armed_seconds",
            "On record: so long alone and the zone's agent ends its primary; none: no.",
            "zone",
            {z: armed.ttl_s for z, armed in ledger.armed.items()},
        )

        yield from self._observers(facts)

    def _observers(self, facts: Facts) -> Iterable[Metric]:
        """Of ourselves always; of the others where there are any."""
        yield self._gauge(
            "loop_late_seconds",
            "How late our own loop was at worst in the last minute.",
            facts.fitness.worst_s,
        )
        electorate = facts.electorate
        ballots = electorate.ballots if electorate is not None else ()
        yield self._labelled(
            "observer_fit",
            "1 while the observer's own loop is in time, by its latest vote.",
            "observer",
            {b.observer: float(b.fit) for b in ballots},
        )
        yield self._labelled(
            "observer_counted",
            "1 while the observer's vote counts; stale, unfit and missing ones do not.",
            "observer",
            {b.observer: float(not b.why) for b in ballots},
        )
        yield self._labelled(
            "observer_vote_age_seconds",
            "How old the observer's vote is at most, by our clock; none: unknown.",
            "observer",
            {b.observer: b.age_s for b in ballots if b.age_s < float("inf")},
        )

    def _old_primaries(self, ledger: Ledger) -> Metric:
        family = GaugeMetricFamily(
            "sitedr_old_primary",
            "1 for what is known of a server that was primary and is no member now.",
            labels=["site", "server", "known"],
        )
        for server, old in sorted(ledger.old.items()):
            family.add_metric([self._site, server, old.known.value], 1.0)
        return family

    def _copy(self, copy: CopyFact | None) -> Iterable[Metric]:
        """Return how far a copy is; no samples while there is none."""
        for name, (words, value_of) in _COPY.items():
            found: dict[str, float] = {}
            if copy is not None and (value := value_of(copy)) is not None:
                found[copy.spare] = value
            yield self._labelled(f"copy_{name}", words, "server", found)

    def _lags(self, facts: Facts) -> Iterable[Metric]:
        """Of replicas that answer; no series is no knowledge, never 0."""
        told = {
            "receive": "Until what the primary commits is in the replica's relay log.",
            "apply": "Until what the primary commits can be read at the replica.",
        }
        for kind, meaning in told.items():
            yield self._labelled(
                f"replication_{kind}_lag_seconds",
                f"{meaning} By our own canaries and clock.",
                "server",
                {
                    server: lag_s
                    for server, fact in facts.servers.items()
                    if fact.view is not None
                    and fact.view.source
                    and fact.reading.verdict is Verdict.OK
                    and (lag_s := getattr(fact.lag, f"{kind}_s")) is not None
                },
            )

    def _gauge(self, name: str, told: str, value: float) -> Metric:
        family = GaugeMetricFamily(f"sitedr_{name}", told, labels=["site"])
        family.add_metric([self._site], float(value))
        return family

    def _labelled(
        self, name: str, told: str, label: str, values: Mapping[str, float]
    ) -> Metric:
        family = GaugeMetricFamily(f"sitedr_{name}", told, labels=["site", label])
        for key, value in sorted(values.items()):
            family.add_metric([self._site, key], value)
        return family


def merged(clusters: Mapping[str, Iterable[Metric]]) -> Iterable[Metric]:
    """Return one family per name, each sample with its `cluster` as a label.

    The text format allows a name once; what a single site shows stays as it is.
    """
    families: dict[str, Metric] = {}
    for cluster, found in clusters.items():
        for metric in found:
            family = families.setdefault(
                metric.name, Metric(metric.name, metric.documentation, metric.type)
            )
            for sample in metric.samples:
                labels = {**sample.labels, "cluster": cluster}
                family.add_sample(sample.name, labels, sample.value)
    return families.values()


def render_metrics(site: str, snapshot: Snapshot) -> bytes:
    """Return the exposition text of one scrape."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SiteCollector(site, snapshot))
    return generate_latest(registry)
