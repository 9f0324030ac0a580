"""Freezing an acker whose source is silent; needs a network namespace to cut."""

from pathlib import Path

import pytest

from tests.labs import in_own_namespace

pytestmark = [pytest.mark.lab, pytest.mark.netns, pytest.mark.slow]

INSIDE = Path(__file__).with_name("black_hole.py")


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_freezing_in_a_black_hole_is_quick_only_in_the_right_order(
    engine: str,
) -> None:
    """Black hole: MariaDB wants KILL before STOP, MySQL STOP while it says Yes.

    FREEZE comes before the net time-out fires. Proof (b); that our adapters do so is
    `test_freezing_in_a_real_black_hole`.
    """
    told = in_own_namespace(INSIDE, engine)
    assert "2 passed" in told, told
