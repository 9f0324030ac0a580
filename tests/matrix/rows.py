"""The rows: what is done, what must be seen, and within which bound."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.config.bounds import bounds
from controller.config.budget import detection_worst_s, write_dead_worst_s
from controller.config.schema import Site as Settings
from controller.incident.record import Record
from controller.model.ids import ZoneId
from deploy.lab.cms_fault import Fault
from deploy.lab.spec import ZONES
from tests.integration.scenarios.tight import fill
from tests.matrix.stage import SITES, Stage, kind_of

WATCH_S = 12.0
ERRORS_WATCH_S = 25.0
"""The long window, the confirmation, and as much again."""
STOPPED_S = 5.0
GRACE_S = 10.0
"""A late verdict is still waited for, so that the table says how late it was."""

Doing = Callable[[Stage, ZoneId], ExitStack]
Look = Callable[[Stage, ZoneId], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault.

    do: puts it on the zone that is primary; undone when what it returns is closed.
    watch_s: for how long nothing may move, when *bound* is None.
    look: what else is noted at the end of that, whether it is so or not.
    bound: from the daemon's own file, how soon a run must begin, seconds.
    creeps: it begins to hurt later than it is put there: a full disk has room left in
        the server's own files. Then the last acknowledged write is the beginning.
    """

    name: str
    do: Doing
    watch_s: float = WATCH_S
    look: Look | None = None
    bound: Callable[[Settings], float] | None = None
    creeps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line of the table."""

    name: str
    expected: str
    seen: str
    ok: bool
    took_s: float | None = None


def play(row: Row, stage: Stage) -> Found:
    """Do what *row* says, and judge what came of it; calm before and after."""
    stage.be_calm()
    stage.seen.clear()
    stage.notes.clear()
    stage.amiss.clear()
    primary, after, written = stage.primary(), stage.last(), stage.users.acknowledged()
    began_s = time.monotonic()
    with row.do(stage, primary):
        if row.bound is None:
            stage.watch(row.watch_s)
            if row.look is not None:
                row.look(stage, primary)
            found = _quiet(row, stage, after, written)
        else:
            found = _late(row, stage, after, began_s)
    stage.site.lab.heal(primary)
    stage.be_calm()
    late = stage.moves(after) if row.bound is None else ()
    if late and found.ok:  # begun while it was undone: fooled all the same
        return Found(
            name=row.name, expected=found.expected, seen="a move afterwards", ok=False
        )
    return found


def _quiet(row: Row, stage: Stage, after: int, written: int) -> Found:
    moves = stage.moves(after)
    vetoes = ", ".join(sorted(stage.seen)) or "no veto"
    wrote = stage.users.acknowledged() - written
    told = (_kinds(moves), f"{wrote} writes acknowledged", *stage.notes, vetoes)
    return Found(
        name=row.name,
        expected="no failover",
        seen="; ".join(told),
        ok=not moves and not stage.amiss,
    )


def _kinds(moves: Sequence[Record]) -> str:
    return ", ".join(kind_of(move) for move in moves) or "no move"


def _late(row: Row, stage: Stage, after: int, began_s: float) -> Found:
    assert row.bound is not None
    bound_s = row.bound(stage.settings)
    move = stage.await_move(after, bound_s + GRACE_S)
    stage.let_end()  # mended earlier, a loss would rightly be no loss at CONFIRM
    if move is None:
        stage.look()
        vetoes = ", ".join(sorted(stage.seen)) or "no veto"
        seen, took_s = f"nothing began; {vetoes}", None
    else:
        if row.creeps:
            began_s = stage.users.served_until_s(move.at_mono_s)
        took_s = move.at_mono_s - began_s
        plan = move.body["plan"]
        assert isinstance(plan, dict)
        seen = f"{plan['kind']} after {took_s:.2f} s"
    return Found(
        name=row.name,
        expected=f"a verdict within {bound_s:.2f} s",
        seen=seen,
        ok=took_s is not None and took_s <= bound_s,
        took_s=took_s,
    )


# ---- what is done ---------------------------------------------------------------------


def lossy(stage: Stage, primary: ZoneId) -> ExitStack:
    del primary
    return _held(stage.wan("--loss", "0.05"))


def far(stage: Stage, primary: ZoneId) -> ExitStack:
    return _held(stage.wan("--zone", primary, "--delay-ms", "150"))


def all_far(stage: Stage, primary: ZoneId) -> ExitStack:
    del primary
    return _held(stage.wan("--delay-ms", "150"))


def starved(stage: Stage, primary: ZoneId) -> ExitStack:
    del primary
    with stage.stopped():
        time.sleep(STOPPED_S)  # who is stopped cannot be asked: the fault lasts so long
    return ExitStack()


def busy(stage: Stage, primary: ZoneId) -> ExitStack:
    del primary
    return _held(one_core_busy(stage.site.daemons["state"].pid))


def blind(stage: Stage, primary: ZoneId) -> ExitStack:
    del primary
    wrong = stage.site.directory / "secrets" / "rotated"
    wrong.write_text("no longer\n")
    accounts = stage.site.accounts_with(wrong)
    return _held(stage.settings_changed(accounts=accounts))


def erring(fault: Fault, *, everywhere: bool) -> Doing:
    def do(stage: Stage, primary: ZoneId) -> ExitStack:
        return _held(stage.failing(fault, *(ZONES if everywhere else [primary])))

    return do


def killed(stage: Stage, primary: ZoneId) -> ExitStack:
    stage.site.lab.kill(primary)
    return ExitStack()


def frozen(stage: Stage, primary: ZoneId) -> ExitStack:
    stage.site.lab.freeze(primary)
    return ExitStack()


def cut_off(stage: Stage, primary: ZoneId) -> ExitStack:
    stage.site.lab.cut(primary)
    return ExitStack()


def full_disk(stage: Stage, primary: ZoneId) -> ExitStack:
    """Fill it again and again: a log that is purged gives some back."""
    filler = stage.site.lab.spec.instance(primary).home / "filler"
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(0.05):
            fill(filler)

    fill(filler)
    thread = threading.Thread(target=go_on)
    thread.start()
    stack = ExitStack()
    stack.callback(filler.unlink, missing_ok=True)
    stack.callback(thread.join)
    stack.callback(over.set)
    return stack


def acts_within(key: str) -> Callable[[Settings], float]:
    """Return the bound that `sitedr check-config` prints under *key*."""

    def bound(site: Settings) -> float:
        (found,) = [b for b in bounds(site) if b.key == key]
        assert found.acts_s is not None
        return found.acts_s

    return bound


def _held(context: AbstractContextManager[None]) -> ExitStack:
    stack = ExitStack()
    stack.enter_context(context)
    return stack


def _spin() -> None:
    while True:
        pass


@contextmanager
def one_core_busy(pid: int) -> Iterator[None]:
    """Have process *pid* share one core with two that never sleep."""
    cores = os.sched_getaffinity(pid)
    core = {min(cores)}
    spinners = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(2)]
    for spinner in spinners:
        spinner.start()
        assert spinner.pid is not None
        os.sched_setaffinity(spinner.pid, core)
    _pin(pid, core)
    try:
        yield
    finally:
        _pin(pid, cores)
        for spinner in spinners:
            spinner.kill()
            spinner.join()


def _pin(pid: int, cores: set[int]) -> None:
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)


NEVER_FOOLED: Sequence[Row] = (
    Row(name="5 % of all packets lost", do=lossy),
    Row(name="+300 ms to the primary's zone", do=far),
    Row(name="+300 ms between all zones", do=all_far),
    Row(name="the daemon stopped for 5 s", do=starved),
    Row(name="one core busy", do=busy),
    Row(name="expired credentials everywhere", do=blind),
    Row(
        name="bad deploy in all zones",
        do=erring(Fault(share=1.0), everywhere=True),
        watch_s=ERRORS_WATCH_S,
    ),
    Row(
        name="one site failing everywhere",
        do=erring(Fault(share=1.0, site=SITES[-1]), everywhere=True),
        watch_s=ERRORS_WATCH_S,
    ),
    Row(
        name="30 % errors spread evenly",
        do=erring(Fault(share=0.3), everywhere=True),
        watch_s=ERRORS_WATCH_S,
    ),
)
ON_A_SMALL_DISK: Sequence[Row] = (
    Row(
        name="disk full for writes", do=full_disk, bound=write_dead_worst_s, creeps=True
    ),
)
NEVER_LATE: Sequence[Row] = (
    Row(name="kill", do=killed, bound=detection_worst_s),
    Row(name="freeze", do=frozen, bound=detection_worst_s),
    Row(name="black hole", do=cut_off, bound=detection_worst_s),
    Row(
        name="30 % errors in one zone",
        do=erring(Fault(share=0.3), everywhere=False),
        bound=acts_within("pages_30"),
    ),
    Row(
        name="brown-out: one zone's pages take 3 s",
        do=erring(Fault(share=1.0, status=0, delay_s=3.0), everywhere=False),
        bound=acts_within("pages_100"),
    ),
    Row(
        name="one zone's HTTP 503",
        do=erring(Fault(share=1.0, status=503, health=True), everywhere=False),
        bound=acts_within("origin_lost"),
    ),
)
