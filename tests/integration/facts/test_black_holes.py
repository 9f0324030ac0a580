"""Freezing an acker whose source is silent; needs a network namespace to cut."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.real_servers import IN_OWN_NAMESPACE

pytestmark = [pytest.mark.lab, pytest.mark.netns, pytest.mark.slow]

INSIDE = Path(__file__).with_name("black_hole.py")
TOGETHER_S_MAX = 100


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_freezing_in_a_black_hole_is_quick_only_in_the_right_order(
    engine: str,
) -> None:
    """Black hole: MariaDB wants KILL before STOP, MySQL STOP while it says Yes.

    FREEZE comes before the net time-out fires. Proof (b); that our adapters do so is
    `test_freezing_in_a_real_black_hole`.
    """
    ended = subprocess.run(
        [
            *("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"),
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-k", engine, str(INSIDE)),
        ],
        env={**os.environ, IN_OWN_NAMESPACE: "1"},
        capture_output=True,
        text=True,
        timeout=TOGETHER_S_MAX,
        check=False,
    )
    assert "2 passed" in ended.stdout, ended.stdout + ended.stderr
