"""Histories as text, so that a planted violation reads like a story.

One event a line, one second a line:

    intent STEP EPOCH [no-session]     outcome STEP ANSWER EPOCH [key=value ...]
    started KIND EPOCH LOST [SPARE] [lossy]
    ended END EPOCH
    started reconcile EPOCH EDGE       started reopen EPOCH ACKER
    maintenance start|end ZONE SECONDS quarantine begin|over ZONE
    started unasked EPOCH LOST TARGET  a planned move for users' errors
    veto NAME | wish                   ack ROW SERVER [GTID]
    able [SERVER ...]                  fact KIND SERVER [key=value ...]
"""

from collections.abc import Callable

from controller.model.ids import ServerId
from replication.adapters.memory.truth import Able, Ack, Entry, Event, Fact


def history(text: str) -> tuple[Event, ...]:
    """Return the events of *text*."""
    lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    return tuple(
        _PARSERS[words[0]](float(at_s), words[1:])
        for at_s, words in enumerate(lines, start=1)
    )


def _pairs(words: list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words if "=" in word)


def _entry(at_s: float, kind: str, epoch: str, body: dict[str, object]) -> Entry:
    return Entry(at_s, kind, int(epoch), f"i{epoch}", body)


def _intent(at_s: float, words: list[str]) -> Event:
    sessions = [] if "no-session" in words else [{"server": "x"}]
    body: dict[str, object] = {"step": words[0], "sessions": sessions}
    return _entry(at_s, "intent", words[1], body)


def _outcome(at_s: float, words: list[str]) -> Event:
    body: dict[str, object] = {
        "step": words[0],
        "outcome": words[1],
        "evidence": _pairs(words[3:]),
    }
    return _entry(at_s, "outcome", words[2], body)


def _started(at_s: float, words: list[str]) -> Event:
    *words, last = words
    words = words if last == "lossy" else [*words, last]
    plan: dict[str, object] = {"kind": words[0], "lost": {"server": words[2]}}
    plan["acks_revocable"] = last != "lossy"
    if words[0] == "reconcile":
        plan = {"kind": words[0], "lost": None, "edge": words[2]}
    if words[0] == "reopen":
        ackers = [{"server": words[2]}]
        plan = {"kind": words[0], "lost": None, "ackers": ackers, "waits": True}
    if words[0] == "unasked":
        plan |= {"kind": "switchover", "unasked": True}
        plan["target"] = {"server": words.pop()}
    if len(words) > 3:
        plan["spare"] = {"server": words[3]}
    return _entry(at_s, "started", words[1], {"plan": plan})


def _ended(at_s: float, words: list[str]) -> Event:
    return _entry(at_s, "ended", words[1], {"end": words[0]})


def _veto(at_s: float, words: list[str]) -> Event:
    return _entry(at_s, "veto", "0", {"vetoes": [{"name": words[0]}]})


def _wish(at_s: float, words: list[str]) -> Event:
    return _entry(at_s, "wish", "0", {"why": " ".join(words)})


def _maintenance(at_s: float, words: list[str]) -> Event:
    body = {"act": words[0], "zone": words[1], "owner": "ann", "for_s": words[2]}
    return _entry(at_s, "maintenance", "0", {**body, "reason": "drawn"})


def _quarantine(at_s: float, words: list[str]) -> Event:
    return _entry(at_s, "quarantine", "0", {"act": words[0], "zone": words[1]})


def _ack(at_s: float, words: list[str]) -> Event:
    return Ack(at_s, words[0], ServerId(words[1]), " ".join(words[2:]))


def _able(at_s: float, words: list[str]) -> Event:
    return Able(at_s, tuple(ServerId(word) for word in words))


def _fact(at_s: float, words: list[str]) -> Event:
    return Fact(at_s, words[0], words[1], _pairs(words[2:]))


_PARSERS: dict[str, Callable[[float, list[str]], Event]] = {
    "intent": _intent,
    "outcome": _outcome,
    "started": _started,
    "ended": _ended,
    "veto": _veto,
    "wish": _wish,
    "maintenance": _maintenance,
    "quarantine": _quarantine,
    "ack": _ack,
    "able": _able,
    "fact": _fact,
}
