"""What a lab looks like just now: asked of the kernel and the supervisors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from controller.model.ids import ZoneId
from deploy.lab import netns, procs
from deploy.lab.control import NoAnswerError, ask
from deploy.lab.slot import Slot
from deploy.lab.spec import EDGE_GROUP, ZONES, LabSpec, Net

_ANSWER_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneStatus:
    """One zone as the kernel and its supervisor tell it.

    processes: how many carry the zone's mark; frozen: all of them stopped.
    supervised: the supervisor answers. children: name and whether it runs.
    cut: rules that drop the zone's packets are in force.
    """

    zone: str
    processes: int
    frozen: bool
    supervised: bool
    children: Sequence[tuple[str, bool]]
    database_running: bool
    database_inhibited: bool
    database_seeded: bool
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabStatus:
    """All of it; `edges` stands beside the zones."""

    spec: LabSpec
    zones: Sequence[ZoneStatus]
    edges: ZoneStatus


def read_status(spec: LabSpec) -> LabStatus:
    """Look at every zone and at the edges; changes nothing."""
    return LabStatus(
        spec=spec,
        zones=[_group(spec, z, spec.zone_dir(z)) for z in ZONES],
        edges=_group(spec, EDGE_GROUP, spec.edges_dir),
    )


def _group(spec: LabSpec, group: str, directory: Path) -> ZoneStatus:
    processes = procs.of_zone(spec.mark(group))
    frozen = bool(processes) and all(procs.is_stopped(p) for p in processes)
    children = _children(directory) if processes and not frozen else None
    slot = Slot(directory)
    is_zone = group != EDGE_GROUP and directory.is_dir()
    is_netns = spec.net is Net.NETNS
    return ZoneStatus(
        zone=group,
        processes=len(processes),
        frozen=frozen,
        supervised=children is not None,
        children=children or (),
        database_running=is_zone and slot.is_running(),
        database_inhibited=is_zone and slot.order().inhibited,
        database_seeded=is_zone and slot.is_seeded(),
        cut=is_zone and is_netns and netns.is_cut(spec, ZoneId(group)),
    )


def _children(directory: Path) -> Sequence[tuple[str, bool]] | None:
    """Ask the supervisor; None when it does not answer."""
    try:
        found = ask(directory, "status", timeout_s=_ANSWER_S).get("children")
    except NoAnswerError:
        return None
    if not isinstance(found, dict):
        return ()
    return [(name, row["pid"] is not None) for name, row in found.items()]
