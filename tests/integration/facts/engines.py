"""The lab's engines with two additions: options a test is about, and a mark.

A fact such as "started without skip-start it reconnects" needs a server the lab
would never start. The mark is how `deploy.lab.procs` finds every server of this
test process, however that process ended.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from typing_extensions import override

from controller.model.ids import ServerId
from deploy.lab import procs
from deploy.lab.engine import InstanceSpec
from deploy.lab.engine_mariadb import MariaDbEngine
from deploy.lab.engine_mysql import MySqlEngine

MARK = f"facts-{os.getpid()}/db"
_SWEEP_S_MAX = 15.0
_SWEEPER = (
    "import sys; sys.stdin.read()\n"
    "from deploy.lab.procs import kill_zone; kill_zone(sys.argv[1])"
)


class MariaDb(MariaDbEngine):
    """MariaDB with *extra* command line options for each server."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache)
        self.extra: dict[ServerId, Sequence[str]] = {}

    @override
    def argv(self, instance: InstanceSpec) -> Sequence[str]:
        return (*super().argv(instance), *self.extra.get(instance.server, ()))

    @override
    def environment(self, supervisor_pid: int) -> Mapping[str, str]:
        return {**super().environment(supervisor_pid), procs.MARK: MARK}


class MySql(MySqlEngine):
    """MySQL with *extra* command line options for each server."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache)
        self.extra: dict[ServerId, Sequence[str]] = {}

    @override
    def argv(self, instance: InstanceSpec) -> Sequence[str]:
        return (*super().argv(instance), *self.extra.get(instance.server, ()))

    @override
    def environment(self, supervisor_pid: int) -> Mapping[str, str]:
        return {**super().environment(supervisor_pid), procs.MARK: MARK}


ENGINES: Mapping[str, type[MariaDb | MySql]] = {"mariadb": MariaDb, "mysql": MySql}


@contextmanager
def sweeping(mark: str) -> Iterator[None]:
    """Kill every process marked *mark* at the end, also at our own SIGKILL.

    A child waits for the end of a pipe only we hold. It is in a session of its
    own, so that a Ctrl-C for us is none for it.
    """
    sweeper = subprocess.Popen(
        [sys.executable, "-c", _SWEEPER, mark],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield
    finally:
        assert sweeper.stdin is not None
        sweeper.stdin.close()
        sweeper.wait(_SWEEP_S_MAX)
