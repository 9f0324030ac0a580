"""Many failovers on one lab an engine: `python -m tests.bench.demo`, `make bench-demo`.

After each run the lost zone is healed and becomes the spare, so roles rotate
and every run loses whoever is primary by then. Results of one commit add up
in `build/bench-demo.json`: an interrupted series goes on where it stopped.
Exit code 1: a promise was broken. A missed target is printed, and no more.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from controller.cli.demo import make_console, on_stage, proofs_without
from controller.cli.demo_figures import Row, as_json, broken_promises, pauses, row
from controller.cli.demo_lab import BUILD, LabSettings, keep_files, running_lab
from controller.cli.demo_report import GAP_TARGET_S, commit, write_figures
from controller.cli.demo_run import (
    Fault,
    Role,
    RunSettings,
    Stage,
    Viewer,
    is_at_rest,
    run_once,
)
from controller.model.ids import ZoneId
from deploy.lab import procs
from deploy.lab.engine import LabError
from deploy.lab.engines import ENGINES
from deploy.lab.spec import Net

BAD_LABS_MAX = 3
_HEALED_S = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What is wanted, and where the figures go."""

    runs: int
    engines: Sequence[str]
    faults: Sequence[Fault]
    without: Sequence[str]
    file: Path

    def settings(self) -> Mapping[str, object]:
        """Return what rows must have in common to be added up."""
        return {"without_proof": list(self.without), "lose": Role.PRIMARY.value}


def rows_so_far(series: Series) -> list[Row]:
    """Return this commit's rows; another commit's file is put aside."""
    try:
        tree: dict[str, Any] = json.loads(series.file.read_text("utf-8"))
    except FileNotFoundError:
        return []
    if tree["commit"] != commit():
        aside = series.file.with_stem(f"{series.file.stem}-{tree['commit'][:12]}")
        series.file.rename(aside)
        return []
    return [Row(**r) for r in tree["rows"]]


def missing(series: Series, rows: Sequence[Row], engine: str) -> Iterator[Fault]:
    """Yield the faults still to be run on *engine*, faults taking turns."""
    done = {
        fault: sum(1 for r in rows if (r.engine, r.fault) == (engine, fault.value))
        for fault in series.faults
    }
    for number in range(series.runs):
        yield from (fault for fault in series.faults if done[fault] <= number)


async def heal(stage: Stage, zone: ZoneId) -> None:
    """Bring the lost zone back and wait until it could be a spare.

    Raises:
        LabError: it could not within the bound.
    """
    owner = procs.identify(os.getpid())
    await asyncio.to_thread(lambda: stage.lab.heal(zone, owner=owner))

    def whole(status: Mapping[str, Any]) -> bool:
        services = [z["services"]["redis"] for z in status["zones"].values()]
        return is_at_rest(status) and not status["suspects"] and set(services) == {"ok"}

    if await stage.until(whole, _HEALED_S, []) is None:
        status = await stage.daemon.client.status()
        said = "nothing" if status is None else status["sentence"]
        raise LabError(
            f"zone {zone} is not a spare {_HEALED_S:g} s after it was healed; "
            f"the daemon says: {said}"
        )


async def one(stage: Stage, fault: Fault, console: Console) -> Row:
    """Run one fault and heal; the row of a broken promise is not healed after."""
    began_s = time.monotonic()
    settings = RunSettings(lose=Role.PRIMARY.value, fault=fault)
    evidence = await run_once(stage, settings)
    found = row(evidence, time.monotonic() - began_s)
    console.print(
        f"{found.engine} {found.fault:6} lost {found.zone_lost}"
        f"  gap {found.write_gap_s:6.3f} s, later {pauses(evidence)[1]:.3f} s  fence {found.fence_proof}"
        f"  reads failed {found.reads_failed}/{found.reads_total}"
        f"  {'ok' if found.ok else broken_promises(evidence)}"
    )
    if found.ok:
        await heal(stage, evidence.zone_lost)
    else:
        console.print(f"files kept: {keep_files(stage.lab)}")
    return found


def run_on_one_lab(
    series: Series, rows: list[Row], engine: str, console: Console
) -> None:
    """Run what is missing until it is done or a promise was broken."""

    async def play(stage: Stage) -> None:
        for fault in list(missing(series, rows, engine)):
            rows.append(await one(stage, fault, console))
            write_figures(
                series.file, "bench-demo", series.settings(), [as_json(r) for r in rows]
            )
            if not rows[-1].ok:
                return

    settings = LabSettings(
        engine=engine,
        net=Net.NETNS if Fault.CUT in series.faults else Net.LOOPBACK,
        proofs=proofs_without(series.without),
        cooldown_s=1.0,
        flaps_count=False,
    )
    with running_lab(settings, _silent) as lab:
        on_stage(lab, Viewer(), play)


def _silent(_text: str) -> None:
    """Say nothing while the lab starts."""


def table(rows: Sequence[Row]) -> Table:
    """Return medians and sums by engine and fault."""
    made = Table(title="zone of the primary lost", title_justify="left")
    for name in ("engine", "fault", "runs", "write gap p50", "max", "target"):
        made.add_column(name, justify="right")
    for name in ("detect p50", "protected p50", "reads failed", "lost", "old acks"):
        made.add_column(name, justify="right")
    for engine, fault in sorted({(r.engine, r.fault) for r in rows}):
        some = [r for r in rows if (r.engine, r.fault) == (engine, fault)]
        gaps_s = [r.write_gap_s for r in some]
        target_s = GAP_TARGET_S.get(Fault(fault))
        made.add_row(
            engine,
            fault,
            str(len(some)),
            f"{median(gaps_s):.3f} s",
            f"{max(gaps_s):.3f} s",
            "" if target_s is None else f"{target_s:g} s",
            _median([r.detect_s for r in some]),
            _median([r.protected_again_s for r in some]),
            f"{sum(r.reads_failed for r in some)}/{sum(r.reads_total for r in some)}",
            str(sum(r.acked_lost for r in some)),
            str(sum(r.old_primary_acks for r in some)),
        )
    return made


def _median(values_s: Sequence[float | None]) -> str:
    known = [v for v in values_s if v is not None]
    return f"{median(known):.3f} s" if known else "-"


def run(series: Series, console: Console) -> int:
    """Run all that is missing; return the exit code."""
    rows = rows_so_far(series)
    console.print(f"{len(rows)} runs of this commit are there already")
    bad = 0
    for engine in series.engines:
        while bad < BAD_LABS_MAX and any(missing(series, rows, engine)):
            before = len(rows)
            try:
                run_on_one_lab(series, rows, engine, console)
            except LabError as error:
                console.print(f"[red]{engine}:[/] {error}")
                bad += 1
            bad += sum(1 for r in rows[before:] if not r.ok)
    console.print(table(rows))
    console.print(f"figures: {series.file}")
    broken = sum(1 for r in rows if not r.ok)
    if broken:
        console.print(f"[bold red]{broken} runs broke a promise[/]")
    unfinished = any(True for e in series.engines for _ in missing(series, rows, e))
    return 1 if broken else 2 if unfinished else 0


def parse(argv: Sequence[str]) -> Series:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench-demo", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="per engine and fault")
    parser.add_argument("--engine", action="append", choices=sorted(ENGINES))
    usual = "kill,freeze,cut" if os.geteuid() == 0 else "kill,freeze"
    parser.add_argument("--faults", default=usual, help=f"default {usual}")
    parser.add_argument("--without-proof", action="append", default=[], choices="abc")
    found = parser.parse_args(argv)
    suffix = "".join(f"-without-{letter}" for letter in sorted(found.without_proof))
    return Series(
        runs=found.runs,
        engines=found.engine or sorted(ENGINES),
        faults=[Fault(name) for name in found.faults.split(",")],
        without=found.without_proof,
        file=BUILD / f"bench-demo{suffix}.json",
    )


if __name__ == "__main__":
    try:
        sys.exit(run(parse(sys.argv[1:]), make_console()))
    except KeyboardInterrupt:
        sys.exit(130)
