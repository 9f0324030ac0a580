"""What probing costs: `make bench-probes`.

Probes per second of the prober's own CPU: ours (new and kept HTTP connections, MySQL),
blackbox_exporter asked for each one, and HAProxy's own checks, against the same server
in one run. Then ours at one probe a second and target: 3 000 targets in one process,
10 000 in two. Figures go to `build/bench-probes.json`. Exit code 1: a probe failed or
was lost; a missed target is printed, and no more.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from controller.cli.demo import make_console
from controller.cli.demo_lab import BUILD
from controller.cli.demo_report import write_figures
from controller.model.ids import ServerId
from tests.bench import probe_rivals as rivals
from tests.contract.real_servers import ACCOUNTS, RealServer, engine_named, instance

NEW_PER_CPU_S, TIMES_EXPORTER = 15_000, 8.0
CPU_SHARE_MAX, LATE_P99_S_MAX, TARGET_BYTES_MAX = 0.35, 0.010, 4096
LINES, EXPORTER_LINES, DATABASE_LINES = 32, 64, 8
_ROOT = Path(__file__).resolve().parents[2]

Row = dict[str, Any]


def worker(kind: str, orders: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Run one worker for each of *orders*, side by side; return what they found."""
    argv = (sys.executable, "-m", "tests.bench.probe_worker", kind)
    started = [
        subprocess.Popen(
            argv, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in orders
    ]
    try:
        for process, order in zip(started, orders, strict=True):
            assert process.stdin is not None
            process.stdin.write(json.dumps(order))
            process.stdin.close()
            process.stdin = None
        found = [process.communicate(timeout=120)[0] for process in started]
        if any(process.returncode for process in started):
            raise RuntimeError(f"a {kind} worker failed")
        return [json.loads(text) for text in found]
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait()


def row(prober: str, kind: str, probes: int, cpu_s: float, failed: int = 0) -> Row:
    """Return one measurement as a row."""
    return {
        "prober": prober,
        "kind": kind,
        "probes": probes,
        "cpu_s": round(cpu_s, 3),
        "failed": failed,
        "probes_per_cpu_s": round(probes / cpu_s) if cpu_s else 0,
    }


def ours(probed: rivals.Backend, seconds: float, *, keep: bool) -> Row:
    """Measure our prober at full speed."""
    order = {
        "hosts": probed.hosts,
        "port": rivals.PORT,
        "path": "/",
        "lines": LINES,
        "seconds": seconds,
        "keep": keep,
    }
    (told,) = worker("saturated", [order])
    kind = "http kept" if keep else "http new"
    return row("sitedr", kind, told["probes"], told["cpu_s"], told["failed"])


def exporters(probed: rivals.Backend, home: Path, seconds: float) -> Row:
    """Measure blackbox_exporter; who asks it is not counted."""
    with rivals.exporter(home) as (pid, address):
        order = {
            "hosts": [address],
            "port": rivals.EXPORTER_PORT,
            "path": f"/probe?module=http_2xx&target=http://{probed.hosts[0]}:{rivals.PORT}/",
            "body": "probe_success 1",
            "lines": EXPORTER_LINES,
            "seconds": seconds,
            "keep": True,
        }
        used_s = rivals.cpu_of(pid)
        (told,) = worker("saturated", [order])
        used_s = rivals.cpu_of(pid) - used_s
    return row("blackbox_exporter", "http new", told["probes"], used_s, told["failed"])


def checks(probed: rivals.Backend, home: Path, seconds: float) -> Row:
    """Measure HAProxy's checks: a thousand servers, ten times a second each."""
    with rivals.checker(home, probed) as pid:
        used_s, asked = rivals.cpu_of(pid), probed.requests()
        time.sleep(seconds)  # HAProxy probes by itself: this is the window measured
        asked = probed.requests() - asked
        used_s = rivals.cpu_of(pid) - used_s
    return row("haproxy checks", "http new", asked, used_s)


def databases(home: Path, seconds: float) -> list[Row]:
    """Measure our database session: a greeting and a query, and a query alone."""
    engine = engine_named("mariadb")
    server = RealServer(engine, instance(home, ServerId("probed"), 10))
    engine.create_empty(server.instance, ACCOUNTS)
    server.start()
    found = []
    try:
        for keep in (False, True):
            order = {
                "hosts": [server.instance.host],
                "port": server.instance.admin_port,
                "user": ACCOUNTS.controller.user,
                "password": ACCOUNTS.controller.password,
                "lines": DATABASE_LINES,
                "seconds": seconds,
                "keep": keep,
            }
            (told,) = worker("databases", [order])
            kind = "mysql kept" if keep else "mysql new"
            found.append(row("sitedr", kind, told["probes"], told["cpu_s"]))
    finally:
        server.kill()
    return found


def paced(
    probed: rivals.Backend, targets: int, parts: int, seconds: float, *, keep: bool
) -> Row:
    """Measure our prober at one probe a second and target, in *parts* processes."""
    orders = [
        {
            "hosts": probed.hosts,
            "port": rivals.PORT,
            "path": "/",
            "targets": targets,
            "part": part,
            "parts": parts,
            "seconds": seconds,
            "keep": keep,
        }
        for part in range(parts)
    ]
    told = worker("paced", orders)
    kind = "http kept" if keep else "http new"
    found = row(
        "sitedr",
        f"{kind}, {targets} targets at 1 Hz in {parts}",
        sum(t["probes"] for t in told),
        sum(t["cpu_s"] for t in told),
        sum(t["failed"] for t in told),
    )
    return found | {
        "targets": targets,
        "processes": parts,
        "cpu_share": round(max(t["cpu_s"] / t["wall_s"] for t in told), 3),
        "late_p99_s": max(t["late_p99_s"] for t in told),
        "late_worst_s": round(max(t["late_worst_s"] for t in told), 4),
        "bytes_per_target": round(max(t["bytes_per_target"] for t in told)),
        "missed": sum(t["missed"] for t in told),
        "still_open": sum(t["still_open"] for t in told),
        "fewest": min(t["fewest"] for t in told),
        "seconds": seconds,
        "reasons": [t["reasons"] for t in told if t["reasons"]],
    }


def middle(rows: Sequence[Row]) -> Row:
    """Return the row with the median figure."""
    ranked = sorted(rows, key=lambda r: int(r["probes_per_cpu_s"]))
    spread = {
        "from": ranked[0]["probes_per_cpu_s"],
        "to": ranked[-1]["probes_per_cpu_s"],
    }
    return ranked[len(ranked) // 2] | spread


def measure(
    runs: int, seconds: float, console: Console, home: Path
) -> tuple[list[Row], list[Row]]:
    """Return the rows at full speed, and those of a steady pace."""
    with_exporter = rivals.exporter_path() is not None
    taken: dict[str, list[Row]] = {}
    with rivals.backend(home) as probed:
        for number in range(runs):
            console.print(f"run {number + 1} of {runs}")
            found = [ours(probed, seconds, keep=keep) for keep in (False, True)]
            found.append(checks(probed, home, seconds))
            if with_exporter:
                found.append(exporters(probed, home, seconds))
            for r in found:
                taken.setdefault(f"{r['prober']} {r['kind']}", []).append(r)
        console.print("at one probe a second and target")
        steady = [
            paced(probed, 3000, 1, 2 * seconds, keep=False),
            paced(probed, 3000, 1, 2 * seconds, keep=True),
            paced(probed, 10_000, 2, 2 * seconds, keep=True),
            paced(probed, 10_000, 2, 2 * seconds, keep=False),
        ]
    console.print("a database")
    for r in databases(home, seconds):
        taken.setdefault(f"{r['prober']} {r['kind']}", []).append(r)
    return [middle(rows) for rows in taken.values()], steady


def misses(rows: Sequence[Row], steady: Sequence[Row]) -> list[str]:
    """Return what is beside its target, in words."""
    by = {(r["prober"], r["kind"]): r["probes_per_cpu_s"] for r in rows}
    new = by["sitedr", "http new"]
    found = []
    if new < NEW_PER_CPU_S:
        found.append(f"{new} new connections per CPU-second, wanted {NEW_PER_CPU_S}")
    exporter = by.get(("blackbox_exporter", "http new"))
    if exporter is None:
        found.append("blackbox_exporter is not installed: no comparison with it")
    elif new < TIMES_EXPORTER * exporter:
        found.append(f"{new / exporter:.1f} x blackbox_exporter, wanted 8")
    one = steady[0]
    if one["cpu_share"] > CPU_SHARE_MAX:
        found.append(f"3000 targets took {one['cpu_share']:.0%} of a core, wanted 35 %")
    if one["late_p99_s"] > LATE_P99_S_MAX:
        found.append(f"p99 {one['late_p99_s'] * 1e3:.1f} ms late, wanted 10")
    if one["bytes_per_target"] > TARGET_BYTES_MAX:
        found.append(f"{one['bytes_per_target']} bytes a target, wanted 4096")
    return found


def broken(rows: Sequence[Row], steady: Sequence[Row]) -> list[str]:
    """Return what a prober must never do: fail on a good server, leave one out."""
    found = [
        f"{r['prober']}, {r['kind']}: {r['failed']} failed"
        for r in (*rows, *steady)
        if r["failed"]
    ]
    found += [
        f"{r['kind']}: {r['missed']} turns missed, {r['still_open']} passed over"
        for r in steady
        if r["missed"] or r["still_open"]
    ]
    return found + [
        f"{r['kind']}: a target was answered {r['fewest']} times in {r['seconds']:g} s"
        for r in steady
        if r["fewest"] < r["seconds"] - 1
    ]


def show(rows: Sequence[Row], steady: Sequence[Row], console: Console) -> None:
    """Print both tables."""
    base = {r["kind"]: r["probes_per_cpu_s"] for r in rows if r["prober"] == "sitedr"}
    made = Table(title="probes per CPU-second of the prober", title_justify="left")
    for name in ("prober", "kind", "probes/CPU-s", "from", "to", "sitedr is"):
        made.add_column(name, justify="left" if name in {"prober", "kind"} else "right")
    for r in rows:
        times = base.get(r["kind"], 0) / max(r["probes_per_cpu_s"], 1)
        made.add_row(
            r["prober"],
            r["kind"],
            *(f"{r[name]}" for name in ("probes_per_cpu_s", "from", "to")),
            "" if r["prober"] == "sitedr" else f"{times:.1f} x",
        )
    console.print(made)
    pace = Table(title="one probe a second and target", title_justify="left")
    names = ("kind", "core", "p99 late", "worst", "bytes/target", "missed", "failed")
    for name in names:
        pace.add_column(name, justify="left" if name == "kind" else "right")
    for r in steady:
        pace.add_row(
            r["kind"],
            f"{r['cpu_share']:.0%}",
            f"{r['late_p99_s'] * 1e3:.1f} ms",
            f"{r['late_worst_s'] * 1e3:.1f} ms",
            str(r["bytes_per_target"]),
            str(r["missed"] + r["still_open"]),
            str(r["failed"]),
        )
    console.print(pace)


def run(runs: int, seconds: float, console: Console) -> int:
    """Measure everything; return the exit code."""
    rivals.interrupt_by_term()
    with tempfile.TemporaryDirectory(prefix="sitedr-") as directory:
        rows, steady = measure(runs, seconds, console, Path(directory))
    show(rows, steady, console)
    for miss in misses(rows, steady):
        console.print(f"target missed: {miss}")
    file = BUILD / "bench-probes.json"
    settings = {"runs": runs, "seconds": seconds}
    write_figures(file, "bench-probes", settings, [*rows, *steady])
    console.print(f"figures: {file}")
    wrong = broken(rows, steady)
    for why in wrong:
        console.print(f"[bold red]broken:[/] {why}")
    return 1 if wrong else 0


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench-probes", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each prober")
    parser.add_argument("--seconds", type=float, default=4.0, help="one run's length")
    return parser.parse_args(argv)


if __name__ == "__main__":
    try:
        wanted = parse(sys.argv[1:])
        sys.exit(run(wanted.runs, wanted.seconds, make_console()))
    except KeyboardInterrupt:
        sys.exit(130)
