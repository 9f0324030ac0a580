"""What Redis's replies mean: life, whose fault it is, and what it is short of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from health.resp import ErrorReply, Reply

FULL = 0.99
"""Of `maxmemory`: with eviction a cache stays just below it."""

_AUTH = ("NOAUTH", "WRONGPASS", "NOPERM")


def judge_pong(reply: Reply, auth: Reply = None) -> tuple[str, str]:
    """Return the failing phase of PING and why; an empty phase: it is alive.

    *auth*: the reply to our password; a server that wants none says no to it, and is
    as alive as one that does.
    """
    for said in (auth, reply):
        if isinstance(said, ErrorReply) and said.startswith(_AUTH):
            return "auth", said
    if isinstance(reply, ErrorReply):  # LOADING, MISCONF, BUSY: there, and no use
        return "status", reply
    if reply != "PONG":
        return "body", f"unexpected answer {str(reply)[:40]!r}"
    return "", "answers"


def judge_role(reply: Reply) -> str:
    """Return what keeps users from writing there; empty: nothing, or unknown."""
    match reply:
        case ["slave", host, port, *_]:
            return f"a replica of {host}:{port}, which takes no writes"
        case _:
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """Figures of INFO; what the server does not tell is left out.

    evicted: keys since it started. used, most: bytes; most 0: without a limit.
    """

    used: int = 0
    most: int = 0
    policy: str = ""
    evicted: int | None = None

    @property
    def ratio(self) -> float | None:
        """Return how much of its limit is used; None: it has none, or keeps it."""
        return self.used / self.most if self.most > 0 else None

    @property
    def shortage(self) -> str:
        """Return what it is short of, in words; empty: nothing."""
        if self.ratio is None or self.ratio < FULL:
            return ""
        costs = "writes are refused" if self.policy == "noeviction" else "keys go early"
        return f"its memory is full ({self.ratio:.0%}, {self.policy}): {costs}"


def read_info(*replies: Reply) -> Info | None:
    """Return the figures in INFO's sections; None: it told none."""
    told: dict[str, str] = {}
    for reply in replies:
        if isinstance(reply, str) and not isinstance(reply, ErrorReply):
            rows = (line.partition(":") for line in reply.splitlines())
            told |= {name: value for name, colon, value in rows if colon}
    if not told:
        return None
    return Info(
        used=_count(told, "used_memory") or 0,
        most=_count(told, "maxmemory") or 0,
        policy=told.get("maxmemory_policy", ""),
        evicted=_count(told, "evicted_keys"),
    )


def _count(told: Mapping[str, str], name: str) -> int | None:
    text = told.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None
