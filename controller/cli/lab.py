"""`sitedr lab`: a whole site on this machine, and the faults to try on it."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click
from rich.console import Console
from rich.table import Table

from controller.model.ids import ZoneId
from deploy.lab.cms_fault import Fault
from deploy.lab.engine import LabError
from deploy.lab.launcher import Lab, LabStatus
from deploy.lab.netns import Direction
from deploy.lab.spec import LabSpec, Net, Ports

DIRECTORY = click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path),
    default=Path(".lab"),
    show_default=True,
    help="Where the lab keeps everything.",
)
ZONE = click.argument("zone", metavar="ZONE")

_HELP = """Run a real site of three zones and two edges here, and break it.

\b
  sitedr lab up                   start it (stays up until `lab down`)
  sitedr run -c .lab/site.yaml    watch over it
  sitedr lab kill a               lose a zone
  sitedr lab heal a               bring its machines back
  sitedr lab down                 end everything
"""


def cache_dir() -> Path:
    """Return where downloads and templates are kept: $SITEDR_CACHE or .cache."""
    return Path(os.environ.get("SITEDR_CACHE", ".cache")).absolute()


def _open(directory: Path) -> Lab:
    return Lab.open(directory.absolute())


@click.group(help=_HELP)
def lab() -> None:
    """Run a real site of three zones and two edges here, and break it."""


@lab.command()
@DIRECTORY
@click.option(
    "--engine",
    type=click.Choice(["mariadb", "mysql"]),
    default="mariadb",
    show_default=True,
    help="The database of every zone.",
)
@click.option(
    "--net",
    type=click.Choice([n.value for n in Net]),
    default=Net.LOOPBACK.value,
    show_default=True,
    help="netns: one network namespace a zone, so that `cut` is real; needs root.",
)
@click.option(
    "--prefix",
    default="",
    help="First two numbers of every address, so that labs can run side by side.",
)
@click.option("--edge-port", type=int, default=Ports().edge, show_default=True)
@click.option(
    "--agents",
    "self_fence_s",
    type=float,
    is_flag=False,
    flag_value=10.0,
    help="One agent a zone; a primary alone for so many seconds ends itself [10].",
)
def up(
    directory: Path,
    engine: str,
    net: str,
    prefix: str,
    edge_port: int,
    self_fence_s: float | None,
) -> None:
    """Start the site: zone a primary, zone b replica, zone c without a database."""
    spec = LabSpec(
        directory=directory.absolute(),
        cache=cache_dir(),
        engine=engine,
        net=Net(net),
        prefix=prefix,
        ports=Ports(edge=edge_port),
        agents=self_fence_s is not None,
        self_fence_s=self_fence_s or 0.0,
    )
    Lab(spec).up(click.echo)
    click.echo(f"daemon: sitedr run -c {directory / 'site.yaml'}")


@lab.command()
@DIRECTORY
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
def status(directory: Path, *, as_json: bool) -> None:
    """Show what runs in every zone, by the kernel's and the supervisors' word."""
    found = _open(directory).status()
    if as_json:
        rows = [asdict(z) for z in (*found.zones, found.edges)]
        click.echo(json.dumps(rows, indent=2))
        return
    Console().print(_table(found))


def _table(found: LabStatus) -> Table:
    table = Table(title=f"lab {found.spec.lab_id}, {found.spec.engine}")
    for name in ("zone", "processes", "state", "database", "children"):
        table.add_column(name)
    for zone in (*found.zones, found.edges):
        state = "frozen" if zone.frozen else "cut" if zone.cut else ""
        state = state or ("up" if zone.supervised else "dead")
        database = "running" if zone.database_running else "-"
        database = "inhibited" if zone.database_inhibited else database
        children = " ".join(n if up else f"({n})" for n, up in zone.children)
        table.add_row(zone.zone, str(zone.processes), state, database, children)
    return table


def _fault(name: str, told: str, act: Callable[[Lab, ZoneId], None]) -> None:
    """Add one command that does something to one zone."""

    @lab.command(name, help=told)
    @DIRECTORY
    @ZONE
    def command(directory: Path, zone: str) -> None:
        act(_open(directory), ZoneId(zone))
        click.echo(f"{name} {zone}: done")


_fault("kill", "SIGKILL every process of ZONE.", Lab.kill)
_fault("freeze", "SIGSTOP every process of ZONE.", Lab.freeze)
_fault("thaw", "SIGCONT every process of ZONE.", Lab.thaw)
_fault("mend", "Let every packet of ZONE pass again.", Lab.mend)
_fault("heal", "Undo whatever was done to ZONE.", lambda found, z: found.heal(z))


@lab.command()
@DIRECTORY
@ZONE
@click.option("--peer", "peers", multiple=True, help="Only from this zone, or `host`.")
@click.option(
    "--one-way",
    type=click.Choice(get_args(Direction)),
    help="in: only what arrives is dropped; out: only what leaves.",
)
def cut(
    directory: Path, zone: str, peers: tuple[str, ...], one_way: Direction | None
) -> None:
    """Drop every packet of ZONE: a black hole, not a refusal (needs --net netns)."""
    _open(directory).cut(ZoneId(zone), list(peers) or None, one_way)
    click.echo(f"cut {zone}: done")


@lab.command()
@DIRECTORY
@ZONE
@click.option(
    "--share", type=float, default=1.0, show_default=True, help="0 to 1; 0: no more."
)
@click.option("--status", type=int, default=500, show_default=True)
@click.option("--site", default="", help="Only requests for this site.")
@click.option("--health", is_flag=True, help="The health URL fails as well.")
def errors(
    directory: Path,
    zone: str,
    share: float,
    status: int,
    site: str,
    *,
    health: bool,
) -> None:
    """Have the origin of ZONE answer with errors, as after a bad deploy."""
    fault = Fault(share=share, status=status, site=site, health=health)
    _open(directory).fail(ZoneId(zone), fault if share else None)
    click.echo(f"errors {zone}: {'done' if share else 'over'}")


@lab.command()
@DIRECTORY
def down(directory: Path) -> None:
    """End every process, namespace and rule of the lab; its files stay."""
    try:
        _open(directory).down()
    except LabError as error:
        raise click.ClickException(str(error)) from error
    click.echo("down: nothing of this lab runs any more")
