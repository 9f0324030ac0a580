"""What the controller relies on from the unreplicated stores."""

from abc import ABC, abstractmethod
from asyncio import run
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from controller.model.ids import Epoch
from controller.model.outcomes import Done, NotSeen, Refused
from replication.ports import CacheInventory, CacheStore, SearchStore

SESSIONS, PAGES, DOCUMENTS = 3, 5, 4


@dataclass(slots=True)
class CacheBed:
    """A cache holding `SESSIONS` and `PAGES` of generation 0, and a dead one."""

    cache: CacheStore
    dead: CacheStore


@dataclass(slots=True)
class SearchBed:
    """An index of `DOCUMENTS`, and a dead one."""

    search: SearchStore
    dead: SearchStore


class CacheStoreContract(ABC):
    """One method per promise."""

    @abstractmethod
    def bed(self) -> AbstractAsyncContextManager[CacheBed]:
        """Yield a filled cache and clean up after it."""

    def test_counts_what_would_be_lost(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                assert await bed.cache.inventory() == CacheInventory(
                    sessions=SESSIONS, pages=PAGES, generation=0
                )

        run(story())

    def test_raising_the_generation_twice_is_done_twice(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                for _ in range(2):
                    outcome = await bed.cache.ensure_generation(Epoch(4))
                    assert isinstance(outcome, Done), outcome
                    assert outcome.evidence["generation"] == "4"
                    assert int(outcome.evidence["keys_before"]) >= SESSIONS + PAGES
                seen = await bed.cache.inventory()
                assert isinstance(seen, CacheInventory)
                assert seen.generation == 4

        run(story())

    def test_an_older_epoch_never_lowers_the_generation(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                await bed.cache.ensure_generation(Epoch(4))
                older = await bed.cache.ensure_generation(Epoch(3))
                assert isinstance(older, Refused)
                seen = await bed.cache.inventory()
                assert isinstance(seen, CacheInventory)
                assert seen.generation == 4

        run(story())

    def test_a_dead_cache_refuses_and_is_not_seen(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                assert isinstance(await bed.dead.ensure_generation(Epoch(1)), Refused)
                seen = await bed.dead.inventory()
                assert isinstance(seen, NotSeen)
                assert seen.phase == "connect"

        run(story())


class SearchStoreContract(ABC):
    """One method per promise."""

    @abstractmethod
    def bed(self) -> AbstractAsyncContextManager[SearchBed]:
        """Yield a filled index and clean up after it."""

    def test_counts_the_documents(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                assert await bed.search.documents() == DOCUMENTS

        run(story())

    def test_flagging_twice_is_done_twice_and_is_no_document(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                for _ in range(2):
                    outcome = await bed.search.ensure_flagged_stale(
                        Epoch(4), why="zone a was lost"
                    )
                    assert isinstance(outcome, Done), outcome
                assert await bed.search.documents() == DOCUMENTS

        run(story())

    def test_an_older_epoch_does_not_flag(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                await bed.search.ensure_flagged_stale(Epoch(4), why="new")
                older = await bed.search.ensure_flagged_stale(Epoch(3), why="old")
                assert isinstance(older, Refused)

        run(story())

    def test_a_dead_index_refuses_and_is_not_seen(self) -> None:
        async def story() -> None:
            async with self.bed() as bed:
                outcome = await bed.dead.ensure_flagged_stale(Epoch(1), why="x")
                assert isinstance(outcome, Refused)
                seen = await bed.dead.documents()
                assert isinstance(seen, NotSeen)
                assert seen.phase == "connect"

        run(story())
