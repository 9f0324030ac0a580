"""Who may act: the state directory and the databases' locks are both ours."""

import asyncio
from pathlib import Path

import pytest

from controller.act.lease import DatabaseLease, StateLock
from controller.model.errors import LeaseLostError
from tests.no_ports import NO_PORTS


def test_a_second_daemon_on_one_directory_is_refused(tmp_path: Path) -> None:
    first = StateLock(tmp_path)
    with pytest.raises(LeaseLostError, match="uses"):
        StateLock(tmp_path)
    first.close()
    StateLock(tmp_path).close()


def test_who_lost_its_directory_may_not_act(tmp_path: Path) -> None:
    """Its journal grows where nobody looks, and another may lock the new one."""
    state = tmp_path / "state"
    state.mkdir()
    lock = StateLock(state)
    lease = DatabaseLease(NO_PORTS, owner="us", in_place=lock.is_in_place)
    assert asyncio.run(lease.claim())
    state.rename(tmp_path / "previous")
    assert not asyncio.run(lease.claim())
    state.mkdir()
    other = StateLock(state)
    assert not asyncio.run(lease.claim())
    assert not lease.held
    assert other.is_in_place()
    lock.close()
    other.close()
