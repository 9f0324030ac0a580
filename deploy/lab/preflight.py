"""What must be so before anything is started: programs there, ports free."""

import errno
import shutil
import socket

from deploy.lab import netns
from deploy.lab.engine import LabError
from deploy.lab.spec import EDGES, ZONES, LabSpec, Net

_PACKAGES = {"redis-server": "redis-server", "haproxy": "haproxy"}
_NETNS_PACKAGES = {"ip": "iproute2", "nft": "nftables"}


def check_programs(spec: LabSpec) -> None:
    """Find every missing program at once.

    Raises:
        LabError: names the packages and the command that installs them.
    """
    wanted = dict(_PACKAGES)
    if spec.net is Net.NETNS:
        netns.require_root()
        wanted |= _NETNS_PACKAGES
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    missing = sorted(
        package
        for program, package in wanted.items()
        if shutil.which(program) is None and shutil.which(program, path=path) is None
    )
    if missing:
        raise LabError(
            f"missing: {', '.join(missing)}; run: "
            f"apt-get install --no-install-recommends {' '.join(missing)}"
        )


def check_ports(spec: LabSpec) -> None:
    """Find taken ports before anything is started.

    In namespaces a zone's ports cannot be taken by others, the edges' can.

    Raises:
        LabError: names every port taken.
    """
    ports = spec.ports
    wanted = [(spec.edge_host(e), ports.edge) for e in EDGES]
    if spec.net is Net.LOOPBACK:
        numbers = (
            *(ports.origin, ports.redis, ports.search),
            *(ports.database, ports.admin),
            *((ports.agent,) if spec.agents else ()),
        )
        wanted += [(spec.host(z), n) for z in ZONES for n in numbers]
    taken = [f"{host}:{port}" for host, port in wanted if _is_taken(host, port)]
    if taken:
        raise LabError(
            f"port taken: {', '.join(taken)}; end what listens there or choose "
            "another --prefix or other ports"
        )


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise LabError(
                f"cannot listen on {host}:{port}: {error.strerror}"
            ) from error
    return False
