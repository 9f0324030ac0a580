"""However a test process ends, none of its servers goes on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.lab import procs
from tests.integration.facts.engines import MARK
from tests.labs import until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

KILLED = """
import os, signal, subprocess, sys
from deploy.lab import procs
from tests.integration.facts.engines import sweeping
with sweeping(sys.argv[1]):
    marked = {**os.environ, procs.MARK: sys.argv[1]}
    subprocess.Popen(["sleep", "60"], env=marked, start_new_session=True)
    print("running", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_a_test_process_that_is_ended_leaves_no_server(how: str, root: Path) -> None:
    """Its marked processes are swept by one that outlives it for a moment."""
    mark = f"{MARK}-{how}"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, mark],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"running\n"
        # In the middle of its exec a process shows no environment yet.
        until(lambda: len(procs.of_zone(mark)) == 1, "it is marked")
        victim.send_signal(getattr(signal, how))
        victim.wait(10)
        until(lambda: procs.of_zone(mark) == [], "nothing of it is left")
