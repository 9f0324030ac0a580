"""What the engines write: accounts without bypass, options that boot safely."""

import stat
from configparser import ConfigParser
from pathlib import Path

import pytest

from controller.model.ids import ServerId, ZoneId
from deploy.lab import engine_mariadb, engine_mysql
from deploy.lab.engine import Account, Accounts, InstanceSpec, LabError
from deploy.lab.engine_files import (
    accounts_file,
    drop_stale_socket,
    ensure_built,
    lay_data,
    run_tool,
    socket_path,
    sql_text,
    write_private,
)
from deploy.lab.mysql_bundle import _codename, _mirror_of

ACCOUNTS = Accounts(
    controller=Account(user="ctl", password="p'1"),
    replication=Account(user="repl", password="p2"),
    application=Account(user="app", password="p3"),
)


def instance(home: Path) -> InstanceSpec:
    return InstanceSpec(
        zone=ZoneId("a"),
        server=ServerId("db-a"),
        server_id=1,
        home=home,
        host="127.0.0.9",
        port=13306,
        admin_port=13307,
    )


def options_of(path: Path) -> dict[str, str | None]:
    parser = ConfigParser(allow_no_value=True, interpolation=None)
    parser.read(path)
    (section,) = parser.sections()
    return dict(parser[section])


def test_mariadb_boots_read_only_and_silent(tmp_path: Path) -> None:
    """Rules 3 and 8: no replication by itself, no source side of semi-sync."""
    engine_mariadb.MariaDbEngine(tmp_path).write_options(instance(tmp_path))
    options = options_of(tmp_path / "my.cnf")
    assert options["read_only"] == "ON"
    assert "skip_slave_start" in options
    assert options["sync_binlog"] == options["innodb_flush_log_at_trx_commit"] == "1"
    assert "rpl_semi_sync_master_enabled" not in options
    assert "init_rpl_role" not in options
    assert options["extra_port"] == "13307"


def test_mysql_boots_read_only_and_silent(tmp_path: Path) -> None:
    """The same, and a restarted replica keeps what it acknowledged."""
    (tmp_path / "mysql-bundle").mkdir()
    engine_mysql.MySqlEngine(tmp_path).write_options(instance(tmp_path))
    options = options_of(tmp_path / "my.cnf")
    assert options["super_read_only"] == options["skip_replica_start"] == "ON"
    assert options["relay_log_recovery"] == "OFF"
    assert options["sync_binlog"] == options["sync_relay_log"] == "1"
    assert "rpl_semi_sync_source_enabled" not in options
    assert options["admin_port"] == "13307"


@pytest.mark.parametrize(
    "sql",
    [
        engine_mariadb.render_accounts(ACCOUNTS, "cms"),
        engine_mysql.render_accounts(ACCOUNTS, "cms"),
    ],
)
def test_the_application_cannot_bypass_read_only(sql: str) -> None:
    """A fence that one account can climb is none."""
    (grant,) = [ln for ln in sql.splitlines() if ln.startswith("GRANT") and "app" in ln]
    assert grant == ("GRANT SELECT, INSERT, UPDATE, DELETE ON `cms`.* TO 'app'@'%';")
    assert "SET SESSION sql_log_bin=0" in sql.splitlines()[0]
    assert "'p''1'" in sql


def test_a_password_with_a_line_break_is_refused() -> None:
    with pytest.raises(LabError, match="line break"):
        sql_text("a\nb")


def test_secrets_are_written_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "backup.cnf"
    write_private(path, accounts_file(Account(user="u", password='a"b\\')))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert 'password="a\\"b\\\\"' in path.read_text()
    assert "b" not in repr(Account(user="u", password="b")).replace("Account", "")


def test_half_a_data_directory_is_never_seen(tmp_path: Path) -> None:
    """A crash while laying leaves nothing to start from."""

    def fail(half: Path) -> None:
        half.mkdir()
        raise LabError("disk full")

    with pytest.raises(LabError, match="disk full"):
        lay_data(tmp_path, fail)
    assert list(tmp_path.iterdir()) == []
    lay_data(tmp_path, Path.mkdir)
    with pytest.raises(LabError, match="exists"):
        lay_data(tmp_path, Path.mkdir)


def test_a_template_is_built_once_and_never_half(tmp_path: Path) -> None:
    built: list[Path] = []

    def fail(half: Path) -> None:
        (half / "torn").touch()
        raise LabError("killed")

    with pytest.raises(LabError):
        ensure_built(tmp_path / "t", fail)
    assert not (tmp_path / "t").exists()
    for _ in range(2):
        ensure_built(tmp_path / "t", built.append)
    assert len(built) == 1
    assert list((tmp_path / "t").iterdir()) == []


def test_a_socket_nobody_listens_on_is_removed(tmp_path: Path) -> None:
    spec = instance(tmp_path)
    for name in ("db.sock.lock", "db.pid"):
        (tmp_path / name).touch()
    drop_stale_socket(spec)
    assert list(tmp_path.iterdir()) == []


def test_a_socket_path_the_kernel_refuses_is_explained(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="shorter lab directory"):
        socket_path(instance(tmp_path / ("x" * 120)))


def test_a_tool_that_fails_shows_its_last_words() -> None:
    with pytest.raises(LabError, match="no such thing"):
        run_tool(["sh", "-c", "echo no such thing >&2; exit 3"], timeout_s=5)
    with pytest.raises(LabError, match="not installed"):
        run_tool(["sitedr-no-such-tool"], timeout_s=5)


def test_the_hosts_own_mirror_is_taken() -> None:
    """Not a third party's suite, nor the security archive."""
    listing = (
        "http://vendor.test/apt/ tools main\n"
        "http://mirror.test/debian-security/ bookworm-security main\n"
        "http://mirror.test/debian/ bookworm contrib\n"
        "http://mirror.test/debian/ bookworm main\n"
    )
    assert _mirror_of(listing, "bookworm") == "http://mirror.test/debian"
    with pytest.raises(LabError, match="trixie"):
        _mirror_of(listing, "trixie")
    assert _codename('ID=debian\nVERSION_CODENAME="trixie"\n') == "trixie"
    with pytest.raises(LabError, match="Debian"):
        _codename("ID=other\n")
