"""When canaries were answered last, and since when they are not."""

from dataclasses import dataclass

from controller.decide.facts import CanaryFact


@dataclass(slots=True)
class CanaryMemory:
    """Times are monotonic seconds; None: never, or it is not so."""

    hung_since_s: float | None = None
    durable_ok_at_s: float | None = None
    local_ok_at_s: float | None = None
    refused_since_s: float | None = None
    reason: str = ""

    def fact(self, now_s: float) -> CanaryFact:
        """Return it with ages instead of times."""

        def age_s(at_s: float | None) -> float | None:
            return None if at_s is None else now_s - at_s

        return CanaryFact(
            durable_hung_s=age_s(self.hung_since_s) or 0.0,
            durable_ok_age_s=age_s(self.durable_ok_at_s),
            local_ok_age_s=age_s(self.local_ok_at_s),
            durable_refused_s=age_s(self.refused_since_s) or 0.0,
            durable_reason=self.reason,
        )
