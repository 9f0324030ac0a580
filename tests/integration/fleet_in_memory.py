"""A fleet on memory adapters and a real loop: real doors, real locks, real commands."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from controller.act.clock import SystemClock
from controller.act.lease import StateLock
from controller.cli import build_cli
from controller.config.fleet import load_fleet
from controller.fleet import ClusterCell, FleetRun
from controller.http_api import Doors
from controller.http_doors import open_doors
from controller.incident.journal import SqliteJournal
from controller.rehearsal.site import RehearsalSite, Settings
from tests.integration.test_operator import free_port
from tests.labs import short_directory
from tests.unit.test_fleet_config import cluster, fleet

QUICK = Settings(interval_s=0.02, timeout_s=0.1, seeding_s=0.05)


@dataclass
class RunningFleet:
    """A fleet in a thread, and the command line beside it."""

    config: Path
    port: int
    sites: dict[str, RehearsalSite]
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    run: FleetRun = field(init=False)

    def __post_init__(self) -> None:
        self.run = FleetRun(
            load_fleet(self.config), check=lambda _: None, serve=self._serve
        )

    def sitedr(self, *words: str) -> Result:
        def nobody(*_: object) -> None:
            raise AssertionError("not in this test")

        arguments = [words[0], "-c", str(self.config), *words[1:]]
        return CliRunner().invoke(build_cli(nobody, run_fleet=nobody), arguments)

    def rows(self) -> dict[str, dict[str, object]]:
        """Return what the table says, by cluster; empty while nobody answers."""
        found = self.sitedr("status", "--json")
        if found.exit_code:
            return {}
        return {row["cluster"]: row for row in json.loads(found.output)["clusters"]}

    def protected(self) -> bool:
        """Tell whether every cluster has every write in two zones."""
        rows = self.rows().values()
        return bool(rows) and all(row.get("protected") for row in rows)

    async def _serve(
        self, cell: ClusterCell, journal: SqliteJournal, lock: StateLock
    ) -> None:
        assert lock.is_in_place()
        site = self.sites[cell.name]
        site.journal.fails_in = 0
        daemon = site.daemon()
        doors = Doors(daemon, cell.name, site.journal.records)
        try:
            async with open_doors(doors, state_dir=cell.cluster.state_dir):
                cell.joined(daemon)
                await daemon.run()
        finally:
            await site.daemon_died()

    async def serve(self, stop: asyncio.Event) -> None:
        for site in self.sites.values():
            await site.open_first()
        with self.run.locked():
            work = asyncio.ensure_future(self.run.run())
            await stop.wait()
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work


@contextlib.contextmanager
def running_fleet(*names: str) -> Iterator[RunningFleet]:
    """Yield a fleet of *names*, the last of the highest priority."""
    with short_directory() as directory, capture_logs():
        files = [cluster(directory, name, n) for n, name in enumerate(names, 1)]
        port = free_port()
        config = fleet(directory, *files, listen=f"127.0.0.1:{port}")
        sites = {n: RehearsalSite(QUICK, clock=SystemClock()) for n in names}
        found = RunningFleet(config, port, sites)
        stop = asyncio.Event()
        thread = threading.Thread(
            target=found.loop.run_until_complete, args=(found.serve(stop),)
        )
        thread.start()
        try:
            yield found
        finally:
            found.loop.call_soon_threadsafe(stop.set)
            thread.join(20)
            found.loop.close()
