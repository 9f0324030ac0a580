"""A checked configuration as the frozen policies others take."""

from controller.config.asked import SLOW_S
from controller.config.budget import fence_wait_s
from controller.config.schema import Site
from controller.decide.facts import Mode, Policy
from controller.decide.flaps import FlapPolicy
from controller.model.commands import Member, Proof
from controller.model.ids import ServerId, ZoneId
from health.detector import DetectorPolicy
from health.elevated import RatePolicy
from health.recording import Began
from replication.doctor.inspection import Wanted

SILENT_S = 0.7
"""Heartbeats come every 0.2 s; three missed and a little more is silence."""


def decide_policy(site: Site) -> Policy:
    """Return what `decide` judges by."""
    probe = site.probe
    return Policy(
        mode=Mode(site.mode),
        required_acks=site.durability.acks > 0,
        acks=max(site.durability.acks, 1),
        replicas_wanted=site.durability.of,
        cross_zone=site.durability.cross_zone,
        promotion=dict(site.promotion),
        unapplied_max=site.candidate.unapplied_max,
        proofs=tuple(Proof(p) for p in site.proofs),
        silent_s=SILENT_S,
        stall_s=probe.stall_s,
        fresh_s=probe.rounds_down * (probe.interval_s + probe.timeout_s),
        retry_s=site.retry_s,
        cooldown_s=site.cooldown_s,
        pause_max_s=site.switchover.pause_max_s,
        transaction_max_s=site.switchover.transaction_max_s,
        lag_max=site.switchover.lag_max,
        inspect_s=site.doctor.interval_s,
        doctor_holds=site.doctor.holds,
        examines=site.provisioner.kind != "none",
        fence_s=fence_wait_s(site),
        promote_wait_s=site.agents.promote_wait_s if site.agents else 0.0,
        process_hand=site.provisioner.kind != "none" or site.agents is not None,
        copy_throttled=site.provision.rate_mb_s > 0,
        write_dead_moves=site.write_dead.action == "failover",
        write_dead_s=site.write_dead.after_s,
        quorum_or_hold=site.observers is not None
        and site.observers.without_quorum == "hold",
        zone_errors_move=site.zone_errors.action == "switchover",
        zone_errors_s=site.zone_errors.after_s,
        flapping=FlapPolicy(**site.flapping.model_dump()),
    )


def detector_policy(site: Site) -> DetectorPolicy:
    """Return the hard-down rule; stale after several questions went unanswered."""
    probe = site.probe
    return DetectorPolicy(
        rounds_down=probe.rounds_down,
        rounds_clear=probe.rounds_clear,
        stale_s=10 * (probe.interval_s + probe.timeout_s),
    )


def rate_policy(site: Site) -> RatePolicy:
    """Return when a zone's error rates are elevated."""
    return site.rates.policy()


def began(site: Site, *, at_s: float, wall_s: float) -> Began:
    """Return how a recording of *site* begins: its zones and thresholds."""
    rule = detector_policy(site)
    return Began(
        at_s=at_s,
        wall_s=wall_s,
        site=site.site,
        zones=tuple(ZoneId(name) for name in sorted(site.zones)),
        interval_s=site.probe.interval_s,
        rounds_down=rule.rounds_down,
        rounds_clear=rule.rounds_clear,
        stale_s=rule.stale_s,
        rates=rate_policy(site),
        pages_every_s=site.probe.page_interval_s,
        pages_slow_s=slowest_page_s(site),
    )


def slowest_page_s(site: Site) -> float:
    """Return how long the slowest page may take, seconds."""
    return max((page.slow_s for page in site.pages), default=SLOW_S)


def primary_member(site: Site) -> Member:
    """Return the configured primary; only the very first start reads it."""
    zone = site.zones[site.primary]
    return Member(server=ServerId(zone.database.server), zone=ZoneId(site.primary))


def wanted_of(site: Site) -> Wanted:
    """Return what the doctor measures every server by."""
    return Wanted(
        controller=site.accounts.controller.user,
        replication=site.accounts.replication.user,
        acks=site.durability.acks > 0,
        probe=site.accounts.probe.user if site.accounts.probe else "",
        clone=site.accounts.clone.user if site.accounts.clone else "",
        tls=site.database_tls is not None,
    )
