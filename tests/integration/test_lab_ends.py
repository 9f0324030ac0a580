"""How a lab begins and ends: taken ports, down, a crash of its owner."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

import deploy
from controller.act.lease import StateLock
from deploy.lab import procs
from deploy.lab.engine import LabError
from deploy.lab.launcher import Lab
from deploy.lab.spec import ZONES, load_spec
from tests.labs import CACHE, PORTS, make_spec, require_programs, short_directory, until

pytestmark = pytest.mark.lab

OWNER = """
import json, os, signal, sys
from pathlib import Path
from deploy.lab import procs
from deploy.lab.launcher import Lab
from deploy.lab.spec import LabSpec, Ports
spec = LabSpec(directory=Path(sys.argv[1]), cache=Path(sys.argv[2]),
               prefix=sys.argv[3], ports=Ports(**json.loads(sys.argv[4])))
Lab(spec).up(lambda _line: None, owner=procs.identify(os.getpid()))
print("up", flush=True)
signal.pause()
"""


def all_of(lab: Lab) -> list[procs.Process]:
    return list(procs.marked(lambda mark: mark.startswith(lab.spec.mark(""))))


def test_a_taken_port_is_named_and_nothing_is_started() -> None:
    require_programs("mariadbd", "redis-server", "haproxy")
    with short_directory() as directory:
        lab = Lab(make_spec(directory))
        with socket.socket() as squatter:
            # An earlier lab at this address may have left TIME_WAIT behind.
            squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            squatter.bind((lab.spec.host(ZONES[1]), PORTS.redis))
            squatter.listen()
            with pytest.raises(LabError, match=f"port taken: .*:{PORTS.redis}"):
                lab.up(lambda _line: None)
        assert all_of(lab) == []


def test_the_journal_of_a_living_daemon_is_not_put_away() -> None:
    """It would go on in `previous/`, and the next lab would erase it."""
    require_programs("mariadbd", "mariadb-backup", "redis-server", "haproxy")
    with short_directory() as directory:
        lab = Lab(make_spec(directory))
        state = directory / "state"
        state.mkdir()
        daemon = StateLock(state)
        try:
            with pytest.raises(LabError, match=f"pid {os.getpid()}.*stop it first"):
                lab.up(lambda _line: None)
        finally:
            daemon.close()
        assert state.is_dir()
        assert all_of(lab) == []


def test_a_crash_of_the_owner_leaves_no_orphan() -> None:
    """The foreground mode: `demo` dies by SIGKILL, the lab goes with it."""
    require_programs("mariadbd", "redis-server", "haproxy")
    root = Path(deploy.__file__).parent.parent
    with short_directory() as directory:
        spec = make_spec(directory)
        ports = json.dumps(asdict(PORTS))
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, directory, CACHE, spec.prefix, ports],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert owner.stdout is not None
        try:
            assert owner.stdout.readline() == b"up\n"
            lab = Lab(load_spec(directory))
            assert len(all_of(lab)) > 15
        finally:
            owner.kill()
            owner.wait()
            owner.stdout.close()
        try:
            until(lambda: all_of(lab) == [], "nothing of the lab is left")
        finally:
            lab.down()


@pytest.mark.slow
def test_up_down_up_starts_afresh_and_keeps_one_past() -> None:
    require_programs("mariadbd", "redis-server", "haproxy")
    with short_directory() as directory:
        lab = Lab(make_spec(directory))
        try:
            lab.up(lambda _line: None)
            lab.down()
            lab.down()
            assert all_of(lab) == []
            assert not any(z.database_running for z in lab.status().zones)
            lab.up(lambda _line: None)
            assert (directory / "previous" / "zones" / "a" / "db" / "data").is_dir()
        finally:
            lab.down()
        assert all_of(lab) == []
