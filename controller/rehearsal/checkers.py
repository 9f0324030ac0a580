"""One checker per promise, pure: a story in, broken promises out.

They read what the world saw and what the journal says, never the controller's
memory. An empty list means the promise held.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from controller.rehearsal.leaving_errors import ERRORS, unasked
from controller.rehearsal.protection import Protection
from controller.rehearsal.reading import (
    KILLING,
    Case,
    Promotion,
    evidence,
    is_intent,
    is_outcome,
    kind_of,
    lost_of,
)
from controller.rehearsal.rejoining import REJOINING
from controller.rehearsal.reopening import REOPENING
from controller.rehearsal.routes import ROUTES
from controller.rehearsal.rules import RULES
from replication.adapters.memory.truth import Able, Ack, Entry, Fact

Checker = Callable[[Case], list[str]]

UNFREEZING = ("unfreeze", "unfreeze_fenced", "unfreeze_again")
UNFENCING = ("degrade", "withdraw", *UNFREEZING, "open", "reopen")
MOVES = ("failover", "switchover")
WISH_MAX_S = 61.0
"""What an operator asked for longer ago than a minute, nobody asked for."""

FAULTS = ("killed", "frozen", "cut")


def one_acknowledger(case: Case) -> list[str]:
    """Promise 1: never two servers that can both acknowledge a write."""
    return [
        f"{' and '.join(e.servers)} could both acknowledge at {e.at_s:g} s"
        for e in case.history
        if isinstance(e, Able) and len(e.servers) > 1
    ]


def nothing_lost_while_protected(case: Case) -> list[str]:
    """Promise 2: a row acknowledged under `protected` is on the last primary.

    Earning `protected` covers what was acknowledged before, too: the canary came
    after it.
    """
    kept = _kept(case)
    if kept is None:
        return []
    covered: list[Ack] = []
    exposed: list[Ack] = []  # acknowledged in one zone only, so far
    protection = Protection()
    for event in case.history:
        if isinstance(event, Entry):
            if event.incident in case.reopenings and is_intent(event, "open"):
                continue  # nobody is promoted, and EARN came before
            if protection.follow(event):
                covered, exposed = covered + exposed, []
            elif is_intent(event, "open"):
                exposed = []  # a promotion that was said to lose these
        elif isinstance(event, Ack):
            (covered if protection.holds else exposed).append(event)
    return [
        f"{ack.row}, acknowledged by {ack.server}, is lost"
        for ack in covered
        if ack.row not in kept
    ]


def _kept(case: Case) -> frozenset[str] | None:
    """Return the rows of the last primary, open or not; None when there was none."""
    opened = [fact for _, fact in case.facts("opened")]
    if not opened:
        return None
    last = max(reversed(opened), key=lambda f: int(f.detail.get("epoch", "0")))
    return case.rows.get(last.server, frozenset())


def old_primary_stays_silent(case: Case) -> list[str]:
    """Promises 1 and 2: what an old primary acknowledges later is not lost either."""
    kept = _kept(case)
    if kept is None:
        return []
    changes = case.promotions
    return [
        f"{ack.row} was acknowledged by {ack.server} after {p.server} had opened"
        for place, ack in case.acks()
        for p in changes
        if ack.server == p.left and place > p.place and ack.row not in kept
        if not _reopened(case, ack.server, p.place, place)
    ]


def _reopened(case: Case, server: str, after: int, before: int) -> bool:
    return any(
        after < place < before and fact.server == server
        for place, fact in case.facts("opened", "reopened")
    )


def fence_before_open(case: Case) -> list[str]:
    """Rule 1: no promotion without a recorded proof of its own epoch."""
    return [
        f"{p.server} opened under epoch {p.epoch} without a fence proof of {p.left}"
        for p in case.promotions
        if _fence_place(case, p) is None
    ]


def _fence_place(case: Case, promotion: Promotion) -> int | None:
    """Return where the proof that counts for *promotion* stands, None without."""
    found = None
    for place, entry in case.entries():
        if place > promotion.place or entry.epoch != promotion.epoch:
            continue
        proven = is_outcome(entry, "fence", "done") or is_outcome(
            entry, "close", "done"
        )
        if proven and evidence(entry).get("proof"):
            found = place
        elif is_intent(entry, *UNFREEZING, "reopen"):
            found = None  # it voids the proof from the moment it is recorded
    return found


def fenced_stays_fenced(case: Case) -> list[str]:
    """A proof is true: what was fenced can acknowledge nothing, for good.

    Until it was seeded anew or opened by a later epoch.
    """
    broken = []
    for promotion in case.promotions:
        start = _fence_place(case, promotion)
        if start is None:
            continue
        for event in case.history[start:]:
            if isinstance(event, Able) and promotion.left in event.servers:
                broken.append(
                    f"{promotion.left} could acknowledge at {event.at_s:g} s, fenced"
                    f" for epoch {promotion.epoch}"
                )
                break
            if isinstance(event, Fact) and _renews(event, promotion):
                break
    return broken


def _renews(fact: Fact, promotion: Promotion) -> bool:
    return fact.server == promotion.left and (
        fact.kind == "seeded"
        or (
            fact.kind == "opened"
            and int(fact.detail.get("epoch", "0")) > promotion.epoch
        )
    )


def recorded_first(case: Case) -> list[str]:
    """Promise 5: nothing that un-fences happens before its intent is durable."""
    broken = []
    allowed: set[tuple[str, int]] = set()
    openings = 0
    for event in case.history:
        if isinstance(event, Entry) and event.kind == "intent":
            allowed.add((str(event.body.get("step")), event.epoch))
        if not isinstance(event, Fact):
            continue
        step = {"opened": "open", "reopened": "reopen"}.get(event.kind)
        if step is not None:
            openings += 1
            epoch = int(event.detail.get("epoch", "0"))
            if openings > 1 and (step, epoch) not in allowed:
                broken.append(f"{event.server} {event.kind}, not announced")
        if event.kind == "acks_not_required" and not _announced(allowed):
            broken.append(f"{event.server} degraded, not announced")
    return broken


def _announced(allowed: set[tuple[str, int]]) -> bool:
    return any(step in {"degrade", "withdraw"} for step, _ in allowed)


def sessions_recorded(case: Case) -> list[str]:
    """Rule 5: an order that can un-fence names the connection it travels on."""
    broken = []
    intents: dict[str, Entry] = {}
    for _, entry in case.entries():
        if is_intent(entry, *UNFENCING):
            intents[entry.incident] = entry
        elif entry.kind == "outcome" and entry.incident in intents:
            intent = intents.pop(entry.incident)
            sent = entry.body.get("outcome") == "done"
            if sent and not intent.body.get("sessions"):
                broken.append(f"{intent.body.get('step')} went out on no session")
    return broken


def epochs_only_grow(case: Case) -> list[str]:
    """Promise 6: every run has an epoch of its own, newer than all before."""
    broken, highest = [], 0
    for _, entry in case.entries():
        if entry.kind in {"started", "restarted"}:
            if entry.epoch <= highest:
                broken.append(f"{entry.kind} under epoch {entry.epoch} <= {highest}")
            highest = max(highest, entry.epoch)
    opened = 0
    for _, fact in case.openings("opened"):
        epoch = int(fact.detail.get("epoch", "0"))
        if epoch < opened:
            broken.append(f"{fact.server} opened under epoch {epoch} < {opened}")
        opened = max(opened, epoch)
    return broken


def abandoned_means_undone(case: Case) -> list[str]:
    """`abandoned` says nothing irreversible happened; then nothing may have."""
    broken = []
    begun: dict[str, tuple[int, Entry]] = {}
    for place, entry in case.entries():
        if entry.kind == "started" and kind_of(entry) in MOVES:
            begun[entry.incident] = (place, entry)
        elif entry.kind == "ended" and entry.incident in begun:
            start, first = begun.pop(entry.incident)
            gave_way = ": preempted: " in str(entry.body.get("why"))
            if entry.body.get("end") == "abandoned" and not gave_way:
                broken += _left_behind(case, start, place, lost_of(first))
    return broken


def _left_behind(case: Case, start: int, end: int, lost: str) -> list[str]:
    """Return what a run changed and did not undo, as far as it could."""
    state: dict[tuple[str, str], str] = {}
    excused = _out(case, start)
    for event in case.history[start:end]:
        if isinstance(event, Entry) and evidence(event).get("proof") in KILLING:
            state["process", lost] = "killed and kept down"
        if not isinstance(event, Fact):
            continue
        if event.kind in {"receiving", "not_receiving"}:
            state["receiver", event.server] = event.kind
        elif event.kind in {"opened", "closed", "reopened"}:
            state["writes", event.server] = event.kind
        elif event.kind in FAULTS:
            excused |= case.struck(event)
    return [
        f"abandoned, yet {server} is left {left}"
        for (_, server), left in state.items()
        if left == "killed and kept down"
        or (left == "not_receiving" and server not in excused)
        or (left == "closed" and server == lost and server not in excused)
        or (left == "opened" and server != lost)
    ]


def _out(case: Case, place: int) -> set[str]:
    """Return the servers no order could reach at *place*."""
    out: set[str] = set()
    for at, fact in case.facts(*FAULTS, "started", "thawed", "mended"):
        ends = {fact.server, fact.detail.get("receiver", "controller")}
        if at < place and "controller" in ends:
            who = case.struck(fact)
            out = out | who if fact.kind in FAULTS else out - who
    return out


def rerouted_after_open(case: Case) -> list[str]:
    """Users are sent to a primary only once it is open."""
    broken = []
    opened: set[str] = set()
    runs = {e.incident for _, e in case.entries("started") if kind_of(e) in MOVES}
    for _, entry in case.entries():
        if is_outcome(entry, "open", "done"):
            opened.add(entry.incident)
        early = entry.incident in runs - opened
        if is_intent(entry, "reroute", "release") and early:
            broken.append(f"{entry.body.get('step')} before open in {entry.incident}")
    return broken


def unknown_open_is_never_undone(case: Case) -> list[str]:
    """Rule 5: after an unanswered OPEN that server counts as a primary."""
    broken = []
    doubtful: set[str] = set()
    for _, entry in case.entries():
        if entry.incident in case.reopenings:
            continue  # it is the primary all the time, on record too
        if is_outcome(entry, "open", "unknown"):
            doubtful.add(entry.incident)
        elif is_outcome(entry, "open", "done"):
            doubtful.discard(entry.incident)
        undone = (
            is_intent(entry, *UNFREEZING, "reopen")
            or entry.body.get("end") == "abandoned"
        )
        if entry.incident in doubtful and undone:
            broken.append(f"{entry.incident} went back after an unanswered open")
    return broken


def no_needless_failover(case: Case) -> list[str]:
    """Promise 3: a primary nothing happened to keeps its role, unless asked.

    Of moves for users' errors `only_where_the_errors_are` asks what happened to them.
    """
    wished = [(place, e.at_s) for place, e in case.entries("wish")]
    troubled = [
        (place, case.struck(fact))
        for place, fact in case.facts(*FAULTS, "filled")
        if _out_of_reach(fact)
    ]
    return [
        f"{p.left} lost its role to {p.server} though nothing had happened to it"
        for p in case.promotions
        if p.epoch not in unasked(case)
        and not any(
            place < p.place and _began_at_s(case, p) - at_s <= WISH_MAX_S
            for place, at_s in wished
        )
        and not any(
            place < _began(case, p) and p.left in who for place, who in troubled
        )
    ]


def _began(case: Case, promotion: Promotion) -> int:
    """Return where the run began: what its own fence did is no trouble before."""
    begun = [
        place
        for place, entry in case.entries("started")
        if place < promotion.place and kind_of(entry) in MOVES
    ]
    return begun[-1] if begun else promotion.place


def _began_at_s(case: Case, promotion: Promotion) -> float:
    return case.history[_began(case, promotion)].at_s


def _out_of_reach(fact: Fact) -> bool:
    """A cut between two zones stalls writes; it is no loss of the primary."""
    return fact.kind != "cut" or bool(
        {fact.server, fact.detail.get("receiver")} & {"controller", "edge"}
    )


def one_writable_at_the_end(case: Case) -> list[str]:
    """Whatever happened, at most one living server is open at the end."""
    if len(case.writable) > 1:
        return [f"{' and '.join(case.writable)} are writable at the end"]
    return []


SAFETY: Mapping[str, Checker] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            one_acknowledger,
            nothing_lost_while_protected,
            old_primary_stays_silent,
            fence_before_open,
            fenced_stays_fenced,
            recorded_first,
            sessions_recorded,
            epochs_only_grow,
            abandoned_means_undone,
            rerouted_after_open,
            unknown_open_is_never_undone,
            no_needless_failover,
            one_writable_at_the_end,
            *RULES,
            *ROUTES,
            *REOPENING,
            *REJOINING,
            *ERRORS,
        )
    }
)


def broken_promises(case: Case) -> dict[str, list[str]]:
    """Run every safety checker; return only those that found something."""
    found = {name: check(case) for name, check in SAFETY.items()}
    return {name: broken for name, broken in found.items() if broken}
