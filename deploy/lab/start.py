"""Start one supervisor, in its zone's network, and see it answer."""

import atexit
import os
import subprocess
import sys
from pathlib import Path

import deploy
from controller.model.ids import ZoneId
from deploy.lab import netns, procs
from deploy.lab.children import open_log
from deploy.lab.control import SOCKET_NAME, NoAnswerError, ask
from deploy.lab.durable import read_json
from deploy.lab.engine import LabError
from deploy.lab.poll import poll
from deploy.lab.spec import EDGE_GROUP, LabSpec, Net

_ANSWERS_S = 10.0


def environment(mark: str) -> dict[str, str]:
    """Return the environment every process of the zone inherits."""
    root = Path(deploy.__file__).resolve().parent.parent
    known = os.environ.get("PYTHONPATH", "")
    path = f"{root}{os.pathsep}{known}" if known else str(root)
    return {**os.environ, procs.MARK: mark, "PYTHONPATH": path}


def start_supervisor(
    spec: LabSpec, group: str, *, owner: procs.Process | None = None
) -> None:
    """Start the supervisor of a zone, or of `edges`, in a session of its own.

    Raises:
        LabError: it did not answer in time; its log says why.
    """
    is_edges = group == EDGE_GROUP
    directory = spec.edges_dir if is_edges else spec.zone_dir(ZoneId(group))
    argv = [sys.executable, "-P", "-m", "deploy.lab.supervisor"]
    argv += ["--zone-dir", str(directory)]
    if owner is not None:
        argv += ["--owner", f"{owner.pid}:{owner.start}"]
    if spec.net is Net.NETNS and not is_edges:
        argv = [*netns.inside(spec, ZoneId(group)), *argv]
    (directory / SOCKET_NAME).unlink(missing_ok=True)
    log = open_log(directory / "log", "supervisor")
    try:
        started = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=directory,
            env=environment(spec.mark(group)),
            start_new_session=True,
        )
    except OSError as error:
        raise LabError(f"{argv[0]} cannot be started: {error.strerror}") from error
    finally:
        os.close(log)
    _await_answer(directory, started)


def recorded_supervisor(directory: Path) -> procs.Process | None:
    """Return the newest supervisor of the zone in *directory*, dead or alive."""
    try:
        found = read_json(directory / "supervisor.pid")
        if found is None:
            return None
        return procs.Process(int(str(found["pid"])), int(str(found["start"])))
    except (OSError, ValueError, KeyError):
        return None


def _await_answer(directory: Path, started: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        try:
            ask(directory, "status")
        except NoAnswerError:
            return started.poll() is not None  # it has ended: no use in waiting
        return True

    answered = poll(answers, _ANSWERS_S)
    _LAUNCHED.append(started)
    if not answered or started.poll() is not None:
        raise LabError(
            f"the supervisor in {directory} does not answer (exit code "
            f"{started.poll()}); see {directory / 'log' / 'supervisor.log'}"
        )


_LAUNCHED: list[subprocess.Popen[bytes]] = []
"""Kept so that Python reaps them, and does not complain of unreaped children."""


@atexit.register
def _let_go() -> None:
    """Leave supervisors that outlive us to init, without Python's complaint."""
    for started in _LAUNCHED:
        if started.poll() is None:
            started.returncode = 0
