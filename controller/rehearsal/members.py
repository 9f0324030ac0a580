"""Checkers of who is moved to: what a person did on a server by hand. Pure."""

from collections.abc import Callable, Mapping

from controller.rehearsal.reading import Case

Checker = Callable[[Case], list[str]]


def _marked(case: Case, server: str, before: int, begins: str, ends: str) -> bool:
    """Tell whether *server* was marked by a fact *begins* and not freed since."""
    marked = False
    for place, fact in case.facts(begins, ends):
        if place < before and fact.server == server:
            marked = fact.kind == begins
    return marked


def overrides_of(case: Case, epoch: int) -> list[str]:
    """Return what a person waived for the move under *epoch*."""
    for _, entry in (*case.entries("started"), *case.entries("restarted")):
        plan = entry.body.get("plan")
        if entry.epoch == epoch and isinstance(plan, Mapping):
            return [str(name) for name in plan.get("overrides", ())]
    return []


def no_move_against_the_topology(case: Case) -> list[str]:
    """Rule 10: nobody is promoted while it follows a second source."""
    return [
        f"{p.server} was promoted at {p.at_s:g} s, following two"
        for p in case.promotions
        if _marked(case, p.server, p.place, "follows_also", "follows_only")
    ]


def no_errant_promoted(case: Case) -> list[str]:
    """Who was written on by hand is promoted by name only, until it is laid anew."""
    return [
        f"{p.server} was promoted at {p.at_s:g} s with rows of its own"
        for p in case.promotions
        if _marked(case, p.server, p.place, "written_by_hand", "seeded")
        and "candidate_errant" not in overrides_of(case, p.epoch)
    ]


MEMBERS: tuple[Checker, ...] = (no_move_against_the_topology, no_errant_promoted)
