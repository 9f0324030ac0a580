"""Promises with a deadline: silence is named, and calm brings an end. Pure."""

from controller.rehearsal.reading import Case
from replication.adapters.memory.truth import Entry


def no_silence(case: Case, *, within_s: float) -> list[str]:
    """Promise 4: trouble with the primary is acted on or its veto is named.

    Trouble is the primary killed or frozen for longer than *within_s* while a
    controller runs; a run, a veto or an ending must be on record by then.
    """
    primary = ""
    broken = []
    spoken = [
        e.at_s
        for _, e in case.entries()
        if e.kind in {"started", "restarted", "veto", "intent", "ended"}
    ]
    for place, fact in case.openings("opened", "killed", "frozen"):
        if fact.kind == "opened":
            primary = fact.server
            continue
        until_s = fact.at_s + within_s
        if fact.server != primary or _eased(case, place, fact.server, until_s):
            continue
        if _held(case, place):
            continue  # said before, and still standing
        if not any(fact.at_s <= at_s <= until_s for at_s in spoken):
            broken.append(f"{primary} {fact.kind} at {fact.at_s:g} s, and silence")
    return broken


def _held(case: Case, place: int) -> bool:
    """Tell whether a named veto stands at *place* of the history."""
    standing = False
    for at, entry in case.entries("veto"):
        if at > place:
            break
        standing = bool(entry.body.get("vetoes"))
    return standing


def _eased(case: Case, place: int, server: str, until_s: float) -> bool:
    """Tell whether the trouble passed, or the story ended, before *until_s*."""
    if not case.history or case.history[-1].at_s < until_s:
        return True
    return any(
        at > place and fact.server == server and fact.at_s <= until_s
        for at, fact in case.facts("started", "thawed")
    )


def calm_brings_an_end(case: Case, *, calm_at_s: float, bound_s: float) -> list[str]:
    """Liveness: *bound_s* after the last fault every run has ended."""
    open_runs: dict[str, Entry] = {}
    for _, entry in case.entries():
        if entry.kind == "started":
            open_runs[entry.incident] = entry
        elif entry.kind == "ended" and entry.at_s <= calm_at_s + bound_s:
            open_runs.pop(entry.incident, None)
    return [
        f"{incident} had not ended {bound_s:g} s after the last fault"
        for incident, entry in open_runs.items()
        if entry.at_s <= calm_at_s
    ]


def writes_come_back(case: Case, *, calm_at_s: float, bound_s: float) -> list[str]:
    """Liveness: after calm somebody can acknowledge, or an operator was called."""
    halted = any(e.body.get("end") == "halted" for _, e in case.entries("ended"))
    if case.writable or halted:
        return []
    vetoes = [e for _, e in case.entries("veto") if e.body.get("vetoes")]
    if vetoes and vetoes[-1].at_s <= calm_at_s + bound_s:
        return []
    return [f"nobody takes writes {bound_s:g} s after calm, and nobody says why"]
