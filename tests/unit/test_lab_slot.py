"""The database slot: orders, lock and data directories."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest

from controller.model.ids import Epoch, ZoneId
from controller.model.outcomes import Refused
from deploy.adapters.process import ProcessProvisioner
from deploy.lab import procs
from deploy.lab.children import BACKOFF_MAX_S, back_off_s
from deploy.lab.slot import (
    OLD_KEPT_MAX,
    Order,
    Slot,
    StaleOrderError,
    UnreadableOrderError,
)
from deploy.lab.spec import LabSpec

unreadable = pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"epoch": "x"}', "\x00", '{"epoch": 7, "inhib']
)


@pytest.fixture
def slot(tmp_path: Path) -> Slot:
    made = Slot(tmp_path)
    made.home.mkdir()
    return made


def order(epoch: int, *, inhibited: bool = True) -> Order:
    return Order(epoch=Epoch(epoch), inhibited=inhibited, why="a test")


def test_orders_are_remembered_and_only_grow(slot: Slot) -> None:
    assert slot.order().inhibited is False
    slot.record(order(5))
    with pytest.raises(StaleOrderError):
        slot.record(order(4, inhibited=False))
    assert slot.order() == order(5)
    slot.record(order(5, inhibited=False))
    assert slot.order().inhibited is False


@unreadable
def test_an_unreadable_order_counts_as_inhibited(slot: Slot, text: str) -> None:
    """Starting is the risky side."""
    (slot.zone_dir / "db.order").write_text(text)
    assert slot.order().inhibited


@unreadable
def test_behind_an_unreadable_order_every_epoch_may_be_old(
    slot: Slot, text: str
) -> None:
    """Promise 6: it refuses orders, whatever their epoch, and keeps what it has."""
    (slot.zone_dir / "db.order").write_text(text)
    assert slot.order().epoch is None
    with pytest.raises(UnreadableOrderError, match=r"db\.order"):
        slot.record(order(99))
    assert (slot.zone_dir / "db.order").read_text() == text


def test_an_order_is_not_carried_out_behind_an_unreadable_one(tmp_path: Path) -> None:
    """Nothing is written and nobody is killed: a proof by another way is needed."""
    spec = LabSpec(directory=tmp_path, cache=tmp_path / "cache")
    slot = Slot(spec.zone_dir(ZoneId("a")))
    slot.home.mkdir(parents=True)
    (slot.zone_dir / "db.order").write_text("half a li")
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        process = procs.identify(sleeper.pid)
        assert process is not None
        slot.note_process(process)
        provisioner = ProcessProvisioner(spec)
        stopping = provisioner.ensure_stopped(
            ZoneId("a"), spec.server(ZoneId("a")), Epoch(9)
        )
        outcome = asyncio.run(stopping)
        assert isinstance(outcome, Refused)
        assert "db.order" in outcome.reason
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_an_odd_inhibition_counts_as_inhibited(slot: Slot) -> None:
    body = {"epoch": 1, "inhibited": None, "why": ""}
    (slot.zone_dir / "db.order").write_text(json.dumps(body))
    assert slot.order().inhibited


def test_nobody_holding_the_lock_proves_that_nothing_runs(slot: Slot) -> None:
    assert not slot.is_running()
    proof = slot.kill(0.2)
    assert proof is not None
    assert slot.is_running()
    os.close(proof)
    assert not slot.is_running()


def test_earlier_data_is_moved_aside_and_two_are_kept(slot: Slot) -> None:
    for number in range(4):
        slot.partial.mkdir()
        (slot.partial / "number").write_text(str(number))
        slot.move_aside()
        slot.publish_partial()
        slot.drop_surplus()
    assert (slot.data / "number").read_text() == "3"
    kept = sorted(p.name for p in slot.home.glob("data.old.*"))
    assert kept == ["data.old.2", "data.old.3"]
    assert len(kept) == OLD_KEPT_MAX


def test_half_a_copy_is_not_seeded(slot: Slot) -> None:
    slot.partial.mkdir()
    assert not slot.is_seeded()
    slot.drop_partial()
    assert not slot.partial.exists()


def test_back_off_grows_and_is_bounded() -> None:
    waits = [back_off_s(n) for n in range(1, 50)]
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(0.1)
    assert waits[-1] == BACKOFF_MAX_S
