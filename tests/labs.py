"""Real labs for tests: short directories, private prefixes, always ended."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from controller.model.ids import ZoneId
from deploy.lab import procs
from deploy.lab.bootstrap import wait_ready
from deploy.lab.engines import load_engine
from deploy.lab.launcher import Lab
from deploy.lab.poll import poll
from deploy.lab.secret_files import ensure_secrets, read_accounts
from deploy.lab.spec import LabSpec, Net, Ports, save_spec
from deploy.lab.start import start_supervisor
from deploy.lab.zone_file import ZoneFile, write_zone_file

IN_OWN_NAMESPACE = "SITEDR_TEST_OWN_NETNS"
"""Set in a network namespace of our own, where packets may be dropped."""
TOGETHER_S_MAX = 100.0
CACHE = Path(tempfile.gettempdir()) / f"sitedr-test-cache-{os.getuid()}"
PORTS = Ports(
    origin=18080,
    redis=16379,
    search=18983,
    database=13306,
    admin=13307,
    edge=18000,
    broker=11883,
)


def require_programs(*names: str) -> None:
    """Fail, saying what to do, when a program is not installed.

    Skipped, a set-up that forgot a package would look like a passing run.
    """
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    missing = [n for n in names if shutil.which(n, path=path) is None]
    if missing:
        pytest.fail(f"not installed: {', '.join(missing)}; `make test` installs them")


def in_own_namespace(inside: Path, named: str) -> str:
    """Run the tests of *inside* that are *named* in a network namespace made for them.

    Returns what pytest printed. Needs root: mark the caller `netns`.
    """
    ended = subprocess.run(
        [
            *("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"),
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-k", named, str(inside)),
        ],
        env={**os.environ, IN_OWN_NAMESPACE: "1"},
        capture_output=True,
        text=True,
        timeout=TOGETHER_S_MAX,
        check=False,
    )
    return ended.stdout + ended.stderr


def until(holds: Callable[[], bool], what: str, bound_s: float = 10.0) -> None:
    """Poll until *holds*; fail naming *what* after *bound_s* seconds."""
    assert poll(holds, bound_s), f"not within {bound_s:g} s: {what}"


def make_spec(
    directory: Path,
    net: Net = Net.LOOPBACK,
    *,
    engine: str = "mariadb",
    observers: bool = False,
) -> LabSpec:
    """Return a spec whose addresses no other test process uses at the time."""
    number = 100 + os.getpid() % 100
    prefix = f"{'127' if net is Net.LOOPBACK else '10'}.{number}"
    return LabSpec(
        directory=directory,
        cache=CACHE,
        net=net,
        prefix=prefix,
        ports=PORTS,
        engine=engine,
        agents=observers,
        observers=observers,
    )


def owned_lab(spec: LabSpec) -> Lab:
    """Return a lab that ends with us, also when we are killed."""
    return Lab(spec, owner=procs.identify(os.getpid()))


@contextmanager
def short_directory() -> Iterator[Path]:
    """Give a directory whose path is short enough for Unix sockets."""
    directory = Path(tempfile.mkdtemp(prefix="sitedr-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def running_lab(
    net: Net = Net.LOOPBACK, *, engine: str = "mariadb", observers: bool = False
) -> Iterator[Lab]:
    """Run a whole lab; with *observers* its agents vote, over a broker of the caller's."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with short_directory() as directory:
        spec = make_spec(directory, net, engine=engine, observers=observers)
        lab = owned_lab(spec)
        try:
            lab.up(lambda _line: None)
            yield lab
        finally:
            lab.down()


@contextmanager
def databases_only() -> Iterator[Lab]:
    """Run three supervisors; `db-a` is alive, the other slots are empty."""
    require_programs("mariadbd", "mariadb-backup")
    with short_directory() as directory:
        spec = make_spec(directory)
        save_spec(spec)
        ensure_secrets(directory / "secrets")
        lab = owned_lab(spec)
        try:
            for zone in (ZoneId("a"), ZoneId("b"), ZoneId("c")):
                spec.zone_dir(zone).mkdir(parents=True)
                described = ZoneFile(
                    zone=zone,
                    mark=spec.mark(zone),
                    children=[],
                    engine=spec.engine,
                    cache=spec.cache,
                    instance=spec.instance(zone),
                )
                write_zone_file(spec.zone_dir(zone), described)
                start_supervisor(spec, zone, owner=procs.identify(os.getpid()))
            accounts = read_accounts(directory / "secrets")
            a = spec.instance(ZoneId("a"))
            load_engine(spec.engine, spec.cache).create_empty(a, accounts)
            lab.start_database(a.zone)
            wait_ready(a, accounts.controller, 20)
            yield lab
        finally:
            lab.down()
