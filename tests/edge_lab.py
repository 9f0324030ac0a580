"""A real HAProxy before origin doubles, on loopback, for one test."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cdn_router.adapters.haproxy import HaproxyEdge, HaproxyRuntime
from cdn_router.shares import Share
from controller.model.ids import EdgeId, SiteId, SlotId, ZoneId
from deploy.lab.edge_config import EdgeSpec, haproxy_argv, write_edge
from tests.labs import require_programs, until

A, B, C = ZoneId("a"), ZoneId("b"), ZoneId("c")
SITE, SLOT, OTHER_SLOT = SiteId("www.example.test"), SlotId("s1"), SlotId("s2")
_ROOT = Path(__file__).resolve().parent.parent
_PORT = 28080


def host(number: int) -> str:
    """Return a loopback address of this test process's own."""
    pid = os.getpid()
    return f"127.{100 + pid // 250 % 100}.{1 + pid % 250}.{number}"


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process of ours, frozen or not, and wait for it."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
    process.wait(timeout=5)


@dataclass(slots=True)
class EdgeLab:
    """One edge and its origins; *origins* may be killed or frozen by pid."""

    spec: EdgeSpec
    origins: dict[ZoneId, subprocess.Popen[bytes]] = field(default_factory=dict)
    proxy: subprocess.Popen[bytes] | None = None
    quiet: bool = False

    @property
    def url(self) -> str:
        """Return where clients connect."""
        return f"http://{self.spec.host}:{self.spec.port}"

    def adapter(self, share: Share | None = None) -> HaproxyEdge:
        """Return a fresh adapter, as a restarted controller would have."""
        return HaproxyEdge(
            EdgeId("edge-1"),
            url=self.url,
            runtime=HaproxyRuntime(socket=self.spec.socket, maps=self.spec.maps),
            share=share,
        )

    def start_origin(self, zone: ZoneId) -> None:
        """Start (again) the origin of *zone*."""
        address, _, port = self.spec.zones[zone].rpartition(":")
        argv = (sys.executable, "-m", "tests.origin_double", address, port, zone)
        self.origins[zone] = subprocess.Popen(argv, cwd=_ROOT)

    def start_proxy(self) -> None:
        """Start HAProxy and wait for its admin socket."""
        self.spec.socket.unlink(missing_ok=True)
        self.proxy = subprocess.Popen(
            haproxy_argv(self.spec),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if self.quiet else None,
        )
        until(self.spec.socket.exists, "HAProxy's admin socket")

    def kill_proxy(self) -> None:
        """Kill HAProxy as a power cut would."""
        if self.proxy is not None:
            end(self.proxy)

    def stop(self) -> None:
        """End every process that was started."""
        self.kill_proxy()
        for process in self.origins.values():
            end(process)


@contextmanager
def edge_lab(
    origins: tuple[ZoneId, ...] = (A, B),
    *,
    slots: Mapping[SlotId, tuple[SiteId, ...]] | None = None,
    quiet: bool = False,
) -> Iterator[EdgeLab]:
    """Yield a running edge whose slots all read and write in zone a.

    quiet: without HAProxy's own words, for figures.
    """
    require_programs("haproxy")
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="sitedr-edge-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        spec = EdgeSpec(
            home=home,
            host=host(9),
            port=_PORT,
            zones={z: f"{host(n)}:{_PORT}" for n, z in enumerate((A, B, C), 1)},
            slots=slots or {SLOT: (SITE,), OTHER_SLOT: (SiteId("blog.example.test"),)},
            active=A,
        )
        write_edge(spec)
        lab = EdgeLab(spec, quiet=quiet)
        stack.callback(lab.stop)
        for zone in origins:
            lab.start_origin(zone)
        lab.start_proxy()
        yield lab
