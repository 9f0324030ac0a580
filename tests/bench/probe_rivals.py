"""Who else probes, and who is probed: real programs on loopback for one bench."""

import resource
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.edge_lab import end, host
from tests.labs import until

ADDRESSES = 8
PORT, EXPORTER_PORT = 28180, 28115
CHECKS, CHECK_INTERVAL_MS = 1000, 100
_TICKS_PER_S = 100.0  # USER_HZ, as /proc shows it on every Linux

_BACKEND = """
global
  nbthread 1
  maxconn 12000
  no strict-limits
  ulimit-n {files}
  stats socket {socket} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 2s
  timeout http-keep-alive 30s
frontend health
{binds}
  http-request return status 200 content-type text/plain string ok
"""
_CHECKER = """
global
  nbthread 1
  maxconn 100
  stats socket {socket} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 2s
  timeout check 2s
backend probed
  option httpchk GET /
{servers}
"""
_EXPORTER = """
modules:
  http_2xx:
    prober: http
    timeout: 2s
    http: {preferred_ip_protocol: ip4}
"""


def cpu_of(pid: int) -> float:
    """Return what process *pid* has used with all its threads, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


@dataclass(frozen=True, slots=True)
class Backend:
    """A server that answers 200 at once, on several addresses, and counts."""

    hosts: Sequence[str]
    socket: Path

    def requests(self) -> int:
        """Return how many requests it has had."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            line.sendall(b"show stat\n")
            text = b"".join(iter(lambda: line.recv(65536), b"")).decode("ascii")
        head, *rows = text.lstrip("# ").splitlines()
        column = head.split(",").index("req_tot")
        front = next(row for row in rows if row.startswith("health,FRONTEND,"))
        return int(front.split(",")[column])


@contextmanager
def running(argv: Sequence[str], ready: Path | tuple[str, int]) -> Iterator[int]:
    """Run a program until the block ends; yield its pid once it is *ready*."""
    process = subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: process.poll() is not None or _is_ready(ready), f"{argv[0]}")
        if process.poll() is not None:
            raise RuntimeError(f"{argv[0]} ended with {process.returncode}")
        yield process.pid
    finally:
        end(process)


def _is_ready(ready: Path | tuple[str, int]) -> bool:
    if isinstance(ready, Path):
        return ready.exists()
    with socket.socket() as line:
        return line.connect_ex(ready) == 0


@contextmanager
def backend(directory: Path) -> Iterator[Backend]:
    """Run HAProxy as the server that is probed."""
    hosts = [host(number) for number in range(1, ADDRESSES + 1)]
    found = Backend(hosts, directory / "backend.sock")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(most, 30_000) if most != resource.RLIM_INFINITY else 30_000
    binds = "\n".join(f"  bind {h}:{PORT}" for h in hosts)
    file = directory / "backend.cfg"
    file.write_text(
        _BACKEND.format(socket=found.socket, binds=binds, files=files), "ascii"
    )
    with running((_haproxy(), "-q", "-db", "-f", str(file)), found.socket):
        yield found


@contextmanager
def checker(directory: Path, probed: Backend) -> Iterator[int]:
    """Run HAProxy as a prober of many servers; yield its pid."""
    file, own = directory / "checker.cfg", directory / "checker.sock"
    servers = "\n".join(
        f"  server s{n} {probed.hosts[n % ADDRESSES]}:{PORT}"
        f" check inter {CHECK_INTERVAL_MS}ms"
        for n in range(CHECKS)
    )
    file.write_text(_CHECKER.format(socket=own, servers=servers), "ascii")
    with running((_haproxy(), "-q", "-db", "-f", str(file)), own) as pid:
        before = probed.requests()  # checks begin spread over their interval
        until(lambda: probed.requests() >= before + 10 * CHECKS, "the checks")
        yield pid


def exporter_path() -> str | None:
    """Return where the exporter is installed."""
    return shutil.which("prometheus-blackbox-exporter")


@contextmanager
def exporter(directory: Path) -> Iterator[tuple[int, str]]:
    """Run blackbox_exporter; yield its pid and address."""
    file, address = directory / "exporter.yml", host(9)
    file.write_text(_EXPORTER, "ascii")
    argv = (
        exporter_path() or "prometheus-blackbox-exporter",
        f"--config.file={file}",
        f"--web.listen-address={address}:{EXPORTER_PORT}",
        "--log.level=error",
    )
    with running(argv, (address, EXPORTER_PORT)) as pid:
        yield pid, address


def _haproxy() -> str:
    found = shutil.which("haproxy")
    if found is None:
        raise RuntimeError("haproxy is not installed: `make setup`")
    return found


def interrupt_by_term() -> None:
    """Let SIGTERM end the bench like Ctrl-C: what it started is ended, too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
