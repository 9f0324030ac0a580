"""The lab as a whole: start it, look at it, break it, mend it, end it.

Every method is synchronous, safe to repeat, and raises `LabError` with a
sentence that says what to do. The fault methods stand outside the zones, like
the hypervisor does: they work on dead, frozen and cut-off zones alike.
"""

import os
import shutil
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from controller.model.ids import ZoneId
from deploy.lab import netns, procs
from deploy.lab.bootstrap import MARIADB, MYSQL, bootstrap, wait_ready
from deploy.lab.cms_fault import Fault
from deploy.lab.cms_fault import put as put_fault
from deploy.lab.control import NoAnswerError, ask
from deploy.lab.durable import holding, try_lock
from deploy.lab.engine import LabError, Progress
from deploy.lab.engines import load_engine
from deploy.lab.poll import poll
from deploy.lab.preflight import check_ports, check_programs
from deploy.lab.secret_files import ensure_secrets, read_accounts
from deploy.lab.site import write_edges, write_site, write_zone_settings, zone_file
from deploy.lab.spec import (
    EDGE_GROUP,
    EDGES,
    ZONES,
    LabSpec,
    Net,
    lab_file,
    load_spec,
    save_spec,
)
from deploy.lab.start import recorded_supervisor, start_supervisor
from deploy.lab.status import LabStatus, ZoneStatus, read_status
from deploy.lab.zone_file import write_zone_file

__all__ = ["Lab", "LabStatus", "ZoneStatus"]

PRIMARY, REPLICA = ZONES[0], ZONES[1]
_READY_S = 20.0
_PAST = ("zones", "edges", "state")


class Lab:
    """One lab directory; with *owner* all it starts ends when that process does."""

    def __init__(self, spec: LabSpec, *, owner: procs.Process | None = None) -> None:
        self.spec = spec
        self._owner = owner

    @classmethod
    def open(cls, directory: Path) -> "Lab":
        """Return the lab kept in *directory*.

        Raises:
            LabError: there is none.
        """
        return cls(load_spec(directory))

    # --- start -----------------------------------------------------------

    def up(self, progress: Progress, *, owner: procs.Process | None = None) -> None:
        """Start everything from nothing, up to a replicating, serving site.

        An earlier run's data is moved to `previous/` (one is kept): roles may
        have moved since, and only a lab without a past can be set up blindly.
        With *owner*, or the lab's own, it ends when that process does; without, it
        stays.

        Raises:
            LabError: something is missing, taken or does not start. What was
                started by then is ended again.
        """
        self.spec.directory.mkdir(parents=True, exist_ok=True)
        try:
            with holding(self.spec.directory / "lab.lock", 1.0):
                self._up(progress, owner or self._owner)
        except TimeoutError as error:
            raise LabError("another `sitedr lab` command is at work here") from error

    def _up(self, progress: Progress, owner: procs.Process | None) -> None:
        began = time.monotonic()
        self._refuse_living_past()
        check_programs(self.spec)
        engine = load_engine(self.spec.engine, self.spec.cache)
        engine.ensure_installed(progress)
        self._put_past_away()
        save_spec(self.spec)
        ensure_secrets(self.spec.directory / "secrets")
        try:
            self._lay_network(progress)
            check_ports(self.spec)
            self._start_all(progress, owner)
        except BaseException:
            self.down()
            raise
        progress(f"lab is up after {time.monotonic() - began:.1f} s")

    def _refuse_living_past(self) -> None:
        """Refuse a lab that is up here; sweep what a crashed one has left.

        The earlier lab in this directory may have had another id.
        """
        earlier = [self.spec]
        if lab_file(self.spec.directory).exists():
            earlier.append(load_spec(self.spec.directory))
        for spec in earlier:
            lab = Lab(spec)
            if lab._processes():
                raise LabError(
                    f"a lab in {self.spec.directory} is up already, or parts of it "
                    "are: end it with `sitedr lab down`"
                )
            lab._sweep_network()

    def _put_past_away(self) -> None:
        past = [self.spec.directory / name for name in _PAST]
        if not any(path.exists() for path in past):
            return
        self._refuse_a_daemon()
        previous = self.spec.directory / "previous"
        shutil.rmtree(previous, ignore_errors=True)
        previous.mkdir()
        for path in past:
            if path.exists():
                path.rename(previous / path.name)

    def _refuse_a_daemon(self) -> None:
        """A daemon that lives on would keep its journal in what is put away."""
        lock = self.spec.directory / "state" / "lock"
        if not lock.exists():
            return
        held = try_lock(lock)
        if held is None:
            pid = lock.read_text(encoding="utf-8").strip() or "unknown"
            raise LabError(
                f"a daemon (pid {pid}) keeps its journal in {lock.parent}: stop it"
                " first; a new lab puts the old journal aside"
            )
        os.close(held)

    def _start_all(self, progress: Progress, owner: procs.Process | None) -> None:
        accounts = read_accounts(self.spec.directory / "secrets")
        engine = load_engine(self.spec.engine, self.spec.cache)

        def start_zone(zone: ZoneId) -> None:
            self.spec.zone_dir(zone).mkdir(parents=True)
            write_zone_settings(self.spec, zone)
            write_zone_file(self.spec.zone_dir(zone), zone_file(self.spec, zone))
            start_supervisor(self.spec, zone, owner=owner)
            if zone in {PRIMARY, REPLICA}:
                engine.create_empty(self.spec.instance(zone), accounts)
                self.start_database(zone)
                wait_ready(self.spec.instance(zone), accounts.controller, _READY_S)
            progress(f"zone {zone} started")

        def start_edges() -> None:
            self.spec.edges_dir.mkdir(parents=True)
            described = write_edges(self.spec, active=PRIMARY)
            write_zone_file(self.spec.edges_dir, described)
            start_supervisor(self.spec, EDGE_GROUP, owner=owner)
            progress("edges started")

        with ThreadPoolExecutor() as pool:
            started = [pool.submit(start_zone, zone) for zone in ZONES]
            started.append(pool.submit(start_edges))
            for future in started:
                future.result()
        progress("replication: a is the primary, b its replica")
        bootstrap(
            self.spec.instance(PRIMARY),
            self.spec.instance(REPLICA),
            accounts,
            MYSQL if engine.name == "mysql" else MARIADB,
        )
        write_site(self.spec, primary=PRIMARY)
        self._wait_serving()

    def _wait_serving(self) -> None:
        """Wait until every service of every zone and both edges listen."""
        ports = self.spec.ports
        numbers = (ports.origin, ports.redis, ports.search)
        wanted = [(self.spec.host(z), n) for z in ZONES for n in numbers]
        wanted += [(self.spec.edge_host(e), ports.edge) for e in EDGES]
        for host, port in wanted:
            if not poll(lambda h=host, p=port: _accepts(h, p), _READY_S):  # type: ignore[misc]
                raise LabError(
                    f"nothing listens on {host}:{port}; see the logs below "
                    f"{self.spec.directory}/zones/*/log and edges/log"
                )

    def start_database(self, zone: ZoneId) -> None:
        """Have the zone's supervisor start its database.

        Raises:
            LabError: it does not answer, or may not.
        """
        try:
            answer = ask(self.spec.zone_dir(zone), "start-database")
        except NoAnswerError as error:
            raise LabError(
                f"the supervisor of zone {zone} is silent: {error}"
            ) from error
        if answer.get("ok") is not True:
            raise LabError(f"database of zone {zone} not started: {answer.get('why')}")

    # --- look ------------------------------------------------------------

    def status(self) -> LabStatus:
        """Return what runs; asks kernel and supervisors, changes nothing."""
        return read_status(self.spec)

    # --- break and mend --------------------------------------------------

    def kill(self, zone: ZoneId) -> None:
        """SIGKILL every process of the zone; nothing is started again."""
        self._settle(procs.kill_zone(self.spec.mark(self._known(zone))), "killed", zone)

    def freeze(self, zone: ZoneId) -> None:
        """SIGSTOP every process of the zone."""
        left = procs.freeze_zone(self.spec.mark(self._known(zone)))
        self._settle(left, "frozen", zone)

    def thaw(self, zone: ZoneId) -> None:
        """SIGCONT every process of the zone."""
        left = procs.thaw_zone(self.spec.mark(self._known(zone)))
        self._settle(left, "thawed", zone)

    def cut(
        self,
        zone: ZoneId,
        peers: Sequence[str] | None = None,
        one_way: netns.Direction | None = None,
    ) -> None:
        """Drop the zone's packets: a black hole, no refusal.

        Args:
            zone: the zone to cut off.
            peers: other zones, or `host` for edges, daemon and clients; all
                of them when None.
            one_way: `in` drops what arrives only, `out` what leaves; both
                when None.

        Raises:
            LabError: the lab runs on plain loopback.
        """
        self._require_netns()
        netns.cut(self.spec, self._known(zone), peers, one_way)

    def mend(self, zone: ZoneId) -> None:
        """Let every packet of the zone pass again."""
        self._require_netns()
        netns.mend(self.spec, self._known(zone))

    def fail(self, zone: ZoneId, fault: Fault | None) -> None:
        """Have the zone's origin answer with errors; None: as it should again."""
        put_fault(self.spec.zone_dir(self._known(zone)), fault)

    def heal(self, zone: ZoneId, *, owner: procs.Process | None = None) -> None:
        """Undo whatever was done to the zone: mend, thaw, start its supervisor.

        Its database boots read-only, or stays inhibited: whether it may come
        back is the daemon's to say, not ours.
        """
        self.fail(zone, None)
        if self.spec.net is Net.NETNS:
            netns.mend(self.spec, zone)
        self.thaw(zone)
        directory = self.spec.zone_dir(zone)
        supervisor = recorded_supervisor(directory)
        if supervisor is None or not procs.is_alive(supervisor):
            # Leftovers of a dead supervisor would fight the new one for ports.
            self.kill(zone)
            start_supervisor(self.spec, zone, owner=owner or self._owner)
            return
        try:
            ask(directory, "status", timeout_s=_READY_S)
        except NoAnswerError as error:
            raise LabError(
                f"zone {zone}: its supervisor lives and does not answer ({error}); "
                f"`sitedr lab kill {zone}`, then heal again"
            ) from error

    def down(self) -> None:
        """End every process, namespace and rule of this lab; keep its files."""
        left: list[procs.Process] = []
        for group in (EDGE_GROUP, *ZONES):
            left += procs.kill_zone(self.spec.mark(group))
        # Whatever carries our id without being of a zone we know.
        for process in self._processes():
            procs.send(process, procs.KILL)
        if left and not poll(lambda: not self._processes(), 5):
            raise LabError(f"processes that would not end: {[p.pid for p in left]}")
        self._sweep_network()

    def _processes(self) -> list[procs.Process]:
        prefix = self.spec.mark("")
        return list(procs.marked(lambda mark: mark.startswith(prefix)))

    @staticmethod
    def _settle(left: Sequence[procs.Process], what: str, zone: ZoneId) -> None:
        if left:
            pids = ", ".join(str(p.pid) for p in left)
            raise LabError(f"zone {zone}: processes that cannot be {what}: {pids}")

    @staticmethod
    def _known(zone: ZoneId) -> ZoneId:
        if zone not in ZONES:
            raise LabError(f"unknown zone {zone!r}: choose one of {', '.join(ZONES)}")
        return zone

    # --- network ---------------------------------------------------------

    def _lay_network(self, progress: Progress) -> None:
        if self.spec.net is Net.NETNS:
            netns.lay(self.spec)
            progress("network namespaces laid")

    def _sweep_network(self) -> None:
        if self.spec.net is Net.NETNS:
            netns.sweep(self.spec)

    def _require_netns(self) -> None:
        if self.spec.net is not Net.NETNS:
            raise LabError(
                "cut needs a lab started with `--net netns` (root): on plain "
                "loopback every client has the same source address, so a cut "
                "would let acknowledgements through"
            )


def _accepts(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
