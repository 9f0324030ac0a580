"""A lab in namespaces, users at its edges, a daemon watching: what rows are played on."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from controller.config.load import load_site
from controller.config.schema import Site as Settings
from controller.incident.record import Record, RecordKind
from controller.model.ids import ZoneId
from deploy.lab.cms_fault import Fault
from deploy.lab.poll import poll
from deploy.lab.spec import EDGES, SLOTS, ZONES, LabSpec, Net
from deploy.lab.traffic import Rates, Traffic
from deploy.lab.wan import LAID
from tests.integration.scenarios.site import Site
from tests.labs import require_programs, running_lab, until
from tests.mosquitto import Mosquitto

MOVES = frozenset({"failover", "switchover"})
LOAD = Rates(reads_per_s=30, writes_per_s=10, read_timeout_s=1.0, write_timeout_s=5.0)
LOOK_S = 0.2
CALM_S = 90.0
HOLDS = frozenset({"primary", "replica"})
CALM = frozenset({"calm", "low_volume"})
SITES: Sequence[str] = tuple(s for sites in SLOTS.values() for s in sites)


class Users:
    """Readers and writers at both edges, in a thread of their own; one load for all."""

    def __init__(self, edges: Mapping[str, str]) -> None:
        self._traffic = Traffic(edges, SITES, f"matrix-{time.time_ns()}", LOAD)
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._use()))

    async def _use(self) -> None:
        async with self._traffic:
            await asyncio.to_thread(self._over.wait)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def acknowledged(self) -> int:
        """Return how many writes were."""
        return len(self._traffic.acked())

    def served_until_s(self, before_s: float) -> float:
        """Return when the last write before *before_s* was acknowledged, monotonic."""
        return max(w.done_s for w in self._traffic.acked() if w.done_s < before_s)


@dataclass(slots=True)
class Stage:
    """One lab with its daemon and its users, and what is done to them.

    broker: over which the observers vote; None: there are none. seen: every veto
    shown. notes: what a row has to say besides. amiss: those of them that must not be.
    """

    site: Site
    users: Users
    usual: Mapping[str, object]
    broker: Mosquitto | None = None
    seen: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)

    # ---- what is seen --------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """Return the daemon's own file, checked."""
        return load_site(self.site.config())

    def primary(self) -> ZoneId:
        """Return the primary's zone."""
        return ZoneId(str(self.site.status()["primary"]).removeprefix("db-"))

    def last(self) -> int:
        """Return the number of the journal's last record."""
        return self.site.records()[-1].seq

    def begun(self, after: int) -> list[Record]:
        """Return the runs begun since record *after*."""
        return [
            r
            for r in self.site.records()
            if r.seq > after and r.kind is RecordKind.STARTED
        ]

    def moves(self, after: int) -> list[Record]:
        """Return the failovers and switchovers begun since record *after*."""
        return [r for r in self.begun(after) if kind_of(r) in MOVES]

    def note(self, told: str, *, ok: bool) -> None:
        """Have the table say *told*; the row is not as it must be unless it is *ok*."""
        self.notes.append(told)
        if not ok:
            self.amiss.append(told)

    def ballots(self) -> Sequence[Mapping[str, Any]]:
        """Return every expected observer's vote, as the status shows it."""
        found: Sequence[Mapping[str, Any]] = self.site.status()["observers"]["ballots"]
        return found

    def counted(self) -> set[str]:
        """Return the observers whose votes count now."""
        return {b["observer"] for b in self.ballots() if b["counts"]}

    def watch(self, seconds: float) -> None:
        """Let time pass; remember every veto that was shown."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self.look()
            time.sleep(LOOK_S)  # between looks: a row is watched for a set time

    def look(self) -> None:
        """Remember what is shown, with the reason it was first shown with."""
        with suppress(Exception):
            for veto in self.site.status().get("vetoes", ()):
                self.seen.setdefault(veto["name"], veto["reason"])

    def await_move(self, after: int, bound_s: float) -> Record | None:
        """Return the first move begun, None when none was within *bound_s*."""
        poll(lambda: bool(self.moves(after)), bound_s)
        return next(iter(self.moves(after)), None)

    def let_end(self) -> None:
        """Wait until no run is under way; the daemon answers all the time."""
        poll(lambda: self.site.status().get("run", True) is None, CALM_S)

    def is_calm(self) -> bool:
        """Tell whether nothing runs, the data is protected and no zone errs still.

        Of zones without a copy nobody asks anything: what they were called stays.
        """
        if not self.site.is_calm():
            return False
        return all(
            zone["rates"]["verdict"] in CALM
            for zone in self.site.status()["zones"].values()
            if any(d["role"] in HOLDS for d in zone["databases"].values())
        )

    def be_calm(self) -> None:
        """Wait for that."""
        calm = poll(self.is_calm, CALM_S)
        assert calm, str(self.site.status()["zones"]) + self.site.sitedr("timeline")

    # ---- what is done --------------------------------------------------------

    @contextmanager
    def wan(self, *words: str) -> Iterator[None]:
        """Have zones talk over a long or a bad line: `deploy.lab.wan`'s words."""
        argv = [sys.executable, "-P", "-m", "deploy.lab.wan"]
        argv += ["--lab", str(self.site.directory), *words]
        line = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert line.stdout is not None
            assert line.stdout.readline().strip() == LAID
            yield
        finally:
            line.communicate("")

    @contextmanager
    def failing(self, fault: Fault, *zones: ZoneId) -> Iterator[None]:
        """Have the origins of *zones* answer with errors."""
        for zone in zones:
            self.site.lab.fail(zone, fault)
        try:
            yield
        finally:
            for zone in zones:
                self.site.lab.fail(zone, None)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the daemon's process, and let it go on."""
        daemon = self.site.daemons["state"]
        daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            daemon.send_signal(signal.SIGCONT)

    @contextmanager
    def settings_changed(self, **changes: object) -> Iterator[None]:
        """Run the daemon with other settings for a while."""
        self.site.restart(**{**self.usual, **changes})
        try:
            yield
        finally:
            self.site.restart(**self.usual)


def kind_of(record: Record) -> str:
    plan: Any = record.body["plan"]
    return str(plan["kind"])


@contextmanager
def brokered(spec: LabSpec) -> Iterator[Mosquitto | None]:
    """Run the lab's broker, if its agents observe: in none of the zones."""
    if not spec.observers:
        yield None
        return
    require_programs("mosquitto", "mosquitto_passwd")
    home = spec.directory / "broker"
    home.mkdir()
    at, port = spec.edge_host(EDGES[0]), spec.ports.broker
    broker = Mosquitto(home=home, address=at, port=port, open_to_all=True)
    try:
        broker.start()
        until(broker.listens, "the broker listens")
        yield broker
    finally:
        broker.kill()


@contextmanager
def staged(
    engine: str, net: Net, *, observers: bool = False, **settings: Any
) -> Iterator[Stage]:
    """Run a lab with its daemon and its users, calm; everybody votes who observes."""
    with (
        running_lab(net, engine=engine, observers=observers) as lab,
        brokered(lab.spec) as broker,
    ):
        site = Site(lab)
        users = Users({e: lab.spec.edge_url(e) for e in EDGES})
        try:
            site.settings(**settings)
            site.start()
            stage = Stage(site, users, settings, broker)
            stage.be_calm()
            until(lambda: all(b["counts"] for b in stage.ballots()), "all vote", 20)
            users.start()
            stage.watch(2.0)
            yield stage
        finally:
            users.end()
            site.end()


def others(zone: ZoneId) -> list[ZoneId]:
    return [z for z in ZONES if z != zone]
