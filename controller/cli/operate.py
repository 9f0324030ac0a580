"""Commands by which a person steers: approve, pause, failover, switchover."""

import getpass
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from controller.cli.choose import CONFIG
from controller.cli.client import call
from controller.cli.maintenance import maintenance, tell_windows


def operate_commands() -> Sequence[click.Command]:
    """Return the commands that hand in a wish."""
    return (approve, deny, pause, resume, failover, switchover, give_up, maintenance)


def _post(config: Path, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
    code, tree = call(config, "POST", path, body)
    assert isinstance(tree, Mapping)
    if code == 400:
        raise click.ClickException(str(tree["error"]))
    return tree


@click.command()
@CONFIG
def approve(config: Path) -> None:
    """Say yes to what waits for approval (mode: approve), and only to that."""
    tree = _post(config, "/approve", {"by": getpass.getuser()})
    click.echo(f"approved: {tree['approved']}")


@click.command()
@CONFIG
def deny(config: Path) -> None:
    """Take back an approval or a wish that has not begun yet."""
    tree = _post(config, "/deny", {"by": getpass.getuser()})
    click.echo(f"denied: {tree['denied']}")


@click.command()
@CONFIG
@click.option("--why", required=True, help="A reason for the journal.")
def pause(config: Path, why: str) -> None:
    """Begin nothing new until `resume`; a run under way goes on to its end."""
    _post(config, "/pause", {"why": why})
    click.echo(f"paused: {why}")


@click.command()
@CONFIG
def resume(config: Path) -> None:
    """End a pause, or a halt that you have looked at."""
    tree = _post(config, "/resume", {})
    click.echo(f"resumed: {tree['resumed']}")


@click.command("give-up")
@CONFIG
@click.option("--server", required=True, help="The old primary, e.g. db-a.")
@click.option("--why", required=True, help="A reason for the journal.")
def give_up(config: Path, server: str, why: str) -> None:
    """Give up what only an old primary may hold; it may be laid anew then.

    For one that stands under `old_primary_unknown` or `old_primary_unsaved`: nobody
    could tell, or save, what it has and its successor lacks, and sitedr never gives
    that up by itself. Its data directory is moved aside, not erased, when a copy is
    laid. Exit code 1 when there is nothing to give up.
    """
    _post(config, "/give-up", {"server": server, "why": why})
    click.echo(f"given up: {server} may be laid anew")


@click.command()
@CONFIG
@click.option("--to", "zone", required=True, help="The zone that shall take writes.")
@click.option("--why", required=True, help="A reason for the journal.")
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="VETO",
    help="Waive one veto by its name; repeat for more. The fence is never waived.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
def failover(
    config: Path, zone: str, why: str, overrides: tuple[str, ...], *, as_json: bool
) -> None:
    """Fail over to a zone by your own decision.

    Every veto that stands is shown; each overridable one can be waived by name.
    Vetoes that protect data, and the fence, cannot. Exit code 1 when a veto
    stands: nothing was touched. What cannot begin within a minute is forgotten.
    """
    tree = _post(
        config, "/failover", {"to": zone, "why": why, "overrides": list(overrides)}
    )
    tell_windows(tree)
    idle = tree["idle_overrides"]
    assert isinstance(idle, list)
    for name in idle:
        click.echo(f"--override {name} waives nothing: no such veto stands", err=True)
    if as_json:
        click.echo(json.dumps(tree, indent=2))
    elif tree["started"]:
        click.echo(
            f"begun: follow it with `sitedr timeline -c {config}`; what comes in"
            f" between for {tree['valid_s']:g} s ends it"
        )
    else:
        _explain(tree)
    if not tree["started"]:
        raise SystemExit(1)


def _explain(tree: Mapping[str, object]) -> None:
    vetoes = tree["vetoes"]
    assert isinstance(vetoes, list)
    none = "nothing was touched, and nothing stands against it"
    click.echo("nothing was touched; these stand:" if vetoes else none)
    for veto in vetoes:
        how = f"--override {veto['name']}" if veto["overridable"] else "never waived"
        how = "waived" if veto.get("waived") else how
        click.echo(f"  {veto['name']}: {veto['reason']}  ({how})")


_SWITCHOVER_HELP = """\
Move writes to a zone on purpose, while the primary lives; lose nothing.

For maintenance, drills, and going back after a failover. Writes wait at the
edges while the primary is closed and the target catches up; then the target
is opened, and the old primary comes back as its replica.

\b
Try it first:
  sitedr switchover -c F --to b --dry-run
then
  sitedr switchover -c F --to b --why "kernel update in a"

Until the target is opened everything is taken back when anything fails, or
when writes have waited for too long (`switchover.pause_max_s`, 5 s). When the
primary is lost in the middle it becomes a failover. A primary that does not
answer cannot be moved so: that is `sitedr failover`.

Exit code 1 when a veto stands: nothing was touched. What cannot begin within
a minute is forgotten.
"""


@click.command(help=_SWITCHOVER_HELP)
@CONFIG
@click.option("--to", "zone", required=True, help="The zone that shall take writes.")
@click.option("--why", default="", help="A reason for the journal.")
@click.option("--dry-run", is_flag=True, help="Show vetoes and plan; touch nothing.")
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="VETO",
    help="Waive one veto by its name; repeat for more.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
def switchover(
    config: Path,
    zone: str,
    why: str,
    overrides: tuple[str, ...],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Move writes to a zone on purpose, while the primary lives; lose nothing."""
    if not why and not dry_run:
        raise click.UsageError("--why is missing: a reason for the journal")
    body = {"to": zone, "why": why, "overrides": list(overrides), "dry_run": dry_run}
    tree = _post(config, "/switchover", body)
    tell_windows(tree)
    if as_json:
        click.echo(json.dumps(tree, indent=2))
    elif tree["started"]:
        click.echo(f"begun: follow it with `sitedr timeline -c {config}`")
    else:
        _explain(tree)
        if dry_run:
            _show_steps(tree)
    if not tree["would_act"]:
        raise SystemExit(1)


def _show_steps(tree: Mapping[str, object]) -> None:
    """Print what would be done, with the bound that users feel."""
    steps = tree.get("steps", [])
    assert isinstance(steps, list)
    limit = f"; writes wait for {tree['pause_max_s']:g} s at most" if steps else ""
    click.echo(f"the move to zone {tree['to']}{limit}:" if steps else "")
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number:2}. {step['step']:<10} {step['why']}")
    if tree.get("unprotected_meanwhile"):
        click.echo(_unprotected_words(tree))


def _unprotected_words(tree: Mapping[str, object]) -> str:
    """Say what the new primary lacks until the old one follows it."""
    plan, follow = tree.get("plan"), tree.get("follow", 0)
    acks = plan.get("acks", 1) if isinstance(plan, Mapping) else 1
    lack = f"{follow} of {acks} to wait for" if follow else "no other replica exists"
    return (
        "from open to protect writes may be in one zone only (`unprotected`, on"
        f" record) until the old primary follows: {lack}"
    )
