"""One primary, one replica, and commits that wait: what a fact is shown on.

All of it in plain SQL: a fact is about the server, not about our adapter.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pymysql
from typing_extensions import override

from controller.model.ids import ServerId
from deploy.lab import bootstrap, procs
from deploy.lab.engine import Account
from deploy.lab.poll import poll
from replication import statements
from tests.contract.database_cluster import A, B, C, Commit
from tests.contract.real_servers import ACCOUNTS, RealCluster, RealServer
from tests.integration.facts.engines import MariaDb, MySql

PATIENCE_S = 15.0
"""How long an event may take; commits and orders take milliseconds."""
WATCHED_S = 1.0
"""How long silence must last to be called waiting."""
LOOKS_MIN = 5
"""How often the server must have answered somebody else meanwhile."""
_WAITING = "Waiting for semi-sync ACK"
_WORDS: Mapping[str, tuple[statements.Dialect, bootstrap.Dialect]] = {
    "mariadb": (statements.MARIADB, bootstrap.MARIADB),
    "mysql": (statements.MYSQL, bootstrap.MYSQL),
}


class Statement(threading.Thread):
    """One statement on a connection of its own, on a thread, because it may hang."""

    def __init__(self, connection: Any, text: str, *values: object) -> None:
        """Send *text* at once; the connection is closed when it was answered."""
        super().__init__(daemon=True)
        self.connection_id = int(connection.thread_id())
        self.error = 0
        self._connection = connection
        self._text, self._values = text, values or None
        self._told = Commit.HUNG
        self._over = threading.Event()
        self.start()

    @property
    def answer(self) -> Commit:
        """Return what the client was told so far; HUNG is nothing yet."""
        return self._told

    def ended(self, bound_s: float = PATIENCE_S) -> Commit:
        """Wait for the answer; HUNG when none came within *bound_s* seconds."""
        self._over.wait(bound_s)
        return self._told

    @override
    def run(self) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(self._text, self._values)
            self._told = Commit.OK
        except (pymysql.err.Error, OSError) as error:
            self.error = int(error.args[0])
            self._told = Commit.ERROR
        finally:
            self._over.set()
            self._connection.close()


class Pair:
    """A takes writes, B follows; commits wait for B, AFTER_SYNC, without limit."""

    def __init__(self, engine: MariaDb | MySql, golden: Path, directory: Path) -> None:
        self.engine = engine
        self.words, self._boot = _WORDS[engine.name]
        self.cluster = RealCluster(engine, golden, directory)
        self.a, self.b, self.c = (self.cluster.servers[s] for s in (A, B, C))
        self._threads: list[Statement] = []

    def protect(self) -> None:
        """Set replication up and have a first row acknowledged and applied."""
        bootstrap.bootstrap(self.a.instance, self.b.instance, ACCOUNTS, self._boot)
        assert self.write(self.a, "first").ended() is Commit.OK
        self.shows(self.b, "first")

    def stop(self) -> None:
        """Kill the servers and see every client end."""
        self.cluster.stop()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), "a client outlives its server"

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Poll until *holds*; fail naming *what* and what the servers logged."""
        assert poll(holds, PATIENCE_S), f"never: {what}\n{self.a.log()}\n{self.b.log()}"

    # ---- clients ---------------------------------------------------------------

    def connect(
        self, server: RealServer, account: Account, *, admin: bool, read_s: float = 60.0
    ) -> Any:
        """Connect; on the admin port when *admin*, else where applications do."""
        at = server.instance
        # A black hole drops what goes to the port; clients stand beside it.
        beside = self.cluster.can_cut and not admin
        return pymysql.connect(
            host=at.host,
            port=at.admin_port if admin else at.port,
            unix_socket=str(at.home / "db.sock") if beside else None,
            user=account.user,
            password=account.password,
            autocommit=True,
            connect_timeout=5,
            read_timeout=read_s,
        )

    def write(self, server: RealServer, row: str) -> Statement:
        """Begin to commit *row* as the application does."""
        line = self.connect(server, ACCOUNTS.application, admin=False)
        return self._begun(Statement(line, "INSERT INTO cms.t VALUES (%s)", row))

    def order(self, server: RealServer, text: str, *values: object) -> Statement:
        """Begin a statement as the controller, on the admin port."""
        line = self.connect(server, ACCOUNTS.controller, admin=True)
        return self._begun(Statement(line, text, *values))

    def waiter(self, row: str) -> Statement:
        """Commit *row* on A and return once A itself says that it waits."""
        writing = self.write(self.a, row)
        self.until(lambda: self.is_waiting(writing), f"{row!r} waits")
        assert writing.answer is Commit.HUNG
        return writing

    def is_waiting(self, waiter: Statement) -> bool:
        """Tell whether A lists the client as waiting for an acknowledgement."""
        return self.state_of(self.a, waiter).startswith(_WAITING)

    def state_of(self, server: RealServer, client: Statement) -> str:
        """Return what *server* says the client waits for; empty when it is gone."""
        row = self._process(server, client)
        return "" if row is None else str(row["State"] or "")

    def runs(self, server: RealServer, client: Statement) -> bool:
        """Tell whether *server* is carrying the client's statement out."""
        row = self._process(server, client)
        return row is not None and row["Command"] == "Query"

    def keep_waiting(
        self, *clients: Statement, server: RealServer | None = None
    ) -> None:
        """Watch a while: nobody is told anything, and *server* (A) is alive."""
        asked = server or self.a
        answered = 0

        def somebody_was_told() -> bool:
            nonlocal answered
            answered += len(asked.sql("SELECT 1"))
            return any(c.answer is not Commit.HUNG for c in clients)

        assert clients
        assert not poll(somebody_was_told, WATCHED_S, 0.02), [
            (c.answer, c.error) for c in clients
        ]
        assert answered >= LOOKS_MIN, "the server itself hangs: nothing is shown"

    # ---- servers ---------------------------------------------------------------

    def stop_receiving(self, *, left: int = 0) -> None:
        """Stop B's receiver alone; return when A knows of only *left* others."""
        self.b.sql(self.words.stop_receiver)
        self.until(lambda: self.receivers() == left, f"A has {left} receivers")

    def promote(self) -> None:
        """Open B for writes as a failover would: it forgets its source first."""
        self.b.sql(self.words.stop_replica, self.words.forget_source, *self._boot.open)

    def freeze(self, server: RealServer) -> None:
        """SIGSTOP; returns when the process has stopped."""
        process = procs.identify(server.pid)
        assert process is not None
        server.signal(signal.SIGSTOP)
        self.until(lambda: procs.is_stopped(process), "the process is stopped")

    def thaw(self, server: RealServer) -> None:
        """SIGCONT."""
        server.signal(signal.SIGCONT)

    def lay_spare(self) -> RealServer:
        """Start C, empty, the way provisioning starts a MySQL recipient."""
        asyncio.run(self.cluster.lay_copy(A, C))
        return self.c

    def set_options(self, server: ServerId, *options: str) -> None:
        """Start *server* with these *options* more, from its next start on."""
        self.engine.extra[server] = options

    # ---- what they say -----------------------------------------------------------

    def rows(self, server: RealServer) -> frozenset[str]:
        """Return the rows any reader of *server* sees."""
        return frozenset(r["row_id"] for r in server.sql("SELECT row_id FROM cms.t"))

    def shows(self, server: RealServer, row: str) -> None:
        """Wait until a reader of *server* sees *row*."""
        self.until(lambda: row in self.rows(server), f"{row!r} is seen")

    def receivers(self) -> int:
        """Return how many semi-sync replicas A believes it has."""
        return int(self.status(self._boot.receivers))

    def is_active(self) -> bool:
        """Tell whether A says that commits wait for acknowledgements."""
        return self.status(self._boot.active) == "ON"

    def status(self, name: str) -> str:
        """Return A's status variable *name*."""
        (row,) = self.a.sql(f"SHOW GLOBAL STATUS LIKE '{name}'")
        return str(row["Value"])

    def replica(self, server: RealServer) -> Mapping[str, Any]:
        """Return *server*'s row about its source."""
        (row,) = server.sql(self.words.replica)
        return row

    def ask(self, server: RealServer, expression: str) -> Any:
        """Return the value of one SQL expression."""
        (row,) = server.sql(f"SELECT {expression} AS v")
        return row["v"]

    def _process(
        self, server: RealServer, client: Statement
    ) -> Mapping[str, Any] | None:
        rows = server.sql("SHOW PROCESSLIST")
        return next((r for r in rows if r["Id"] == client.connection_id), None)

    def _begun(self, thread: Statement) -> Statement:
        self._threads.append(thread)
        return thread


Start = Callable[..., Pair]
"""`start(engine, a=(…), b=(…), c=(…))`: a protected pair; options by server."""
