"""Many clusters in one process: each as if it were alone, in a cell of its own.

Journal, ledger, saga, state lock and database lease are every cluster's own. The
process is what they share, the gate before promotions (`controller.decide.admission`)
and the fleet's doors, which show them side by side.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from typing_extensions import override

from controller.act.admission import Gate, Turn
from controller.act.bulkhead import Cell, keep_alive
from controller.act.clock import SystemClock
from controller.act.daemon import Daemon
from controller.act.files import allow_files
from controller.act.lease import StateLock
from controller.config.fleet import Cluster, Fleet
from controller.decide.admission import Limits
from controller.http_doors import open_doors
from controller.http_fleet import FleetDoors
from controller.incident.journal import SqliteJournal
from controller.model.errors import ConfigError, ControllerError


@dataclass(slots=True, kw_only=True)
class ClusterCell(Cell):
    """A cell, the cluster in it, and its place before the gate."""

    cluster: Cluster
    turn: Turn

    @override
    def joined(self, daemon: Daemon) -> None:
        self.turn.join(daemon.book)
        daemon.admission = self.turn
        Cell.joined(self, daemon)


Serve = Callable[[ClusterCell, SqliteJournal, StateLock], Awaitable[None]]


@dataclass(slots=True)
class FleetRun:
    """A fleet under way.

    check: raises `ConfigError` when a cluster's adapters cannot be made.
    serve: runs a cluster behind its doors on its journal, until cancelled.
    """

    fleet: Fleet
    check: Callable[[Cluster], None]
    serve: Serve
    gate: Gate = field(init=False)
    cells: Sequence[ClusterCell] = field(init=False)

    def __post_init__(self) -> None:
        clusters, settings = self.fleet.clusters, self.fleet.settings
        limits = Limits(
            promotions_max=settings.max_promotions,
            stuck_s=settings.stuck_s,
            moves_max=settings.moves_max,
            moves_window_s=settings.moves_window_s,
        )
        self.gate = Gate(limits, SystemClock())
        self.cells = [
            ClusterCell(
                name=c.name,
                priority=c.priority,
                phase=number / len(clusters),
                beside=len(clusters),
                cluster=c,
                turn=self.gate.turn(c.name, c.priority),
            )
            for number, c in enumerate(clusters)
        ]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the fleet's own state directory; all setup errors come out here."""
        problems: list[str] = []
        for cluster in self.fleet.clusters:
            try:
                self.check(cluster)
            except ConfigError as error:
                problems += [f"{cluster.file}: {p}" for p in error.problems]
        if problems:
            raise ConfigError(problems)
        allow_files(len(self.fleet.clusters))
        _make(self.fleet.state_dir)
        lock = StateLock(self.fleet.state_dir)
        try:
            yield
        finally:
            lock.close()

    async def run(self) -> None:
        """Open the fleet's doors and keep every cluster alive until cancelled."""
        settings = self.fleet.settings
        host, _, port = settings.listen.rpartition(":")
        doors = FleetDoors(settings.fleet, self.cells, self.gate)
        where, at = self.fleet.state_dir, int(port)
        async with (
            open_doors(doors, state_dir=where, host=host, port=at),
            asyncio.TaskGroup() as group,
        ):
            for cell in self.cells:
                group.create_task(keep_alive(cell, partial(self._live, cell)))

    async def _live(self, cell: ClusterCell) -> None:
        """Run one cluster once, as its own daemon would; its lock is its own."""
        state_dir = cell.cluster.state_dir
        _make(state_dir)
        lock = StateLock(state_dir)
        try:
            journal = SqliteJournal(state_dir / "journal.sqlite", clock=SystemClock())
            try:
                await self.serve(cell, journal, lock)
            finally:
                journal.close()
        finally:
            cell.turn.leave()
            lock.close()


def _make(state_dir: Path) -> None:
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ControllerError(f"state_dir {state_dir}: {error.strerror}") from error
