"""A MySQL 9 server without installing it: unpacked, trimmed, relocatable.

Debian carries MySQL 9 in its unstable suite only. It is fetched by apt with a
private state (nothing on the host changes, no root needed), unpacked, and cut
down to the server, its plugins and the shared objects it loads, its own C
library and loader included, so that it runs on an older Debian.
"""

import platform
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.lab.engine import LabError, Progress
from deploy.lab.engine_files import ensure_built, run_tool

_SUITE = "sid"
_PACKAGE = "mysql-server-core"
_PLUGINS = ("mysql_clone", "semisync_source", "semisync_replica")
# Needed by scripts of the packages, never loaded by the server.
_UNUSED = re.compile(r"(perl|libperl|libc-gconv|gcc-|libdb5|libgdbm)")
# `getaddrinfo` loads these by name, so the list of needed objects lacks them.
_BY_NAME = ("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2")


@dataclass(frozen=True, slots=True)
class _Machine:
    """Where one architecture keeps its libraries, and its loader's name."""

    libraries: str
    loader: str


_MACHINES: Mapping[str, _Machine] = {
    "amd64": _Machine("x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "arm64": _Machine("aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
}


@dataclass(frozen=True, slots=True)
class MySqlBundle:
    """An unpacked server. *root* may be moved as a whole."""

    root: Path

    def command(self) -> Sequence[str]:
        """Return how to start the server: through its own loader."""
        loader = next((self.root / "lib").glob("ld-linux-*"), None)
        if loader is None:
            raise LabError(f"{self.root} holds no loader; remove it and try again")
        return (
            str(loader),
            "--argv0",
            "mysqld",
            "--library-path",
            str(self.root / "lib"),
            str(self.root / "bin" / "mysqld"),
        )

    @property
    def version(self) -> str:
        """Return the server's version, such as `9.7.4`."""
        return (self.root / "VERSION").read_text().strip()


def ensure_bundle(cache: Path, progress: Progress) -> MySqlBundle:
    """Return the bundle under *cache*, fetched when it is not there (60 MB).

    Atomic: a crash leaves nothing that looks complete. Idempotent.

    Raises:
        LabError: No apt, no mirror, no network, or another major version.
    """

    def build(half: Path) -> None:
        with TemporaryDirectory(dir=cache, prefix="mysql-fetch-") as work:
            _build(Path(work), half, progress)

    return MySqlBundle(ensure_built(cache / "mysql-bundle", build))


def _build(work: Path, half: Path, progress: Progress) -> None:
    architecture = run_tool(["dpkg", "--print-architecture"], timeout_s=10).strip()
    machine = _MACHINES.get(architecture)
    if machine is None:
        raise LabError(
            f"no MySQL bundle for {architecture} ({platform.machine()}); "
            f"known: {', '.join(_MACHINES)}; use --engine mariadb"
        )
    progress("fetching MySQL 9 from Debian (60 MB)")
    packages = _fetch(work, architecture, debian_mirror())
    progress("unpacking MySQL 9")
    root = work / "root"
    for package in packages:
        run_tool(["dpkg", "-x", str(package), str(root)], timeout_s=120)
    _trim(root, machine, half)
    version = _version_of(MySqlBundle(half))
    if not version.startswith("9."):
        raise LabError(f"Debian {_SUITE} carries MySQL {version}; the lab needs 9.x")
    (half / "VERSION").write_text(f"{version}\n")
    progress(f"MySQL {version} is ready")


def debian_mirror() -> str:
    """Return the mirror of the host's own Debian release, from its apt sources.

    apt itself parses them, so both notations work; the entry of the host's
    release is taken, never a third party's.

    Raises:
        LabError: This is not Debian, or its sources name no such mirror.
    """
    codename = _codename(Path("/etc/os-release").read_text())
    listing = run_tool(
        [
            "apt-get",
            "indextargets",
            "--no-release-info",
            "--format",
            "$(REPO_URI) $(RELEASE) $(COMPONENT)",
            "Created-By: Packages",
        ],
        timeout_s=20,
    )
    return _mirror_of(listing, codename)


def _codename(os_release: str) -> str:
    found = re.search(r'^VERSION_CODENAME="?([a-z]+)"?$', os_release, re.MULTILINE)
    if found is None:
        raise LabError("/etc/os-release names no release; is this Debian?")
    return found.group(1)


def _mirror_of(listing: str, codename: str) -> str:
    for line in listing.splitlines():
        match line.split():
            case [uri, release, "main"] if release == codename:
                return uri.rstrip("/")
            case _:
                continue
    raise LabError(f"the apt sources of this host have no {codename} main")


_APT_CONF = """\
Dir::State "{work}/state";
Dir::State::status "{work}/state/status";
Dir::Cache "{work}/cache";
Dir::Cache::archives "{work}/debs";
Dir::Etc "{work}/etc";
Dir::Etc::SourceList "{work}/etc/sources.list";
Dir::Etc::SourceParts "{work}/etc/sources.list.d";
Dir::Etc::Parts "{work}/etc/apt.conf.d";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "";
Debug::NoLocking "true";
"""


def _fetch(work: Path, architecture: str, mirror: str) -> Sequence[Path]:
    """Download the package and all it depends on; nothing is installed."""
    for folder in (
        "state/lists/partial",
        "cache",
        "debs/partial",
        "etc/apt.conf.d",
        "etc/preferences.d",
        "etc/sources.list.d",
    ):
        (work / folder).mkdir(parents=True)
    (work / "state/status").touch()  # empty: the whole closure is fetched
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (work / "etc/sources.list").write_text(
        f"deb [signed-by={keyring}] {mirror} {_SUITE} main\n"
    )
    conf = work / "apt.conf"
    conf.write_text(_APT_CONF.format(work=work, architecture=architecture))
    env = {"APT_CONFIG": str(conf)}
    run_tool(["apt-get", "-q", "update"], timeout_s=180, env=env)
    run_tool(
        ["apt-get", "-q", "-y", "--download-only", "install", _PACKAGE],
        timeout_s=600,
        env=env,
    )
    debs = sorted((work / "debs").glob("*.deb"))
    return [deb for deb in debs if not _UNUSED.match(deb.name)]


def _trim(root: Path, machine: _Machine, half: Path) -> None:
    """Copy what the server loads, and nothing else: 133 MB."""
    libraries = root / "usr/lib" / machine.libraries
    loader = libraries / machine.loader
    for folder in ("bin", "lib", "plugin", "share"):
        (half / folder).mkdir()
    try:
        shutil.copy2(root / "usr/sbin/mysqld", half / "bin/mysqld")
        for plugin in _PLUGINS:
            shutil.copy2(root / f"usr/lib/mysql/plugin/{plugin}.so", half / "plugin")
        for folder in ("english", "charsets"):
            shutil.copytree(root / "usr/share/mysql" / folder, half / "share" / folder)
        shutil.copy2(loader, half / "lib")
    except FileNotFoundError as missing:
        raise LabError(f"Debian's {_PACKAGE} has changed: {missing}") from missing
    loading = [half / "bin/mysqld", *sorted((half / "plugin").iterdir())]
    needed = {
        path for binary in loading for path in _needed_by(binary, loader, libraries)
    }
    needed |= {libraries / name for name in _BY_NAME}
    for path in sorted(needed):
        if path.exists():
            shutil.copy2(path, half / "lib" / path.name)


def _needed_by(binary: Path, loader: Path, libraries: Path) -> Sequence[Path]:
    listing = run_tool(
        [str(loader), "--library-path", str(libraries), "--list", str(binary)],
        timeout_s=30,
    )
    return [Path(found) for found in re.findall(r"=> (/\S+)", listing)]


def _version_of(bundle: MySqlBundle) -> str:
    answer = run_tool([*bundle.command(), "--no-defaults", "--version"], timeout_s=30)
    found = re.search(r"Ver (\d+\.\d+\.\d+)", answer)
    if found is None:
        raise LabError(f"the unpacked server does not say its version: {answer!r}")
    return found.group(1)
