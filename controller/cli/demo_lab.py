"""A lab of the demo's own: addresses nobody uses, and its daemon's settings."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import yaml

from controller.cli.lab import cache_dir
from deploy.lab import procs
from deploy.lab.durable import try_lock, write_durably
from deploy.lab.engine import LabError, Progress
from deploy.lab.launcher import PRIMARY, Lab
from deploy.lab.site import SITE_FILE, site_tree
from deploy.lab.spec import EDGES, ZONES, LabSpec, Net, Ports

BUILD = Path("build")
_DIRECTORY_BYTES_MAX = 60  # what Unix sockets below it leave us
_NUMBERS = range(82, 250)
_KEEP = "keep"
_LOCK = "demo.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabSettings:
    """What the lab is to be.

    proofs: fence proofs the daemon accepts. cooldown_s: between two failovers;
        a series on one lab cannot wait a minute each time. flaps_count: zones that
        come and go are no successors; in a series all of them do.
    directory: kept when given; otherwise one is made and removed.
    """

    engine: str = "mariadb"
    net: Net = Net.LOOPBACK
    proofs: Sequence[str] = ("process", "acks_revoked", "sql")
    cooldown_s: float = 60.0
    flaps_count: bool = True
    directory: Path | None = None
    keep: bool = False


@contextmanager
def running_lab(settings: LabSettings, progress: Progress) -> Iterator[Lab]:
    """Run a lab; it ends on leaving, with its files unless they are to be kept.

    SIGTERM is taken as Ctrl-C while inside, so that both leave this way.

    Raises:
        LabError: it cannot be started; nothing is left running.
    """
    directory = settings.directory or _new_directory(progress)
    try:
        with _sigterm_as_interrupt(), _claimed(directory):
            if settings.keep:
                (directory / _KEEP).touch()
            lab = Lab(free_spec(settings, directory.absolute()))
            try:
                lab.up(progress, owner=procs.identify(os.getpid()))
                write_daemon_settings(lab.spec, settings)
                yield lab
            finally:
                lab.down()
    finally:
        if settings.directory is None and not (directory / _KEEP).exists():
            shutil.rmtree(directory, ignore_errors=True)


def keep_files(lab: Lab) -> Path:
    """Let the lab's files outlive it, for a look at what went wrong."""
    (lab.spec.directory / _KEEP).touch()
    return lab.spec.directory


def _new_directory(progress: Progress) -> Path:
    """Make a directory for one lab, and sweep what killed demos have left."""
    home = BUILD.absolute()
    try:
        if len(str(home).encode()) + len("/demo-12345678") > _DIRECTORY_BYTES_MAX:
            progress(f"paths below {home} are too long for Unix sockets")
            home = Path(tempfile.gettempdir())
        home.mkdir(exist_ok=True)
        _sweep(home)
        return Path(tempfile.mkdtemp(prefix="demo-", dir=home))
    except OSError as error:
        raise LabError(f"no directory for the lab: {error}") from error


def _sweep(home: Path) -> None:
    """End and remove labs whose demo is dead: its lock is free."""
    for lock_file in home.glob(f"demo-*/{_LOCK}"):
        directory = lock_file.parent
        with contextlib.suppress(OSError, LabError):
            lock = try_lock(lock_file)
            if lock is None:
                continue
            try:
                Lab.open(directory).down()
                if not (directory / _KEEP).exists():
                    shutil.rmtree(directory)
            finally:
                os.close(lock)


@contextmanager
def _claimed(directory: Path) -> Iterator[None]:
    """Hold the lock that says: this lab's demo is alive."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = try_lock(directory / _LOCK)
    except OSError as error:
        raise LabError(f"{directory}: {error.strerror}") from error
    if lock is None:
        raise LabError(f"another demo is at work in {directory}")
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def free_spec(settings: LabSettings, directory: Path) -> LabSpec:
    """Return a lab whose addresses and ports nobody uses at the moment.

    Raises:
        LabError: there are none.
    """
    first = "127" if settings.net is Net.LOOPBACK else "10"
    numbers = sorted(_NUMBERS, key=lambda _: secrets.randbelow(1 << 30))
    for shift in (0, 10_000, 20_000):
        ports = _shifted(shift)
        for number in numbers[:8]:
            spec = LabSpec(
                directory=directory,
                cache=cache_dir(),
                engine=settings.engine,
                net=settings.net,
                prefix=f"{first}.{number}",
                ports=ports,
            )
            if _is_free(spec):
                return spec
    raise LabError("no free addresses: every port the lab needs is taken by others")


def _shifted(shift: int) -> Ports:
    usual: Mapping[str, int] = asdict(Ports())
    return Ports(**{name: number + shift for name, number in usual.items()})


def _is_free(spec: LabSpec) -> bool:
    if spec.net is Net.NETNS:
        # A port taken for every address is taken for the edges' too.
        return not _is_routed(spec.prefix) and _can_bind("127.0.0.1", spec.ports.edge)
    ports = spec.ports
    numbers = (ports.origin, ports.redis, ports.search, ports.database, ports.admin)
    wanted = [(spec.host(z), n) for z in ZONES for n in numbers]
    wanted += [(spec.edge_host(e), ports.edge) for e in EDGES]
    return all(_can_bind(host, port) for host, port in wanted)


def _can_bind(host: str, port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def _is_routed(prefix: str, table: Path = Path("/proc/net/route")) -> bool:
    """Tell whether a route to `prefix`.x.y exists; addresses are little-endian."""
    wanted = bytes(int(part) for part in prefix.split("."))
    lines = table.read_text("ascii").splitlines()[1:]
    routes = (bytes.fromhex(line.split()[1])[::-1] for line in lines)
    return any(route[:2] == wanted for route in routes)


def write_daemon_settings(spec: LabSpec, settings: LabSettings) -> None:
    """Write `site.yaml` as the demo wants it: own port, chosen proofs."""
    tree: dict[str, Any] = dict(site_tree(spec, primary=PRIMARY))
    tree["proofs"] = list(settings.proofs)
    tree["cooldown_s"] = settings.cooldown_s
    if not settings.flaps_count:
        tree["flapping"] = {"flips": 0, "moves": 0}
    tree["listen"] = f"127.0.0.1:{_free_port()}"
    text = yaml.safe_dump(tree, sort_keys=False)
    write_durably(spec.directory / SITE_FILE, f"# Written by `sitedr demo`.\n{text}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
