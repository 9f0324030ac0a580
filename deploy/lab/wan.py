"""A wide-area network in user space: delay and loss for everything zones exchange.

Run as `python -m deploy.lab.wan --lab DIR [--zone a]… [--delay-ms 150] [--loss 0.05]`,
as root, beside a lab with `--net netns`. It says `laid` and forwards until its
standard input ends; then its devices go, their routes with them, and the zones
talk as before. Connections stay: no address changes.

A TUN device in the host's namespace and one in each zone's take the packets by routes
that are more specific than the lab's own. Delay and loss hold for each direction, drawn
from a seeded generator; what zones not named say to each other goes its old way. The
kernel's netem does the same where it is built in; here it often is not.
"""

import argparse
import ctypes
import fcntl
import heapq
import ipaddress
import itertools
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from controller.model.ids import ZoneId
from deploy.lab.engine import LabError
from deploy.lab.netns import require_root
from deploy.lab.spec import EDGES, ZONES, LabSpec, Net, load_spec

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x0001 | 0x1000
_PACKET_BYTES_MAX = 65535
_BURST = 64
_WAITING_MAX = 20_000
"""A longer queue drops what comes, as a router's does: 30 MB of full packets."""
_TOOL_S = 10.0
LAID = "laid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What happens to a packet on its way; seconds, and a share of 1."""

    delay_s: float = 0.0
    loss: float = 0.0
    seed: int = 1


@dataclass(slots=True)
class Forwarder:
    """Packets by where they go to: addresses to descriptors of TUN devices.

    elsewhere: the host's device, which takes every other address.
    """

    line: Line
    devices: Mapping[bytes, int]
    elsewhere: int
    _rng: Random = field(init=False)
    _waiting: list[tuple[float, int, int, bytes]] = field(default_factory=list)
    _number: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._rng = Random(self.line.seed)

    def take(self, device: int, now_s: float) -> None:
        """Read what *device* has to say, at most a burst."""
        for _ in range(_BURST):
            try:
                packet = os.read(device, _PACKET_BYTES_MAX)
            except OSError:
                return
            if len(packet) < 20 or packet[0] >> 4 != 4:
                continue  # no IPv4 packet: the kernel's own IPv6 greetings
            lost = self._rng.random() < self.line.loss
            if lost or len(self._waiting) >= _WAITING_MAX:
                continue
            there = self.devices.get(packet[16:20], self.elsewhere)
            due_s = now_s + self.line.delay_s
            heapq.heappush(self._waiting, (due_s, next(self._number), there, packet))

    def give(self, now_s: float) -> float | None:
        """Pass on what is due; return how long until the next is, None: nothing."""
        while self._waiting:
            due_s, _, there, packet = self._waiting[0]
            if due_s > now_s:
                return due_s - now_s
            heapq.heappop(self._waiting)
            with suppress(OSError):  # its zone was taken down: lost, as on a wire
                os.write(there, packet)
        return None

    def run(self, until: int) -> None:
        """Forward until *until* says anything or ends."""
        devices = [*self.devices.values(), self.elsewhere]
        while True:
            wait_s = self.give(time.monotonic())
            ready, _, _ = select.select([*devices, until], [], [], wait_s)
            if until in ready:
                return
            now_s = time.monotonic()
            for device in ready:
                self.take(device, now_s)


def _open_tun(name: str, namespace: Path | None) -> int:
    """Make a TUN device in *namespace*, or here, and return its descriptor."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        if namespace is not None:
            there = os.open(namespace, os.O_RDONLY)
            try:
                if libc.setns(there, _CLONE_NEWNET):
                    raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")
            finally:
                os.close(there)
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        request = struct.pack("16sH22s", name.encode(), _IFF_TUN_NO_PI, b"")
        fcntl.ioctl(device, _TUNSETIFF, request)
        return device
    finally:
        if libc.setns(home, _CLONE_NEWNET):
            raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")
        os.close(home)


def _ip(*argv: str) -> None:
    done = subprocess.run(
        ("ip", *argv), capture_output=True, text=True, timeout=_TOOL_S, check=False
    )
    if done.returncode != 0:
        raise LabError(f"`ip {' '.join(argv)}` failed: {done.stderr.strip()}")


def lay(spec: LabSpec, zones: Sequence[ZoneId], line: Line) -> Forwarder:
    """Put *line* between every one of *zones* and all the others, and the host.

    Raises:
        LabError: not root, no namespace lab, or TUN devices cannot be made.
    """
    require_root()
    if spec.net is not Net.NETNS:
        raise LabError("zones share one network here: `sitedr lab up --net netns`")
    host_device, host = f"sdw{spec.lab_id}", spec.edge_host(EDGES[0])
    try:
        elsewhere = _open_tun(host_device, None)
        _ip("link", "set", host_device, "up")
        devices = {}
        for zone in ZONES:
            device, space = f"wan{zone}", spec.namespace(zone)
            address = spec.host(zone)
            fd = _open_tun(device, Path("/run/netns", space))
            devices[ipaddress.ip_address(address).packed] = fd
            _ip("-netns", space, "link", "set", device, "up")
            far = _far(spec, zone, zones)
            for there in far:
                _ip("-netns", space, *_route(there, device, address))
            if zone in zones:
                _ip(*_route(f"{address}/32", host_device, host))
    except OSError as error:
        raise LabError(f"/dev/net/tun: {error.strerror}") from error
    return Forwarder(line, devices, elsewhere)


def _far(spec: LabSpec, zone: ZoneId, zones: Sequence[ZoneId]) -> Sequence[str]:
    """Return whom *zone* reaches over the line: all, or only the zones named."""
    if zone in zones:
        return [f"{spec.prefix}.0.0/17", f"{spec.prefix}.128.0/17"]
    return [f"{spec.host(z)}/32" for z in zones]


def _route(there: str, device: str, source: str) -> Sequence[str]:
    return ("route", "replace", there, "dev", device, "src", source)


def main() -> int:
    """Forward until standard input ends; 2 when that cannot be."""
    parser = argparse.ArgumentParser(prog="deploy.lab.wan")
    parser.add_argument("--lab", type=Path, required=True)
    parser.add_argument("--zone", dest="zones", type=ZoneId, action="append")
    parser.add_argument("--delay-ms", type=float, default=0.0)
    parser.add_argument("--loss", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    line = Line(delay_s=told.delay_ms / 1000, loss=told.loss, seed=told.seed)
    try:
        forwarder = lay(load_spec(told.lab), told.zones or ZONES, line)
    except LabError as error:
        sys.stderr.write(f"wan: {error}\n")
        return 2
    sys.stdout.write(f"{LAID}\n")
    sys.stdout.flush()
    forwarder.run(sys.stdin.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
