"""Who is not seen, who is crowded, who fails users: named, no reason to move. Pure."""

from controller.decide.facts import Facts, Policy, Veto, is_seen
from controller.decide.ledger import Ledger
from controller.decide.observers import dissent
from controller.model.ids import ServerId, ZoneId
from health.detector import Verdict
from health.elevated import Elevation


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
    if fact is None or fact.view is None or not is_seen(fact, policy):
        return None
    if not fact.view.crowded:
        return None
    server = fact.member.server
    return Veto(
        name="overload",
        reason=f"{server} has all the connections it takes (`max_connections`):"
        " another primary would get the same clients",
    )


def failing(facts: Facts) -> tuple[tuple[str, Veto], ...]:
    """Users get errors while the primary answers: named, with why nothing moves.

    Without figures, which change all the time: they are in the status. And only while
    it goes on: a zone that nobody asks any more fails nobody, though it stays elevated.
    """
    found = []
    for zone, fact in sorted(facts.zones.items()):
        says = fact.rates.says if fact.rates.long.here.bad else Elevation.CALM
        if (veto := _errors(zone, says)) is not None:
            found.append((f"zone {zone} fails its users", veto))
    return tuple(found)


def _errors(zone: ZoneId, says: Elevation) -> Veto | None:
    if says is Elevation.ELEVATED:
        return Veto(
            name="elevated_errors",
            reason=f"zone {zone} fails many, and others do not; the primary answers, so"
            " that is a person's decision: `sitedr switchover --to` another zone",
        )
    if says is Elevation.NOT_ZONAL:
        return Veto(
            name="not_zonal",
            reason=f"zone {zone} fails many, but nothing says that another zone would"
            " not: they fail too, or nobody asks them",
        )
    return None


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
    return (*found, *failing(facts))
