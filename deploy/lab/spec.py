"""One lab as data: where it lives, what its addresses are. `lab.json`."""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from controller.model.ids import EdgeId, ServerId, SiteId, SlotId, ZoneId
from deploy.lab.control import SOCKET_NAME, SOCKET_PATH_BYTES_MAX
from deploy.lab.durable import read_json, write_durably
from deploy.lab.engine import InstanceSpec, LabError

SITE = "cms"
ZONES: Sequence[ZoneId] = (ZoneId("a"), ZoneId("b"), ZoneId("c"))
EDGES: Sequence[EdgeId] = (EdgeId("edge-1"), EdgeId("edge-2"))
EDGE_GROUP = "edges"
SLOTS: Mapping[SlotId, Sequence[SiteId]] = {
    SlotId("s1"): (SiteId("www.example.test"), SiteId("blog.example.test"))
}
_OUTSIDE = frozenset({"edge", "broker"})
"""Ports at the edges' addresses, in no zone."""
_PREFIX = re.compile(r"^(\d{1,3})\.(\d{1,3})$")


class Net(StrEnum):
    """How zones are kept apart."""

    LOOPBACK = "loopback"  # any user; a zone cannot be cut off
    NETNS = "netns"  # root; one network namespace a zone


DEFAULT_PREFIX: Mapping[Net, str] = {Net.LOOPBACK: "127.81", Net.NETNS: "10.81"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The same numbers in every zone: each zone has an address of its own."""

    origin: int = 8080
    redis: int = 6379
    search: int = 8983
    database: int = 3306
    admin: int = 3307
    edge: int = 8000
    agent: int = 9181
    broker: int = 1883

    def __post_init__(self) -> None:
        numbers = asdict(self)
        for name, number in numbers.items():
            if not 1 <= number <= 65535:
                raise LabError(f"port {name}: {number} is not between 1 and 65535")
        zone_ports = [n for name, n in numbers.items() if name not in _OUTSIDE]
        if len(set(zone_ports)) != len(zone_ports):
            raise LabError(f"two services of a zone share a port: {numbers}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabSpec:
    """Everything the lab's parts must agree on.

    lab_id: marks this lab's processes and namespaces; random, so that labs
        can run side by side.
    prefix: the first two numbers of every address (`127.81`, `10.81`).
    cache: templates and bundles that outlive this lab.
    agents: every zone runs an agent beside its database. self_fence_s: after so
        long alone it ends a primary, seconds; 0: never. observers: they look at every
        zone and vote, over a broker that whoever asks for it runs at `broker`.
    """

    directory: Path
    cache: Path
    engine: str = "mariadb"
    net: Net = Net.LOOPBACK
    lab_id: str = field(default_factory=lambda: secrets.token_hex(3))
    prefix: str = ""
    ports: Ports = field(default_factory=Ports)
    agents: bool = False
    self_fence_s: float = 10.0
    observers: bool = False

    def __post_init__(self) -> None:
        for name in ("directory", "cache"):
            if not getattr(self, name).is_absolute():
                raise LabError(f"{name} must be an absolute path")
        if self.observers and not self.agents:
            raise LabError("observers: agents are who observes; let it have agents")
        if not self.prefix:
            object.__setattr__(self, "prefix", DEFAULT_PREFIX[self.net])
        self._check_prefix()
        longest = self.zone_dir(ZONES[0]) / "db" / SOCKET_NAME
        if len(str(longest).encode()) > SOCKET_PATH_BYTES_MAX:
            raise LabError(
                f"{self.directory} is too long a path for Unix sockets: choose a "
                f"directory of at most {SOCKET_PATH_BYTES_MAX - 40} bytes"
            )

    def _check_prefix(self) -> None:
        match = _PREFIX.match(self.prefix)
        if match is None or any(int(part) > 255 for part in match.groups()):
            raise LabError(
                f"prefix {self.prefix!r}: two numbers are meant, like 127.81"
            )
        loopback = match.group(1) == "127"
        if loopback != (self.net is Net.LOOPBACK):
            raise LabError(
                f"prefix {self.prefix} does not fit --net {self.net}: loopback labs "
                "live in 127.x, namespace labs elsewhere"
            )

    def mark(self, group: str) -> str:
        """Return the process mark of a zone, or of the group `edges`."""
        return f"{self.lab_id}/{group}"

    def zone_dir(self, zone: ZoneId) -> Path:
        """Return the zone's directory."""
        return self.directory / "zones" / zone

    @property
    def edges_dir(self) -> Path:
        """Return the directory of the edges and their supervisor."""
        return self.directory / EDGE_GROUP

    def edge_dir(self, edge: EdgeId) -> Path:
        """Return one edge's directory."""
        return self.edges_dir / edge

    def host(self, zone: ZoneId) -> str:
        """Return the zone's address."""
        return f"{self.prefix}.{self._number(zone)}.1"

    def edge_host(self, edge: EdgeId) -> str:
        """Return the edge's address."""
        return f"{self.prefix}.9.{EDGES.index(edge) + 1}"

    def edge_url(self, edge: EdgeId) -> str:
        """Return where users reach the edge."""
        return f"http://{self.edge_host(edge)}:{self.ports.edge}"

    def origin(self, zone: ZoneId) -> str:
        """Return the zone's origin as `host:port`."""
        return f"{self.host(zone)}:{self.ports.origin}"

    def search_url(self, zone: ZoneId) -> str:
        """Return the zone's search service."""
        return f"http://{self.host(zone)}:{self.ports.search}"

    def agent(self, zone: ZoneId) -> str:
        """Return the zone's agent as `host:port`."""
        return f"{self.host(zone)}:{self.ports.agent}"

    @property
    def broker(self) -> str:
        """Return where the observers' broker is: with the edges, outside all zones."""
        return f"mqtt://{self.edge_host(EDGES[0])}:{self.ports.broker}"

    def server(self, zone: ZoneId) -> ServerId:
        """Return the name of the zone's database server."""
        return ServerId(f"db-{zone}")

    def zone_of(self, server: ServerId) -> ZoneId | None:
        """Return the zone of a database server."""
        return next((z for z in ZONES if self.server(z) == server), None)

    def instance(self, zone: ZoneId) -> InstanceSpec:
        """Return the zone's database instance."""
        return InstanceSpec(
            zone=zone,
            server=self.server(zone),
            server_id=self._number(zone),
            home=self.zone_dir(zone) / "db",
            host=self.host(zone),
            port=self.ports.database,
            admin_port=self.ports.admin,
        )

    def _number(self, zone: ZoneId) -> int:
        return ZONES.index(zone) + 1

    def namespace(self, zone: ZoneId) -> str:
        """Return the name of the zone's network namespace."""
        return f"sitedr-{self.lab_id}-{zone}"


def lab_file(directory: Path) -> Path:
    """Return where a lab's spec is kept."""
    return directory / "lab.json"


def save_spec(spec: LabSpec) -> None:
    """Write `lab.json`, whole or not at all."""
    text = json.dumps(asdict(spec), indent=1, default=str)
    write_durably(lab_file(spec.directory), text + "\n")


def load_spec(directory: Path) -> LabSpec:
    """Read `lab.json`; the directory may have been moved since.

    Raises:
        LabError: there is no lab here, or its file is not ours.
    """
    path = lab_file(directory)
    try:
        found = read_json(path)
        if found is None:
            raise LabError(f"no lab in {directory}: start one with `sitedr lab up`")
        ports = found["ports"]
        assert isinstance(ports, dict)
        return LabSpec(
            directory=directory.absolute(),
            cache=Path(str(found["cache"])),
            engine=str(found["engine"]),
            net=Net(str(found["net"])),
            lab_id=str(found["lab_id"]),
            prefix=str(found["prefix"]),
            ports=Ports(**{str(k): int(v) for k, v in ports.items()}),
            agents=found.get("agents") is True,
            self_fence_s=float(str(found.get("self_fence_s", 10.0))),
            observers=found.get("observers") is True,
        )
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise LabError(f"{path} cannot be read: {error!r}") from error
