"""How long OPEN takes on a caught-up replica: `make bench-open`.

Two real servers an engine change roles all the time: the primary is closed, the
replica frozen and drained, then opened on its warm order session - that order alone
is timed - and the old primary follows it. Where the time goes is told statement by
statement, as the session sends them. Figures go to `build/bench-open.json`. Exit
code 1: an OPEN did not end as promised; a missed target is printed, and no more.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table
from typing_extensions import override

from controller.cli.demo import make_console
from controller.cli.demo_lab import BUILD
from controller.cli.demo_report import write_figures
from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done
from deploy.lab.engines import ENGINES
from replication.ports import Receiving, Session
from replication.sql.server import SqlServer
from replication.sql.session import Row, SqlSession
from tests.contract.database_cluster import A, B, Commit, expect_done, seen
from tests.contract.real_servers import RealCluster, engine_named, golden_home

TARGET_P50_S = 0.015
_READ = "read everything (variables, status, replica, epoch)"
_NAMES = (
    ("SELECT UPPER(VARIABLE_NAME)", _READ),
    ("RESET", "stop and forget the source"),
    ("INSERT INTO sitedr.epoch", "record the epoch (a commit)"),
    ("super_read_only=0", "let the controller write"),
    ("read_only=0", "accept writes"),
    ("read_only=1", "keep applications out"),
    ("locked_accounts", "unlock accounts"),
)


class TimedSession(SqlSession):
    """An order session with a stop-watch."""

    spent_s: dict[str, float]

    @classmethod
    def instead_of(cls, session: SqlSession) -> "TimedSession":
        """Return a new, unconnected session to the same place."""
        made = cls(session._endpoint, setup=session._setup)
        made.spent_s = defaultdict(float)
        return made

    @override
    async def ask(self, *statements: str, timeout_s: float) -> Sequence[Sequence[Row]]:
        began_s = time.perf_counter()
        try:
            return await super().ask(*statements, timeout_s=timeout_s)
        finally:
            took_s = time.perf_counter() - began_s
            self.spent_s[name_of(";".join(statements))] += took_s


@dataclass(slots=True)
class Clocked:
    """One server's adapter and the clock on its order session."""

    server: SqlServer
    clock: TimedSession = field(init=False)

    def __post_init__(self) -> None:
        self.clock = TimedSession.instead_of(self.server._order)
        self.server._order = self.clock


def name_of(batch: str) -> str:
    """Return what people call *batch*."""
    for mark, name in _NAMES:
        if mark in batch:
            return name
    return batch[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One OPEN. ready_s: proving the session right before; open_s: the order."""

    ready_s: float
    open_s: float
    spent_s: Mapping[str, float]


async def change_roles(
    cluster: RealCluster, old: Clocked, new: Clocked, epoch: Epoch
) -> Opening:
    """Close *old*, open *new*, let *old* follow; return what OPEN took."""
    source, replica = old.server, new.server
    expect_done(await source.ensure_closed(epoch))
    expect_done(await replica.ensure_frozen(epoch))
    expect_done(await replica.ensure_drained(epoch))
    boot_id = (await seen(replica)).boot_id
    began_s = time.perf_counter()
    session = await replica.ready()
    proven_s = time.perf_counter()
    assert isinstance(session, Session), session
    new.clock.spent_s.clear()
    outcome = await replica.ensure_open(epoch, boot_id=boot_id)
    opened_s = time.perf_counter()
    spent_s = dict(new.clock.spent_s)
    assert isinstance(outcome, Done), outcome
    expect_done(await source.ensure_acks_required(epoch, required=False))
    expect_done(await source.ensure_following(replica.server, epoch))
    await cluster.eventually(
        lambda: seen(source),
        lambda v: v.receiving is Receiving.YES and v.epoch == epoch,
    )
    await cluster.eventually(
        lambda: replica.ensure_acks_required(epoch, required=True),
        lambda told: isinstance(told, Done),
    )
    row = f"written at epoch {epoch}"
    assert await cluster.commit(replica.server, row) is Commit.OK
    await cluster.shows(source.server, row)
    return Opening(
        ready_s=proven_s - began_s, open_s=opened_s - proven_s, spent_s=spent_s
    )


async def series(
    cluster: RealCluster, runs: int, told: list[Opening], console: Console
) -> None:
    """Change roles *runs* times."""
    try:
        await cluster.protect()
        pair = [_clocked(cluster, A), _clocked(cluster, B)]
        for number in range(runs):
            old, new = pair[number % 2], pair[(number + 1) % 2]
            epoch = Epoch(number + 2)
            told.append(await change_roles(cluster, old, new, epoch))
            if (number + 1) % 25 == 0:
                console.print(f"{cluster.engine.name}: {number + 1}/{runs}")
    finally:
        await cluster.aclose()


def _clocked(cluster: RealCluster, server: ServerId) -> Clocked:
    adapter = cluster.connect(server)
    assert isinstance(adapter, SqlServer)
    return Clocked(adapter)


def row(engine: str, found: Sequence[Opening]) -> Mapping[str, Any]:
    """Return one engine's figures; seconds."""
    opens_s = [o.open_s for o in found]
    names = {name for o in found for name in o.spent_s}
    by_statement = {n: median(o.spent_s.get(n, 0.0) for o in found) for n in names}
    return {
        "engine": engine,
        "runs": len(found),
        "open_p50_s": median(opens_s),
        "open_p95_s": quantiles(opens_s, n=20, method="inclusive")[-1],
        "open_max_s": max(opens_s),
        "ready_p50_s": median(o.ready_s for o in found),
        "by_statement_p50_s": by_statement,
        "target_p50_s": TARGET_P50_S,
        "met": median(opens_s) <= TARGET_P50_S,
    }


def show(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print the table, where the time goes, and by how much a target was missed."""
    made = Table(title="OPEN on a caught-up replica, warm", title_justify="left")
    for name in ("engine", "runs", "p50", "p95", "max", "session proof p50", "target"):
        made.add_column(name, justify="right")
    for r in rows:
        times = ("open_p50_s", "open_p95_s", "open_max_s", "ready_p50_s")
        cells = [f"{r[name] * 1e3:.1f} ms" for name in times]
        target = f"{TARGET_P50_S * 1e3:g} ms"
        made.add_row(r["engine"], str(r["runs"]), *cells, target)
    console.print(made)
    for r in rows:
        console.print(f"{r['engine']}, p50 by statement:")
        spent = sorted(r["by_statement_p50_s"].items(), key=lambda item: -item[1])
        for name, took_s in spent:
            console.print(f"  {took_s * 1e3:6.1f} ms  {name}")
        if not r["met"]:
            over_s = r["open_p50_s"] - TARGET_P50_S
            console.print(f"  target missed by {over_s * 1e3:.1f} ms")


def run(engines: Sequence[str], runs: int, console: Console) -> int:
    """Measure every engine; return the exit code."""
    rows: list[Mapping[str, Any]] = []
    broken = ""
    for engine in engines:
        found: list[Opening] = []
        with tempfile.TemporaryDirectory(prefix="sitedr-") as directory:
            broken = _measure(engine, Path(directory), runs, found, console) or broken
        if len(found) > 1:
            rows.append(row(engine, found))
    show(rows, console)
    file = BUILD / "bench-open.json"
    write_figures(file, "bench-open", {"runs": runs, "engines": list(engines)}, rows)
    console.print(f"figures: {file}")
    if broken:
        console.print(f"[bold red]broken:[/] {broken}")
    return 1 if broken else 0


def _measure(
    engine: str, directory: Path, runs: int, found: list[Opening], console: Console
) -> str:
    """Run one engine's series; return what broke, empty: nothing."""
    made = engine_named(engine)
    home = golden_home(made, directory / "golden")
    cluster = RealCluster(made, home, directory / "servers")
    try:
        asyncio.run(series(cluster, runs, found, console))
    except AssertionError as error:
        return f"{engine}, change {len(found) + 1}: {error}"
    finally:
        cluster.stop()
    return ""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench-open", description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="per engine, at least 2")
    parser.add_argument("--engine", action="append", choices=sorted(ENGINES))
    found = parser.parse_args(argv)
    if found.runs < 2:
        parser.error("--runs: at least 2")
    return found


if __name__ == "__main__":
    try:
        wanted = parse(sys.argv[1:])
        named = wanted.engine or sorted(ENGINES)
        sys.exit(run(named, wanted.runs, make_console()))
    except KeyboardInterrupt:
        sys.exit(130)
