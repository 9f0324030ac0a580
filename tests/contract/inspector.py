"""What every `Inspector` promises: sign it by subclassing."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any

import pytest

from controller.model.ids import ServerId
from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import (
    Finding,
    Inspection,
    NotInspected,
    Severity,
    Wanted,
)
from replication.ports import Inspector
from tests.contract.database_cluster import A, B, Cluster

WANTED = Wanted(controller="sitedr", replication="repl", acks=True)
PATIENCE_S = 20.0


class InspectorContract(ABC):
    """Looks at A and B of a cluster that is set up as the lab sets it up."""

    @abstractmethod
    @pytest.fixture
    def cluster(self) -> Any:
        """Yield a fresh `Cluster`."""

    @abstractmethod
    def inspector(self, cluster: Any, server: ServerId) -> Inspector:
        """Return a new inspector of *server*; it asks nothing by itself."""

    @abstractmethod
    def grant(self, cluster: Any, server: ServerId) -> None:
        """Let the application write on *server* in spite of read-only."""

    @abstractmethod
    def revoke(self, cluster: Any, server: ServerId) -> None:
        """Take that away again."""

    @abstractmethod
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        """Run *story* to its end on a fresh event loop."""

    async def look(
        self, cluster: Cluster, server: ServerId
    ) -> Inspection | NotInspected:
        """Ask once, within the patience every inspector promises."""
        inspector = self.inspector(cluster, server)
        return await asyncio.wait_for(inspector.inspect(), PATIENCE_S)

    async def blockers(self, cluster: Cluster) -> list[Finding]:
        """Return what stands in the way of both."""
        answers = [await self.look(cluster, server) for server in (A, B)]
        assert not any(isinstance(a, NotInspected) for a in answers), answers
        found = diagnose(answers, WANTED)
        return [f for f in found if f.severity is Severity.BLOCKER]

    def test_a_server_set_up_as_it_should_be_has_no_blocker(self, cluster: Any) -> None:
        async def story() -> None:
            assert await self.blockers(cluster) == []

        self.run(story())

    def test_who_serves_and_who_follows_has_none_either(self, cluster: Any) -> None:
        """Opened, followed, waiting for acknowledgements: nothing of it is a defect."""

        async def story() -> None:
            try:
                await cluster.protect()
                assert await self.blockers(cluster) == []
            finally:
                await cluster.aclose()

        self.run(story())

    def test_every_question_is_answered_in_the_words_of_its_engine(
        self, cluster: Any
    ) -> None:
        async def story() -> None:
            seen = await self.look(cluster, A)
            assert isinstance(seen, Inspection)
            assert seen.server == A
            assert dict(seen.unanswered) == {}
            assert set(seen.settings) == set(seen.words.settings)
            assert seen.own is not None
            assert set(seen.words.needed) <= seen.own | seen.words.super_serves
            assert {"sitedr", "repl", "app"} <= {a.user for a in seen.accounts or ()}

        self.run(story())

    def test_a_dead_server_is_not_inspected(self, cluster: Any) -> None:
        async def story() -> None:
            await cluster.kill(A)
            seen = await self.look(cluster, A)
            assert isinstance(seen, NotInspected)
            assert seen.why.phase == "connect"

        self.run(story())

    def test_a_frozen_server_keeps_nobody_waiting(self, cluster: Any) -> None:
        async def story() -> None:
            await cluster.freeze(A)
            try:
                assert isinstance(await self.look(cluster, A), NotInspected)
            finally:
                await cluster.thaw(A)

        self.run(story())

    def test_a_defect_is_named_there_alone_until_it_is_mended(
        self, cluster: Any
    ) -> None:
        """One look tells the present state, every time it is asked."""

        async def story() -> None:
            self.grant(cluster, B)
            for _ in range(2):
                found = await self.blockers(cluster)
                assert "bypasses_read_only" in {f.name for f in found}
                assert {f.server for f in found} == {B}
                assert "FROM 'app'@'%'" in found[0].mend
            self.revoke(cluster, B)
            assert await self.blockers(cluster) == []

        self.run(story())
