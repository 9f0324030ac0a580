"""Checkers of a fleet: what no single cluster's history can show. Pure."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from controller.decide.admission import NAME, PLACED, Limits, place_s
from controller.decide.saga import End, Kind, Step
from controller.incident.record import Record, RecordKind

EARLY_S = 1e-6
ROUND_S = 0.15
"""Who has a place takes it at its next evaluation, not at the same instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place among the promotions, monotonic seconds.

    asked_s: since when it was waited for; None: nobody did. until_s: when it was
    free again: at OPEN, at the end of the run, or stuck.
    """

    cluster: str
    asked_s: float | None
    from_s: float
    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One failover of one cluster, monotonic seconds; None: it never came to that.

    waited_s: since when the budget alone held it before it began.
    places: the first from its beginning; one more after each step it was stuck in.
    given_up_s: when it ended without having moved anything.
    """

    cluster: str
    priority: int
    waited_s: float | None
    began_s: float
    opened_s: float | None
    places: tuple[Place, ...]
    given_up_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCase:
    """What happened to all of them: every journal, who is how important."""

    journals: Mapping[str, tuple[Record, ...]]
    priorities: Mapping[str, int]
    limits: Limits

    def promotions(self) -> tuple[Promotion, ...]:
        """Return every failover of every cluster, in the order they began."""
        found = [p for name in self.journals for p in self._of(name)]
        return tuple(sorted(found, key=lambda p: p.began_s))

    def places(self) -> tuple[Place, ...]:
        """Return every place that was held."""
        return tuple(place for p in self.promotions() for place in p.places)

    def _of(self, name: str) -> list[Promotion]:
        records = self.journals[name]
        waited_s: float | None = None
        over_s = -1.0
        found: list[Promotion] = []
        for number, record in enumerate(records):
            at_s = record.at_mono_s
            if record.kind is RecordKind.VETO and _names(record) == {NAME}:
                waited_s = at_s if waited_s is None or over_s >= 0 else waited_s
                over_s = -1.0
            elif record.kind is RecordKind.VETO:
                over_s = at_s  # no more: it begins at this instant, or heals
            elif record.kind is RecordKind.STARTED and _is_failover(record):
                waited = over_s < 0 or at_s - over_s < EARLY_S
                held_s = waited_s if waited else None
                found.append(self._told(name, held_s, records[number:]))
                waited_s = None
        return found

    def _told(
        self, name: str, waited_s: float | None, rest: tuple[Record, ...]
    ) -> Promotion:
        opened_s = given_up_s = None
        for record in rest[1:]:
            if record.kind is RecordKind.ENDED:
                if record.body["end"] == End.ABANDONED.value:
                    given_up_s = record.at_mono_s
                break
            if _is_opened(record):
                opened_s = record.at_mono_s
                break
        return Promotion(
            cluster=name,
            priority=self.priorities[name],
            waited_s=waited_s,
            began_s=rest[0].at_mono_s,
            opened_s=opened_s,
            places=tuple(self._places(name, waited_s, rest)),
            given_up_s=given_up_s,
        )

    def _places(
        self, name: str, waited_s: float | None, rest: tuple[Record, ...]
    ) -> Iterator[Place]:
        """Yield when a run held a place: whoever is stuck has none until it goes on."""
        asked_s, from_s = waited_s, rest[0].at_mono_s
        step_at_s, step, holds = from_s, None, True
        for before, record in pairwise(rest):
            at_s = record.at_mono_s
            late_s = step_at_s + place_s(step, self.limits)
            over = record.kind is RecordKind.ENDED or _is_opened(record)
            if holds and (over or at_s > late_s):
                until_s, holds = min(at_s, late_s), False
                yield Place(
                    cluster=name, asked_s=asked_s, from_s=from_s, until_s=until_s
                )
            if over:
                return
            if record.kind is RecordKind.INTENT and record.body["step"] != step:
                step, step_at_s = Step(str(record.body["step"])), at_s
                if not holds and step in PLACED:
                    asked_s, from_s, holds = before.at_mono_s, at_s, True
        if holds:
            until_s = step_at_s + place_s(step, self.limits)
            yield Place(cluster=name, asked_s=asked_s, from_s=from_s, until_s=until_s)


def _names(record: Record) -> set[str]:
    vetoes = record.body["vetoes"]
    assert isinstance(vetoes, list)
    return {str(v["name"]) for v in vetoes} if record.body["trouble"] else set()


def _is_failover(record: Record) -> bool:
    plan = record.body["plan"]
    return isinstance(plan, Mapping) and plan["kind"] == Kind.FAILOVER.value


def _is_opened(record: Record) -> bool:
    body = record.body
    opens = record.kind is RecordKind.OUTCOME and body["step"] == Step.OPEN.value
    return opens and body["outcome"] == "done"


def no_more_than_the_limit(case: FleetCase) -> list[str]:
    """Never do more promotions hold a place than the limit allows."""
    limit = case.limits.promotions_max
    found = case.places()
    return [
        f"{p.cluster} took a place at {p.from_s:.3f} s as the {count}. at once,"
        f" {limit} are allowed"
        for p in found
        if (count := sum(o.from_s <= p.from_s < o.until_s - EARLY_S for o in found))
        > limit
    ]


def the_important_go_first(case: FleetCase) -> list[str]:
    """Nobody begins while one of higher priority is left without a place."""
    found = case.promotions()
    return [
        f"{p.cluster} (priority {p.priority}) began at {p.began_s:.3f} s, while"
        f" {o.cluster} (priority {o.priority}) waited since {o.waited_s:.3f} s"
        for p in found
        for o in found
        if o.priority > p.priority
        and o.waited_s is not None
        and o.waited_s < p.began_s - EARLY_S
        and o.began_s > p.began_s + ROUND_S
    ]


def a_stuck_one_delays_no_other(case: FleetCase) -> list[str]:
    """While a place is free nobody who asks for one is left waiting for long.

    A place is free again at OPEN, at the end of the run, or once it is stuck.
    """
    found = case.places()
    free = list(_free(found, case.limits.promotions_max))
    slack_s = case.limits.gather_s + 1.0
    broken = [
        f"{p.cluster} took a place at {p.from_s:.3f} s; one was free from"
        f" {since_s:.3f} s to {until_s:.3f} s"
        for p in found
        for since_s, until_s in free
        if p.asked_s is not None
        and min(until_s, p.from_s) - max(since_s, p.asked_s) > slack_s
    ]
    waiting = {
        name: records[-1].at_mono_s
        for name, records in case.journals.items()
        if _still_held(records)
    }
    return broken + [
        f"{name} waits to the end, held by the budget" for name in sorted(waiting)
    ]


def _free(places: tuple[Place, ...], limit: int) -> Iterator[tuple[float, float]]:
    """Yield since and until when fewer than *limit* places were held."""
    begins = [(place.from_s, 1) for place in places]
    held, since_s = 0, -math.inf
    for at_s, change in sorted([*begins, *((p.until_s, -1) for p in places)]):
        if held < limit <= held + change:
            yield since_s, at_s
        elif held + change < limit <= held:
            since_s = at_s
        held += change
    if held < limit:
        yield since_s, math.inf


def _still_held(records: tuple[Record, ...]) -> bool:
    vetoes = [r for r in records if r.kind in {RecordKind.VETO, RecordKind.STARTED}]
    last = vetoes[-1] if vetoes else None
    return last is not None and last.kind is RecordKind.VETO and NAME in _names(last)


def no_more_moves_than_bounded(case: FleetCase) -> list[str]:
    """No more failovers begin by themselves within the window than are allowed.

    One that was given up before another began has moved nothing.
    """
    bound, window_s = case.limits.moves_max, case.limits.moves_window_s
    found = case.promotions() if bound else ()
    return [
        f"{p.cluster} began as the {count}. within {window_s:g} s, {bound} are allowed"
        for n, p in enumerate(found)
        if (
            count := sum(
                p.began_s - o.began_s < window_s
                and (o.given_up_s is None or o.given_up_s >= p.began_s)
                for o in found[: n + 1]
            )
        )
        > bound
    ]


def no_order_stale_by_another(case: FleetCase) -> list[str]:
    """What an edge calls old is older than an epoch of the same cluster."""
    broken = []
    for name, records in case.journals.items():
        newest = 0
        for record in records:
            newest = max(newest, record.epoch)
            reason = str(record.body.get("reason", ""))
            if record.epoch == newest and " is older than " in reason:
                broken.append(f"{name}: epoch {newest} is its newest, and {reason}")
    return broken


FLEET: tuple[Callable[[FleetCase], list[str]], ...] = (
    no_more_than_the_limit,
    the_important_go_first,
    a_stuck_one_delays_no_other,
    no_more_moves_than_bounded,
    no_order_stale_by_another,
)


def broken_in(case: FleetCase) -> dict[str, list[str]]:
    """Return what each checker objects to; empty: every promise was kept."""
    found = {checker.__name__: checker(case) for checker in FLEET}
    return {name: why for name, why in found.items() if why}
