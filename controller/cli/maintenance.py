"""`sitedr maintenance`: say that people work in a zone, for how long, and why."""

import getpass
import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click
from typing_extensions import override

from controller.cli.choose import CONFIG
from controller.cli.client import call

R = TypeVar("R")
_UNITS_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")

_HELP = """\
Say that people work in a zone: nothing is moved there, or away, by itself.

\b
  sitedr maintenance start -c F --zone a --for 2h --reason "new kernel"
  sitedr maintenance list  -c F
  sitedr maintenance end   -c F --zone a

Within a window everything is seen and shown as ever; the zone's loss begins no
failover, and the zone is no successor and gets no new copy (veto `maintenance`).
With --site no failover begins by itself at all. Stalls are ended, edges are put
back on their route and a primary that restarted is opened all the same, and your
own `failover` and `switchover` work: out of a window as they are, into one with
`--override maintenance`. A window ends by itself, after 72 h at the latest; it
outlives a restart of the daemon.
"""


def _scoped(command: Callable[..., R]) -> Callable[..., R]:
    """Give *command* `--zone` and `--site`; it gets `zone`, None for the site."""

    @click.option("--zone", default="", help="The zone people work in.")
    @click.option("--site", is_flag=True, help="The whole site instead of a zone.")
    @wraps(command)
    def scoped(zone: str, *, site: bool, **rest: object) -> R:
        if bool(zone) is site:
            raise click.UsageError("one of --zone NAME and --site")
        return command(zone=zone or None, **rest)

    return scoped


class Lasting(click.ParamType[float]):
    """A length of time, as `90s`, `30m`, `2h`, `1d` or `1h30m`; seconds inside."""

    name = "TIME"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return seconds."""
        text = str(value)
        parts = _PART.findall(text)
        if not parts or "".join(n + u for n, u in parts) != text:
            self.fail(f"{text!r}: say it as 90s, 30m, 2h, 1d or 1h30m", param, ctx)
        return sum(float(number) * _UNITS_S[unit] for number, unit in parts)


@click.group(help=_HELP)
def maintenance() -> None:
    """Say that people work in a zone."""


@maintenance.command()
@CONFIG
@_scoped
@click.option("--for", "for_s", type=Lasting(), required=True, help="Such as 2h.")
@click.option("--reason", required=True, help="What is done there, for everybody.")
@click.option("--owner", default="", help="Who answers for it; default: you.")
@JSON
def start(
    config: Path,
    zone: str | None,
    for_s: float,
    reason: str,
    owner: str,
    *,
    as_json: bool,
) -> None:
    """Begin a window; your own for the same zone is replaced by it.

    A failover that is under way goes on to its end.
    """
    said = {"zone": zone, "for_s": for_s, "reason": reason}
    body = {**said, "owner": owner or getpass.getuser()}
    tree = _post(config, "/maintenance/start", body)
    _show(tree, as_json=as_json)


@maintenance.command()
@CONFIG
@_scoped
@click.option("--owner", default="", help="Whose; needed when several have one there.")
@JSON
def end(config: Path, zone: str | None, owner: str, *, as_json: bool) -> None:
    """End a window before its time."""
    tree = _post(config, "/maintenance/end", {"zone": zone, "owner": owner})
    ended = tree["ended"]
    assert isinstance(ended, Mapping)
    if not as_json:
        where = f"zone {ended['zone']}" if ended["zone"] else "the site"
        click.echo(f"ended: maintenance of {where} by {ended['owner']}")
    _show(tree, as_json=as_json)


@maintenance.command("list")
@CONFIG
@JSON
def list_(config: Path, *, as_json: bool) -> None:
    """Show every window that stands."""
    _, tree = call(config, "GET", "/maintenance")
    assert isinstance(tree, Mapping)
    _show(tree, as_json=as_json)


def _show(tree: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(tree, indent=2))
        return
    windows = tree["maintenance"]
    assert isinstance(windows, list)
    for window in windows:
        click.echo(window["words"])
    if not windows:
        click.echo("no maintenance")


def _post(config: Path, path: str, body: Mapping[str, object]) -> Mapping[str, object]:
    code, tree = call(config, "POST", path, body)
    assert isinstance(tree, Mapping)
    if code == 400:
        raise click.ClickException(str(tree["error"]))
    return tree


def tell_windows(tree: Mapping[str, object]) -> None:
    """Say on stderr which windows a move by a person goes out of, or into."""
    windows = tree.get("maintenance", [])
    assert isinstance(windows, list)
    for words in windows:
        click.echo(f"note: {words}", err=True)
