"""What the clients' answers add up to; arithmetic on its arguments only."""

from collections.abc import Sequence
from itertools import pairwise

from deploy.lab.traffic import Read, Write

SLOT_S = 0.1
STRAGGLERS_S = 0.3


def pauses_s(
    acks_s: Sequence[float], fault_s: float, ended_s: float
) -> tuple[float, float]:
    """Return the write gap, and the longest pause of writes after it; seconds.

    The gap begins at the last acknowledgement before the fault. An answer that
    was under way while the zone died must not make it look short, so of the
    pauses that begin until shortly after the fault the longest counts. A gap
    that never closed ends with the traffic.

    Args:
        acks_s: when each acknowledgement arrived, ascending.
        fault_s: when the fault was injected.
        ended_s: when the clients stopped.
    """
    before = [at for at in acks_s if at <= fault_s]
    after = [at for at in acks_s if at > fault_s]
    points = [before[-1] if before else fault_s, *after, max(ended_s, fault_s)]
    gap_s = later_s = 0.0
    for began, ended in pairwise(points):
        if began <= fault_s + STRAGGLERS_S:
            gap_s = max(gap_s, ended - began)
        else:
            later_s = max(later_s, ended - began)
    return gap_s, later_s


def availability(
    reads: Sequence[Read], acks: Sequence[Write], began_s: float, ended_s: float
) -> float:
    """Return the share of 100 ms slots in which both worked, 0 to 1.

    A slot counts when at least one read was answered in it, no read that
    failed was sent in it, and at least one write was acknowledged in it. The
    incomplete last slot is left out.
    """
    slots = int((ended_s - began_s) / SLOT_S)
    if slots < 1:
        return 0.0

    def slot(at_s: float) -> int:
        return int((at_s - began_s) / SLOT_S)

    read = {slot(r.done_s) for r in reads if r.ok}
    failed = {slot(r.sent_s) for r in reads if not r.ok}
    written = {slot(w.done_s) for w in acks}
    good = (read - failed) & written & set(range(slots))
    return len(good) / slots
