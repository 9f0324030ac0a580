"""`sitedr doctor` on real servers: the lab's are well, planted defects are named."""

import json
import signal
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.cli import build_cli
from controller.cli.doctor import doctor_command
from controller.database_adapters import inspect_site
from controller.main import run_site
from deploy.lab.engine import Account
from tests.contract.database_cluster import A, B
from tests.contract.real_servers import (
    ACCOUNTS,
    RealCluster,
    engine_named,
    golden_home,
)

pytestmark = pytest.mark.lab

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"
SITE_WIDE = None
DISK = (SITE_WIDE, "disk_room", "unknown")
SPARE = ("db-c", "unreachable", "unknown")

Mark = tuple[str | None, str, str]
Rows = Sequence[Mapping[str, str]]


@pytest.fixture(scope="module", params=["mariadb", "mysql"])
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealCluster]:
    """Two servers as the lab sets them up; the third zone is empty."""
    engine = engine_named(request.param)
    directory = tmp_path_factory.mktemp("d")
    started = RealCluster(engine, golden_home(engine, directory / "g"), directory)
    try:
        yield started
    finally:
        started.stop()


def doctor(
    cluster: RealCluster, directory: Path, account: Account, *, admin: bool = True
) -> tuple[int, Rows]:
    """Return exit code and findings; no secret is in any of it."""
    (directory / "password").write_text(account.password)
    engine, at = cluster.engine.name, cluster.servers[A].instance
    admin_port = at.admin_port if admin else at.port
    text = EXAMPLE.read_text().replace("engine: mariadb", f"engine: {engine}")
    text = text.replace("user: sitedr", f"user: {account.user}")
    text = text.replace("port: 3306", f"port: {at.port}")
    text = text.replace("admin_port: 3307", f"admin_port: {admin_port}")
    for number, server in enumerate(cluster.servers.values(), start=1):
        text = text.replace(f"host: 127.81.{number}.1", f"host: {server.instance.host}")
    for name in ("controller", "replication"):
        text = text.replace(f"file:secrets/{name}", "file:password")
    (directory / "site.yaml").write_text(text)
    cli = build_cli(run_site, extra=[doctor_command(inspect_site)])
    words = ["doctor", "-c", str(directory / "site.yaml")]
    for_people = CliRunner().invoke(cli, words)
    found = CliRunner().invoke(cli, [*words, "--json"])
    assert account.password not in found.output + for_people.output
    assert for_people.exit_code == found.exit_code
    return found.exit_code, json.loads(found.output)["rows"]


def marks(rows: Rows) -> set[Mark]:
    return {(r["server"], r["name"], r["severity"]) for r in rows}


def boots_unproven(cluster: RealCluster) -> set[Mark]:
    """MariaDB shows of no server whether it starts replication by itself."""
    if cluster.engine.name == "mysql":
        return set()
    return {(f"db-{s}", "starts_replication", "unknown") for s in "ab"}


def test_the_labs_own_databases_get_no_blocker(
    cluster: RealCluster, tmp_path: Path
) -> None:
    """What the lab sets up is what the doctor wants; the rest is named unknown."""
    code, rows = doctor(cluster, tmp_path, ACCOUNTS.controller)
    assert marks(rows) == {DISK, SPARE, *boots_unproven(cluster)}
    assert code == 0


def test_an_account_that_may_not_ask_is_told_what_it_lacks(
    cluster: RealCluster, tmp_path: Path
) -> None:
    """Never silence: the application's account may read nearly nothing."""
    code, rows = doctor(cluster, tmp_path, ACCOUNTS.application, admin=False)
    found = marks(rows)
    assert ("db-a", "accounts_not_answered", "unknown") in found
    assert "GRANT SELECT ON `mysql`.* TO 'app'@'%'" in [r["mend"] for r in rows]
    assert ("db-a", "missing_grant", "blocker") in found
    assert ("db-a", "no_admin_port", "blocker") in found
    assert code == 1


def test_a_frozen_server_is_named_and_keeps_nobody_waiting(
    cluster: RealCluster, tmp_path: Path
) -> None:
    """It takes connections and says nothing; the others are asked all the same."""
    cluster.servers[B].signal(signal.SIGSTOP)
    try:
        code, rows = doctor(cluster, tmp_path, ACCOUNTS.controller)
    finally:
        cluster.servers[B].signal(signal.SIGCONT)
    assert marks(rows) >= {("db-b", "unreachable", "unknown"), DISK}
    assert code == 0


MARIADB_DEFECTS = (
    "SET GLOBAL read_only=0",
    "SET GLOBAL rpl_semi_sync_master_wait_point=AFTER_COMMIT",
    "SET GLOBAL rpl_semi_sync_master_timeout=10000",
    "SET GLOBAL gtid_strict_mode=0",
    "SET GLOBAL sync_binlog=0",
    "SET SESSION sql_log_bin=0",
    "CREATE USER wp@'%', editor@'%'",
    "UPDATE mysql.global_priv SET Priv=JSON_SET(Priv, '$.access', 1<<33, '$.version_id', 101100) WHERE User='app'",
    "UPDATE mysql.global_priv SET Priv=JSON_SET(Priv, '$.access', 1<<15, '$.version_id', 101100) WHERE User='wp'",
    "CREATE ROLE boss",
    "GRANT boss TO editor@'%'",
    "UPDATE mysql.global_priv SET Priv=JSON_SET(Priv, '$.access', 1<<33, '$.version_id', 101100) WHERE User='boss'",
    "FLUSH PRIVILEGES",
    "SET GLOBAL rpl_semi_sync_master_enabled=1",
)
MYSQL_DEFECTS = (
    "SET GLOBAL super_read_only=0",
    "SET PERSIST_ONLY super_read_only=0",
    "SET PERSIST_ONLY skip_replica_start=0",
    "SET PERSIST_ONLY relay_log_recovery=1",
    "SET GLOBAL rpl_semi_sync_source_wait_point=AFTER_COMMIT",
    "SET GLOBAL rpl_semi_sync_source_timeout=10000",
    "SET GLOBAL rpl_semi_sync_source_wait_no_replica=0",
    "SET GLOBAL sync_binlog=0",
    "SET SESSION sql_log_bin=0",
    "CREATE USER wp@'%', editor@'%', boss@'%' ACCOUNT LOCK",
    "ALTER USER wp@'%', editor@'%' ACCOUNT UNLOCK",
    "INSERT INTO mysql.global_grants VALUES ('app', '%', 'CONNECTION_ADMIN', 'N'), ('boss', '%', 'SYSTEM_VARIABLES_ADMIN', 'N')",
    "UPDATE mysql.user SET Super_priv='Y' WHERE User='wp'",
    "INSERT INTO mysql.role_edges VALUES ('%', 'boss', '%', 'editor', 'N')",
    "DELETE FROM mysql.global_grants WHERE USER='sitedr' AND PRIV='CLONE_ADMIN'",
    "FLUSH PRIVILEGES",
    "SET GLOBAL rpl_semi_sync_source_enabled=1",
)
EVERYWHERE: set[Mark] = {
    (SITE_WIDE, "same_server_id", "blocker"),
    ("db-a", "wait_point", "blocker"),
    ("db-a", "ack_timeout", "blocker"),
    ("db-a", "bypasses_read_only", "blocker"),
    ("db-a", "can_unfence", "blocker"),
    ("db-a", "not_on_disk", "warning"),
}
PLANTED: Mapping[str, set[Mark]] = {
    "mariadb": EVERYWHERE
    | {
        # What its files say is forgotten with the first SET GLOBAL.
        ("db-a", "boots_writable", "unknown"),
        ("db-a", "gtid_mode", "blocker"),
    },
    "mysql": EVERYWHERE
    | {
        ("db-a", "boots_writable", "blocker"),
        ("db-a", "starts_replication", "blocker"),
        ("db-a", "relay_log_recovery", "warning"),
        ("db-a", "acknowledges_alone", "blocker"),
        ("db-a", "missing_grant", "blocker"),
    },
}


def test_each_defect_planted_in_a_real_server_is_named_and_mended(
    cluster: RealCluster, tmp_path: Path
) -> None:
    """The last test of the module: these servers are never quite well again."""
    engine = cluster.engine.name
    defects = MARIADB_DEFECTS if engine == "mariadb" else MYSQL_DEFECTS
    cluster.servers[A].sql(*defects)
    cluster.servers[B].sql("SET GLOBAL server_id=1")
    code, rows = doctor(cluster, tmp_path, ACCOUNTS.controller)
    assert marks(rows) == {DISK, SPARE, *boots_unproven(cluster), *PLANTED[engine]}
    assert code == 1
    told = " ".join(r["what"] for r in rows)
    assert all(f"'{user}'@'%' has" in told for user in ("app", "wp", "editor"))
    assert any("FROM 'boss'" in r["mend"] for r in rows)
    mends = [r["mend"].split("; ")[0] for r in rows if r["mend"].startswith("SET ")]
    assert len(mends) >= 4
    cluster.servers[A].sql(*mends)
    _, after = doctor(cluster, tmp_path, ACCOUNTS.controller)
    assert not [r for r in after if r["mend"].split("; ")[0] in mends]
