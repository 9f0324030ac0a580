"""One asking of a probe, whatever the probe does."""

from controller.act.caught import caught
from health.detector import FAULTY
from health.ports import SILENCE, Probe, Sample

NEVER = Sample(phase="", reason="never asked", latency_s=0.0)


async def answer_of(probe: Probe) -> Sample:
    """Ask once; nothing a probe raises ends the watch.

    Cut off is no answer, and any other mistake of ours says nothing about the zone.
    """
    match await caught(probe.probe()):
        case Sample() as sample:
            return sample
        case TimeoutError():
            return Sample(phase="read", reason=f"{SILENCE} in time", latency_s=0.0)
        case error:
            reason = f"the probe failed: {error!r}"
            return Sample(phase=FAULTY, reason=reason, latency_s=0.0)
