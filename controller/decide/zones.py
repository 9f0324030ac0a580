"""Whether users can be sent to a zone, by what is asked of it. Pure."""

from controller.decide.facts import ZoneFact
from health.detector import Verdict


def unfit_for_users(zone: ZoneFact) -> str:
    """Return why nobody is to be moved to *zone*; empty: nothing is against it.

    A service we cannot observe is no reason: that is our trouble, and another veto's.
    """
    origin = zone.services.get("origin")
    if origin is not None and origin.verdict is Verdict.DOWN:
        return f"zone {zone.zone} has no working origin: {origin.reason}"
    return lacks_mandatory(zone)


def lacks_mandatory(zone: ZoneFact) -> str:
    """Return which `mandatory` service of *zone* is down; empty: none."""
    for name in sorted(zone.mandatory):
        reading = zone.also.get(name)
        if reading is not None and reading.verdict is Verdict.DOWN:
            return f"{name} of zone {zone.zone} is mandatory and down: {reading.reason}"
    return ""
