"""The accounts of `sitedr grants` on real servers: enough, and no privilege too many.

Every order and every question of the product is carried out by accounts made from
the table alone; then one privilege after the other is taken away, and each time
something must fail. A minute an engine.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from controller.act.clock import SystemClock
from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Outcome
from deploy.lab.engine import Account
from deploy.lab.engine_files import write_private
from replication.doctor.diagnosis import diagnose
from replication.doctor.inspection import Inspection, Wanted
from replication.doctor.words import WORDS
from replication.grants import Grant, Role, grants_of, statements
from replication.ports import ServerView, Session
from replication.sql.inspector import SqlInspector
from replication.sql.server import SqlServer
from replication.sql.session import Endpoint
from tests.contract.real_servers import SCHEMA
from tests.integration.dialect.conftest import Lay
from tests.integration.dialect.servers import (
    ADMIN,
    Administered,
    adapter,
    credentials,
)

pytestmark = [pytest.mark.lab, pytest.mark.slow]

A, B = ServerId("a"), ServerId("b")
EPOCH = Epoch(7)
OURS = {role: Account(user=f"our_{role.value}", password="p1") for role in Role}
WANTED = Wanted(
    controller=OURS[Role.CONTROLLER].user,
    replication=OURS[Role.REPLICATION].user,
    probe=OURS[Role.PROBE].user,
    clone=OURS[Role.CLONE].user,
    acks=True,
)
Servers = Mapping[ServerId, Administered]

# Whatever the trial before left behind, said by the administrator: first on both, so
# that neither sends the other anything, then the rest.
_APART: Mapping[str, Sequence[str]] = {
    "mariadb": ("STOP SLAVE", "RESET SLAVE ALL"),
    "mysql": ("STOP REPLICA", "RESET REPLICA ALL"),
}
_EMPTY = (
    "SET SESSION sql_log_bin=0",
    "DELETE FROM sitedr.epoch",
    "DELETE FROM sitedr.canary",
    "DELETE FROM sitedr.local_canary",
)
_AFRESH: Mapping[str, Sequence[str]] = {
    "mariadb": (
        "SET GLOBAL rpl_semi_sync_master_enabled=0",
        "SET GLOBAL read_only=0",
        *_EMPTY,
        "DROP TABLE IF EXISTS sitedr.locked_accounts",
        "RESET MASTER",
        "SET GLOBAL gtid_slave_pos=''",
        "SET GLOBAL read_only=1",
    ),
    "mysql": (
        "SET GLOBAL rpl_semi_sync_source_enabled=0",
        "SET GLOBAL offline_mode=0",
        "RESET PERSIST IF EXISTS super_read_only",
        "SET GLOBAL read_only=0",
        *_EMPTY,
        "RESET BINARY LOGS AND GTIDS",
        "SET GLOBAL super_read_only=1",
    ),
}
_OPEN = "SET GLOBAL read_only=0"
_DESK = "127.0.0.77"
_ADMIN = f"'{OURS[Role.CONTROLLER].user}'@'{_DESK}'"


class Trial:
    """Two servers whose only accounts of ours are those of the table."""

    def __init__(self, name: str, lay: Lay) -> None:
        self.name = name
        self.inspected: Inspection | None = None
        self.servers: Servers = lay(name, A, B)
        for server in self.servers.values():
            # The lab's own accounts are not there, and are locked away by nobody.
            server.sql(
                _OPEN,
                "SET SESSION sql_log_bin=0",
                *SCHEMA,
                "INSERT INTO cms.t VALUES ('somebody''s row')",
                *self._made(),
                f"CREATE USER {_ADMIN} IDENTIFIED BY '{ADMIN.password}'",
                f"GRANT ALL ON *.* TO {_ADMIN} WITH GRANT OPTION",
                "DROP USER 'sitedr'@'%', 'repl'@'%'",
            )

    def sql(self, server: ServerId, *statements: str) -> None:
        """Run statements as the administrator no fence ends: of our own name."""
        who = Account(user=OURS[Role.CONTROLLER].user, password=ADMIN.password)
        self.servers[server].sql_as(who, *statements, source=_DESK)

    def _made(self) -> list[str]:
        return [
            statement
            for role, account in OURS.items()
            for statement, _ in statements(
                self.name, role, user=account.user, host="%", password=account.password
            )
        ]

    def alter(self, verb: str, role: Role, grant: Grant) -> None:
        to = {"REVOKE": "FROM", "GRANT": "TO"}[verb]
        for server in self.servers:
            self.sql(
                server,
                _OPEN,
                "SET SESSION sql_log_bin=0",
                f"{verb} {grant.privilege} ON {grant.on} {to} '{OURS[role].user}'@'%'",
            )

    def afresh(self) -> None:
        for words in (_APART, _AFRESH):
            for server in self.servers:
                self.sql(server, *words[self.name])

    @asynccontextmanager
    async def adapters(self) -> AsyncIterator[tuple[SqlServer, SqlServer]]:
        given = {role.value: credentials(account) for role, account in OURS.items()}
        a = adapter(self.name, self.servers, A, **given)
        b = adapter(self.name, self.servers, B, **given)
        try:
            yield a, b
        finally:
            await a.aclose()
            await b.aclose()

    async def fails(self) -> str:
        """Do everything once; return what did not work first, "" when all did."""
        await asyncio.to_thread(self.afresh)
        try:
            async with self.adapters() as (a, b):
                async with asyncio.timeout(40):
                    await self._looks(a, b)
                    await self._orders(a, b)
            await self._inspects()
        except (_FailedError, TimeoutError) as failed:
            return str(failed) or "no answer"
        return ""

    async def _looks(self, a: SqlServer, b: SqlServer) -> None:
        for database in (a, b):
            view = await database.view()
            if isinstance(view, NotSeen):
                raise _FailedError(f"view: {view}")
            if view.epoch < 0:
                raise _FailedError("view: no epoch")
        if isinstance(await a.transactions(older_than_s=0.0), NotSeen):
            raise _FailedError("transactions")

    async def _orders(self, a: SqlServer, b: SqlServer) -> None:
        boot = seen(await a.view()).boot_id
        done("claimed", await a.ensure_claimed("trial"))
        done("open", await a.ensure_open(EPOCH, boot_id=boot))
        done("following", await b.ensure_following(A, EPOCH))
        done("canary", await a.canary(durable=True))
        done("local canary", await a.canary(durable=False))
        done("acks", await a.ensure_acks_required(EPOCH, required=True))
        done("acked canary", await a.canary(durable=True))
        done("closed", await a.ensure_closed(EPOCH))
        named = await a.ready()
        assert isinstance(named, Session), named
        done("heard", await a.ensure_heard(EPOCH, boot_id=boot))
        done("reopened", await a.ensure_reopened(EPOCH, boot_id=boot))
        done("no acks", await a.ensure_acks_required(EPOCH, required=False))
        done("frozen", await b.ensure_frozen(EPOCH))
        done("drained", await b.ensure_drained(EPOCH))
        done("ended", await a.session_ended(named))
        view = seen(await b.view())
        if "," in str(view.executed) and self.name == "mariadb":
            raise _FailedError("a row of its own")
        done("promoted", await b.ensure_open(Epoch(8), boot_id=view.boot_id))
        if seen(await b.view()).epoch != 8:
            raise _FailedError("epoch")

    async def _inspects(self) -> None:
        at = self.servers[A].instance
        inspector = SqlInspector(
            A,
            Endpoint(
                host=at.host,
                port=at.admin_port,
                account=credentials(OURS[Role.CONTROLLER]),
            ),
            WORDS[self.name],
            SystemClock(),
        )
        found = await inspector.inspect()
        if not isinstance(found, Inspection):
            raise _FailedError(f"inspect: {found}")
        if found.unanswered or not found.data_bytes:
            raise _FailedError(f"inspect: {found.unanswered}, {found.data_bytes}")
        self.inspected = found


class _FailedError(Exception):
    """Something the product does did not work."""


def done(step: str, outcome: Outcome) -> None:
    if not isinstance(outcome, Done):
        raise _FailedError(f"{step}: {outcome}")


def seen(view: ServerView | NotSeen) -> ServerView:
    if isinstance(view, NotSeen):
        raise _FailedError(f"view: {view}")
    return view


@pytest.mark.parametrize("name", ["mariadb", "mysql"])
def test_every_privilege_is_needed_and_no_other(name: str, lay: Lay) -> None:
    trial = Trial(name, lay)
    assert asyncio.run(trial.fails()) == "", "with everything of the table"
    assert trial.inspected is not None
    lacking = {"missing_grant", "no_account"}
    assert lacking.isdisjoint(f.name for f in diagnose([trial.inspected], WANTED))
    told: dict[str, str] = {}
    for role in (Role.PROBE, Role.CONTROLLER, Role.REPLICATION):
        # The others only let somebody know more: nothing fails without them.
        for grant in (g for g in grants_of(name, role) if g.vital):
            trial.alter("REVOKE", role, grant)
            why = asyncio.run(trial.fails())
            trial.alter("GRANT", role, grant)
            told[f"{role.value} {grant.privilege} ON {grant.on}"] = why
    assert asyncio.run(trial.fails()) == "", "with everything given back"
    spare = {what for what, why in told.items() if not why}
    assert spare == FOR_A_COPY[name], told


FOR_A_COPY: Mapping[str, set[str]] = {
    "mariadb": set(),
    "mysql": {"controller CLONE_ADMIN ON *.*"},
}
"""Shown by the test below, which takes a server's restart."""


@pytest.mark.parametrize("lacks", [None, Role.CLONE, Role.CONTROLLER])
def test_mysql_copies_as_the_account_for_it(lay: Lay, lacks: Role | None) -> None:
    """BACKUP_ADMIN is the donor's account's alone, CLONE_ADMIN the controller's."""
    trial = Trial("mysql", lay)
    for role, name in ((Role.CLONE, "BACKUP_ADMIN"), (Role.CONTROLLER, "CLONE_ADMIN")):
        if role is lacks:
            (grant,) = (g for g in grants_of("mysql", role) if g.privilege == name)
            trial.alter("REVOKE", role, grant)
    trial.afresh()
    trial.sql(A, _OPEN, "CREATE DATABASE since")

    async def seeded() -> Outcome:
        async with trial.adapters() as (_, b):
            return await b.ensure_seeded(A, EPOCH)

    outcome = asyncio.run(seeded())
    assert isinstance(outcome, Done) is (lacks is None), outcome


def test_mariadb_is_backed_up_as_the_account_for_it(lay: Lay, tmp_path: Path) -> None:
    """By `mariadb-backup`; without any one of its privileges it fails or is blind."""
    trial = Trial("mariadb", lay)
    trial.sql(A, _OPEN, "CREATE DATABASE since")

    def backed_up(number: int) -> str:
        return trial_backup(trial, tmp_path / f"copy-{number}")

    assert backed_up(0).startswith("0-")
    for number, grant in enumerate(grants_of("mariadb", Role.CLONE), start=1):
        trial.alter("REVOKE", Role.CLONE, grant)
        assert backed_up(number) == "", grant
        trial.alter("GRANT", Role.CLONE, grant)


def trial_backup(trial: Trial, directory: Path) -> str:
    """Return the GTID a copy was taken at; "" when there is no usable one."""
    directory.mkdir()
    server = trial.servers[A]
    account = OURS[Role.CLONE]
    write_private(
        directory / "account.cnf",
        f"[client]\nuser={account.user}\npassword={account.password}\n",
    )
    argv: Any = server.engine.backup_argv(server.instance, directory / "account.cnf")
    taken = run(argv, capture_output=True, check=False, timeout=60)
    if taken.returncode:
        return ""
    into = directory / "data"
    into.mkdir()
    run(server.engine.unpack_argv(into), input=taken.stdout, check=True, timeout=60)
    for path in into.glob("*_binlog_info"):
        fields = path.read_text().rstrip("\n").split("\t")
        return fields[2] if len(fields) > 2 else ""
    return ""
