"""What the daemon of a rehearsal decides by: its settings as a policy."""

from controller.decide.facts import Policy
from controller.rehearsal.agents import ZoneAgents
from controller.rehearsal.settings import Settings


def policy_of(settings: Settings, agents: ZoneAgents) -> Policy:
    """Return what a daemon with such a configuration would have."""
    return Policy(
        mode=settings.mode,
        required_acks=settings.durability != "none",
        proofs=settings.proofs,
        silent_s=0.7,
        stall_s=0.5,
        fresh_s=1.5,
        retry_s=settings.retry_s,
        cooldown_s=settings.cooldown_s,
        pause_max_s=settings.pause_max_s,
        transaction_max_s=settings.transaction_max_s,
        lag_max=settings.lag_max,
        replicas_wanted=settings.replicas,
        acks=settings.acks,
        cross_zone=settings.cross_zone,
        promotion=settings.promotion,
        unapplied_max=settings.unapplied_max,
        inspect_s=60.0,
        reinspect_s=5.0,
        fence_s=agents.fence_s,
        promote_wait_s=agents.promote_wait_s,
        write_dead_moves=settings.write_dead == "failover",
        zone_errors_move=settings.zone_errors == "switchover",
        zone_errors_s=settings.zone_errors_s,
        flapping=settings.flapping,
        quorum_or_hold=settings.without_quorum == "hold",
    )
