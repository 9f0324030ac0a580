"""When a CLONE under way is given up: not while the server is known to work."""

import pytest

from controller.model.copying import CopyPhase, CopyProgress
from controller.model.ids import ServerId
from replication.sql.clone_progress import STAGE_S_MAX, STILL_S_MAX, Cloning
from replication.sql.session import Row

GB = 10**9
STAGES = (
    *("DROP DATA", "FILE COPY", "PAGE COPY", "REDO COPY"),
    *("FILE SYNC", "RESTART", "RECOVERY"),
)
COPIED = {"FILE COPY": 500 * GB, "REDO COPY": GB}
BEGAN = CopyProgress(
    donor=ServerId("db-a"),
    method="clone",
    phase=CopyPhase.COPYING,
    copied_bytes=0,
    total_bytes=0,
)


def rows(running: str, copied: int = 0) -> list[Row]:
    """Return `clone_progress` in the middle of *running*, as the server shows it."""
    found: list[Row] = []
    at = STAGES.index(running)
    for number, stage in enumerate(STAGES):
        size = COPIED.get(stage, 0)
        state, here, of = "Not Started", 0, 0
        if number < at:
            state, here, of = "Completed", size, size
        elif number == at:
            state, here, of = "In Progress", copied, size
        found.append({"stage": stage, "state": state, "copied": here, "estimate": of})
    return found


@pytest.mark.parametrize("stage", ["DROP DATA", "FILE SYNC"])
def test_a_stage_that_counts_no_bytes_is_not_taken_for_a_lost_donor(stage: str) -> None:
    """An fsync of what is dirty in memory lasts minutes, and DATA stays as it is."""
    cloning = Cloning(BEGAN, 0.0)
    for second in range(int(10 * STILL_S_MAX)):
        cloning.read(rows(stage), float(second))
        assert not cloning.stuck(float(second))
    assert f"{stage} did not end" in cloning.stuck(STAGE_S_MAX + 1.0)


@pytest.mark.parametrize("stage", ["FILE COPY", "PAGE COPY", "REDO COPY"])
def test_a_copy_that_stands_still_is_given_up_soon(stage: str) -> None:
    cloning = Cloning(BEGAN, 0.0)
    cloning.read(rows(stage, 5), 100.0)
    cloning.read(rows(stage, 5), 100.0 + STILL_S_MAX)
    assert not cloning.stuck(100.0 + STILL_S_MAX)
    assert "no byte" in cloning.stuck(101.0 + STILL_S_MAX)
    cloning.read(rows(stage, 6), 101.0 + STILL_S_MAX)
    assert not cloning.stuck(102.0 + STILL_S_MAX)


def test_every_stage_has_its_time_from_its_own_beginning() -> None:
    """A long DROP DATA leaves FILE COPY all of its patience."""
    cloning = Cloning(BEGAN, 0.0)
    cloning.read(rows("DROP DATA"), 0.0)
    cloning.read(rows("FILE COPY"), 1000.0)
    assert not cloning.stuck(1000.0 + STILL_S_MAX)
    assert cloning.stuck(1001.0 + STILL_S_MAX)


def test_a_donor_lost_between_two_stages_is_given_up_soon() -> None:
    between = [
        {**row, "state": "Not Started"} if row["state"] == "In Progress" else row
        for row in rows("PAGE COPY")
    ]
    cloning = Cloning(BEGAN, 0.0)
    cloning.read(rows("FILE COPY", 500 * GB), 0.0)
    cloning.read(between, 1.0)
    assert cloning.stuck(1.0 + STILL_S_MAX)


def test_waiting_for_the_disk_is_told_as_preparing() -> None:
    """Not as a copy without a byte: nobody is to look for the donor's fault."""
    cloning = Cloning(BEGAN, 0.0)
    assert cloning.read(rows("DROP DATA"), 0.0).phase is CopyPhase.COPYING
    synced = cloning.read(rows("FILE SYNC"), 1.0)
    assert synced.phase is CopyPhase.PREPARING
    assert synced.copied_bytes == synced.total_bytes == 501 * GB
    assert cloning.read(rows("RECOVERY"), 2.0).phase is CopyPhase.STARTING
