"""`sitedr rehearse`: thousands of failovers in memory, or one, told line by line."""

import json
import sys
import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from controller.rehearsal.report import (
    TARGET_PER_S,
    Tally,
    explain,
    rows,
    write_json,
)
from controller.rehearsal.run_seed import run_seed
from controller.rehearsal.story import load_story, tell_story
from controller.rehearsal.transcript import transcript

PROGRESS_EVERY_S = 2.0


@click.command()
@click.argument("story", required=False, type=click.Path(path_type=Path))
@click.option("--seeds", default=200, show_default=True, help="How many runs.")
@click.option("--first", default=0, show_default=True, help="The first seed.")
@click.option("--seed", type=int, help="Replay this one seed, line by line.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def rehearse(
    story: Path | None, seeds: int, first: int, seed: int | None, *, as_json: bool
) -> None:
    """Rehearse failovers in memory, on virtual time; no server is touched.

    The decisions, the procedure and the journal are the real ones; the zones,
    databases and edges are not. Without arguments: many runs, each with faults
    drawn from its seed, each judged by every promise. With a STORY (a `.story`
    file, or the name of one under tests/story): that story's transcript.

    Exit code 1: a promise was broken; the command that shows it again is printed.
    """
    if story is not None:
        click.echo(tell_story(load_story(story)), nl=False)
        return
    if seed is not None:
        _replay(seed)
        return
    tally = _many(first, seeds, quiet=as_json)
    settings = {"seeds": seeds, "first": first}
    path = write_json(tally, settings)
    if as_json:
        click.echo(json.dumps({"settings": settings, "rows": [rows(tally)]}))
    else:
        _show(tally, path)
    if tally.broken:
        sys.exit(1)


def _replay(seed: int) -> None:
    verdict, site = run_seed(seed)
    click.echo(transcript(site.case()), nl=False)
    if verdict.broken:
        click.echo("\n".join(explain(verdict)), err=True)
        sys.exit(1)
    click.echo(f"seed {seed}: {verdict.failovers} failovers, every promise kept")


def _many(first: int, seeds: int, *, quiet: bool) -> Tally:
    tally = Tally()
    began_s, cpu_s = time.monotonic(), time.process_time()
    told_s = began_s
    for seed in range(first, first + seeds):
        verdict, _ = run_seed(seed)
        tally.add(verdict)
        if verdict.broken:
            click.echo("\n".join(explain(verdict)), err=True)
        now_s = time.monotonic()
        if not quiet and now_s - told_s >= PROGRESS_EVERY_S:
            told_s = now_s
            click.echo(
                f"{tally.runs}/{seeds} seeds, {tally.failovers} failovers,"
                f" {len(tally.broken)} seeds with a broken promise",
                err=True,
            )
    tally.wall_s = time.monotonic() - began_s
    tally.cpu_s = time.process_time() - cpu_s
    return tally


def _show(tally: Tally, path: Path) -> None:
    table = Table("what", "figure", title="rehearsal in memory, on virtual time")
    for name, value in rows(tally).items():
        table.add_row(name.replace("_", " "), str(value))
    Console().print(table)
    if tally.per_s < TARGET_PER_S:
        click.echo(
            f"target {TARGET_PER_S:g} failovers per core second: missed by"
            f" {TARGET_PER_S - tally.per_s:.0f}"
        )
    click.echo(f"written to {path}")
