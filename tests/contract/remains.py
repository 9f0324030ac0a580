"""What the controller relies on in every `Remains`; one test a promise."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator

import pytest

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Refused
from deploy.ports import LogFile, Provisioner, Remains
from tests.contract.provisioner import DB_A, DB_C, A, C, run_state


class Ground:
    """A zone's remains, and the hand that can end a database there."""

    def __init__(self, remains: Remains, provisioner: Provisioner) -> None:
        self.remains = remains
        self.provisioner = provisioner

    def end(self, epoch: int = 1) -> None:
        """Prove `db-a` dead and inhibited."""
        done = asyncio.run(self.provisioner.ensure_stopped(A, DB_A, Epoch(epoch)))
        assert isinstance(done, Done), done

    def logs(self) -> tuple[LogFile, ...] | NotSeen:
        return asyncio.run(self.remains.logs(A, DB_A))

    def whole(self, name: str) -> bytes:
        """Read one file to its end."""
        found = b""
        while chunk := asyncio.run(self.remains.read(A, DB_A, name, offset=len(found))):
            assert not isinstance(chunk, NotSeen), chunk
            found += chunk
        return found


class RemainsContract(ABC):
    """In zone a `db-a` runs and has written logs; zone c's slot is empty."""

    @abstractmethod
    def make(self) -> Iterator[Ground]:
        """Yield that situation; clean up afterwards."""

    @pytest.fixture
    def ground(self) -> Iterator[Ground]:
        yield from self.make()

    def test_a_running_one_is_not_read(self, ground: Ground) -> None:
        assert isinstance(ground.logs(), NotSeen)
        read = asyncio.run(ground.remains.read(A, DB_A, "x", offset=0))
        assert isinstance(read, NotSeen)
        laid = asyncio.run(ground.remains.laid_at(A, DB_A))
        assert isinstance(laid, NotSeen)

    def test_what_was_never_copied_has_no_position_on_record(
        self, ground: Ground
    ) -> None:
        ground.end()
        assert asyncio.run(ground.remains.laid_at(A, DB_A)) == ""

    def test_of_a_dead_one_every_log_is_read_to_its_end(self, ground: Ground) -> None:
        ground.end()
        files = ground.logs()
        assert not isinstance(files, NotSeen), files
        assert files
        assert [f.name for f in files] == sorted(f.name for f in files)
        for file in files:
            assert len(ground.whole(file.name)) == file.size_bytes
        assert ground.logs() == files

    def test_a_file_it_does_not_have_is_not_seen(self, ground: Ground) -> None:
        ground.end()
        for name in ("nothing", "../../db.order"):
            read = asyncio.run(ground.remains.read(A, DB_A, name, offset=0))
            assert isinstance(read, NotSeen), name

    @pytest.mark.parametrize("server", [DB_C, ServerId("db-x")])
    def test_nobody_else_is_there(self, ground: Ground, server: ServerId) -> None:
        ground.end()
        assert isinstance(asyncio.run(ground.remains.logs(A, server)), NotSeen)
        resumed = asyncio.run(ground.remains.ensure_resumed(A, server, Epoch(9)))
        assert isinstance(resumed, Refused), resumed

    def test_it_goes_on_with_its_data_and_may_be_asked_twice(
        self, ground: Ground
    ) -> None:
        ground.end()
        for _ in range(2):
            done = asyncio.run(ground.remains.ensure_resumed(A, DB_A, Epoch(2)))
            assert isinstance(done, Done), done
            a = run_state(ground.provisioner, A)
            assert (a.running, a.inhibited, a.seeded) == (True, False, True)
        assert isinstance(ground.logs(), NotSeen)

    def test_an_older_epoch_resumes_nothing(self, ground: Ground) -> None:
        ground.end(epoch=7)
        late = asyncio.run(ground.remains.ensure_resumed(A, DB_A, Epoch(6)))
        assert isinstance(late, Refused), late
        assert not run_state(ground.provisioner, A).running

    def test_an_empty_slot_has_nothing_to_go_on_with(self, ground: Ground) -> None:
        resumed = asyncio.run(ground.remains.ensure_resumed(C, DB_C, Epoch(2)))
        assert isinstance(resumed, Refused), resumed
        assert not run_state(ground.provisioner, C).running
