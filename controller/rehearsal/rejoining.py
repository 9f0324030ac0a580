"""Checkers of the old primary's return: rule 7, promises 2 and 7. Pure."""

from collections.abc import Callable

from controller.model.ids import ServerId
from controller.rehearsal.reading import (
    KILLING,
    Case,
    evidence,
    is_intent,
    is_outcome,
    lost_of,
)
from replication.adapters.memory.truth import Entry, Fact

Checker = Callable[[Case], list[str]]


class _Replaced:
    """Who was primary once and is neither laid anew nor a member since."""

    def __init__(self) -> None:
        self.servers: set[str] = set()
        self._primary = ""

    def follow(self, fact: Fact) -> None:
        """Take note of an opening or a new copy."""
        if fact.kind == "opened":
            if self._primary and self._primary != fact.server:
                self.servers.add(self._primary)
            self._primary = fact.server
            self.servers.discard(fact.server)
        elif fact.kind == "seeded":
            self.servers.discard(fact.server)


class _Rejoined:
    """Who may follow again without a new copy: found clean, then started anew.

    In the run that compared it; and later, once that run has registered it: from then
    on it is a member like any other, until it is ended or made primary again. What is
    written on it meanwhile `nobody_rejoins_with_more` sees.
    """

    def __init__(self) -> None:
        self._about: dict[str, str] = {}
        self._clean: dict[str, str] = {}  # run → whose logs it found clean
        self._started: set[str] = set()
        self._members: set[str] = set()

    def learn(self, entry: Entry) -> None:
        """Take note of a comparison, and of what its own run makes of it."""
        run = entry.incident
        if entry.kind == "started":
            self._about[run] = lost_of(entry)
        elif is_outcome(entry, "compare", "done"):
            self._clean[run] = self._about.get(run, "")
            self._started.discard(self._clean[run])
        elif is_intent(entry, "register") and self._clean.get(run) in self._started:
            self._members.add(self._clean[run])
        elif entry.kind == "outcome" and evidence(entry).get("proof") in KILLING:
            self._members.discard(self._about.get(run, ""))
        elif entry.kind == "ended":
            self._clean.pop(run, None)

    def start(self, server: str) -> None:
        """Take note of a process that began."""
        self._started.add(server)

    def follow(self, fact: Fact) -> None:
        """Take note of who is primary from now on."""
        if fact.kind == "opened":
            self._members.discard(fact.server)

    def may(self, server: str) -> bool:
        """Tell whether *server* may follow now."""
        clean = server in self._clean.values() and server in self._started
        return clean or server in self._members


def ex_primary_is_seeded_first(case: Case) -> list[str]:
    """Rule 7: who once was primary receives again as a fresh copy, or proven clean.

    Proven: by a comparison of its own run, after which it was started anew; or of the
    run that registered it since.
    """
    broken, replaced, rejoined = [], _Replaced(), _Rejoined()
    openings = {place for place, _ in case.openings("opened")}
    for place, event in enumerate(case.history):
        if isinstance(event, Entry):
            rejoined.learn(event)
        elif not isinstance(event, Fact):
            continue
        elif event.kind == "started":
            rejoined.start(event.server)
        elif event.kind == "receiving" and event.server in replaced.servers:
            if not rejoined.may(event.server):
                broken.append(f"{event.server} follows again without a new copy")
            replaced.servers.discard(event.server)
        elif event.kind != "opened" or place in openings:
            replaced.follow(event)
            rejoined.follow(event)
    return broken


def nobody_rejoins_with_more(case: Case) -> list[str]:
    """Promise 7: what only an old primary has never gets into the cluster."""
    broken, replaced = [], _Replaced()
    for _, fact in case.openings("opened", "seeded", "receiving"):
        if fact.kind != "receiving":
            replaced.follow(fact)
        elif fact.server in replaced.servers and fact.detail.get("only_here"):
            only = fact.detail["only_here"]
            broken.append(f"{fact.server} rejoins at {fact.at_s:g} s with {only}")
    return broken


def compared_when_dead(case: Case) -> list[str]:
    """Rule 7: a running ex-primary's logs may grow while they are read."""
    return [
        f"{fact.server} was compared at {fact.at_s:g} s, {fact.detail.get('process')}"
        for _, fact in case.facts("examined")
        if fact.detail.get("process") != "dead"
    ]


def saved_before_laid_anew(case: Case) -> list[str]:
    """Every transaction only an old primary has is kept before its data is replaced.

    One that follows with nothing of its own is an old primary no more: what it has
    beyond its successor later, it received from that one, which is old itself by then.
    """
    broken, replaced = [], _Replaced()
    saved: set[tuple[str, str]] = set()
    given_up = [(at, e.body.get("server")) for at, e in case.entries("given_up")]
    kinds = ("opened", "seeded", "saved", "laid", "receiving")
    for place, fact in case.openings(*kinds):
        if fact.kind == "receiving":
            if not fact.detail.get("only_here"):
                replaced.servers.discard(fact.server)
        elif fact.kind == "saved":
            saved |= {(fact.server, g) for g in fact.detail.get("extra", "").split()}
        elif fact.kind == "laid":
            only = fact.detail.get("only_here", "").split()
            lost = fact.server in replaced.servers and " ".join(
                gtid for gtid in only if (fact.server, gtid) not in saved
            )
            let_go = any(at < place and s == fact.server for at, s in given_up)
            if lost and not let_go:
                broken.append(f"{fact.server} was laid anew, {lost} is nowhere")
            replaced.servers.discard(fact.server)
        else:
            replaced.follow(fact)
    return broken


def unknown_is_not_clean(case: Case) -> list[str]:
    """Promise 7: logs that make no sense prove nothing."""
    broken, garbled = [], False
    for event in case.history:
        if isinstance(event, Fact) and event.kind == "examined":
            garbled = bool(event.detail.get("garbled"))
        elif isinstance(event, Entry) and is_outcome(event, "compare", "done"):
            if garbled:
                broken.append(f"called clean at {event.at_s:g} s, its logs unreadable")
            garbled = False
    return broken


def lost_writes_are_told_truly(case: Case) -> list[str]:
    """Promise 2: of what is said to be acknowledged by nobody, nobody heard OK."""
    acked = {(a.server, a.gtid): (at, a.row) for at, a in case.acks() if a.gtid}
    broken = []
    for place, fact in case.facts("saved"):
        if fact.detail.get("acknowledged") != "nobody":
            continue
        for gtid in fact.detail.get("extra", "").split():
            at, row = acked.get((ServerId(fact.server), gtid), (place, ""))
            if at < place:
                broken.append(f"{row} of {fact.server} was acknowledged, and is lost")
    return broken


REJOINING: tuple[Checker, ...] = (
    ex_primary_is_seeded_first,
    nobody_rejoins_with_more,
    compared_when_dead,
    saved_before_laid_anew,
    unknown_is_not_clean,
    lost_writes_are_told_truly,
)
