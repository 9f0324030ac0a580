"""What a zone's supervisor is told to run: `zones/X/zone.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from controller.model.ids import ServerId, ZoneId
from deploy.lab.durable import read_json, write_durably
from deploy.lab.engine import InstanceSpec, LabError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """One program the supervisor keeps running. No secret in argv."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFile:
    """One zone's programs and its database slot.

    mark: `<lab id>/<zone>`, put into the environment of every process.
    engine, cache: see `engines.load_engine`; None: no database slot here.
    """

    zone: ZoneId
    mark: str
    children: Sequence[ChildSpec]
    engine: str | None = None
    cache: Path | None = None
    instance: InstanceSpec | None = None


def write_zone_file(zone_dir: Path, zone: ZoneFile) -> None:
    """Write `zone.json`, whole or not at all."""
    text = json.dumps(asdict(zone), indent=1, default=str)
    write_durably(zone_dir / "zone.json", text + "\n")


def read_zone_file(zone_dir: Path) -> ZoneFile:
    """Read `zone.json`.

    Raises:
        LabError: it is missing or not what we wrote.
    """
    path = zone_dir / "zone.json"
    try:
        text = read_json(path)
        if text is None:
            raise LabError(f"{path} is missing: start the lab with `sitedr lab up`")
        return parse_zone_file(text)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabError(f"{path} cannot be read: {error!r}") from error


def parse_zone_file(found: Mapping[str, object]) -> ZoneFile:
    """Build the zone file from its JSON object."""
    children, instance = found["children"], found["instance"]
    assert isinstance(children, list)
    return ZoneFile(
        zone=ZoneId(str(found["zone"])),
        mark=str(found["mark"]),
        children=[
            ChildSpec(
                name=str(c["name"]),
                argv=[str(a) for a in c["argv"]],
                env={str(k): str(v) for k, v in c["env"].items()},
            )
            for c in children
        ],
        engine=None if found["engine"] is None else str(found["engine"]),
        cache=None if found["cache"] is None else Path(str(found["cache"])),
        instance=parse_instance(instance) if isinstance(instance, dict) else None,
    )


def parse_instance(found: Mapping[str, object]) -> InstanceSpec:
    """Build an instance from its JSON object."""
    return InstanceSpec(
        zone=ZoneId(str(found["zone"])),
        server=ServerId(str(found["server"])),
        server_id=int(str(found["server_id"])),
        home=Path(str(found["home"])),
        host=str(found["host"]),
        port=int(str(found["port"])),
        admin_port=int(str(found["admin_port"])),
    )
