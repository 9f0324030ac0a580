"""What an agent keeps on disk, and the guard that reads one half of it."""

import asyncio
from pathlib import Path

import pytest

from controller.model.ids import BootId, Epoch, ZoneId
from deploy.agent.guard import guard_for_ever, kernel_id, must_end
from deploy.agent.memo import FileStore, Held, Lease, Memo, UnreadableMemoError
from deploy.agent.memory import MemoryHand
from deploy.agent.ports import SLACK_S

MEMO = Memo(
    epoch=Epoch(7),
    held=Held.SELF_FENCED,
    promises={ZoneId("b"): Epoch(6)},
    known_ttl_s=10.0,
    boot=BootId("x"),
)
LEASE = Lease(kernel="k", renewed_s=100.0, ttl_s=10.0, primary=True, epoch=Epoch(7))


def test_a_memo_comes_back_as_it_was(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    assert store.load() == Memo()
    store.save(MEMO)
    assert store.load() == MEMO
    assert store.lease() is None
    store.let(LEASE)
    assert store.lease() == LEASE


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"epoch": 7', '{"epoch": "x"}'])
def test_a_memo_that_cannot_be_read_stops_the_agent(tmp_path: Path, text: str) -> None:
    """It might renew what it swore not to."""
    (tmp_path / "agent.json").write_text(text)
    with pytest.raises(UnreadableMemoError, match="cannot be read"):
        FileStore(tmp_path).load()


def test_the_guard_gives_the_agent_time_to_do_it_in_order() -> None:
    due_s = LEASE.renewed_s + LEASE.ttl_s
    assert LEASE.is_overdue(due_s, "k")
    assert not must_end(LEASE, due_s + SLACK_S - 0.1, "k")
    assert must_end(LEASE, due_s + SLACK_S, "k")
    assert not must_end(LEASE, due_s + 99, "another kernel")
    assert not must_end(None, due_s + 99, "k")


def test_the_guard_kills_what_a_dead_agent_left(tmp_path: Path) -> None:
    """Nobody writes the lease any more; one guard at a time."""
    lease = Lease(
        kernel=kernel_id(), renewed_s=0.0, ttl_s=0.1, primary=True, epoch=Epoch(7)
    )
    FileStore(tmp_path).let(lease)
    hand = MemoryHand()

    async def story() -> None:
        killed = asyncio.Event()
        hand.killed = killed.set
        guard = asyncio.create_task(guard_for_ever(tmp_path, hand))
        async with asyncio.timeout(5):
            await killed.wait()
            assert await guard_for_ever(tmp_path, MemoryHand()) == 3
        guard.cancel()
        await asyncio.wait({guard})

    asyncio.run(story())
    assert hand.inhibited
