"""Random losses on real servers, judged by their histories: `make soak-replication`.

Run number N of an engine is drawn from N alone, so that it can be repeated:
`--only N`. One lab serves a block of runs; the lost zone is healed after each
and becomes the spare, so roles rotate. Every second block does without proof (a).
Results of one commit add up in `build/soak-replication.json`; an interrupted
series goes on where it stopped. Exit code 1: a promise was broken.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from controller.cli.demo import make_console, on_stage, proofs_without
from controller.cli.demo_figures import as_json, broken_promises, row
from controller.cli.demo_lab import BUILD, LabSettings, keep_files, running_lab
from controller.cli.demo_report import commit, write_figures
from controller.cli.demo_run import (
    Evidence,
    Fault,
    Role,
    RunSettings,
    Stage,
    Viewer,
    run_once,
)
from deploy.lab.engine import LabError
from deploy.lab.engines import ENGINES
from deploy.lab.spec import Net
from tests.bench.demo import heal
from tests.history.checker import Judgement
from tests.history.record import judge_run, reading

BLOCK = 10
BAD_LABS_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What one run number stands for."""

    engine: str
    number: int
    role: Role
    fault: Fault
    without: Sequence[str]
    warm_up_s: float


def draw(engine: str, number: int) -> Draw:
    """Return run *number* of *engine*; without root no network can be cut."""
    rng = Random(f"{engine}-{number}")
    role = rng.choice([Role.PRIMARY] * 3 + [Role.REPLICA])
    faults = [Fault.KILL, Fault.FREEZE, Fault.CUT]
    if role is Role.REPLICA:
        faults.append(Fault.ACK_CUT)
    if os.geteuid() != 0:
        faults = [Fault.KILL, Fault.FREEZE]
    return Draw(
        engine=engine,
        number=number,
        role=role,
        fault=rng.choice(faults),
        without=["a"] if number // BLOCK % 2 else [],
        warm_up_s=round(rng.uniform(1.0, 2.5), 2),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Which runs are wanted of which engines, and where the figures go."""

    engines: Sequence[str]
    numbers: Sequence[int]
    file: Path


def rows_so_far(series: Series) -> list[dict[str, Any]]:
    """Return this commit's rows; another commit's file is put aside."""
    try:
        tree: dict[str, Any] = json.loads(series.file.read_text("utf-8"))
    except FileNotFoundError:
        return []
    if tree["commit"] != commit():
        aside = series.file.with_stem(f"{series.file.stem}-{tree['commit'][:12]}")
        series.file.rename(aside)
        return []
    return list(tree["rows"])


def missing(series: Series, rows: Sequence[dict[str, Any]]) -> Iterator[Draw]:
    """Yield what is still to be run, engine by engine."""
    done = {(r["engine"], r["number"]) for r in rows}
    for engine in series.engines:
        for number in series.numbers:
            if (engine, number) not in done:
                yield draw(engine, number)


def broken(evidence: Evidence, judged: Judgement) -> list[str]:
    """Return one sentence for each promise the run broke."""
    return [*broken_promises(evidence), *judged.violations()]


async def one(stage: Stage, drawn: Draw, console: Console) -> dict[str, Any]:
    """Run one draw and return its row; the row of a broken promise is not healed."""
    began_s = time.monotonic()
    settings = RunSettings(
        lose=drawn.role.value, fault=drawn.fault, warm_up_s=drawn.warm_up_s
    )
    async with reading(stage.lab.spec, settings.name) as readers:
        evidence = await run_once(stage, settings)
    judged = judge_run(evidence, readers.looks, began_protected=True)
    found = row(evidence, time.monotonic() - began_s)
    whys = broken(evidence, judged)
    told = {
        **as_json(found),
        "number": drawn.number,
        "role": drawn.role.value,
        "without_proof": list(drawn.without),
        "looks": len(readers.looks),
        "history": {k: len(v) for k, v in asdict(judged).items()},
        "ok": not whys,
        "why": whys,
    }
    console.print(
        f"{drawn.engine} {drawn.number:3} {drawn.role:8} {drawn.fault:8}"
        f" zone {found.zone_lost}  gap {found.write_gap_s:6.3f} s"
        f"  fence {found.fence_proof}  {whys or 'ok'}"
    )
    if whys:
        console.print(f"files kept: {keep_files(stage.lab)}")
    else:
        await heal(stage, evidence.zone_lost)
    return told


def run_block(
    series: Series, rows: list[dict[str, Any]], block: Sequence[Draw], console: Console
) -> None:
    """Run draws of one engine and one set of proofs on one lab."""

    async def play(stage: Stage) -> None:
        for drawn in block:
            rows.append(await one(stage, drawn, console))
            write_figures(series.file, "soak-replication", {"block": BLOCK}, rows)
            if not rows[-1]["ok"]:
                return

    settings = LabSettings(
        engine=block[0].engine,
        net=Net.NETNS if os.geteuid() == 0 else Net.LOOPBACK,
        proofs=proofs_without(block[0].without),
        cooldown_s=1.0,
        flaps_count=False,
    )
    with running_lab(settings, lambda _text: None) as lab:
        on_stage(lab, Viewer(), play)


def table(rows: Sequence[dict[str, Any]]) -> Table:
    """Return counts and medians by engine, role and fault."""
    made = Table(title="random losses, judged by history", title_justify="left")
    for name in ("engine", "lost", "fault", "runs", "write gap p50", "max"):
        made.add_column(name, justify="right")
    for name in ("lost writes", "old acks", "vanished", "violations"):
        made.add_column(name, justify="right")
    keys = sorted({(r["engine"], r["role"], r["fault"]) for r in rows})
    for key in keys:
        some = [r for r in rows if (r["engine"], r["role"], r["fault"]) == key]
        gaps_s = [r["write_gap_s"] for r in some]
        made.add_row(
            *key,
            str(len(some)),
            f"{median(gaps_s):.3f} s",
            f"{max(gaps_s):.3f} s",
            str(sum(r["acked_lost"] for r in some)),
            str(sum(r["old_primary_acks"] for r in some)),
            str(sum(r["history"]["vanished"] for r in some)),
            str(sum(not r["ok"] for r in some)),
        )
    return made


def next_block(series: Series, rows: Sequence[dict[str, Any]]) -> list[Draw]:
    """Return what the next lab serves: one engine, one set of proofs."""
    left = list(missing(series, rows))
    return [
        d
        for d in left
        if (d.engine, d.number // BLOCK) == (left[0].engine, left[0].number // BLOCK)
    ]


def run(series: Series, console: Console) -> int:
    """Run all that is missing; return the exit code."""
    rows = rows_so_far(series)
    console.print(f"{len(rows)} runs of this commit are there already")
    bad = 0
    while bad < BAD_LABS_MAX and (block := next_block(series, rows)):
        before = len(rows)
        try:
            run_block(series, rows, block, console)
        except LabError as error:
            console.print(f"[red]{block[0].engine}:[/] {error}")
            bad += 1
        bad += sum(not r["ok"] for r in rows[before:])
    console.print(table(rows))
    console.print(f"figures: {series.file}")
    wrong = sum(not r["ok"] for r in rows)
    if wrong:
        console.print(f"[bold red]{wrong} runs broke a promise[/]")
        return 1
    return 2 if next_block(series, rows) else 0


def parse(argv: Sequence[str]) -> Series:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="soak-replication", description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="per engine")
    parser.add_argument("--only", type=int, help="run this number and no other")
    parser.add_argument("--engine", action="append", choices=sorted(ENGINES))
    found = parser.parse_args(argv)
    only = found.only
    return Series(
        engines=found.engine or sorted(ENGINES),
        numbers=range(found.runs) if only is None else [only],
        file=BUILD / ("soak-replication.json" if only is None else "soak-one.json"),
    )


if __name__ == "__main__":
    try:
        sys.exit(run(parse(sys.argv[1:]), make_console()))
    except KeyboardInterrupt:
        sys.exit(130)
