"""Planted bugs of moves for users' errors."""

from dataclasses import replace

from controller.decide.facts import Facts, ZoneFact
from controller.rehearsal.site import RehearsalSite, Settings
from health.elevated import Elevation
from health.rates import Counts
from tests.sim.plants import misled

FAILS_AT = 0.1


def _misread(fact: ZoneFact, *, primary: bool) -> ZoneFact:
    """The primary's zone is judged without the others, and they are called well."""
    rates = fact.rates
    window = replace(rates.long, here=Counts(100, 0))
    if not primary:
        well = replace(rates, says=Elevation.CALM, short=window, long=window)
        return replace(fact, rates=well)
    if rates.short.here.rate <= FAILS_AT:
        return fact
    bad = replace(
        rates, says=Elevation.ELEVATED, bare=Elevation.ELEVATED, sure_s=1000.0
    )
    return replace(fact, rates=bad)


def judged_alone(settings: Settings) -> RehearsalSite:
    """No zone is compared with another: errors everywhere look like one zone's."""

    def misread(facts: Facts) -> Facts:
        primary = {
            f.member.zone
            for f in facts.servers.values()
            if f.view is not None and f.view.writable
        }
        zones = {z: _misread(f, primary=z in primary) for z, f in facts.zones.items()}
        return replace(facts, zones=zones)

    return misled(settings, misread)


def one_bad_answer_is_enough(settings: Settings) -> RehearsalSite:
    """No window, no volume, no confirm time: the first failure counts."""

    def misread(facts: Facts) -> Facts:
        zones = {
            z: _hasty(f) if f.rates.long.here.bad else f for z, f in facts.zones.items()
        }
        return replace(facts, zones=zones)

    return misled(settings, misread)


def _hasty(fact: ZoneFact) -> ZoneFact:
    bare, sure_s = Elevation.ELEVATED, 1000.0
    return replace(fact, rates=replace(fact.rates, says=bare, bare=bare, sure_s=sure_s))
