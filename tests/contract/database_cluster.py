"""A small cluster to sign the `DatabaseServer` contract on, whatever the engine.

Three members: A takes writes, B follows it and acknowledges, C is empty and
attached to nobody. An engine's test subclasses `Cluster` with a handful of hooks;
`Cluster.protect` brings every engine to the same start by the port alone, so
the suite never needs to know how an engine spells anything.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

import pytest

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome
from replication.ports import DatabaseServer, Receiving, ServerView

T = TypeVar("T")

A = ServerId("a")
B = ServerId("b")
C = ServerId("c")

FIRST = Epoch(1)
"""The epoch `Cluster.protect` opens A with."""
NEXT = Epoch(2)


class Commit(StrEnum):
    """What an application saw of its own commit."""

    OK = "ok"
    HUNG = "hung"
    ERROR = "error"


class Cluster(ABC):
    """Members a, b and c, booted read-only, with the schema and no transaction.

    patience_s: how long a promise may take to become true on this engine.
    hang_s: how long a commit must stay silent to be called hanging.
    counts_acks: the engine can wait for more than one acknowledgement.
    """

    patience_s = 20.0
    hang_s = 0.5
    counts_acks = False

    def __init__(self) -> None:
        self._adapters: list[DatabaseServer] = []
        self._commits: list[asyncio.Task[bool]] = []

    # ---- what an engine's test provides -------------------------------------

    @abstractmethod
    def adapter(self, server: ServerId) -> DatabaseServer:
        """Return a new, unconnected adapter; it starts no server by itself."""

    @abstractmethod
    async def write(self, server: ServerId, row: str) -> bool:
        """Commit *row* on a new application connection.

        True: the application was told OK. False: it was told anything else.
        Returns only when it was told something; may be cancelled.
        """

    @abstractmethod
    async def rows(self, server: ServerId) -> frozenset[str]:
        """Return the rows any reader of *server* can see now."""

    @abstractmethod
    async def hold_applier(self, server: ServerId) -> None:
        """Stop the applier alone, as an operator's `STOP ... SQL_THREAD` would."""

    @abstractmethod
    async def kill(self, server: ServerId) -> None:
        """SIGKILL the server and return when the process is gone."""

    @abstractmethod
    async def start(self, server: ServerId) -> None:
        """Start a dead server; return when it answers."""

    @abstractmethod
    async def freeze(self, server: ServerId) -> None:
        """SIGSTOP the server."""

    @abstractmethod
    async def thaw(self, server: ServerId) -> None:
        """SIGCONT the server."""

    @abstractmethod
    async def lay_copy(self, donor: ServerId, recipient: ServerId) -> None:
        """Do what provisioning does before `ensure_seeded` (nothing for CLONE)."""

    @abstractmethod
    async def follow_also(self, server: ServerId, host: str) -> None:
        """Tell *server* to follow port 3306 of *host* too, without starting it."""

    @abstractmethod
    async def sit_on_a_transaction(self, server: ServerId) -> None:
        """Begin a transaction that writes, on a connection that stays open."""

    @abstractmethod
    async def cut(self, one: ServerId, other: ServerId) -> None:
        """Drop every packet between two members."""

    @abstractmethod
    async def mend(self, one: ServerId, other: ServerId) -> None:
        """Undo `cut`."""

    # ---- what the suite uses ------------------------------------------------

    def connect(self, server: ServerId) -> DatabaseServer:
        """Return a new adapter that `aclose` will close."""
        adapter = self.adapter(server)
        self._adapters.append(adapter)
        return adapter

    async def restart(self, server: ServerId) -> None:
        """SIGKILL and start again."""
        await self.kill(server)
        await self.start(server)

    def begin(self, server: ServerId, row: str) -> asyncio.Task[bool]:
        """Start a commit and leave it running."""
        task = asyncio.ensure_future(self.write(server, row))
        self._commits.append(task)
        return task

    async def ended(
        self, commit: asyncio.Task[bool], within_s: float | None = None
    ) -> Commit:
        """Wait for what the application is told; HUNG when nothing came."""
        limit_s = self.patience_s if within_s is None else within_s
        done, _ = await asyncio.wait({commit}, timeout=limit_s)
        if not done:
            return Commit.HUNG
        return Commit.OK if commit.result() else Commit.ERROR

    async def commit(self, server: ServerId, row: str) -> Commit:
        """Commit that is expected to be answered."""
        return await self.ended(self.begin(server, row))

    async def commit_hangs(self, server: ServerId, row: str) -> asyncio.Task[bool]:
        """Commit that must hang; return it, still waiting."""
        commit = self.begin(server, row)
        assert await self.ended(commit, self.hang_s) is Commit.HUNG
        return commit

    async def eventually(
        self, ask: Callable[[], Awaitable[T]], holds: Callable[[T], bool]
    ) -> T:
        """Poll *ask* until *holds*; fail with the last answer at the deadline."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience_s
        while True:
            answer = await ask()
            if holds(answer):
                return answer
            assert loop.time() < deadline, f"never became true; last: {answer!r}"
            await asyncio.sleep(0.02)

    async def protect(self) -> tuple[DatabaseServer, DatabaseServer]:
        """Open A with epoch 1, let B follow, require acks; return both adapters."""
        a, b = self.connect(A), self.connect(B)
        boot = (await seen(a)).boot_id
        expect_done(await a.ensure_open(FIRST, boot_id=boot))
        expect_done(await b.ensure_following(A, FIRST))
        await self.eventually(
            lambda: seen(b),
            lambda v: v.receiving is Receiving.YES and v.epoch == FIRST,
        )
        await self.eventually(
            lambda: a.ensure_acks_required(FIRST, required=True),
            lambda outcome: isinstance(outcome, Done),
        )
        assert await self.commit(A, "first") is Commit.OK
        await self.shows(B, "first")
        return a, b

    async def shows(self, server: ServerId, row: str) -> None:
        """Wait until a reader of *server* sees *row*."""
        await self.eventually(lambda: self.rows(server), lambda rows: row in rows)

    async def aclose(self) -> None:
        """Cancel what still hangs and close every adapter."""
        for commit in self._commits:
            commit.cancel()
        await asyncio.gather(*self._commits, return_exceptions=True)
        self._commits.clear()
        for adapter in self._adapters:
            await adapter.aclose()
        self._adapters.clear()


class DatabaseStories(ABC):
    """What every part of the contract needs from the engine's test class."""

    @abstractmethod
    @pytest.fixture
    def cluster(self) -> Any:
        """Yield a fresh `Cluster`, nothing of it opened or following."""

    @abstractmethod
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        """Run *story* to its end on a fresh event loop."""

    def tell(self, cluster: Cluster, story: Callable[[], Awaitable[None]]) -> None:
        """Run *story*, then close every connection, on one loop."""

        async def whole() -> None:
            try:
                await story()
            finally:
                await cluster.aclose()

        self.run(whole())


def expect_done(outcome: Outcome) -> Done:
    """Return *outcome* when it is `Done`; fail showing it otherwise."""
    assert isinstance(outcome, Done), repr(outcome)
    return outcome


async def seen(database: DatabaseServer) -> ServerView:
    """Return the view of a server that must be visible."""
    view = await database.view()
    assert not isinstance(view, NotSeen), repr(view)
    return view


async def state_of(database: DatabaseServer) -> ServerView:
    """Return the view without what moves by itself, for before/after checks."""
    return replace(await seen(database), uptime_s=0.0, heartbeats=0)
