"""Processes as the kernel knows them: identity, marks, death.

A pid alone is not an identity (it is reused); a pid with its start time is.
Every process of a lab carries `SITEDR_ZONE=<lab id>/<zone>` in its initial
environment, so that it can be found for any user, whatever session or parent
it has by now. Descendants count too, in case one cleared its environment.
"""

import ctypes
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.lab.poll import poll

MARK = "SITEDR_ZONE"
_PR_SET_PDEATHSIG = 1
KILL = signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Process:
    """One process; *start* is its start time in clock ticks since boot."""

    pid: int
    start: int


@dataclass(frozen=True, slots=True)
class _Stat:
    """What we read of /proc/PID/stat."""

    process: Process
    state: str
    parent: int
    comm: str


def _stat(pid: int) -> _Stat | None:
    """Read /proc/PID/stat; None when there is no such process (any more)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name is in brackets and may itself hold brackets and blanks.
    name_end = text.rindex(")")
    rest = text[name_end + 2 :].split()
    comm = text[text.index("(") + 1 : name_end]
    return _Stat(Process(pid, int(rest[19])), rest[0], int(rest[1]), comm)


def identify(pid: int) -> Process | None:
    """Return the living process behind *pid*; a zombie is dead."""
    stat = _stat(pid)
    return None if stat is None or stat.state in "ZX" else stat.process


def is_alive(process: Process) -> bool:
    """Tell whether this very process (not a later one of its pid) lives."""
    return identify(process.pid) == process


def is_stopped(process: Process) -> bool:
    """Tell whether the process is frozen by SIGSTOP."""
    stat = _stat(process.pid)
    return stat is not None and stat.process == process and stat.state == "T"


def name_of(process: Process) -> str:
    """Return the kernel's short name of the process, empty when it is gone."""
    stat = _stat(process.pid)
    return stat.comm if stat is not None and stat.process == process else ""


def send(process: Process, number: signal.Signals) -> bool:
    """Signal this very process; False when it is gone.

    A pidfd pins the identity: between our check and the signal the pid
    cannot come to mean another process.
    """
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return False
    try:
        if identify(process.pid) != process:
            return False
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


def _environment_mark(pid: int) -> str | None:
    """Return the value of the mark in the process's initial environment."""
    try:
        raw = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return None  # gone, or another user's: not one of ours
    prefix = f"{MARK}=".encode()
    for entry in raw.split(b"\0"):
        if entry.startswith(prefix):
            return entry[len(prefix) :].decode("utf-8", "replace")
    return None


def marked(wanted: Callable[[str], bool]) -> dict[Process, str]:
    """Return living processes whose mark is *wanted*, and their descendants."""
    stats = [
        stat
        for entry in os.listdir("/proc")  # noqa: PTH208  hot path: names only
        if entry.isdigit() and (stat := _stat(int(entry))) and stat.state not in "ZX"
    ]
    found: dict[int, str] = {}
    for stat in stats:
        mark = _environment_mark(stat.process.pid)
        if mark is not None and wanted(mark):
            found[stat.process.pid] = mark
    grown = True
    while grown:
        children = {
            s.process.pid: found[s.parent]
            for s in stats
            if s.parent in found and s.process.pid not in found
        }
        found.update(children)
        grown = bool(children)
    return {s.process: found[s.process.pid] for s in stats if s.process.pid in found}


def of_zone(mark: str) -> list[Process]:
    """Return the living processes of the zone marked *mark*, ourselves excepted."""
    me = os.getpid()
    return [p for p in marked(lambda m: m == mark) if p.pid != me]


def _settled(
    number: signal.Signals, left: Callable[[], list[Process]], bound_s: float
) -> list[Process]:
    """Signal until nothing is *left* in two looks; return what is left at the end."""
    remaining: list[Process] = []

    def quiet() -> bool:
        nonlocal remaining
        remaining = left()
        for process in remaining:
            send(process, number)
        return not remaining

    poll(lambda: quiet() and quiet(), bound_s)
    return remaining


def kill_zone(mark: str, *, bound_s: float = 5.0) -> list[Process]:
    """SIGKILL every process of the zone; return survivors (none, normally).

    First everything is stopped, so that nothing can start anything while the
    kills go round; a fork under way is caught by looking again.
    """
    for process in of_zone(mark):
        send(process, signal.SIGSTOP)
    return _settled(signal.SIGKILL, lambda: of_zone(mark), bound_s)


def freeze_zone(mark: str, *, bound_s: float = 5.0) -> list[Process]:
    """SIGSTOP every process of the zone; return those that still run."""

    def running() -> list[Process]:
        return [p for p in of_zone(mark) if not is_stopped(p)]

    return _settled(signal.SIGSTOP, running, bound_s)


def thaw_zone(mark: str, *, bound_s: float = 5.0) -> list[Process]:
    """SIGCONT every process of the zone; return those that are still stopped."""

    def stopped() -> list[Process]:
        return [p for p in of_zone(mark) if is_stopped(p)]

    return _settled(signal.SIGCONT, stopped, bound_s)


def holders_of(path: Path) -> list[Process]:
    """Return the processes that have *path* open; as root, everybody's."""
    try:
        wanted = path.stat()
    except FileNotFoundError:
        return []
    me, found = os.getpid(), []
    for entry in os.listdir("/proc"):  # noqa: PTH208  hot path: names only
        if not entry.isdigit() or int(entry) == me:
            continue
        process = identify(int(entry))
        if process is not None and _has_open(process.pid, wanted):
            found.append(process)
    return found


def _has_open(pid: int, wanted: os.stat_result) -> bool:
    try:
        names = os.listdir(f"/proc/{pid}/fd")  # noqa: PTH208  hot path: names only
    except OSError:
        return False
    for name in names:
        try:
            seen = os.stat(f"/proc/{pid}/fd/{name}")  # noqa: PTH116  hot path
        except OSError:
            continue
        if (seen.st_dev, seen.st_ino) == (wanted.st_dev, wanted.st_ino):
            return True
    return False


_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> Callable[[], None]:
    """Return a `preexec_fn`: SIGKILL me when the thread that forked me ends.

    The kernel clears the setting when credentials change, so nothing of ours
    changes them afterwards. The parent may be gone before it takes effect, hence the
    second look. The library handle is made beforehand: after a fork only
    little is safe to do.
    """

    def setting() -> None:
        if _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            os._exit(126)
        if os.getppid() != parent:
            os._exit(125)

    return setting
