"""Composition root: the only place that names adapters, and the entry point."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from functools import partial
from pathlib import Path

import uvloop

from cdn_router.adapters.haproxy import HaproxyEdge
from controller.act.aftermath import Aftermath
from controller.act.archive import FileArchive, reports
from controller.act.book import Book
from controller.act.clock import SystemClock
from controller.act.crash import crash_point_from
from controller.act.daemon import Daemon
from controller.act.lease import DatabaseLease, StateLock
from controller.act.logs import LogListener, set_up_logs
from controller.act.notify import Announcer, AppriseNotifier
from controller.act.observe import Observatory, ObservePolicy
from controller.act.ports import Ports
from controller.act.recorder import Record, recording, unrecorded
from controller.act.together import Company
from controller.agent_main import check_agent, order_agent, run_agent
from controller.broker_adapters import daemon_seat
from controller.cli import build_cli
from controller.cli.agent import agent_command
from controller.cli.doctor import doctor_command
from controller.cli.lost import lost_command
from controller.config.fleet import Cluster, Fleet
from controller.config.policy import (
    began,
    decide_policy,
    detector_policy,
    primary_member,
    rate_policy,
    wanted_of,
)
from controller.config.schema import Site
from controller.config.secrets import read_secret
from controller.database_adapters import (
    build_databases,
    build_inspectors,
    inspect_site,
)
from controller.fence_adapters import build_agents, build_fences
from controller.fleet import ClusterCell, FleetRun
from controller.http_api import Doors
from controller.http_doors import open_doors
from controller.incident.journal import SqliteJournal
from controller.model.errors import ControllerError
from controller.model.ids import EdgeId, SiteId, SlotId, ZoneId
from controller.probe_adapters import (
    build_also,
    build_caches,
    build_journeys,
    build_pages,
    build_probes,
    page_policy,
    search_of,
)
from controller.rehearsal.cli import rehearse
from controller.shared_adapters import edge_runtime, share_of
from deploy.adapters.process import ProcessProvisioner
from deploy.ports import Provisioner
from deploy.remains.process import ProcessRemains
from replication.adapters.search_http import HttpSearch
from replication.binlog.compare import SURVEYS
from replication.binlog.lost import LostReader
from replication.gtid import covers


def build_ports(site: Site, base: Path, company: Company | None = None) -> Ports:
    """Return the adapters *site* asks for; raises `ConfigError` for bad secrets.

    company: what it has in one with other clusters of this process.
    """
    provisioner, agents = _provisioner(site, base), build_agents(site, base)
    return Ports(
        databases=build_databases(site, base),
        inspectors=build_inspectors(site, base, thorough=False),
        edges={
            EdgeId(name): HaproxyEdge(
                EdgeId(name),
                url=edge.url,
                runtime=edge_runtime(base / edge.socket, base / edge.maps, company),
                share=share_of(site) if edge.shared else None,
            )
            for name, edge in site.edges.items()
        },
        probes=build_probes(site, base, company),
        caches=build_caches(site, base),
        searches={
            ZoneId(name): HttpSearch(url, core=core)
            for name, zone in site.zones.items()
            for url, core in (search_of(site, zone),)
        },
        provisioner=provisioner,
        fences=build_fences(site, provisioner, agents),
        agents=agents,
        slots={
            SlotId(slot): tuple(SiteId(s) for s in sites)
            for slot, sites in site.slots.items()
        },
        aftermath=_aftermath(site, base),
        votes=daemon_seat(site, base),
        pages=build_pages(site),
        journeys=build_journeys(site),
        also=build_also(site, company),
    )


def _aftermath(site: Site, base: Path) -> Aftermath | None:
    if site.provisioner.kind == "none":
        return None
    return Aftermath(
        remains=ProcessRemains.open((base / site.provisioner.lab).absolute()),
        archive=FileArchive(base / site.state_dir),
        survey=SURVEYS[site.engine],
        lost=LostReader,
    )


def _host_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _provisioner(site: Site, base: Path) -> Provisioner | None:
    if site.provisioner.kind == "none":
        return None
    lab = (base / site.provisioner.lab).absolute()
    rate_b_s = site.provision.rate_mb_s * 1_000_000
    method = site.provision.method
    return ProcessProvisioner.open(lab, rate_b_s=rate_b_s, method=method)


def build_daemon(
    site: Site,
    ports: Ports,
    journal: SqliteJournal,
    lock: StateLock,
    record: Record = unrecorded,
) -> Daemon:
    """Return the daemon of *site* on *ports*, with its book already folded."""
    clock = SystemClock()
    record(began(site, at_s=clock.monotonic_s(), wall_s=clock.wall_s()))
    return Daemon(
        book=Book(journal),
        observatory=Observatory(
            ports,
            clock,
            ObservePolicy(
                interval_s=site.probe.interval_s,
                timeout_s=site.probe.timeout_s,
                detector=detector_policy(site),
                wanted=wanted_of(site),
                rates=rate_policy(site),
                pages=page_policy(site),
                lag_max_s=site.probe.lag_max_s,
            ),
            record,
        ),
        lease=DatabaseLease(
            ports,
            owner=f"{os.uname().nodename}:{os.getpid()}",
            in_place=lock.is_in_place,
        ),
        policy=decide_policy(site),
        configured_primary=primary_member(site),
        covers=partial(covers, engine=site.engine),
        crash_point=crash_point_from(os.environ),
    )


def run_site(site: Site, base: Path, record: Path | None = None) -> None:
    """Run the daemon of *site* until SIGTERM or Ctrl-C; nothing is half-started."""
    set_up_logs()
    state_dir = base / site.state_dir
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ControllerError(f"state_dir {state_dir}: {error.strerror}") from error
    lock = StateLock(state_dir)
    try:
        ports = build_ports(site, base)
        journal = SqliteJournal(state_dir / "journal.sqlite", clock=SystemClock())
        try:
            with recording(record) as written:
                uvloop.run(
                    _until_told(_serve(site, ports, journal, lock, record=written))
                )
        finally:
            journal.close()
    finally:
        lock.close()


async def _serve(
    site: Site,
    ports: Ports,
    journal: SqliteJournal,
    lock: StateLock,
    cell: ClusterCell | None = None,
    *,
    record: Record = unrecorded,
) -> None:
    """Run the daemon behind its doors; in a fleet the public one is the fleet's."""
    daemon, state_dir = build_daemon(site, ports, journal, lock, record), lock.state_dir
    announcer = Announcer(AppriseNotifier(_notify_urls(site, state_dir)), site.site)
    daemon.book.listeners += [LogListener(site.site), announcer]
    doors = Doors(daemon, site.site, journal.records)
    host, port = _host_port(site.listen) if cell is None else ("", 0)
    try:
        async with open_doors(doors, state_dir=state_dir, host=host, port=port):
            if cell is not None:
                cell.joined(daemon)
            await daemon.run()
    finally:
        await announcer.drain(2.0)
        await _close_ports(ports)


def run_fleet(fleet: Fleet) -> None:
    """Run every cluster of *fleet* until SIGTERM or Ctrl-C."""
    set_up_logs()

    company = Company()

    def check(cluster: Cluster) -> None:
        """Read every secret now: a missing one is a start error."""
        build_ports(cluster.site, cluster.base)

    async def serve(cell: ClusterCell, journal: SqliteJournal, lock: StateLock) -> None:
        cluster = cell.cluster
        ports = build_ports(cluster.site, cluster.base, company)
        await _serve(cluster.site, ports, journal, lock, cell)

    found = FleetRun(fleet, check=check, serve=serve)
    with found.locked():
        uvloop.run(_until_told(found.run()))


def _notify_urls(site: Site, state_dir: Path) -> list[str]:
    urls = []
    for entry in site.notify:
        is_reference = entry.startswith(("env:", "file:"))
        urls.append(
            read_secret(entry, base=state_dir.parent).value if is_reference else entry
        )
    return urls


async def _until_told(serve: Coroutine[None, None, None]) -> None:
    """Run *serve* until a signal; its own errors come out as they are."""
    loop = asyncio.get_running_loop()
    work = asyncio.ensure_future(serve)
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return
    except BaseExceptionGroup as group:
        known = group.subgroup(ControllerError)
        if known is None:
            raise
        raise _first(known) from None


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group


async def _close_ports(ports: Ports) -> None:
    for seat in ports.databases.values():
        await seat.database.aclose()
    for edge in ports.edges.values():
        await edge.aclose()
    for agent in ports.agents.values():
        await agent.aclose()


def main() -> None:
    """Run the `sitedr` command."""
    if not __debug__:
        sys.exit("sitedr: refuses to run under -O: its asserts are contracts")
    extra = [
        rehearse,
        doctor_command(inspect_site),
        lost_command(reports),
        agent_command(run_agent, check_agent, order_agent),
    ]
    build_cli(run_site, extra, run_fleet=run_fleet)()


if __name__ == "__main__":
    main()
