"""Small questions to a history; every checker is written in these words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from controller.incident.record import Record
from controller.model.ids import ServerId
from replication.adapters.memory import Process, World
from replication.adapters.memory.truth import Ack, Entry, Event, Fact, Truth

History = Sequence[Event]


KILLING = ("process", "external")
"""Proofs by which the process is ended and kept down."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One finished story: its history and how the servers ended.

    rows: what a reader of each living server sees at the end.
    writable: living servers that are open at the end, the newest epoch last.
    places: where each server stands; its own name when it is not said.
    routes: where each edge that answers sends users at the end, in words.
    """

    history: History
    rows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    writable: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _entries(self) -> Mapping[str, Sequence[tuple[int, Entry]]]:
        """Journal entries by kind, all of them under ''; every checker asks."""
        found: dict[str, list[tuple[int, Entry]]] = {"": []}
        for place, event in enumerate(self.history):
            if isinstance(event, Entry):
                found[""].append((place, event))
                found.setdefault(event.kind, []).append((place, event))
        return found

    @cached_property
    def _facts(self) -> Sequence[tuple[int, Fact]]:
        return [(p, e) for p, e in enumerate(self.history) if isinstance(e, Fact)]

    @cached_property
    def reopenings(self) -> frozenset[str]:
        """Return the incidents in which the primary was to be opened in place."""
        return frozenset(
            entry.incident
            for _, entry in self.entries("started")
            if kind_of(entry) == "reopen"
        )

    @cached_property
    def promotions(self) -> "Sequence[Promotion]":
        """Every change of primary, in order."""
        return promotions(self.openings("opened"))

    def openings(self, *kinds: str) -> Iterator[tuple[int, Fact]]:
        """Yield facts of *kinds*, but no opening of a primary in its place.

        That makes nobody primary; the order may arrive when another is (rule 5),
        and then opens a server that waits for an acknowledgement in vain.
        """
        in_place = {
            entry.epoch
            for _, entry in (*self.entries("started"), *self.entries("restarted"))
            if kind_of(entry) == "reopen"
        }
        for place, fact in self.facts(*kinds):
            epoch = int(fact.detail.get("epoch", "0"))
            if fact.kind != "opened" or epoch not in in_place:
                yield place, fact

    def entries(self, kind: str = "") -> Sequence[tuple[int, Entry]]:
        """Return journal entries with their place in the history."""
        return self._entries.get(kind, ())

    def facts(self, *kinds: str) -> Iterator[tuple[int, Fact]]:
        """Yield facts of *kinds* with their place in the history."""
        return (found for found in self._facts if found[1].kind in kinds)

    def acks(self) -> Iterator[tuple[int, Ack]]:
        """Yield acknowledgements with their place in the history."""
        for place, event in enumerate(self.history):
            if isinstance(event, Ack):
                yield place, event

    def struck(self, fact: Fact) -> set[str]:
        """Return the servers a fault fact is about; a cut strikes whole places."""
        named = {fact.server, fact.detail.get("receiver", "")}
        return named | {s for s, place in self.places.items() if place in named}


def open_now(world: World) -> list[ServerId]:
    """Return who truly takes writes, the newest epoch last."""
    members = world.servers.values()
    living = [m for m in members if m.process is Process.UP and m.writable]
    return [m.server for m in sorted(living, key=lambda m: m.epoch)]


def finished(world: World) -> Case:
    """Return the story of *world* as it stands now."""
    members = world.servers.values()
    return Case(
        history=tuple(world.truth.history),
        rows={m.server: frozenset(m.rows) for m in members},
        places={m.server: m.place for m in members},
        writable=tuple(open_now(world)),
    )


def note_record(truth: Truth, record: Record) -> None:
    """Put a journal record at its place in the history; call it at each append."""
    truth.history.append(
        Entry(
            record.at_mono_s,
            record.kind.value,
            record.epoch,
            record.incident,
            record.body,
        )
    )


def is_intent(entry: Entry, *steps: str) -> bool:
    """Tell whether *entry* announces one of *steps*."""
    return entry.kind == "intent" and entry.body.get("step") in steps


def is_outcome(entry: Entry, step: str, outcome: str) -> bool:
    """Tell whether *entry* says that *step* was answered with *outcome*."""
    return (
        entry.kind == "outcome"
        and entry.body.get("step") == step
        and entry.body.get("outcome") == outcome
    )


def evidence(entry: Entry) -> Mapping[str, object]:
    """Return the evidence of an outcome."""
    found = entry.body.get("evidence", {})
    return found if isinstance(found, Mapping) else {}


def lost_of(entry: Entry) -> str:
    """Return the server a started run is about to leave, or ''."""
    plan = entry.body.get("plan", {})
    lost = plan.get("lost") if isinstance(plan, Mapping) else None
    return str(lost["server"]) if isinstance(lost, Mapping) else ""


def kind_of(entry: Entry) -> str:
    """Return which table a started run follows, or ''."""
    plan = entry.body.get("plan", {})
    return str(plan.get("kind", "")) if isinstance(plan, Mapping) else ""


@dataclass(frozen=True, slots=True)
class Promotion:
    """A server was opened although another one was the primary before."""

    place: int
    at_s: float
    server: ServerId
    epoch: int
    left: ServerId


def promotions(opened: Iterable[tuple[int, Fact]]) -> list[Promotion]:
    """Return every change of primary, in order."""
    found: list[Promotion] = []
    primary = ""
    for place, fact in opened:
        if primary and fact.server != primary:
            found.append(
                Promotion(
                    place,
                    fact.at_s,
                    ServerId(fact.server),
                    int(fact.detail.get("epoch", "0")),
                    ServerId(primary),
                )
            )
        primary = fact.server
    return found
