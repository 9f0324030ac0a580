"""Who follows whom, as the servers say, where that is not as it should be; pure.

Reality says who is what. What contradicts the ledger is never guessed away: each
kind has a name, is shown in `status` all the time, and holds a failover until a
person has mended it, for a failover relies on exactly what is contradicted here.
"""

from collections.abc import Callable, Iterator
from math import inf

from controller.decide.facts import Facts, Policy, ServerFact, Veto, is_seen
from controller.decide.ledger import Ledger, elapsed_s
from controller.decide.saga import Step
from controller.model.commands import Member
from controller.model.ids import ServerId

Kind = Callable[[Ledger, Facts, Policy], Iterator[str]]


def _seen(ledger: Ledger, facts: Facts, policy: Policy) -> Iterator[ServerFact]:
    """Yield the primary and its ackers, as far as they were seen just now."""
    roles = [a.server for a in ledger.ackers]
    if ledger.primary is not None:
        roles.insert(0, ledger.primary.server)
    for server in roles:
        fact = facts.servers.get(server)
        if fact is not None and fact.view is not None and is_seen(fact, policy):
            yield fact


def _multi_source(ledger: Ledger, facts: Facts, policy: Policy) -> Iterator[str]:
    """One that follows two has a history that is nobody's (rule 10)."""
    for fact in _seen(ledger, facts, policy):
        assert fact.view is not None
        if len(fact.view.sources) > 1:
            named = ", ".join(fact.view.sources)
            yield f"{fact.member.server} follows {len(fact.view.sources)}: {named}"


def _unknown_source(ledger: Ledger, facts: Facts, policy: Policy) -> Iterator[str]:
    """What comes from no member is in no set that anybody compares."""
    members = {f.address for f in facts.servers.values()}
    for fact in _seen(ledger, facts, policy):
        assert fact.view is not None
        strange = [s for s in fact.view.sources if s not in members]
        if strange:
            named = ", ".join(strange)
            yield f"{fact.member.server} follows {named}, which is no member"


def _replication_cycle(ledger: Ledger, facts: Facts, policy: Policy) -> Iterator[str]:
    """In a ring everybody's writes come back, and freezing one stops nothing."""
    by_address = {f.address: f for f in facts.servers.values()}
    told: set[ServerId] = set()
    for start in _seen(ledger, facts, policy):
        path: list[ServerId] = []
        here: ServerFact | None = start
        while here is not None and here.member.server not in (*path, *told):
            path.append(here.member.server)
            source = here.view.source if here.view is not None else None
            here = by_address.get(source) if source is not None else None
        if here is not None and here.member.server in path:
            ring = [*path[path.index(here.member.server) :], here.member.server]
            yield " follows ".join(ring)
        told.update(path)


def _two_primaries(ledger: Ledger, facts: Facts, policy: Policy) -> Iterator[str]:
    """Somebody opened another one by hand; a suspect is known, and dealt with.

    What a run opens or ends its own records say, so only an answer from after it
    counts.
    """
    if ledger.run is not None and ledger.run.step is not Step.CONFIRM:
        return
    since_s = min((elapsed_s(e, facts.now_s) for e in ledger.endings), default=inf)
    known = {m.server for m in ledger.suspects}
    if ledger.primary is not None:
        known.add(ledger.primary.server)
    for server, fact in sorted(facts.servers.items()):
        if server in known or fact.view is None or not is_seen(fact, policy):
            continue
        if fact.view.writable and fact.age_s < since_s:
            yield f"{server} accepts writes and is not the primary on record"


KINDS: tuple[tuple[str, Kind], ...] = (
    ("replication_cycle", _replication_cycle),
    ("two_primaries", _two_primaries),
    ("unknown_source", _unknown_source),
    ("multi_source", _multi_source),
)


def _is_plain(ledger: Ledger, facts: Facts) -> bool:
    """Tell at one glance that all follow the primary, which follows nobody.

    Asked at every evaluation of every cluster; whoever else is open, or follows
    another, is looked at closely.
    """
    if ledger.primary is None or ledger.primary.server not in facts.servers:
        return False
    primary = ledger.primary.server
    plain = ((), (facts.servers[primary].address,))
    for server, fact in facts.servers.items():
        view = fact.view
        if view is None:
            continue
        own = server == primary
        if view.sources not in plain or (view.sources if own else view.writable):
            return False
    return True


def contradictions(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[Veto, ...]:
    """Return what reality says against the ledger, a veto a kind."""
    if _is_plain(ledger, facts):
        return ()
    found = ((name, list(kind(ledger, facts, policy))) for name, kind in KINDS)
    return tuple(
        Veto(
            name=name,
            reason=f"{'; '.join(told)}: mend it by hand, nothing is guessed",
            overridable=False,
        )
        for name, told in found
        if told
    )


def _guard(
    name: str,
) -> Callable[[Ledger, Facts, Policy, Member], Veto | None]:
    """Return the guard of one kind, so that each is a veto of its own."""

    def guard(
        ledger: Ledger, facts: Facts, policy: Policy, target: Member
    ) -> Veto | None:
        del target
        found = contradictions(ledger, facts, policy)
        return next((v for v in found if v.name == name), None)

    guard.__name__ = name
    return guard


TOPOLOGY_GUARDS = tuple(_guard(name) for name, _ in KINDS)
