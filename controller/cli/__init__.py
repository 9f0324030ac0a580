"""The command line: ask questions, hand in an operator's wishes.

Errors a person can mend are one line and an exit code: 2 the configuration,
3 the journal, 4 another controller, 1 anything else that was refused.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from typing_extensions import override

from controller.cli.demo import demo
from controller.cli.detect import detect
from controller.cli.grants import grants
from controller.cli.lab import lab
from controller.cli.operate import operate_commands
from controller.cli.show import show_commands
from controller.config.fleet import Fleet, is_fleet, load_fleet
from controller.config.load import load_site
from controller.config.schema import Site
from controller.model.errors import (
    ConfigError,
    ControllerError,
    JournalError,
    LeaseLostError,
)

RunSite = Callable[[Site, Path, Path | None], None]
RunFleet = Callable[[Fleet], None]
EXIT_CODES: dict[type[ControllerError], int] = {
    ConfigError: 2,
    JournalError: 3,
    LeaseLostError: 4,
}

_HELP = """Keep web sites online when a whole availability zone is lost.

\b
Begin here:
  sitedr demo                 a site on real servers loses a zone, now
  sitedr rehearse             the same decisions in memory, in seconds
  sitedr check-config -c F    what is wrong with F, and what it promises
  sitedr grants -c F          the database accounts F needs, as SQL
  sitedr doctor -c F          what the databases of F would cost you
  sitedr run -c F             the daemon (set `mode: observe` first)
  sitedr status -c F          what it sees, and why it does not act
"""


class Sitedr(click.Group):
    """Turns the errors a person can mend into a line and an exit code."""

    @override
    def invoke(self, ctx: click.Context) -> object:
        """Run the command; explain a `ControllerError` and exit."""
        try:
            return super().invoke(ctx)
        except ControllerError as error:
            click.echo(f"sitedr: {error}", err=True)
            sys.exit(EXIT_CODES.get(type(error), 1))
        except KeyboardInterrupt:
            click.echo("sitedr: interrupted", err=True)
            sys.exit(130)


def build_cli(
    run_site: RunSite,
    extra: Sequence[click.Command] = (),
    *,
    run_fleet: RunFleet | None = None,
) -> click.Group:
    """Return the `sitedr` command.

    run_site, run_fleet: start the daemon; of a site with its directory, and where to
    record. extra: commands from above our floor, such as
    `rehearse`, which needs the memory adapters.
    """

    @click.group(
        cls=Sitedr, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]}
    )
    @click.version_option(package_name="sitedr")
    def sitedr() -> None:
        """Keep web sites online when a whole availability zone is lost."""

    @sitedr.command()
    @click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path),
        required=True,
        help="A site's YAML file, or a fleet's (deploy/assets/example.yaml and"
        " fleet.yaml explain every key).",
    )
    @click.option(
        "--record",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Append every answer to this file, for `sitedr detect --replay`; at"
        " 100 MB it becomes FILE.1, and ten such are kept. Of one site, not a fleet.",
    )
    def run(config: Path, record: Path | None) -> None:
        """Run the daemon of one site, or of a fleet, until SIGTERM or Ctrl-C.

        It continues whatever its journal says is unfinished. A second daemon on
        the same state directory refuses to start (exit code 4). In a fleet every
        cluster is as if it were alone: one that stops is begun anew from its
        journal, and `sitedr status` shows why; the others go on.
        """
        if run_fleet is not None and is_fleet(config):
            if record is not None:
                raise click.UsageError("--record: one site's file, not a fleet's")
            run_fleet(load_fleet(config))
            return
        run_site(load_site(config), config.absolute().parent, record)

    sitedr.add_command(demo)
    sitedr.add_command(lab)
    sitedr.add_command(grants)
    sitedr.add_command(detect)
    for command in (*show_commands(), *operate_commands(), *extra):
        sitedr.add_command(command)
    return sitedr
