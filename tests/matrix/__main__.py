"""`make detect-matrix`: never fooled, never late; exit code 1 when a row is not so.

Every row on real servers in network namespaces, one after another, with users at the
edges; root. `--only WORD` plays the rows whose name has it.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from controller.cli.demo import make_console
from controller.cli.demo_lab import BUILD
from controller.cli.demo_report import write_figures
from deploy.lab.engines import ENGINES
from deploy.lab.spec import Net
from tests.integration.scenarios.tight import OWN_MOUNTS, small_disk
from tests.matrix.rows import (
    NEVER_FOOLED,
    NEVER_LATE,
    ON_A_SMALL_DISK,
    Found,
    Row,
    play,
)
from tests.matrix.stage import SITES, staged
from tests.matrix.voting import WITH_OBSERVERS

Settings = Mapping[str, object]
PAGES = [
    {"name": name, "path": path, "host": SITES[0], "slow_s": 1.0}
    for name, path in (("home", "/"), ("page", "/page/welcome"), ("search", "/search"))
]
SETTINGS: Settings = {
    "cooldown_s": 1.0,
    "flapping": {"flips": 0, "moves": 0},  # every row loses a zone
    "pages": PAGES,
}
SMALL_DISK: Settings = {**SETTINGS, "write_dead": {"action": "failover", "after_s": 6}}


def table(engine: str, found: Sequence[Found]) -> Table:
    """Return the rows for people."""
    made = Table(title=f"never fooled, never late: {engine}", title_justify="left")
    for name in ("name", "expected", "seen", "ok"):
        made.add_column(name)
    for one in found:
        made.add_row(one.name, one.expected, one.seen, "yes" if one.ok else "NO")
    return made


def run(engine: str, words: str, console: Console) -> list[Found]:
    """Play the rows that have *words* in their name, on labs of *engine*."""

    def on_one_lab(
        rows: Sequence[Row], net: Net, settings: Settings, *, observers: bool = False
    ) -> None:
        rows = [r for r in rows if words in r.name]
        if not rows:
            return
        with staged(engine, net, observers=observers, **settings) as stage:
            for row in rows:
                one = play(row, stage)
                if not one.ok:
                    console.print(stage.seen, stage.site.sitedr("timeline"))
                console.print(f"{'ok' if one.ok else 'NO':3} {one.name}: {one.seen}")
                found.append(one)

    found: list[Found] = []
    on_one_lab((*NEVER_FOOLED, *NEVER_LATE), Net.NETNS, SETTINGS)
    on_one_lab(WITH_OBSERVERS, Net.NETNS, SETTINGS, observers=True)
    with small_disk(engine):
        # A zone's own namespace has its own mounts, older than this one.
        on_one_lab(ON_A_SMALL_DISK, Net.LOOPBACK, SMALL_DISK)
    return found


def _in_own_mounts() -> int:
    """Run the same program in a mount namespace of its own; return its exit code."""
    argv = ["unshare", "--mount", sys.executable, "-P", "-m", "tests.matrix"]
    root = str(Path(__file__).resolve().parent.parent.parent)
    env = {**os.environ, OWN_MOUNTS: "1", "PYTHONPATH": root}
    return subprocess.run([*argv, *sys.argv[1:]], env=env, check=False).returncode


def main() -> int:
    """Play, print, write; 1: a row is not as it must be."""
    parser = argparse.ArgumentParser(prog="make detect-matrix", description=__doc__)
    parser.add_argument("--engine", choices=sorted(ENGINES), action="append")
    parser.add_argument("--only", default="", help="rows with this in their name")
    told = parser.parse_args()
    if os.geteuid() != 0:
        sys.stderr.write("detect-matrix: needs root, for network namespaces\n")
        return 2
    if OWN_MOUNTS not in os.environ:
        return _in_own_mounts()
    console, path = make_console(), Path(BUILD) / "detect-matrix.json"
    figures, broken = [], 0
    for engine in told.engine or ["mariadb"]:
        found = run(engine, told.only, console)
        console.print(table(engine, found))
        figures += [{"engine": engine, **asdict(one)} for one in found]
        write_figures(path, "detect-matrix", dict(SETTINGS), figures)
        broken += sum(not one.ok for one in found)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
