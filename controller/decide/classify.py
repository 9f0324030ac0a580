"""What we call what we see, of every zone and of the site; pure.

A name with its evidence, before anything is decided: it allows nothing that a guard
forbids. Only ZONE_LOST and DATABASE_ONLY are about moving a primary by force; of what
else is named nobody is promoted for. EVERYTHING holds by itself: who sees all of them
lost at once looks through something broken (Kubernetes' node controller evicts nothing
then, traffic.md §1.12).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from controller.decide.blind import is_crowded, users_are_served
from controller.decide.facts import (
    Facts,
    Policy,
    ServerFact,
    Veto,
    ZoneFact,
    answers_now,
)
from controller.decide.guards import hearing, vantages
from controller.decide.ledger import Ledger
from controller.decide.saga import Plan
from controller.decide.writing import dead_for_s
from controller.model.commands import Member
from controller.model.ids import ZoneId
from health.detector import Reading, Verdict
from health.elevated import Elevation

ORIGIN = "origin"


class Condition(StrEnum):
    """What is the matter with a zone, or with the site."""

    NONE = "none"
    EVERYTHING = "everything"  # all look lost at once: a common cause, so hold
    ZONE_LOST = "zone_lost"  # neither its database nor any service answers
    DATABASE_ONLY = "database_only"  # its database is lost or writes nothing
    OBSERVER_CUT_OFF = "observer_cut_off"  # we do not reach it, others do
    CANNOT_OBSERVE = "cannot_observe"  # it refuses us: credentials, DNS, version
    OVERLOAD = "overload"  # it has all the clients it takes
    ONE_SITE = "one_site"  # users get errors wherever they ask: a bad deploy
    DEGRADED = "degraded"  # it serves, slowly or with errors, or without a service


@dataclass(frozen=True, slots=True)
class Named:
    """A condition and, without figures that change all the time, its evidence."""

    condition: Condition
    why: str

    @property
    def told(self) -> str:
        """Return both for people."""
        return f"{self.condition.value.replace('_', ' ')}: {self.why}"


WELL = Named(Condition.NONE, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Of the site, and of every zone with whom something is the matter."""

    site: Named = WELL
    zones: Mapping[ZoneId, Named] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, zone: ZoneId) -> Condition:
        """Return the condition of *zone*."""
        found = self.zones.get(zone)
        return Condition.NONE if found is None else found.condition


NOTHING = Conditions()

LOST = frozenset({Condition.ZONE_LOST, Condition.DATABASE_ONLY})
_WORST = tuple(Condition)[1:]


def classify(ledger: Ledger, facts: Facts, policy: Policy) -> Conditions:
    """Name what is seen; `NOTHING` while all is well."""
    zones = {
        zone: found
        for zone, fact in sorted(facts.zones.items())
        if (found := _of_zone(ledger, facts, policy, fact)) is not None
    }
    if not zones:
        return NOTHING
    return Conditions(site=_of_site(ledger, facts, zones), zones=zones)


def condition_tree(named: Named | None) -> Mapping[str, str]:
    """Return a name and its evidence as JSON; None: nothing is the matter."""
    found = named or WELL
    return {"name": found.condition.value, "why": found.why}


def common_cause(conditions: Conditions) -> tuple[Veto, ...]:
    """Hold when everything looks lost: suspect yourself first."""
    if conditions.site.condition is not Condition.EVERYTHING:
        return ()
    reason = f"{conditions.site.why}: look at our own network and at what all share"
    return (Veto(name="everything_down", reason=reason),)


def named_plan(plan: Plan, ledger: Ledger, conditions: Conditions) -> Plan:
    """Return *plan* with what its loss is called; a person's own words stand alone."""
    asked = ledger.wish is not None and not ledger.wish.planned
    found = conditions.zones.get(plan.lost.zone) if plan.lost is not None else None
    if asked or found is None or found.condition not in LOST:
        return plan
    return replace(plan, why=f"{plan.why}; {found.told}")


def _of_site(ledger: Ledger, facts: Facts, zones: Mapping[ZoneId, Named]) -> Named:
    """Return EVERYTHING, else what ails the primary's zone, else the worst of all."""
    held = _held_zones(ledger)
    seen = [zones[z].condition if z in zones else Condition.NONE for z in held]
    if len(held) > 1 and all(c in LOST for c in seen):
        told = f"the databases of all zones ({', '.join(held)}) look lost at once"
        return Named(Condition.EVERYTHING, told)
    origins = [facts.zones[z].services.get(ORIGIN) for z in held]
    down = all(o and o.verdict is Verdict.DOWN and not o.good_in_a_row for o in origins)
    if len(held) > 1 and down and Condition.OBSERVER_CUT_OFF not in seen:
        told = f"no zone ({', '.join(held)}) has a working origin"
        return Named(Condition.EVERYTHING, told)
    first = held[0] if held else ""
    worst = min(zones, key=lambda z: (z != first, _WORST.index(zones[z].condition), z))
    found = zones[worst]
    return Named(found.condition, f"zone {worst}: {found.why}")


def _held_zones(ledger: Ledger) -> list[ZoneId]:
    """Return the zones that hold data by the record, the primary's first."""
    first = [ledger.primary.zone] if ledger.primary is not None else []
    return [*dict.fromkeys([*first, *(a.zone for a in ledger.ackers)])]


@dataclass(frozen=True, slots=True)
class _Case:
    """One zone as the rules below look at it. database: its member's, if it has one."""

    ledger: Ledger
    facts: Facts
    policy: Policy
    zone: ZoneFact
    database: ServerFact | None

    @property
    def primary(self) -> Member | None:
        """Return the primary, if it is here."""
        found = self.ledger.primary
        return found if found is not None and found.zone == self.zone.zone else None

    @property
    def database_down(self) -> bool:
        """Tell whether it is lost; one that just came up is only not called up yet."""
        fact = self.database
        if fact is None or fact.reading.verdict is not Verdict.DOWN:
            return False
        return not answers_now(fact, self.policy)

    @property
    def silent(self) -> bool:
        """Tell whether it has no database by the record, and nothing else answers."""
        readings = self.zone.services.values()
        down = all(r.verdict is Verdict.DOWN for r in readings)
        return self.database is None and bool(readings) and down

    def down(self) -> list[str]:
        """Return the services called down; pages need a database beside them."""
        return [
            name
            for name, r in sorted(self.zone.services.items())
            if r.verdict is Verdict.DOWN and (name != ORIGIN or self.database)
        ]

    def answering(self) -> list[str]:
        """Return the services whose latest answer was one, in order."""
        return [n for n, r in sorted(self.zone.services.items()) if _answers(r)]

    @property
    def edges_see_it(self) -> bool:
        """Tell whether all edges that answer call its origin up, and one does."""
        told = [
            up
            for e in self.facts.edges.values()
            if e.reachable and (up := e.zones_up.get(self.zone.zone)) is not None
        ]
        return bool(told) and all(told)


def _answers(reading: Reading) -> bool:
    return reading.verdict is Verdict.OK and reading.bad_in_a_row == 0


def _of_zone(
    ledger: Ledger, facts: Facts, policy: Policy, zone: ZoneFact
) -> Named | None:
    members = [ledger.primary, *ledger.ackers]
    laid = ledger.run.plan.spare if ledger.run is not None else None
    here = [
        m.server
        for m in members
        if m is not None
        and m.zone == zone.zone
        and (laid is None or laid.zone != m.zone)
    ]  # what is only being laid is not lost
    database = facts.servers.get(here[0]) if here else None
    case = _Case(ledger, facts, policy, zone, database)
    for rule in _RULES:
        if (found := rule(case)) is not None:
            return found
    return None


def _cut_off(case: _Case) -> Named | None:
    """Somebody sees it fine that we do not reach, and nobody else misses it."""
    if not (case.database_down or case.silent):
        return None
    hears = hearing(case.ledger, case.facts, case.policy) if case.primary else []
    if hears:
        why = f"we do not reach its database, and {', '.join(hears)} still hears it"
        return Named(Condition.OBSERVER_CUT_OFF, why)
    missed = case.primary and vantages(case.ledger, case.facts, case.policy)
    origin = case.zone.services.get(ORIGIN)
    unseen = origin is not None and origin.verdict is Verdict.DOWN
    if missed or not unseen or not case.edges_see_it:
        return None
    why = "we do not reach it, and the edges do"
    return Named(Condition.OBSERVER_CUT_OFF, why)


def _lost(case: _Case) -> Named | None:
    """Its database is down; do other things there answer? Without one: does any?"""
    answering = case.answering()
    if case.database_down:
        if not answering:
            return Named(Condition.ZONE_LOST, "neither database nor services answer")
        why = f"its database does not answer, and this does: {', '.join(answering)}"
        return Named(Condition.DATABASE_ONLY, why)
    if case.silent:
        return Named(Condition.ZONE_LOST, "no service answers")
    return None


def _blind(case: _Case) -> Named | None:
    readings = {**case.zone.services}
    if case.database is not None:
        readings["database"] = case.database.reading
    refused = [
        name
        for name, r in sorted(readings.items())
        if r.verdict is Verdict.CANNOT_OBSERVE
    ]
    if not refused:
        return None
    why = f"{', '.join(refused)} refuses us, which is not being down"
    return Named(Condition.CANNOT_OBSERVE, why)


def _crowded(case: _Case) -> Named | None:
    fact = case.database
    if case.primary is None or fact is None or not is_crowded(fact, case.policy):
        return None
    why = f"{fact.member.server} has all the connections it takes"
    return Named(Condition.OVERLOAD, why)


def _writes_nothing(case: _Case) -> Named | None:
    """It answers and lets no write through: as lost as one that does not answer."""
    if case.primary is None or case.ledger.run is not None:
        return None
    if not dead_for_s(case.ledger, case.facts, case.policy):
        return None
    return Named(Condition.DATABASE_ONLY, "its database answers and takes no writes")


def _fails_users(case: _Case) -> Named | None:
    rates = case.zone.rates
    if not rates.long.here.bad:
        return None  # nobody asks it any more: it fails nobody
    if rates.says is Elevation.NOT_ZONAL:
        why = "users get many errors, and nothing says that elsewhere they would not"
        return Named(Condition.ONE_SITE, why)
    if rates.says is Elevation.ELEVATED:
        why = "users get many errors here, and not elsewhere"
        return Named(Condition.DEGRADED, why)
    return None


def _without_service(case: _Case) -> Named | None:
    down = case.down()
    if down == [ORIGIN] and users_are_served(case.zone):
        why = "its origin does not answer our probe, and users are served"
        return Named(Condition.OBSERVER_CUT_OFF, why)
    if not down:
        return None
    return Named(Condition.DEGRADED, f"{' and '.join(down)} down, its database is not")


_RULES: Sequence[Callable[[_Case], Named | None]] = (
    _cut_off,
    _lost,
    _blind,
    _crowded,
    _writes_nothing,
    _fails_users,
    _without_service,
)
"""In this order: what explains the rest comes first."""
