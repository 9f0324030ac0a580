"""`sitedr demo`: a site on real servers loses a zone, and you watch."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from controller.cli.demo_daemon import running_daemon
from controller.cli.demo_figures import Row, as_json, broken_promises, row
from controller.cli.demo_lab import BUILD, LabSettings, keep_files, running_lab
from controller.cli.demo_progress import LiveView
from controller.cli.demo_report import print_report, write_figures
from controller.cli.demo_run import (
    Evidence,
    Fault,
    Role,
    RunSettings,
    Stage,
    Viewer,
    run_once,
)
from controller.decide.failover import FAILOVER
from controller.decide.restore import LEAVE, RESTORE, RETIRE
from controller.decide.saga import Step
from deploy.lab.durable import write_durably
from deploy.lab.engine import LabError
from deploy.lab.engines import ENGINES
from deploy.lab.launcher import Lab
from deploy.lab.spec import ZONES, Net
from deploy.lab.traffic import Rates

T = TypeVar("T")
PROOFS = {"a": "process", "b": "acks_revoked", "c": "sql"}
_LOSE = (*ZONES, *(r.value for r in Role))


def proofs_without(letters: Sequence[str]) -> Sequence[str]:
    """Return the fence proofs that are left; *letters* as in the design."""
    return tuple(name for letter, name in PROOFS.items() if letter not in letters)


def on_stage(
    lab: Lab,
    viewer: Viewer,
    play: Callable[[Stage], Coroutine[Any, Any, T]],
    *,
    crash_at: str | None = None,
) -> T:
    """Run a daemon on *lab* and *play* on it; the daemon ends afterwards.

    Raises:
        KeyboardInterrupt: Ctrl-C or SIGTERM; all that was started has ended.
    """

    async def stage() -> T:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()
        before = signal.getsignal(signal.SIGTERM)
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        try:
            viewer.phase("starting the daemon")
            async with running_daemon(lab.spec.directory, crash_at) as daemon:
                return await play(Stage(lab, daemon, viewer))
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
            signal.signal(signal.SIGTERM, before)

    try:
        return asyncio.run(stage())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def make_console() -> Console:
    """Return a console; one that is no terminal is wide enough for a timeline."""
    width = None if sys.stdout.isatty() else 120
    return Console(highlight=False, width=width)


PASSED = {*FAILOVER, *RESTORE, *RETIRE, *LEAVE}
"""The steps a demo can come to: nobody restarts a primary or moves it on purpose."""


def _crash_point(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> str | None:
    """Check `STEP[:intent|effect]`."""
    if text is None:
        return None
    step, colon, when = text.partition(":")
    steps = [s.value for s in Step if s in PASSED]
    if step not in steps or (colon and when not in {"intent", "effect"}):
        raise click.BadParameter(
            f"STEP or STEP:intent or STEP:effect, STEP one of {', '.join(steps)}"
        )
    return text


@click.command()
@click.option(
    "--engine",
    type=click.Choice(sorted(ENGINES)),
    default="mariadb",
    show_default=True,
    help="Which database the zones run.",
)
@click.option(
    "--lose",
    type=click.Choice(_LOSE),
    default="a",
    show_default=True,
    help="Zone to lose, by name or role: a is the primary, b its replica, c spare.",
)
@click.option(
    "--fault",
    type=click.Choice([f.value for f in (Fault.KILL, Fault.FREEZE, Fault.CUT)]),
    default="kill",
    show_default=True,
    help="kill -9, SIGSTOP (thawed at the end), or a black hole (root; mended).",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the figures of this run to FILE.",
    metavar="FILE",
)
@click.option(
    "--crash-controller",
    "crash_at",
    callback=_crash_point,
    metavar="STEP[:intent|effect]",
    help="Kill -9 the daemon in the middle of STEP, and start it again.",
)
@click.option(
    "--without-proof",
    type=click.Choice(sorted(PROOFS)),
    multiple=True,
    help="Switch a fence proof off: a = process dead, b = acks revoked, c = SQL.",
)
@click.option(
    "--net",
    type=click.Choice([n.value for n in Net]),
    help="How zones are kept apart; netns (root) is implied by --fault cut.",
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the lab lives; kept afterwards. Otherwise one below build/.",
)
@click.option("--keep", is_flag=True, help="Keep the lab's files (logs, journal).")
@click.option(
    "--rate",
    type=click.FloatRange(1, 200),
    default=10.0,
    show_default=True,
    help="Writes a second at each edge; twice as many reads.",
)
def demo(**options: object) -> None:
    """Lose a zone under traffic and show what happens.

    Starts three zones and two edges on this machine, lets readers and writers
    work through both edges, takes one zone away, and shows what the daemon
    does, step by step. At the end every acknowledged write is looked for in
    the new primary. Nothing stays running. Takes about half a minute.

    Exit code 0: no acknowledged write is lost, exactly one primary takes
    writes, and a replica in a healthy zone is in sync. 1: a promise was
    broken. 2: it could not be started.
    """
    console = make_console()
    try:
        kept = _play(console, _settings(options), options)
    except LabError as error:
        click.echo(f"sitedr demo: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        click.echo("sitedr demo: interrupted, everything is ended", err=True)
        sys.exit(130)
    sys.exit(0 if kept else 1)


def _settings(options: dict[str, object]) -> tuple[LabSettings, RunSettings]:
    fault = Fault(str(options["fault"]))
    net = Net(str(options["net"])) if options["net"] else Net.LOOPBACK
    without = options["without_proof"]
    assert isinstance(without, tuple)
    directory = options["directory"]
    assert directory is None or isinstance(directory, Path)
    rate = options["rate"]
    assert isinstance(rate, float)
    lab = LabSettings(
        engine=str(options["engine"]),
        net=Net.NETNS if fault is Fault.CUT else net,
        proofs=proofs_without(without),
        directory=directory,
        keep=bool(options["keep"]),
    )
    rates = Rates(reads_per_s=2 * rate, writes_per_s=rate)
    return lab, RunSettings(lose=str(options["lose"]), fault=fault, rates=rates)


def _play(
    console: Console,
    settings: tuple[LabSettings, RunSettings],
    options: dict[str, object],
) -> bool:
    """Run it all; return whether every promise was kept."""
    lab_settings, run_settings = settings
    crash_at = options["crash_at"]
    assert crash_at is None or isinstance(crash_at, str)
    began_s = time.monotonic()

    async def play(stage: Stage) -> Evidence:
        return await run_once(stage, run_settings)

    kept = None
    with LiveView(console) as viewer, running_lab(lab_settings, viewer.phase) as lab:
        evidence = on_stage(lab, viewer, play, crash_at=crash_at)
        if broken_promises(evidence):
            kept = keep_files(lab)
    figures = row(evidence, time.monotonic() - began_s)
    console.print()
    print_report(console, evidence, figures)
    if kept is not None:
        console.print(f"logs and journal of this run: {kept}")
    _write(figures, options)
    return figures.ok


def _write(figures: Row, options: dict[str, object]) -> None:
    told = {k: v for k, v in options.items() if v is not None}
    settings = json.loads(json.dumps(told, default=str))
    write_figures(BUILD / "demo.json", "demo", settings, [as_json(figures)])
    wanted = options["json_file"]
    if isinstance(wanted, Path):
        write_durably(wanted, json.dumps(as_json(figures), indent=1) + "\n")
