"""Checkers of the self-fence: nobody is ended who was not alone. Pure."""

from collections.abc import Callable

from controller.rehearsal.reading import Case

Checker = Callable[[Case], list[str]]

ROUND_S = 2.1
"""An agent of a rehearsal looks once a second, and others in between."""


def only_the_lonely_are_ended(case: Case) -> list[str]:
    """Losing the controller alone, or the peers alone, stops no healthy primary."""
    return [
        f"{fact.server} was ended after {fact.detail['alone_s']} s alone, not"
        f" {fact.detail['ttl_s']} s"
        for _, fact in case.facts("self_fenced")
        if float(fact.detail["alone_s"]) < float(fact.detail["ttl_s"]) - ROUND_S
    ]


def no_replica_ends_itself(case: Case) -> list[str]:
    """Only a primary can do harm alone; a replica is somebody's last copy."""
    return [
        f"{fact.server} was a replica and ended by its own agent at {fact.at_s:g} s"
        for _, fact in case.facts("self_fenced")
        if fact.detail["follows"] == "1"
    ]


LONELY: tuple[Checker, ...] = (only_the_lonely_are_ended, no_replica_ends_itself)
