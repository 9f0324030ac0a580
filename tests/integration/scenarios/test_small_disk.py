"""A full disk under the primary; needs root, to mount a small one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.scenarios.tight import OWN_MOUNTS

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]

INSIDE = Path(__file__).with_name("small_disk.py")


@pytest.mark.netns
@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_07_a_full_disk_is_held_or_left_by_policy(engine: str) -> None:
    """Both engines wait for space, in every commit, and answer all else."""
    ended = subprocess.run(
        [
            *("unshare", "--mount", sys.executable, "-m", "pytest", "-q"),
            *("-p", "no:cacheprovider", "-k", engine, str(INSIDE)),
        ],
        env={**os.environ, OWN_MOUNTS: "1"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert "1 passed" in ended.stdout, ended.stdout + ended.stderr
