"""`make detect-matrix`: never fooled, never late; exit code 1 when a row is not so.

Every row on real servers in network namespaces, one after another, with users at the
edges; root. `--only WORD` plays the rows whose name has it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from controller.cli.demo import make_console
from controller.cli.demo_lab import BUILD
from controller.cli.demo_report import write_figures
from deploy.lab.engines import ENGINES
from tests.matrix.rows import NEVER_FOOLED, NEVER_LATE, Found, Row, play
from tests.matrix.stage import staged

SETTINGS = {"cooldown_s": 1.0}


def table(engine: str, found: Sequence[Found]) -> Table:
    """Return the rows for people."""
    made = Table(title=f"never fooled, never late: {engine}", title_justify="left")
    for name in ("name", "expected", "seen", "ok"):
        made.add_column(name)
    for one in found:
        made.add_row(one.name, one.expected, one.seen, "yes" if one.ok else "NO")
    return made


def run(engine: str, rows: Sequence[Row], console: Console) -> list[Found]:
    """Play *rows* on one lab of *engine*."""
    found: list[Found] = []
    with staged(engine, **SETTINGS) as stage:
        for row in rows:
            one = play(row, stage)
            console.print(f"{'ok' if one.ok else 'NO':3} {one.name}: {one.seen}")
            found.append(one)
    return found


def main() -> int:
    """Play, print, write; 1: a row is not as it must be."""
    parser = argparse.ArgumentParser(prog="make detect-matrix", description=__doc__)
    parser.add_argument("--engine", choices=sorted(ENGINES), action="append")
    parser.add_argument("--only", default="", help="rows with this in their name")
    told = parser.parse_args()
    if os.geteuid() != 0:
        sys.stderr.write("detect-matrix: needs root, for network namespaces\n")
        return 2
    rows = [r for r in (*NEVER_FOOLED, *NEVER_LATE) if told.only in r.name]
    console, path = make_console(), Path(BUILD) / "detect-matrix.json"
    figures, broken = [], 0
    for engine in told.engine or ["mariadb"]:
        found = run(engine, rows, console)
        console.print(table(engine, found))
        figures += [{"engine": engine, **asdict(one)} for one in found]
        write_figures(path, "detect-matrix", dict(SETTINGS), figures)
        broken += sum(not one.ok for one in found)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
