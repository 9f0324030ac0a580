"""A disk that takes nothing: no healthy primary ends for it, and no oath is given."""

import asyncio
import errno
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from typing_extensions import override

from controller.model.ids import Epoch
from deploy.agent.guard import GuardKeeper, must_end
from deploy.agent.lease_file import SLOT_BYTES, LeaseFile
from deploy.agent.memo import FileStore, Held, Lease, Memo, MemoryStore
from tests.unit.agent_stage import TTL_S, B, Stage, lives, play

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@dataclass(slots=True)
class Disk(MemoryStore):
    """full: a memo cannot be written; broken: nor can the lease."""

    full: bool = False
    broken: bool = False
    written: list[Memo] = field(default_factory=list)

    @override
    def save(self, memo: Memo) -> None:
        if self.full:
            raise FULL
        self.written.append(memo)
        self.memo = memo

    @override
    def let(self, lease: Lease) -> None:
        if self.broken:
            raise FULL
        self.leased = lease


def on_disk() -> tuple[Stage, Disk]:
    disk = Disk()
    stage = Stage(store=disk)
    stage.serves()
    play(stage, 2.0)
    assert stage.agent.state().armed_s == TTL_S
    return stage, disk


def test_a_full_disk_ends_no_primary_that_is_renewed() -> None:
    """Anything to remember, for as long as you like: it goes on and says so."""
    stage, disk = on_disk()
    disk.full = True
    stage.says(epoch=Epoch(5))
    play(stage, TTL_S + 3.0)
    assert lives(stage)
    assert not must_end(disk.lease(), stage.now_s, stage.kernel), "the guard neither"
    state = stage.agent.state()
    assert state.armed_s == 0
    assert "No space left" in state.trouble
    disk.full = False
    play(stage, 1.0)
    assert (disk.memo.epoch, stage.agent.state().trouble) == (Epoch(5), "")
    assert stage.agent.state().armed_s == TTL_S


def test_a_lease_that_cannot_be_written_disarms_and_raises_nothing() -> None:
    stage, disk = on_disk()
    disk.broken = True
    play(stage, 1.0)
    assert stage.agent.state().armed_s == 0
    assert "lease" in stage.agent.state().trouble


def test_a_full_disk_swears_and_fences_nothing_that_would_be_forgotten() -> None:
    stage, disk = on_disk()
    disk.full = True
    before = disk.memo
    with pytest.raises(OSError, match="No space"):
        stage.agent.promise(B, Epoch(9))
    with pytest.raises(OSError, match="No space"):
        asyncio.run(stage.fence(Epoch(9)))
    assert stage.agent.renew(B, Epoch(8)).granted, "no oath was given"
    assert (disk.memo, stage.agent.memo.held) == (before, Held.NOT)


def test_a_lonely_primary_ends_on_a_full_disk_too() -> None:
    stage, disk = on_disk()
    disk.full = disk.broken = True
    stage.cut()
    play(stage, TTL_S + 1.0)
    assert not lives(stage)


LEASE = Lease(kernel="k", renewed_s=1.0, ttl_s=10.0, primary=True, epoch=Epoch(7))


def test_a_renewal_needs_no_new_block(tmp_path: Path) -> None:
    """The same file, of the same size, whatever is written how often."""
    store = FileStore(tmp_path)
    store.let(LEASE)
    (path,) = tmp_path.iterdir()
    first = path.stat()
    for at in range(2, 100):
        store.let(replace(LEASE, renewed_s=at * 1e5 / 3))
        assert store.lease() == replace(LEASE, renewed_s=at * 1e5 / 3)
    last = path.stat()
    assert (first.st_ino, first.st_size) == (last.st_ino, last.st_size)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("torn", [1, 7, 100, SLOT_BYTES - 1])
def test_a_torn_lease_is_the_one_before(tmp_path: Path, torn: int) -> None:
    """The guard reads while the agent writes, wherever it has come to."""
    file = LeaseFile(tmp_path / "lease")
    file.write({"n": 1})
    file.write({"n": 2})
    before = file.path.read_bytes()
    file.write({"n": 3})
    after = bytearray(file.path.read_bytes())
    slot = next(
        at for at in (0, SLOT_BYTES) if before[at:][:SLOT_BYTES] != after[at:][:512]
    )
    after[slot + torn : slot + SLOT_BYTES] = before[slot + torn : slot + SLOT_BYTES]
    file.path.write_bytes(after)
    found = file.read()
    assert found is not None
    assert found["n"] in {2, 3}
    file.write({"n": 4})
    assert (file.read() or {})["n"] == 4


def test_no_room_for_a_guard_disarms_and_raises_nothing(tmp_path: Path) -> None:
    assert not GuardKeeper(directory=tmp_path / "gone", hand={}).lives()
