"""Arithmetic on a configuration: the worst case it promises, in seconds.

A configuration that cannot keep its own target does not start.
"""

import math

from controller.config.schema import Site
from controller.decide.failover import FAILOVER
from controller.decide.saga import Step

CANARY_S = 0.15
"""Pause between canaries; the daemon beats at this pace."""

EDGE_S = 0.25
"""Between two readings of an edge's routes and counters; the daemon asks so often."""

OATHS_S = 3.5
"""For every renewer to swear; what does not answer by then is missing."""

PATIENT_STEPS = frozenset({Step.DRAIN, Step.UNFREEZE, Step.UNHOLD, Step.DEGRADE})
"""Not on the way of a failover that works, or bounded by lag instead of by us."""


def detection_worst_s(site: Site) -> float:
    """Return the longest time from a dead zone to DOWN, seconds.

    Up to one interval until the first doomed question, then `rounds_down`
    questions that each wait out their time-out in a black hole.
    """
    probe = site.probe
    return probe.interval_s + probe.rounds_down * max(probe.timeout_s, probe.interval_s)


def stall_worst_s(site: Site) -> float:
    """Return the longest time from a lost replica to an order to degrade, seconds."""
    return site.probe.stall_s + CANARY_S * 2 + 2 * site.probe.interval_s


def write_dead_worst_s(site: Site) -> float:
    """Return the longest time from the last accepted write to leaving it, seconds.

    The canary before the first that hangs, what its replicas' last word may be old,
    and then as long as the file says; infinite when that says `hold`.
    """
    if site.write_dead.action == "hold":
        return math.inf
    probe = site.probe
    seen_s = CANARY_S + 2 * probe.interval_s + probe.timeout_s
    return site.write_dead.after_s + seen_s


def fence_wait_s(site: Site) -> float:
    """Return how much longer than its row says FENCE may take, seconds.

    A command and what reads it back are each given their time, and some to end;
    proof (d) waits, after everybody swore.
    """
    wait_s = 0.0
    if (command := site.fence_command) is not None:
        wait_s += (command.timeout_s + 0.5) * (2 if command.check else 1)
    if site.agents is not None and "self_fence" in site.proofs:
        wait_s += site.agents.promote_wait_s + OATHS_S
    return wait_s


def failover_steps_s(site: Site) -> dict[Step, float]:
    """Return what one attempt of each step up to RELEASE may take, seconds."""
    found: dict[Step, float] = {}
    step: object = Step.CONFIRM
    while isinstance(step, Step):
        row = FAILOVER[step]
        found[step] = 0.0 if step in PATIENT_STEPS else row.timeout_s
        found[step] += fence_wait_s(site) if row.fences else 0.0
        step = None if step is Step.RELEASE else row.done
    return found


def rto_worst_s(site: Site) -> float:
    """Return detection plus every step at its time-out once, seconds."""
    return detection_worst_s(site) + sum(failover_steps_s(site).values())


def budget_problems(site: Site) -> list[str]:
    """Return every arithmetic reason why *site* cannot keep its promises."""
    problems = []
    worst_s = rto_worst_s(site)
    if worst_s > site.rto_target_s:
        problems.append(
            f"rto_target_s: the worst case is {worst_s:.1f} s"
            f" (detection {detection_worst_s(site):.1f} s), the target"
            f" {site.rto_target_s:g} s: shorten probe.timeout_s or probe.rounds_down,"
            " or raise the target"
        )
    if site.durability.acks == 0 and site.proofs == ["acks_revoked"]:
        problems.append(
            "proofs: acks_revoked proves nothing with `durability: none`:"
            " add process, sql or external"
        )
    return problems
