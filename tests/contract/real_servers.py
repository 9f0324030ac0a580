"""Real database servers for the contract: MariaDB or MySQL on loopback.

Servers live in a temporary directory, on 127.x addresses of this process; each
test starts from a copy of a golden data directory (accounts and schema in, no
transaction), because laying one costs a second.
"""

import asyncio
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiomysql
import pymysql
import tenacity
from typing_extensions import override

from controller.model.ids import ServerId, ZoneId
from deploy.lab.engine import Account, Accounts, Engine, InstanceSpec
from deploy.lab.engine_files import accounts_file, copy_tree, write_private
from deploy.lab.engine_mariadb import MariaDbEngine, position_in_backup
from deploy.lab.engine_mysql import MySqlEngine
from replication.registry import SERVERS
from replication.sql.credentials import Credentials
from replication.sql.server import Address, SqlAccess, SqlServer
from tests.contract.database_cluster import A, B, C, Cluster
from tests.labs import IN_OWN_NAMESPACE

ACCOUNTS = Accounts(
    controller=Account(user="sitedr", password="c'1\\"),
    replication=Account(user="repl", password="r2"),
    application=Account(user="app", password="a3"),
)
SCHEMA = (
    "CREATE DATABASE cms",
    "CREATE TABLE cms.t (row_id VARCHAR(64) PRIMARY KEY) ENGINE=InnoDB",
    "CREATE DATABASE sitedr",
    "CREATE TABLE sitedr.epoch (id TINYINT PRIMARY KEY, epoch BIGINT NOT NULL)",
    "CREATE TABLE sitedr.canary (id TINYINT PRIMARY KEY, beat BIGINT NOT NULL)",
    "CREATE TABLE sitedr.local_canary (id TINYINT PRIMARY KEY, beat BIGINT NOT NULL)",
)
START_S_MAX = 30.0


def cache_directory() -> Path:
    """Return where templates and the MySQL bundle are kept between runs."""
    default = Path(__file__).parents[2] / ".cache" / "sitedr"
    return Path(os.environ.get("SITEDR_CACHE", default))


def engine_named(name: str) -> Engine:
    """Return an installed engine."""
    kinds = {"mariadb": MariaDbEngine, "mysql": MySqlEngine}
    engine: Engine = kinds[name](cache_directory())
    engine.ensure_installed(logging.getLogger(__name__).info)
    return engine


class RealServer:
    """One server process and a thread that starts it again when it asks for it."""

    def __init__(
        self, engine: Engine, instance: InstanceSpec, *, accounts: Accounts = ACCOUNTS
    ) -> None:
        self.accounts = accounts
        self.engine = engine
        self.instance = instance
        self.wanted = False
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and return when it answers."""
        self.wanted = True
        self._spawn()
        self.answers()

    def answers(self) -> None:
        """Return when it answers."""
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(pymysql.err.Error),
            wait=tenacity.wait_fixed(0.01),
            stop=tenacity.stop_after_delay(START_S_MAX),
        )
        try:
            attempts(self.sql, "SELECT 1")
        except tenacity.RetryError as late:
            raise AssertionError(self.log()) from late

    def _spawn(self) -> None:
        with self._changing:
            if not self.wanted:
                return
            self.engine.write_options(self.instance)
            with (self.instance.home / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    self.engine.argv(self.instance),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **self.engine.environment(os.getpid())},
                )
        threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        if process.wait() in self.engine.restart_codes:
            self._spawn()

    def kill(self) -> None:
        """SIGKILL; return when the process is gone. Safe to call twice."""
        with self._changing:
            self.wanted = False
            process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def stop(self) -> None:
        """Stop it in an orderly way, for its data to be copied."""
        self.wanted = False
        assert self._process is not None
        self._process.terminate()
        self._process.wait(START_S_MAX)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def sql(self, *statements: str) -> list[Mapping[str, Any]]:
        """Run statements as the controller; return the last one's rows."""
        connection = pymysql.connect(
            host=self.instance.host,
            port=self.instance.admin_port,
            user=self.accounts.controller.user,
            password=self.accounts.controller.password,
            autocommit=True,
            connect_timeout=2,
            read_timeout=20,
            cursorclass=pymysql.cursors.DictCursor,
        )
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def log(self) -> str:
        path = self.instance.home / "log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""


def instance(home: Path, server: ServerId, number: int) -> InstanceSpec:
    """Return one of this process's own addresses: 127.<pid>.<number>."""
    pid = os.getpid()
    return InstanceSpec(
        zone=ZoneId(server),
        server=server,
        server_id=number,
        home=home / server,
        host=f"127.{100 + pid // 250 % 100}.{1 + pid % 250}.{number}",
        port=13306,
        admin_port=13307,
    )


def golden_home(engine: Engine, directory: Path) -> Path:
    """Lay a home with accounts and schema and no transaction; return it."""
    golden = RealServer(engine, instance(directory, ServerId("golden"), 9))
    engine.create_empty(golden.instance, ACCOUNTS)
    golden.start()
    if engine.name == "mysql":
        golden.sql("SET GLOBAL super_read_only=0")
    golden.sql("SET SESSION sql_log_bin=0", *SCHEMA)
    golden.stop()
    (golden.instance.home / "data" / "auto.cnf").unlink(missing_ok=True)
    return golden.instance.home


class RealCluster(Cluster):
    """Members a and b run; c exists once its copy is laid."""

    def __init__(self, engine: Engine, golden: Path, directory: Path) -> None:
        super().__init__()
        self.engine = engine
        self.counts_acks = engine.name == "mysql"
        self.servers = {
            server: RealServer(engine, instance(directory, server, number))
            for number, server in enumerate((A, B, C), start=1)
        }
        self._golden = golden
        self._sitting: aiomysql.Connection | None = None
        self.can_cut = IN_OWN_NAMESPACE in os.environ  # nobody else is cut off there
        starting = [self.servers[A], self.servers[B]]
        for server in starting:
            self._lay_golden(server)
        with ThreadPoolExecutor() as pool:
            list(pool.map(RealServer.start, starting))

    @override
    def adapter(self, server: ServerId) -> SqlServer:
        spec = self.servers[server].instance
        return SERVERS[self.engine.name](
            SqlAccess(
                server=server,
                host=spec.host,
                admin_port=spec.admin_port,
                controller=_credentials(ACCOUNTS.controller),
                replication=_credentials(ACCOUNTS.replication),
                members={
                    name: Address(s.instance.host, s.instance.port)
                    for name, s in self.servers.items()
                },
                seed_position=self._seed_position,
                connect_timeout_s=0.5,
                statement_timeout_s=1.5,
            )
        )

    def _application(self, server: ServerId) -> aiomysql.Connection:
        spec = self.servers[server].instance
        return aiomysql.Connection(
            host=spec.host,
            port=spec.port,
            user=ACCOUNTS.application.user,
            password=ACCOUNTS.application.password,
            autocommit=True,
            # A cut drops every packet to the server's port; clients stand beside it.
            unix_socket=str(spec.home / "db.sock") if self.can_cut else None,
        )

    @override
    async def follow_also(self, server: ServerId, host: str) -> None:
        words = {
            "mariadb": f"CHANGE MASTER 'x' TO MASTER_HOST='{host}', MASTER_PORT=3306",
            "mysql": f"CHANGE REPLICATION SOURCE TO SOURCE_HOST='{host}',"
            " SOURCE_PORT=3306 FOR CHANNEL 'x'",
        }
        await self._sql(server, words[self.engine.name])

    @override
    async def sit_on_a_transaction(self, server: ServerId) -> None:
        self._sitting = self._application(server)
        await self._sitting._connect()
        cursor = await self._sitting.cursor()
        await cursor.execute("BEGIN")
        await cursor.execute("INSERT INTO cms.t VALUES ('under way')")

    @override
    async def aclose(self) -> None:
        await super().aclose()
        if self._sitting is not None:
            self._sitting.close()

    @override
    async def write(self, server: ServerId, row: str) -> bool:
        connection = self._application(server)
        try:
            await connection._connect()
            cursor = await connection.cursor()
            await cursor.execute("INSERT INTO cms.t VALUES (%s)", (row,))
        except (pymysql.err.Error, OSError):
            return False
        finally:
            connection.close()
        return True

    @override
    async def rows(self, server: ServerId) -> frozenset[str]:
        found = await self._sql(server, "SELECT row_id FROM cms.t")
        return frozenset(str(row["row_id"]) for row in found)

    @override
    async def hold_applier(self, server: ServerId) -> None:
        words = {"mariadb": "STOP SLAVE SQL_THREAD", "mysql": "STOP REPLICA SQL_THREAD"}
        await self._sql(server, words[self.engine.name])

    @override
    async def kill(self, server: ServerId) -> None:
        await asyncio.to_thread(self.servers[server].kill)

    @override
    async def start(self, server: ServerId) -> None:
        await asyncio.to_thread(self.servers[server].start)

    @override
    async def restart(self, server: ServerId) -> None:
        """SIGKILL and start again, never in the second it was started in.

        A boot id is a start second: within one, two look the same, which is
        why nothing relies on a server younger than that.
        """
        await self.eventually(
            lambda: self._sql(server, "SHOW GLOBAL STATUS LIKE 'Uptime'"),
            lambda rows: int(rows[0]["Value"]) >= 1,
        )
        await super().restart(server)

    @override
    async def freeze(self, server: ServerId) -> None:
        self.servers[server].signal(signal.SIGSTOP)

    @override
    async def thaw(self, server: ServerId) -> None:
        self.servers[server].signal(signal.SIGCONT)

    @override
    async def cut(self, one: ServerId, other: ServerId) -> None:
        """Drop packets of every replica of *one*; the admin port stays open."""
        at = self.servers[one].instance
        rules = (
            "table ip hole {\nchain drops {\ntype filter hook input priority 0;\n"
            f"ip daddr {at.host} tcp dport {at.port} drop;\n"
            f"ip saddr {at.host} tcp sport {at.port} drop;\n}}\n}}\n"
        )
        await asyncio.to_thread(_nft, "-f", "-", rules=rules)

    @override
    async def mend(self, one: ServerId, other: ServerId) -> None:
        await asyncio.to_thread(_nft, "delete", "table", "ip", "hole")

    @override
    async def lay_copy(self, donor: ServerId, recipient: ServerId) -> None:
        target = self.servers[recipient]
        if self.engine.has_clone:
            self._lay_golden(target)
        else:
            await asyncio.to_thread(self._stream, self.servers[donor], target)
        await self.start(recipient)

    def stop(self) -> None:
        """Kill everything that was started."""
        for server in self.servers.values():
            server.kill()

    def _lay_golden(self, server: RealServer) -> None:
        home = server.instance.home
        home.mkdir(parents=True)
        copy_tree(self._golden / "data", home / "data")
        accounts = self._golden / "accounts.sql"
        if accounts.exists():
            write_private(home / "accounts.sql", accounts.read_text())

    def _stream(self, donor: RealServer, target: RealServer) -> None:
        data = target.instance.home / "data"
        data.mkdir(parents=True)
        account = donor.instance.home / "backup.cnf"
        write_private(account, accounts_file(ACCOUNTS.controller))
        with (target.instance.home / "backup.log").open("wb") as log:
            send = subprocess.Popen(
                self.engine.backup_argv(donor.instance, account),
                stdout=subprocess.PIPE,
                stderr=log,
            )
            subprocess.run(self.engine.unpack_argv(data), stdin=send.stdout, check=True)
            assert send.stdout is not None
            send.stdout.close()
            assert send.wait() == 0, (target.instance.home / "backup.log").read_text()
            subprocess.run(
                self.engine.prepare_argv(data), check=True, stderr=log, stdout=log
            )

    def _seed_position(self, server: ServerId) -> str | None:
        if self.engine.has_clone:
            return None
        return position_in_backup(self.servers[server].instance.home / "data")

    async def _sql(self, server: ServerId, *text: str) -> list[Mapping[str, Any]]:
        return await asyncio.to_thread(self.servers[server].sql, *text)


def _credentials(account: Account) -> Credentials:
    return Credentials(user=account.user, password=account.password)


def _nft(*words: str, rules: str = "") -> None:
    subprocess.run(["nft", *words], input=rules, text=True, check=True)
