"""A zone dies with its supervisor: nothing of it is left, nothing comes back."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from controller.model.ids import ZoneId
from deploy.lab import procs
from deploy.lab.control import ask
from deploy.lab.durable import read_json
from deploy.lab.spec import LabSpec, save_spec
from deploy.lab.start import start_supervisor
from deploy.lab.zone_file import ChildSpec, ZoneFile, write_zone_file
from tests.labs import make_spec, short_directory, until

pytestmark = pytest.mark.lab
A = ZoneId("a")

# A child, a grandchild, and a grandchild that has left session and group.
FAMILY = "sleep 301 & setsid sleep 302 & exec sleep 303"


@dataclass(frozen=True)
class Zone:
    """One zone with a family of processes and no database."""

    spec: LabSpec

    @property
    def directory(self) -> Path:
        return self.spec.zone_dir(A)

    def processes(self) -> list[procs.Process]:
        return procs.of_zone(self.spec.mark(A))

    def supervisor(self) -> procs.Process:
        found = read_json(self.directory / "supervisor.pid")
        assert found is not None
        return procs.Process(int(str(found["pid"])), int(str(found["start"])))

    def family_is_complete(self) -> bool:
        return sum(procs.name_of(p) == "sleep" for p in self.processes()) == 3

    def is_empty(self) -> bool:
        return not self.processes()


@pytest.fixture
def zone() -> Iterator[Zone]:
    with short_directory() as directory:
        spec = make_spec(directory)
        save_spec(spec)
        made = Zone(spec)
        made.directory.mkdir(parents=True)
        family = ChildSpec(name="family", argv=["sh", "-c", FAMILY])
        write_zone_file(
            made.directory,
            ZoneFile(zone=A, mark=spec.mark(A), children=[family]),
        )
        try:
            yield made
        finally:
            procs.kill_zone(spec.mark(A))


def test_killing_the_supervisor_leaves_no_orphan(zone: Zone) -> None:
    """Not even a grandchild that daemonised itself away."""
    start_supervisor(zone.spec, A)
    until(zone.family_is_complete, "the family runs")
    procs.send(zone.supervisor(), signal.SIGKILL)
    until(zone.is_empty, "the zone is empty")


def test_killing_the_zone_ends_everything_and_nothing_returns(zone: Zone) -> None:
    start_supervisor(zone.spec, A)
    until(zone.family_is_complete, "the family runs")
    assert procs.kill_zone(zone.spec.mark(A)) == []
    assert zone.is_empty()


def test_a_crashed_child_is_started_again(zone: Zone) -> None:
    start_supervisor(zone.spec, A)
    until(zone.family_is_complete, "the family runs")
    first = next(
        p
        for p in zone.processes()
        if Path(f"/proc/{p.pid}/cmdline").read_bytes().split(b"\0")[1:2] == [b"303"]
    )
    procs.send(first, signal.SIGKILL)

    def started_again() -> bool:
        children = ask(zone.directory, "status")["children"]
        assert isinstance(children, dict)
        row = children["family"]
        return bool(row["starts"] == 2 and row["pid"] not in {None, first.pid})

    until(started_again, "the child was started again")


def test_the_guard_is_replaced_when_it_dies(zone: Zone) -> None:
    start_supervisor(zone.spec, A)
    until(zone.family_is_complete, "the family runs")
    top = zone.supervisor()

    def is_guard(process: procs.Process) -> bool:
        with suppress(OSError):  # it ended while it was looked at
            line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            return process != top and b"supervisor" in line
        return False

    def guards() -> list[procs.Process]:
        return [p for p in zone.processes() if is_guard(p)]

    # A child between fork and exec has the supervisor's command line, too.
    until(lambda: len(guards()) == 1, "a guard watches")
    (guard,) = guards()
    procs.send(guard, signal.SIGKILL)
    until(lambda: len(guards()) == 1 and guards() != [guard], "a new guard watches")
    procs.send(top, signal.SIGKILL)
    until(zone.is_empty, "the zone is empty")


def test_the_zone_ends_when_its_owner_is_gone(zone: Zone) -> None:
    owner = subprocess.Popen(["sleep", "300"])
    try:
        known = procs.identify(owner.pid)
        assert known is not None
        start_supervisor(zone.spec, A, owner=known)
        until(zone.family_is_complete, "the family runs")
    finally:
        owner.kill()
        owner.wait()
    until(zone.is_empty, "the zone is empty")


def test_an_owner_whose_pid_was_reused_is_gone(zone: Zone) -> None:
    """A pid alone is no identity."""
    env = {**os.environ, procs.MARK: zone.spec.mark(A)}
    argv = [sys.executable, "-m", "deploy.lab.supervisor"]
    argv += ["--zone-dir", str(zone.directory), "--owner", f"{os.getpid()}:1"]
    ended = subprocess.run(argv, env=env, timeout=20, check=False)
    assert ended.returncode == 0
    until(zone.is_empty, "the zone is empty")


def test_a_zone_has_one_supervisor(zone: Zone) -> None:
    start_supervisor(zone.spec, A)
    until(zone.family_is_complete, "the family runs")
    env = {**os.environ, procs.MARK: zone.spec.mark(A)}
    argv = [sys.executable, "-m", "deploy.lab.supervisor"]
    second = subprocess.run(
        [*argv, "--zone-dir", str(zone.directory)],
        env=env,
        timeout=20,
        check=False,
        capture_output=True,
    )
    assert second.returncode == 3
    assert zone.family_is_complete()


def test_freezing_stops_every_process_and_thawing_resumes(zone: Zone) -> None:
    start_supervisor(zone.spec, A)
    until(zone.family_is_complete, "the family runs")
    assert procs.freeze_zone(zone.spec.mark(A)) == []
    assert all(procs.is_stopped(p) for p in zone.processes())
    assert procs.thaw_zone(zone.spec.mark(A)) == []
    assert ask(zone.directory, "status")["ok"] is True
