"""Who is not seen, who is crowded: named, no reason to move. Pure."""

from controller.decide.facts import Facts, Policy, ServerFact, Veto, ZoneFact, is_seen
from controller.decide.journeys import failing_journeys
from controller.decide.ledger import Ledger
from controller.decide.observers import dissent
from controller.model.ids import ServerId
from health.detector import Verdict
from health.elevated import Asker, Elevation


def members(ledger: Ledger) -> list[ServerId]:
    """Return the primary and every registered acker."""
    primary = [ledger.primary.server] if ledger.primary is not None else []
    return [*primary, *(a.server for a in ledger.ackers)]


def cannot_observe(ledger: Ledger, facts: Facts) -> Veto | None:
    """Members that refuse us (password, DNS): our blindness is nobody's death."""
    blind = [
        (server, fact.reading.reason)
        for server in members(ledger)
        if (fact := facts.servers.get(server)) is not None
        and fact.reading.verdict is Verdict.CANNOT_OBSERVE
    ]
    if not blind:
        return None
    named = ", ".join(server for server, _ in blind)
    return Veto(
        name="cannot_observe",
        reason=f"{named} refuses us, which is not being down: {blind[0][1]}",
    )


def overload(ledger: Ledger, facts: Facts, policy: Policy) -> Veto | None:
    """A primary with as many clients as it takes would have them elsewhere too."""
    fact = facts.servers.get(ledger.primary.server) if ledger.primary else None
    if fact is None or not is_crowded(fact, policy):
        return None
    server = fact.member.server
    return Veto(
        name="overload",
        reason=f"{server} has all the connections it takes (`max_connections`):"
        " another primary would get the same clients",
    )


def is_crowded(fact: ServerFact, policy: Policy) -> bool:
    """Tell whether the server answers, on its admin port, that it is full."""
    return fact.view is not None and is_seen(fact, policy) and fact.view.crowded


def ailing(
    ledger: Ledger, facts: Facts, policy: Policy
) -> tuple[tuple[str, Veto], ...]:
    """Return trouble and veto of everything here that is so."""
    found = []
    if (blind := cannot_observe(ledger, facts)) is not None:
        named = blind.reason.split(" refuses", 1)[0]
        found.append((f"{named} cannot be observed", blind))
    if (crowd := overload(ledger, facts, policy)) is not None:
        assert ledger.primary is not None
        found.append((f"primary {ledger.primary.server} is overloaded", crowd))
    if (differs := dissent(ledger, facts)) is not None:
        found.append(differs)
    return (*found, *failing_journeys(ledger, facts), *doubted_probes(facts))


def users_are_served(fact: ZoneFact) -> bool:
    """Tell whether the edges' counters say so now."""
    rates = fact.rates
    by_users = rates.by is Asker.USERS and rates.says is Elevation.CALM
    return by_users and rates.short.here.good > 0


def doubted_probes(facts: Facts) -> tuple[tuple[str, Veto], ...]:
    """Our question to an origin fails while its users are served (D9): look at it."""
    found = []
    for zone, fact in sorted(facts.zones.items()):
        origin = fact.services.get("origin")
        if origin is None or origin.verdict is not Verdict.DOWN:
            continue
        if users_are_served(fact):
            veto = Veto(
                name="probe_doubted",
                reason=f"users of zone {zone} are served, by the edges' counters: what"
                f" is between us and its health URL? ({origin.reason})",
            )
            found.append((f"our probe of zone {zone}'s origin fails", veto))
    return tuple(found)
