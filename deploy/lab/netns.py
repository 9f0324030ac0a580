"""One network namespace a zone, joined by a bridge in the host's namespace.

Root only. Edges, daemon and clients stay in the host's namespace, behind the
bridge's addresses. A cut is nft DROP inside the zone's namespace, a black
hole: nobody is told. Every name carries the lab's id, so that leftovers of a
crash can be swept and other labs are left alone.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from controller.model.ids import ZoneId
from deploy.lab.engine import LabError
from deploy.lab.spec import EDGES, ZONES, LabSpec

Direction: TypeAlias = Literal["in", "out"]
HOST = "host"
_TABLE = "sitedr_cut"
_TOOL_S = 10.0


def require_root() -> None:
    """Raise `LabError` unless namespaces can be made."""
    if os.geteuid() != 0:
        raise LabError(
            "one network namespace a zone (--net netns, and whatever cuts one off)"
            " needs root: use sudo, or loopback with kill and freeze"
        )


def _run(*argv: str, text: str = "") -> str:
    """Run one tool; `LabError` with its own words when it fails."""
    try:
        done = subprocess.run(
            argv,
            input=text,
            capture_output=True,
            text=True,
            timeout=_TOOL_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LabError(f"{argv[0]}: {error}") from error
    if done.returncode != 0:
        raise LabError(f"`{' '.join(argv)}` failed: {done.stderr.strip()}")
    return done.stdout


def inside(spec: LabSpec, zone: ZoneId) -> Sequence[str]:
    """Return what to put before a command so that it runs in the zone's network."""
    return ("ip", "netns", "exec", spec.namespace(zone))


def _bridge(spec: LabSpec) -> str:
    return f"sdr{spec.lab_id}"  # 15 bytes is the kernel's limit


def _link(spec: LabSpec, zone: ZoneId) -> str:
    return f"sdr{spec.lab_id}{zone}"


def lay(spec: LabSpec) -> None:
    """Make bridge, namespaces and links.

    Raises:
        LabError: not root, or the addresses are in use by something else.
    """
    require_root()
    _refuse_taken(spec)
    bridge = _bridge(spec)
    steps = [f"link add {bridge} type bridge", f"link set {bridge} up"]
    steps += [f"address add {spec.edge_host(e)}/16 dev {bridge}" for e in EDGES]
    _run("ip", "-batch", "-", text="\n".join(steps) + "\n")
    for zone in ZONES:
        _lay_zone(spec, zone)


def _lay_zone(spec: LabSpec, zone: ZoneId) -> None:
    space, link = spec.namespace(zone), _link(spec, zone)
    _run("ip", "netns", "add", space)
    outside = [
        f"link add {link} type veth peer name eth0 netns {space}",
        f"link set {link} master {_bridge(spec)} up",
    ]
    within = [
        "link set lo up",
        f"address add {spec.host(zone)}/16 dev eth0",
        "link set eth0 up",
    ]
    _run("ip", "-batch", "-", text="\n".join(outside) + "\n")
    _run("ip", "-netns", space, "-batch", "-", text="\n".join(within) + "\n")


def _refuse_taken(spec: LabSpec) -> None:
    routes = json.loads(_run("ip", "-json", "-4", "route", "show") or "[]")
    taken = [r for r in routes if str(r["dst"]).startswith(f"{spec.prefix}.")]
    if taken:
        raise LabError(
            f"addresses {spec.prefix}.0.0/16 are in use on {taken[0].get('dev')}: "
            "another lab? End it, or choose another --prefix"
        )


def sweep(spec: LabSpec) -> None:
    """Remove whatever this lab's id has left; safe to repeat.

    Rules live inside the namespaces and go with them.
    """
    if os.geteuid() != 0:
        return
    for zone in ZONES:
        if _exists(spec, zone):
            _run("ip", "netns", "delete", spec.namespace(zone))
    # A link dies with its namespace, but only once the kernel gets round to it.
    for link in (*(_link(spec, z) for z in ZONES), _bridge(spec)):
        if Path(f"/sys/class/net/{link}").exists():
            _delete_link(link)


def _delete_link(link: str) -> None:
    try:
        _run("ip", "link", "delete", link)
    except LabError:
        if Path(f"/sys/class/net/{link}").exists():
            raise


def _exists(spec: LabSpec, zone: ZoneId) -> bool:
    return Path("/run/netns", spec.namespace(zone)).exists()


def render_cut(addresses: Sequence[str] | None, one_way: Direction | None) -> str:
    """Return the nft rules of one cut; earlier rules are replaced.

    Args:
        addresses: the peers' addresses; every one when None.
        one_way: `in`, `out`, or both when None. What the zone says to itself
            goes over `lo` and always passes.
    """
    lines = [f"table inet {_TABLE} {{}}", f"delete table inet {_TABLE}"]
    lines.append(f"table inet {_TABLE} {{")
    if one_way in {None, "in"}:
        lines += _chain("input", "iif", "saddr", addresses)
    if one_way in {None, "out"}:
        lines += _chain("output", "oif", "daddr", addresses)
    lines.append("}")
    return "\n".join(lines) + "\n"


def _chain(
    hook: str, interface: str, side: str, addresses: Sequence[str] | None
) -> list[str]:
    match = "" if addresses is None else f"ip {side} {{ {', '.join(addresses)} }} "
    return [
        f"  chain {hook} {{",
        f"    type filter hook {hook} priority -300; policy accept;",
        f'    {interface} "lo" accept',
        f"    {match}drop",
        "  }",
    ]


def peer_addresses(spec: LabSpec, peers: Sequence[str]) -> Sequence[str]:
    """Return the addresses of zones, and of `host`.

    Raises:
        LabError: an unknown name.
    """
    found: list[str] = []
    for peer in peers:
        if peer == HOST:
            found += [spec.edge_host(e) for e in EDGES]
        elif peer in ZONES:
            found.append(spec.host(ZoneId(peer)))
        else:
            known = ", ".join((*ZONES, HOST))
            raise LabError(f"unknown peer {peer!r}: choose of {known}")
    return found


def cut(
    spec: LabSpec,
    zone: ZoneId,
    peers: Sequence[str] | None,
    one_way: Direction | None,
) -> None:
    """Put the drop rules in force, in the zone's own namespace."""
    require_root()
    _require_space(spec, zone)
    addresses = None if peers is None else peer_addresses(spec, peers)
    _run(*inside(spec, zone), "nft", "-f", "-", text=render_cut(addresses, one_way))


def mend(spec: LabSpec, zone: ZoneId) -> None:
    """Take the drop rules away; no rules is fine."""
    require_root()
    _require_space(spec, zone)
    text = f"table inet {_TABLE} {{}}\ndelete table inet {_TABLE}\n"
    _run(*inside(spec, zone), "nft", "-f", "-", text=text)


def is_cut(spec: LabSpec, zone: ZoneId) -> bool:
    """Tell whether drop rules are in force."""
    if os.geteuid() != 0 or not _exists(spec, zone):
        return False
    return _TABLE in _run(*inside(spec, zone), "nft", "list", "tables")


def _require_space(spec: LabSpec, zone: ZoneId) -> None:
    if not _exists(spec, zone):
        raise LabError(f"zone {zone} has no network: is the lab up?")
