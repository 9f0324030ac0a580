"""Checkers of who is moved to: what a person did on a server by hand. Pure."""

from collections.abc import Callable, Mapping

from controller.rehearsal.reading import Case, kind_of
from replication.adapters.memory.truth import Entry, Fact

Checker = Callable[[Case], list[str]]


def _plan(entry: Entry) -> Mapping[str, object]:
    plan = entry.body.get("plan")
    moves = entry.kind == "started" and kind_of(entry) in {"failover", "switchover"}
    return plan if moves and isinstance(plan, Mapping) else {}


def no_move_against_the_topology(case: Case) -> list[str]:
    """Rule 10: nothing moves while a server of the move follows a second source."""
    broken = []
    strange: set[str] = set()
    for event in case.history:
        if isinstance(event, Fact) and event.kind == "follows_also":
            strange.add(event.server)
        elif isinstance(event, Fact) and event.kind == "follows_only":
            strange.discard(event.server)
        elif isinstance(event, Entry) and (plan := _plan(event)):
            ackers = plan.get("ackers", [])
            assert isinstance(ackers, list)
            if found := strange & {str(a["server"]) for a in ackers}:
                names = ", ".join(sorted(found))
                broken.append(f"moved at {event.at_s:g} s, {names} following two")
    return broken


def no_errant_promoted(case: Case) -> list[str]:
    """Who was written on by hand is promoted only by name."""
    broken = []
    errant: set[str] = set()
    for event in case.history:
        if isinstance(event, Fact) and event.kind == "written_by_hand":
            errant.add(event.server)
        elif isinstance(event, Fact) and event.kind == "seeded":
            errant.discard(event.server)
        elif isinstance(event, Entry) and (plan := _plan(event)):
            overrides, target = plan.get("overrides", []), plan.get("target")
            assert isinstance(overrides, list)
            assert isinstance(target, Mapping)
            if target["server"] in errant and "candidate_errant" not in overrides:
                broken.append(f"{target['server']} promoted with rows of its own")
    return broken


MEMBERS: tuple[Checker, ...] = (no_move_against_the_topology, no_errant_promoted)
