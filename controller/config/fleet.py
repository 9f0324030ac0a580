"""A fleet file: many clusters under one daemon, each in a file of its own.

A cluster's file is the one its own daemon would run; nothing in it knows of the
fleet, so a cluster can be taken out and run alone. What clusters share they have
to agree on, and that is checked here, before anything starts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from controller.config.load import load_site, parse_as, read_text
from controller.config.schema import Site
from controller.config.shapes import HostPort, Name, Seconds, Strict
from controller.model.errors import ConfigError


class ClusterEntry(Strict):
    """One cluster: its file, and who goes first when there is not room for all."""

    file: Annotated[str, Field(min_length=1)]
    priority: Annotated[int, Field(ge=0, le=100)] = 50


class FleetFile(Strict):
    """A whole fleet file.

    max_promotions: failovers between their start and OPEN at once. stuck_s: one whose
    present step takes longer keeps no other from beginning, and takes a place again
    before its next one. moves_max: automatic failovers that may begin within
    moves_window_s; 0: no bound.
    """

    fleet: Name
    state_dir: Annotated[str, Field(min_length=1)]
    listen: HostPort
    max_promotions: Annotated[int, Field(ge=1, le=1000)] = 8
    stuck_s: Annotated[Seconds, Field(ge=1)] = 3.0
    moves_max: Annotated[int, Field(ge=0, le=10_000)] = 0
    moves_window_s: Seconds = 3600.0
    clusters: Annotated[list[ClusterEntry], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster as checked: *file* is absolute, its folder is the site's base."""

    file: Path
    priority: int
    site: Site

    @property
    def name(self) -> str:
        """Return what people call it: the `site` of its file."""
        return self.site.site

    @property
    def base(self) -> Path:
        """Return what the paths in its file are relative to."""
        return self.file.parent

    @property
    def state_dir(self) -> Path:
        """Return where its journal and lock are, absolute."""
        return self.base / self.site.state_dir


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """A checked fleet; clusters in the order of the file, names unique."""

    file: Path
    settings: FleetFile
    clusters: tuple[Cluster, ...]

    @property
    def state_dir(self) -> Path:
        """Return where the fleet's own lock and control socket are, absolute."""
        return self.file.parent / self.settings.state_dir


def is_fleet(path: Path) -> bool:
    """Tell whether *path* is a fleet's file; what cannot be read is none."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False
    if not isinstance(root, yaml.MappingNode):
        return False
    return any(key.value in {"fleet", "clusters"} for key, _ in root.value)


def load_fleet(path: Path) -> Fleet:
    """Return the fleet of *path*; raise `ConfigError` with every file's problems."""
    settings = parse_as(FleetFile, read_text(path), name=str(path))
    clusters: list[Cluster] = []
    problems: list[str] = []
    for entry in settings.clusters:
        file = path.absolute().parent / entry.file
        try:
            site = load_site(file)
        except ConfigError as error:
            problems += error.problems
            continue
        clusters.append(Cluster(file=file, priority=entry.priority, site=site))
    problems += [f"{path}: {problem}" for problem in _at_odds(clusters)]
    if problems:
        raise ConfigError(problems)
    return Fleet(file=path.absolute(), settings=settings, clusters=tuple(clusters))


def _at_odds(clusters: list[Cluster]) -> Iterator[str]:
    """Yield what two clusters cannot both have."""
    for what, told in (
        (_names, "a name"),
        (_state_dirs, "a state_dir"),
        (_databases, "a database"),
        (_agents, "an agent"),
        (_labs, "a lab"),
        (_slots, "a slot at one edge"),
        (_sites, "a site at one edge"),
    ):
        taken: dict[str, str] = {}
        for number, cluster in enumerate(clusters):
            for thing in what(cluster):
                other = taken.setdefault(thing, f"{cluster.file.name} ({number + 1}.)")
                if other != f"{cluster.file.name} ({number + 1}.)":
                    yield f"{told} of {cluster.file.name} is {other}'s already: {thing}"
    yield from _unshared(clusters)


def _names(cluster: Cluster) -> list[str]:
    return [cluster.name]


def _state_dirs(cluster: Cluster) -> list[str]:
    return [str(cluster.state_dir.resolve())]


def _databases(cluster: Cluster) -> list[str]:
    seats = (zone.database for zone in cluster.site.zones.values())
    return [
        f"{d.host}:{port}" for d in seats for port in sorted({d.port, d.admin_port})
    ]


def _agents(cluster: Cluster) -> list[str]:
    """An agent fences one database and knows the epochs of one cluster."""
    agents = cluster.site.agents
    return sorted({str(url) for url in agents.zones.values()}) if agents else []


def _labs(cluster: Cluster) -> list[str]:
    """A lab's slots are named by zone alone."""
    if cluster.site.provisioner.kind != "process":
        return []
    return [str((cluster.base / cluster.site.provisioner.lab).resolve())]


def edge_sockets(cluster: Cluster) -> Mapping[str, str]:
    """Return each edge's admin socket, absolute, by the cluster's name for the edge."""
    edges = cluster.site.edges.items()
    return {name: str((cluster.base / e.socket).resolve()) for name, e in edges}


def _slots(cluster: Cluster) -> list[str]:
    sockets = edge_sockets(cluster).values()
    return [f"{slot} at {socket}" for socket in sockets for slot in cluster.site.slots]


def _sites(cluster: Cluster) -> list[str]:
    sites = [site for names in cluster.site.slots.values() for site in names]
    sockets = edge_sockets(cluster).values()
    return [f"{site} at {socket}" for socket in sockets for site in sites]


def _unshared(clusters: list[Cluster]) -> Iterator[str]:
    """Yield edges that several clusters use and one believes to have alone."""
    users: dict[str, list[tuple[Cluster, str]]] = {}
    for cluster in clusters:
        for name, socket in edge_sockets(cluster).items():
            users.setdefault(socket, []).append((cluster, name))
    for found in users.values():
        for cluster, name in found if len(found) > 1 else ():
            if not cluster.site.edges[name].shared:
                yield (
                    f"{cluster.file.name}: edges.{name} is used by other clusters, too:"
                    " it needs `shared: true`"
                )
