"""What `durability` means, in words for whoever chooses it."""

from controller.config.schema import Durability
from replication.durability import least_met


def durability_words(wanted: Durability) -> tuple[str, ...]:
    """Return what a commit waits for, and what losing replicas then costs."""
    k, n = wanted.acks, wanted.of
    if k == 0:
        return ("no replica: what is in the primary's zone only is lost with it",)
    where = ", each outside the primary's zone" if wanted.cross_zone else ""
    spare, least = n - k, least_met(n, k)
    stall = (
        f"losing {spare} of {n} stalls nothing"
        if spare
        else "losing one stalls writes until durability is given up, on record"
    )
    need = "all of them" if least == n and n > 1 else f"{least}"
    needs = f"a failover needs {need} to answer: those hold every acknowledged write"
    return (f"{k} of {n} replicas{where}", stall, needs)
