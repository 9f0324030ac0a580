"""What the controller relies on in every `Provisioner`; one test a promise."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator

import pytest

from controller.model.copying import CopyProgress
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Refused
from deploy.ports import InstanceState, Provisioner

A, C = ZoneId("a"), ZoneId("c")
DB_A, DB_C = ServerId("db-a"), ServerId("db-c")


def run_state(provisioner: Provisioner, zone: ZoneId) -> InstanceState:
    found = asyncio.run(provisioner.state(zone))
    assert isinstance(found, InstanceState), found
    return found


class ProvisionerContract(ABC):
    """In zone a `db-a` runs on complete data; zone c's slot is empty."""

    @abstractmethod
    def make(self) -> Iterator[Provisioner]:
        """Yield a provisioner in that situation; clean up afterwards."""

    @pytest.fixture
    def provisioner(self) -> Iterator[Provisioner]:
        yield from self.make()

    def test_it_tells_what_runs_and_what_is_empty(
        self, provisioner: Provisioner
    ) -> None:
        a, c = run_state(provisioner, A), run_state(provisioner, C)
        assert (a.exists, a.running, a.inhibited, a.seeded) == (True, True, False, True)
        assert (c.exists, c.running, c.inhibited, c.seeded) == (False,) * 4
        unknown = asyncio.run(provisioner.state(ZoneId("x")))
        assert isinstance(unknown, NotSeen)

    def test_stopped_means_dead_and_inhibited_and_may_be_asked_twice(
        self, provisioner: Provisioner
    ) -> None:
        for _ in range(2):
            done = asyncio.run(provisioner.ensure_stopped(A, DB_A, Epoch(1)))
            assert isinstance(done, Done), done
            assert {"pid", "inhibited"} <= set(done.evidence)
            a = run_state(provisioner, A)
            assert (a.running, a.inhibited, a.seeded) == (False, True, True)

    def test_an_empty_slot_can_be_inhibited(self, provisioner: Provisioner) -> None:
        done = asyncio.run(provisioner.ensure_stopped(C, DB_C, Epoch(1)))
        assert isinstance(done, Done), done
        assert run_state(provisioner, C).inhibited

    def test_an_older_epoch_changes_nothing(self, provisioner: Provisioner) -> None:
        asyncio.run(provisioner.ensure_stopped(C, DB_C, Epoch(7)))
        before = run_state(provisioner, C)
        late = asyncio.run(provisioner.ensure_instance(C, DB_C, Epoch(6), donor=DB_A))
        assert isinstance(late, Refused), late
        assert run_state(provisioner, C) == before
        made = asyncio.run(provisioner.ensure_instance(C, DB_C, Epoch(8), donor=DB_A))
        assert isinstance(made, Done), made
        late_stop = asyncio.run(provisioner.ensure_stopped(C, DB_C, Epoch(7)))
        assert isinstance(late_stop, Refused), late_stop
        c = run_state(provisioner, C)
        assert (c.running, c.inhibited) == (True, False)

    def test_an_instance_is_made_from_a_donor_and_may_be_asked_twice(
        self, provisioner: Provisioner
    ) -> None:
        for _ in range(2):
            done = asyncio.run(
                provisioner.ensure_instance(C, DB_C, Epoch(2), donor=DB_A)
            )
            assert isinstance(done, Done), done
            assert int(done.evidence["bytes"]) > 0
            assert float(done.evidence["seconds"]) >= 0
            c = run_state(provisioner, C)
            assert (c.exists, c.running, c.inhibited, c.seeded) == (
                True,
                True,
                False,
                True,
            )

    def test_how_far_a_copy_is_can_be_asked_while_it_is_laid(
        self, provisioner: Provisioner
    ) -> None:
        """Nothing before, growing or more than nothing during it, nothing after."""

        async def story() -> list[CopyProgress]:
            assert await provisioner.copying(C) is None
            laying = asyncio.ensure_future(
                provisioner.ensure_instance(C, DB_C, Epoch(2), donor=DB_A)
            )
            seen = []
            while not laying.done():
                await asyncio.sleep(0.005)
                progress = await provisioner.copying(C)
                if isinstance(progress, CopyProgress):
                    seen.append(progress)
            assert isinstance(laying.result(), Done), laying.result()
            assert await provisioner.copying(C) is None
            return seen

        seen = asyncio.run(story())
        assert {p.donor for p in seen} == {DB_A}
        assert any(p.copied_bytes > 0 for p in seen)
        copied = [p.copied_bytes for p in seen]
        assert copied == sorted(copied)
        last = seen[-1]
        assert 0.5 * last.copied_bytes < last.total_bytes < 2 * last.copied_bytes

    def test_an_inhibited_slot_gets_a_new_instance_by_the_next_epoch(
        self, provisioner: Provisioner
    ) -> None:
        asyncio.run(provisioner.ensure_instance(C, DB_C, Epoch(2), donor=DB_A))
        asyncio.run(provisioner.ensure_stopped(C, DB_C, Epoch(3)))
        done = asyncio.run(provisioner.ensure_instance(C, DB_C, Epoch(4), donor=DB_A))
        assert isinstance(done, Done), done
        assert run_state(provisioner, C).running

    def test_without_a_living_donor_nothing_is_started(
        self, provisioner: Provisioner
    ) -> None:
        asyncio.run(provisioner.ensure_stopped(A, DB_A, Epoch(1)))
        refused = asyncio.run(
            provisioner.ensure_instance(C, DB_C, Epoch(1), donor=DB_A)
        )
        assert isinstance(refused, Refused), refused
        c = run_state(provisioner, C)
        assert (c.running, c.seeded) == (False, False)

    @pytest.mark.parametrize("donor", ["db-c", "db-x"])
    def test_a_donor_must_be_another_known_server(
        self, provisioner: Provisioner, donor: str
    ) -> None:
        refused = asyncio.run(
            provisioner.ensure_instance(C, DB_C, Epoch(1), donor=ServerId(donor))
        )
        assert isinstance(refused, Refused), refused

    def test_a_server_of_another_zone_is_refused(
        self, provisioner: Provisioner
    ) -> None:
        refused = asyncio.run(provisioner.ensure_stopped(A, DB_C, Epoch(1)))
        assert isinstance(refused, Refused), refused
        assert run_state(provisioner, A).running
