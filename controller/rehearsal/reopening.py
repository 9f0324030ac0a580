"""Checkers of opening a primary again where it stands (rule 8). Pure."""

from collections.abc import Callable, Iterator

from controller.rehearsal.reading import Case, evidence, is_intent, is_outcome
from replication.adapters.memory.truth import Entry, Fact

Checker = Callable[[Case], list[str]]


def _reopened(case: Case) -> Iterator[tuple[int, Fact, Entry]]:
    """Yield each opening by a reopening, with the order that caused it."""
    order: Entry | None = None
    for place, event in enumerate(case.history):
        if isinstance(event, Entry) and is_intent(event, "open"):
            order = event if event.incident in case.reopenings else None
        if isinstance(event, Fact) and event.kind == "opened" and order is not None:
            yield place, event, order


def _begun(case: Case, order: Entry) -> dict[str, object]:
    """Return the plan of the run that sent *order*."""
    for _, entry in case.entries("started"):
        plan = entry.body["plan"]
        if entry.incident == order.incident and isinstance(plan, dict):
            return plan
    return {}


def reopened_whole(case: Case) -> list[str]:
    """Promise 2: what an acker holds and the primary lost is never overwritten."""
    broken = []
    for _, fact, order in _reopened(case):
        ackers = _begun(case, order).get("ackers", [])
        assert isinstance(ackers, list)
        names = {str(a["server"]) for a in ackers}
        ahead = names & set(fact.detail.get("ahead", "").split())
        broken += [
            f"{fact.server} opened again at {fact.at_s:g} s, {name} holds more"
            for name in sorted(ahead)
        ]
    return broken


def reopened_after_an_ack(case: Case) -> list[str]:
    """Rule 8: enable, get an acknowledgement, then open."""
    broken = []
    for place, fact, order in _reopened(case):
        if not _begun(case, order).get("waits", True):
            continue
        heard = any(
            at < place
            and entry.epoch == order.epoch
            and is_outcome(entry, "earn", "done")
            and evidence(entry).get("acker")
            for at, entry in case.entries("outcome")
        )
        if not heard or fact.detail.get("required") != "True":
            broken.append(
                f"{fact.server} opened again at {fact.at_s:g} s, no ack was earned"
            )
    return broken


def closed_by_hand_stays_closed(case: Case) -> list[str]:
    """A person's deliberate act is never undone; a restart is no excuse."""
    broken, closed = [], set()
    openings = {place for place, _, _ in _reopened(case)}
    for place, fact in case.facts("closed_by_hand", "opened_by_hand", "opened"):
        if fact.kind == "closed_by_hand":
            closed.add(fact.server)
        elif place in openings and fact.server in closed:
            broken.append(
                f"{fact.server} opened at {fact.at_s:g} s, a person closed it"
            )
        else:
            closed.discard(fact.server)
    return broken


REOPENING: tuple[Checker, ...] = (
    reopened_whole,
    reopened_after_an_ack,
    closed_by_hand_stays_closed,
)
