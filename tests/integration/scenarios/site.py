"""A lab, its daemon behind a relay to zone a, and what scenarios do to them."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pymysql
import yaml
from click.testing import CliRunner
from pymysql.cursors import DictCursor

from controller.act.clock import SystemClock
from controller.cli import build_cli
from controller.incident.journal import SqliteJournal
from controller.incident.record import Record, RecordKind
from controller.model.ids import ZoneId
from deploy.lab.launcher import Lab
from deploy.lab.poll import poll
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import ZONES
from tests.conftest import ROOT
from tests.integration.test_operator import free_port
from tests.labs import running_lab, until

A, B, C = ZONES
RELAY = Path(__file__).with_name("relay.py")
AWAY = 9
"""A relay listens so many ports above what it stands for."""
CALM_S = 60.0


class Site:
    """One lab; *daemons* by the name of their state directory."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.engine = lab.spec.engine
        self.directory = lab.spec.directory
        self.accounts = read_accounts(self.directory / "secrets")
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}
        self.relay: subprocess.Popen[str] | None = None
        self.zones: Mapping[str, Any] = {}

    # ---- the daemon ----------------------------------------------------------

    def settings(self, name: str = "state", **changes: object) -> None:
        """Write the daemon's file anew, with *changes* to its top-level keys."""
        tree = yaml.safe_load((self.directory / "site.yaml").read_text())
        tree |= {"state_dir": name, "listen": f"127.0.0.1:{free_port()}"}
        if name == "state" and self.zones:
            tree["zones"] = self.zones
        tree |= changes
        self.config(name).write_text(yaml.safe_dump(tree))

    def config(self, name: str = "state") -> Path:
        return self.directory / f"{name}.yaml"

    def start(self, name: str = "state") -> None:
        """Start a daemon; returns when it answers."""
        with (self.directory / f"{name}.log").open("ab") as log:
            self.daemons[name] = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "controller.main"),
                    *("run", "-c", str(self.config(name))),
                ],
                cwd=self.directory,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until(lambda: bool(self.status(name)), f"daemon {name} answers", 20)

    def restart(self, **changes: object) -> None:
        """Kill the first daemon and start it with *changes* to its settings."""
        self.kill()
        self.settings("state", **changes)
        self.start()

    def kill(self, name: str = "state") -> None:
        """SIGKILL the daemon."""
        process = self.daemons.pop(name)
        process.kill()
        process.wait()

    def sitedr(self, *words: str, name: str = "state") -> str:
        """Run an operator's command; return what it printed."""
        cli = build_cli(lambda *_: None)
        told = CliRunner().invoke(
            cli, [words[0], "-c", str(self.config(name)), *words[1:]]
        )
        return told.output

    def status(self, name: str = "state") -> Mapping[str, Any]:
        """Return the status tree; empty while nobody answers."""
        try:
            tree: Mapping[str, Any] = json.loads(
                self.sitedr("status", "--json", name=name)
            )
        except ValueError:
            return {}
        return tree

    def vetoes(self, name: str = "state") -> set[str]:
        return {v["name"] for v in self.status(name).get("vetoes", ())}

    def records(self, name: str = "state") -> Sequence[Record]:
        """Return its journal."""
        path = self.directory / name / "journal.sqlite"
        journal = SqliteJournal(path, clock=SystemClock(), read_only=True)
        try:
            return list(journal.records())
        finally:
            journal.close()

    def runs(self, name: str = "state") -> list[str]:
        """Return the kind of every run that began, oldest first."""
        return [
            str(r.body["plan"]["kind"])
            for r in self.records(name)
            if r.kind is RecordKind.STARTED and isinstance(r.body["plan"], dict)
        ]

    def is_calm(self, name: str = "state") -> bool:
        tree = self.status(name)
        return bool(tree) and tree["run"] is None and tree["durability"]["protected"]

    def be_calm(self, name: str = "state") -> None:
        calm = poll(lambda: self.is_calm(name), CALM_S)
        assert calm, self.sitedr("status", name=name) + self.sitedr("timeline")

    def is_at(self, step: str, name: str = "state") -> bool:
        """Tell whether a run announced *step* and has no answer yet."""
        last = self.records(name)[-1]
        return last.kind is RecordKind.INTENT and last.body["step"] == step

    def outcomes(self, name: str = "state", *, after: int = 0) -> list[tuple[str, str]]:
        """Return step and outcome of every record past number *after*."""
        return [
            (str(r.body["step"]), str(r.body["outcome"]))
            for r in self.records(name)
            if r.kind is RecordKind.OUTCOME and r.seq > after
        ]

    def copy_journal(self, name: str, to: str) -> None:
        """Give the daemon *to* what *name* has on record, as a shared store would."""
        (self.directory / to).mkdir(mode=0o700)
        files = [self.directory / n / "journal.sqlite" for n in (name, to)]
        with (
            closing(sqlite3.connect(files[0])) as old,
            closing(sqlite3.connect(files[1])) as new,
        ):
            old.backup(new)

    def stays(self, holds: Callable[[], bool], seconds: float) -> None:
        """Watch that *holds* all the time."""
        assert not poll(lambda: not holds(), seconds), self.sitedr("status")

    # ---- the databases -------------------------------------------------------

    def line(self, zone: ZoneId, *, controller: bool) -> Any:
        """Connect as the application, or as the controller on the admin port."""
        at = self.lab.spec.instance(zone)
        account = self.accounts.controller if controller else self.accounts.application
        return pymysql.connect(
            host=at.host,
            port=at.admin_port if controller else at.port,
            user=account.user,
            password=account.password,
            autocommit=True,
            connect_timeout=2,
            read_timeout=10,
            cursorclass=DictCursor,
        )

    def sql(self, zone: ZoneId, *statements: str) -> Sequence[Mapping[str, Any]]:
        """Run statements as the controller; return the last one's rows."""
        with (
            closing(self.line(zone, controller=True)) as line,
            line.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def locally(self, zone: ZoneId, *statements: str) -> None:
        """Run *statements* in one zone alone, in spite of its role."""
        words = ["SET SESSION sql_log_bin=0", *statements]
        if self.engine == "mysql":
            (was,) = self.sql(zone, "SELECT @@GLOBAL.super_read_only AS closed")
            words = [
                "SET GLOBAL super_read_only=0",
                *words,
                f"SET GLOBAL super_read_only={was['closed']}",
            ]
        self.sql(zone, *words)

    def write(self, zone: ZoneId, row: str) -> bool:
        """Write as the application does; False when it was told anything but OK."""
        with contextlib.suppress(pymysql.err.Error, OSError):
            with (
                closing(self.line(zone, controller=False)) as line,
                line.cursor() as cursor,
            ):
                cursor.execute(
                    "INSERT INTO cms.writes (id, zone) VALUES (%s, %s)", (row, zone)
                )
            return True
        return False

    def rows(self, zone: ZoneId) -> set[str]:
        return {str(r["id"]) for r in self.sql(zone, "SELECT id FROM cms.writes")}

    def epoch(self, zone: ZoneId) -> int:
        (row,) = self.sql(zone, "SELECT MAX(epoch) AS epoch FROM sitedr.epoch")
        return int(row["epoch"] or 0)

    # ---- the relay -----------------------------------------------------------

    def accounts_with(self, secret: Path) -> Mapping[str, Any]:
        """Return the daemon's accounts with the controller's password in *secret*."""
        tree = yaml.safe_load((self.directory / "site.yaml").read_text())
        accounts: dict[str, Any] = tree["accounts"]
        accounts["controller"]["password"] = f"file:{secret}"
        return accounts

    def relay_daemon(self) -> None:
        """Start the relay; from now on the daemon's settings lead through it."""
        spec, ports = self.lab.spec, self.lab.spec.ports
        host = spec.host(A)
        wanted = (ports.origin, ports.redis, ports.search, ports.admin)
        self.relay = subprocess.Popen(
            [
                *(sys.executable, str(RELAY)),
                *(f"{host}:{port + AWAY}:{port}" for port in wanted),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.relay.stdout is not None
        assert self.relay.stdout.readline() == "listening\n"
        tree = yaml.safe_load((self.directory / "site.yaml").read_text())
        zone = tree["zones"][A]
        for key, port in (("origin", ports.origin), ("search", ports.search)):
            zone[key] = zone[key].replace(f":{port}", f":{port + AWAY}")
        zone["redis"] = f"{host}:{ports.redis + AWAY}"
        zone["database"]["admin_port"] = ports.admin + AWAY
        self.zones = tree["zones"]

    @contextmanager
    def path_lost(self) -> Iterator[None]:
        """Cut the daemon, and nobody else, off zone a."""
        assert self.relay is not None
        self.relay.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.relay.send_signal(signal.SIGCONT)

    @contextmanager
    def path_slow(self) -> Iterator[None]:
        """Make the daemon's way to zone a slow, with some answers too late."""
        assert self.relay is not None
        self.relay.send_signal(signal.SIGUSR1)
        try:
            yield
        finally:
            self.relay.send_signal(signal.SIGUSR1)

    def end(self) -> None:
        """End daemons and relay."""
        for name in list(self.daemons):
            self.daemons[name].send_signal(signal.SIGCONT)
            self.kill(name)
        if self.relay is not None:
            self.relay.kill()
            self.relay.communicate()


@contextmanager
def running_site(engine: str) -> Iterator[Site]:
    """Run a lab with its daemon, calm; the way to zone a is relayed."""
    with running_lab(engine=engine) as lab:
        site = Site(lab)
        try:
            site.relay_daemon()
            site.settings()
            site.start()
            site.be_calm()
            yield site
        finally:
            site.end()
