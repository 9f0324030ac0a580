"""Checkers of the rules of proof that say *how*, not only what comes of it. Pure."""

from collections.abc import Callable, Mapping

from controller.rehearsal.lonely import LONELY
from controller.rehearsal.members import MEMBERS
from controller.rehearsal.reading import (
    Case,
    evidence,
    is_intent,
    is_outcome,
    kind_of,
    lost_of,
)
from controller.rehearsal.resting import RESTING
from replication.adapters.memory.truth import Entry, Fact

Checker = Callable[[Case], list[str]]


def refused_means_undone(case: Case) -> list[str]:
    """The three answers: what was refused at the first try has not happened."""
    broken = []
    pending: Entry | None = None
    opened: set[int] = set()
    for event in case.history:
        if isinstance(event, Fact):
            if event.kind == "opened" and pending is not None:
                opened.add(int(event.detail.get("epoch", "0")))
        elif isinstance(event, Entry) and is_intent(event, "open"):
            pending = event
            opened = opened if event.body.get("doubt") else set()
        elif isinstance(event, Entry) and is_outcome(event, "open", "refused"):
            doubt = pending is not None and pending.body.get("doubt")
            if event.epoch in opened and not doubt:
                broken.append(f"epoch {event.epoch} opened, yet open is refused")
        elif isinstance(event, Entry) and event.kind == "outcome":
            pending = None
    return broken


def lossy_ids_are_told(case: Case) -> list[str]:
    """A promotion that may lose writes says which ids are not given again."""
    lossy: set[str] = set()
    for _, entry in (*case.entries("started"), *case.entries("restarted")):
        plan = entry.body.get("plan")
        told = isinstance(plan, Mapping) and plan.get("acks_revocable") is False
        if told and kind_of(entry) == "failover":
            lossy.add(entry.incident)
    return [
        f"opened at {entry.at_s:g} s unprotected, and not a word of ids"
        for _, entry in case.entries()
        if is_outcome(entry, "open", "done")
        and entry.incident in lossy
        and "ids" not in evidence(entry)
    ]


NEEDED: Mapping[str, frozenset[str]] = {
    "failover": frozenset({"confirm", "freeze", "fence", "drain"}),
    "switchover": frozenset({"confirm", "close", "catch_up", "freeze", "verify"}),
    "reopen": frozenset({"confirm", "follow", "enable", "earn"}),
}
"""What must be done in the run itself, in this process, before it opens."""


def proof_is_fresh(case: Case) -> list[str]:
    """Rule 1: a controller that restarts confirms, freezes, drains anew before OPEN."""
    broken = []
    done: set[str] = set()
    begun = False
    needed = NEEDED["failover"]
    for _, entry in case.entries():
        if entry.kind in {"started", "restarted"}:
            needed = NEEDED.get(kind_of(entry), needed)
        if entry.kind in {"daemon_started", "started", "restarted"}:
            done = set()
            begun = entry.kind == "daemon_started" and begun
        elif entry.kind == "outcome" and entry.body.get("outcome") == "done":
            done.add(str(entry.body.get("step")))
        elif is_intent(entry, "open") and not begun:
            begun = True
            missing = needed - done
            if missing:
                names = ", ".join(sorted(missing))
                broken.append(f"epoch {entry.epoch} opens without a fresh {names}")
        elif entry.kind == "ended":
            begun = False
    return broken


def registered_first(case: Case) -> list[str]:
    """Rule 2: a server is in the journal before it may connect as an acker."""
    broken = []
    known: set[str] = set()
    spares: dict[str, str] = {}
    started = False
    for event in case.history:
        if isinstance(event, Entry):
            started = True
            _learn(event, spares, known)
        elif isinstance(event, Fact) and event.kind == "receiving":
            if not started:
                known.add(event.server)  # it followed before there was a journal
            elif event.server not in known:
                broken.append(f"{event.server} receives and is not registered")
    return broken


def _learn(entry: Entry, spares: dict[str, str], known: set[str]) -> None:
    if entry.kind in {"started", "restarted"}:
        plan = entry.body.get("plan", {})
        spare = plan.get("spare") if isinstance(plan, Mapping) else None
        spares[entry.incident] = (
            str(spare["server"]) if isinstance(spare, Mapping) else ""
        )
    elif is_intent(entry, "register"):
        known.add(spares.get(entry.incident, ""))


def no_needless_degrade(case: Case) -> list[str]:
    """Rule 6: durability is given up only after something befell an acker."""
    restoring = {e.incident for _, e in case.entries("started") if _restores(e)}
    first = next((place for place, _ in case.entries()), 0)
    primary = ""
    befell = []
    for place, fact in case.openings("opened", *BEFALLS):
        primary = fact.server if fact.kind == "opened" else primary
        if place > first and fact.kind in BEFALLS and _beside(fact, primary):
            befell.append(place)
    return [
        f"degraded at {entry.at_s:g} s, no acker was lost"
        for place, entry in case.entries()
        if is_intent(entry, "degrade") and entry.incident in restoring
        if not any(at < place for at in befell)
    ]


BEFALLS = ("killed", "frozen", "cut", "not_receiving")


def _restores(entry: Entry) -> bool:
    return kind_of(entry) == "restore"


def _beside(fact: Fact, primary: str) -> bool:
    """Tell whether *fact* is about more than the primary alone."""
    return fact.kind == "cut" or fact.server != primary


def source_side_needs_a_receiver(case: Case) -> list[str]:
    """Rule 8: without a receiver the source side of semi-sync stays off."""
    return [
        f"{fact.server} waits for acknowledgements at {fact.at_s:g} s, from nobody"
        for _, fact in case.facts("acks_required")
        if fact.detail.get("receivers") == "0"
    ]


def only_the_holder_acts(case: Case) -> list[str]:
    """Rule 10: no freeze and no opening where another controller holds the lock."""
    return [
        f"{fact.detail['order']} on {fact.server} at {fact.at_s:g} s, against the lock"
        for _, fact in case.facts("trespass")
        if fact.detail.get("order") in {"freeze", "open", "degrade", "reopen"}
    ]


def no_failover_while_unfit(case: Case) -> list[str]:
    """A blocker the doctor was told of holds every failover that does not name it.

    Counted: what an application was granted on a server of the run, once that
    server was inspected after it, and until it is taken away or laid anew. A new
    process of the controller knows what the journal says, and what it asked itself.
    """
    broken = []
    granted: set[str] = set()
    heard: set[str] = set()
    recorded: set[str] = set()
    for event in case.history:
        if isinstance(event, Fact):
            _hear(event, granted, heard)
        elif isinstance(event, Entry):
            recorded |= _found(event)
            if event.kind == "daemon_started":
                heard &= recorded
            if unfit := _left_to_itself(event) & heard:
                names = ", ".join(sorted(unfit))
                broken.append(f"failover at {event.at_s:g} s, {names} being unfit")
    return broken


def _hear(fact: Fact, granted: set[str], heard: set[str]) -> None:
    if fact.kind == "granted":
        granted.add(fact.server)
    elif fact.kind in {"revoked", "seeded"}:
        granted.discard(fact.server)
        heard.discard(fact.server)
    elif fact.kind == "inspected" and fact.server in granted:
        heard.add(fact.server)


def _found(entry: Entry) -> set[str]:
    """Return the servers that a findings record newly names."""
    began = entry.body.get("began", [])
    assert isinstance(began, list)
    return {str(tree["server"]) for tree in began}


def _left_to_itself(entry: Entry) -> set[str]:
    """Return the servers of a failover that begins without naming the veto."""
    plan = entry.body.get("plan")
    if entry.kind != "started" or kind_of(entry) != "failover":
        return set()
    assert isinstance(plan, Mapping)
    if "doctor_blocker" in plan.get("overrides", ()):
        return set()
    return {lost_of(entry), *(str(a["server"]) for a in plan.get("ackers", ()))}


def only_the_closed_process_reopens(case: Case) -> list[str]:
    """Rule 8: a process that was started since came up without semi-sync."""
    broken = []
    started: dict[str, bool] = {}
    for _, fact in case.facts("closed", "started", "reopened"):
        if fact.kind == "reopened" and started.get(fact.server):
            broken.append(f"{fact.server} was reopened at {fact.at_s:g} s, restarted")
        started[fact.server] = fact.kind == "started"
    return broken


RULES: tuple[Checker, ...] = (
    *MEMBERS,
    only_the_closed_process_reopens,
    refused_means_undone,
    lossy_ids_are_told,
    proof_is_fresh,
    registered_first,
    no_needless_degrade,
    source_side_needs_a_receiver,
    only_the_holder_acts,
    no_failover_while_unfit,
    *LONELY,
    *RESTING,
)
