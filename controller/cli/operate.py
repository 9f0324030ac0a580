"""Commands by which a person steers: approve, deny, pause, resume, failover."""

import getpass
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from controller.cli.client import call
from controller.cli.show import CONFIG


def operate_commands() -> Sequence[click.Command]:
    """Return the commands that hand in a wish."""
    return (approve, deny, pause, resume, failover)


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
    _post(config, "/deny", {"by": getpass.getuser()})
    click.echo("denied")


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
    _post(config, "/resume", {})
    click.echo("resumed")


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
    click.echo("nothing was touched; these stand:")
    for veto in vetoes:
        how = f"--override {veto['name']}" if veto["overridable"] else "never waived"
        click.echo(f"  {veto['name']}: {veto['reason']}  ({how})")
