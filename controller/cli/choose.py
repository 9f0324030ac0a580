"""`-c FILE [--cluster NAME]`: which cluster's file a command is about.

In a fleet every cluster keeps its own control socket, so a command that knows the
cluster's file knows everything; only the choice is made here.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from controller.config.fleet import is_fleet, load_fleet
from controller.config.load import load_site

R = TypeVar("R")

FILE = click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    required=True,
    help="The site's YAML file, or a fleet's.",
)
CLUSTER = click.option(
    "--cluster", default="", metavar="NAME", help="Which cluster of a fleet."
)


def cluster_file(config: Path, cluster: str) -> Path:
    """Return the file of *cluster* in *config*; a site's file is its own.

    A fleet of several needs a name; raises `UsageError` with the choices.
    """
    if not is_fleet(config):
        if cluster and cluster != (only := load_site(config).site):
            raise click.UsageError(f"{config} is one cluster, {only}; not {cluster}")
        return config
    files = {c.name: c.file for c in load_fleet(config).clusters}
    if cluster in files:
        return files[cluster]
    if not cluster and len(files) == 1:
        return next(iter(files.values()))
    what = f"no cluster {cluster}" if cluster else "several clusters"
    raise click.UsageError(f"{what} in {config}: --cluster {'|'.join(sorted(files))}")


def _chosen(command: Callable[..., R]) -> Callable[..., R]:
    """Give *command* both options; it gets the chosen cluster's file as `config`."""

    @FILE
    @CLUSTER
    @wraps(command)
    def chosen(config: Path, cluster: str, **rest: object) -> R:
        return command(config=cluster_file(config, cluster), **rest)

    return chosen


CONFIG = _chosen
"""Stands among a command's options."""
