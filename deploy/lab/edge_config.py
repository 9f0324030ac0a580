"""Lay out one HAProxy edge: its configuration, its maps, its command line.

The maps are the edge's memory: written here only when they are missing, later
by the edge's adapter alone, and read by HAProxy at every start, so a restart
keeps the routes and the epoch. Sources of the form: a write's fallback server
is the refusal itself; the preferred zone's servers have weight 0 and are
reached by `use-server` only, so every redispatch leaves the zone.
"""

import hashlib
import re
import resource
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from controller.model.ids import SiteId, SlotId, ZoneId
from deploy.lab.engine import LabError

_WORD = re.compile(r"[A-Za-z0-9_-]+")
_HOST_NAME = re.compile(r"[A-Za-z0-9.-]+")
_SOCKET_LIMIT = 90  # sun_path is 108, and HAProxy adds a suffix while binding
_CHECK_S = 10
_SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSpec:
    """One edge.

    home: directory of `haproxy.cfg`, `admin.sock` and `maps/`.
    zones: each zone's origin as `host:port`.
    active: where every slot reads and writes when there are no maps yet.
    stats_address: `host:port` of a second admin socket; None for none.
    short_timeout_ms: a read's fail-over time in a freeze or black hole.
    hedge_per_s: above so many failed short tries a second the zone counts as
        slow and gets the long timer; must exceed the reads of one detection.
    """

    home: Path
    host: str
    port: int
    zones: Mapping[ZoneId, str]
    slots: Mapping[SlotId, Sequence[SiteId]]
    active: ZoneId
    stats_address: str | None = None
    short_timeout_ms: int = 250
    read_timeout_ms: int = 10_000
    write_timeout_ms: int = 8_000
    hedge_per_s: int = 100

    def __post_init__(self) -> None:
        for word in (*self.zones, *self.slots):
            if not _WORD.fullmatch(word):
                raise LabError(f"not usable as a name in HAProxy: {word!r}")
        for site in (site for sites in self.slots.values() for site in sites):
            if not _HOST_NAME.fullmatch(site):
                raise LabError(f"not usable as a site's host name: {site!r}")
        if self.active not in self.zones:
            raise LabError(f"the active zone {self.active!r} is none of the zones")
        if len(str(self.socket)) > _SOCKET_LIMIT:
            raise LabError(
                f"path too long for a socket: {self.socket}; use a shorter directory"
            )

    @property
    def socket(self) -> Path:
        """Return the admin socket."""
        return self.home.absolute() / "admin.sock"

    @property
    def maps(self) -> Path:
        """Return the directory of the map files."""
        return self.home.absolute() / "maps"

    @property
    def config(self) -> Path:
        """Return the configuration file."""
        return self.home.absolute() / "haproxy.cfg"


def write_edge(spec: EdgeSpec) -> None:
    """Write the configuration; maps that exist keep their routes and epoch.

    Raises `LabError` with HAProxy's own words when it rejects the file.
    """
    spec.maps.mkdir(parents=True, exist_ok=True)
    _lay_maps(spec)
    spec.config.write_text(render(spec), encoding="utf-8")
    _validate(spec)


def haproxy_argv(spec: EdgeSpec) -> Sequence[str]:
    """Return the command line: foreground, one process, fit for a supervisor.

    Raises `LabError` when HAProxy is not installed.
    """
    return (_haproxy(), "-db", "-f", str(spec.config))


def _haproxy() -> str:
    """Return the binary; Debian keeps it off an ordinary user's PATH."""
    found = shutil.which("haproxy") or shutil.which("haproxy", path=_SYSTEM_PATH)
    if found is None:
        raise LabError("haproxy is missing: apt-get install haproxy")
    return found


def render(spec: EdgeSpec) -> str:
    """Return the configuration text."""
    templates = Environment(
        loader=PackageLoader("deploy.lab"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  not HTML
        keep_trailing_newline=True,
    )
    # Abstract sockets need no file, but are shared by all of one network
    # namespace: the name is made from the directory.
    name = hashlib.sha256(str(spec.home.absolute()).encode()).hexdigest()[:12]
    return templates.get_template("haproxy.cfg.j2").render(
        abns=f"sitedr-{name}",
        host=spec.host,
        port=spec.port,
        socket=spec.socket,
        maps=spec.maps,
        stats_address=spec.stats_address,
        maxconn=_maxconn(),
        zones=[{"name": z, "address": spec.zones[z]} for z in sorted(spec.zones)],
        short_timeout_ms=spec.short_timeout_ms,
        read_timeout_ms=spec.read_timeout_ms,
        write_timeout_ms=spec.write_timeout_ms,
        hedge_per_s=spec.hedge_per_s,
    )


def _maxconn() -> int:
    """Return what the file limit allows: HAProxy refuses to start beyond it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return 2000
    return max(100, min(2000, hard // 4))


def _lay_maps(spec: EdgeSpec) -> None:
    sites = {site: slot for slot, names in spec.slots.items() for site in names}
    _write_map(spec.maps / "slot.map", {k.lower(): v for k, v in sites.items()})
    first: Mapping[str, Mapping[str, str]] = {
        "read.map": dict.fromkeys(spec.slots, spec.active),
        "write.map": dict.fromkeys(spec.slots, spec.active),
        "gate.map": dict.fromkeys(spec.slots, "open"),
        "epoch.map": {"claimed": "0", "epoch": "0"},
    }
    for name, entries in first.items():
        path = spec.maps / name
        if not path.exists():
            _write_map(path, entries)


def _write_map(path: Path, entries: Mapping[str, str]) -> None:
    lines = "".join(f"{key} {value}\n" for key, value in sorted(entries.items()))
    path.write_text(lines, encoding="utf-8")


def _validate(spec: EdgeSpec) -> None:
    argv = (_haproxy(), "-c", "-q", "-f", str(spec.config))
    done = subprocess.run(
        argv, check=False, capture_output=True, text=True, timeout=_CHECK_S
    )
    if done.returncode != 0:
        raise LabError(f"haproxy refuses {spec.config}: {done.stderr.strip()}")
