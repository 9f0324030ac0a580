"""One MariaDB instance of the lab: Debian's own packages, small settings.

Owns the option file and the argument lists. The rules behind the options are
DESIGN §6: a server boots read-only, starts no replication by itself and has
the source side of semi-sync off until the controller says otherwise.
"""

import shutil
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from typing_extensions import override

from deploy.lab.engine import (
    Account,
    Accounts,
    Engine,
    InstanceSpec,
    LabError,
    Progress,
)
from deploy.lab.engine_files import (
    copy_tree,
    drop_stale_socket,
    ensure_built,
    lay_data,
    render_options,
    run_tool,
    server_user,
    socket_path,
    sql_text,
    write_private,
)

_PACKAGES: Mapping[str, str] = {
    "mariadbd": "mariadb-server",
    "mariadb-install-db": "mariadb-server",
    "mariadb-backup": "mariadb-backup",
    "mbstream": "mariadb-backup",
}

_NOT_COPIED = ("binlog.", "relay.", "ib_logfile", "ibtmp")

_SMALL: Mapping[str, object] = {
    "innodb_buffer_pool_size": "16M",
    "innodb_log_file_size": "8M",
    "innodb_log_buffer_size": "2M",
    "aria_pagecache_buffer_size": "1M",
    "key_buffer_size": "1M",
    "performance_schema": "OFF",
    "innodb_read_io_threads": 2,
    "innodb_write_io_threads": 2,
    "innodb_use_native_aio": 0,
    "innodb_buffer_pool_load_at_startup": "OFF",
    "innodb_buffer_pool_dump_at_shutdown": "OFF",
    "table_open_cache": 200,
    "open_files_limit": 1024,
}
"""About 40 MB per instance."""

_SAFE: Mapping[str, object] = {
    # Boots read-only and silent: an old primary that comes back is no primary.
    "read_only": "ON",
    "skip_slave_start": None,
    # A transaction that was acknowledged is on disk, here and on the replica.
    "log_bin": "binlog",
    "binlog_format": "ROW",
    # A report of lost writes names the columns, not only their numbers.
    "binlog_row_metadata": "FULL",
    "sync_binlog": 1,
    "innodb_flush_log_at_trx_commit": 1,
    "log_slave_updates": "ON",
    "gtid_strict_mode": "ON",
    "gtid_domain_id": 0,
    "relay_log": "relay",
    # Only the replica's half; the source's half is the controller's to enable.
    # `init_rpl_role` stays MASTER: with SLAVE a crashed primary cuts off its
    # prepared tail, which may hold a write that was acknowledged already.
    "rpl_semi_sync_slave_enabled": "ON",
    "rpl_semi_sync_master_wait_point": "AFTER_SYNC",
    "rpl_semi_sync_master_timeout": 4294967295,
    "slave_net_timeout": 5,
}

_CONTROLLER_GRANTS = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, LOCK TABLES, RELOAD,"
    " PROCESS, SHOW DATABASES, CREATE USER, SUPER, READ_ONLY ADMIN, BINLOG ADMIN,"
    " BINLOG MONITOR, BINLOG REPLAY, CONNECTION ADMIN, REPLICATION SLAVE,"
    " REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, SLAVE MONITOR,"
    # For a copy row by row: to see and to make again whatever the site has.
    " REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER, EVENT, CREATE ROUTINE,"
    " ALTER ROUTINE, SET USER"
)


def render_accounts(accounts: Accounts, database: str) -> str:
    """Render the statements that make *accounts* the only ones.

    Nothing is written to a binary log, so the GTID state stays empty.
    """
    statements = [
        "SET SESSION sql_log_bin=0",
        # An installation has password-less roots, one for each host name.
        "DELETE FROM mysql.global_priv WHERE User IN ('root', '')",
        "DELETE FROM mysql.proxies_priv",
        "FLUSH PRIVILEGES",
        *_account(accounts.controller, f"{_CONTROLLER_GRANTS} ON *.*"),
        *_account(accounts.replication, "REPLICATION SLAVE ON *.*"),
        *_account(
            accounts.application,
            f"SELECT, INSERT, UPDATE, DELETE ON `{database}`.*",
        ),
    ]
    return ";\n".join(statements) + ";\n"


def _account(account: Account, grant: str) -> Sequence[str]:
    name = f"{sql_text(account.user)}@'%'"
    return (
        f"CREATE USER {name} IDENTIFIED BY {sql_text(account.password)}",
        f"GRANT {grant} TO {name}",
    )


class MariaDbEngine(Engine):
    """MariaDB 10.11 or later as Debian packages it."""

    def __init__(self, cache: Path, *, application_database: str = "cms") -> None:
        """Keep an empty data directory under *cache* as a template.

        Args:
            cache: A directory that outlives labs; made when missing.
            application_database: What the application account may write.
        """
        self._cache = cache
        self._application_database = application_database

    @property
    @override
    def name(self) -> str:
        return "mariadb"

    @property
    @override
    def restart_codes(self) -> frozenset[int]:
        return frozenset()

    @property
    @override
    def has_clone(self) -> bool:
        return False

    @override
    def ensure_installed(self, progress: Progress) -> None:
        missing = sorted({p for b, p in _PACKAGES.items() if not _find(b)})
        if missing:
            raise LabError(
                "MariaDB is not complete; run: apt-get install "
                + " ".join(("--no-install-recommends", *missing))
            )
        self._template(progress)

    @override
    def create_empty(self, instance: InstanceSpec, accounts: Accounts) -> None:
        template = self._template(lambda _line: None)
        statements = render_accounts(accounts, self._application_database)

        def lay(data: Path) -> None:
            copy_tree(template, data)
            self._bootstrap(data, statements)

        lay_data(instance.home, lay)

    @override
    def write_options(self, instance: InstanceSpec) -> None:
        """Write `my.cnf`; call before every start.

        What a killed server left behind (socket, pid) is removed on the way.
        """
        drop_stale_socket(instance)
        home = instance.home
        (home / "tmp").mkdir(parents=True, exist_ok=True)
        place: dict[str, object] = {
            **server_user(),
            "datadir": home / "data",
            "tmpdir": home / "tmp",
            "socket": socket_path(instance),
            "pid_file": home / "db.pid",
            "bind_address": instance.host,
            "port": instance.port,
            "extra_port": instance.admin_port,
            "extra_max_connections": 24,
            "max_connections": 60,
            "server_id": instance.server_id,
            "report_host": instance.host,
            "report_port": instance.port,
            "skip_name_resolve": None,
        }
        sections = {"mariadbd": {**place, **_SAFE, **_SMALL}}
        write_private(home / "my.cnf", render_options(sections))

    @override
    def argv(self, instance: InstanceSpec) -> Sequence[str]:
        return (
            _need("mariadbd"),
            f"--defaults-file={instance.home / 'my.cnf'}",
        )

    @override
    def environment(self, supervisor_pid: int) -> Mapping[str, str]:
        return {}

    @override
    def can_copy_files(self) -> bool:
        return all(_find(tool) for tool in ("mariadb-backup", "mbstream"))

    @override
    def backup_argv(self, donor: InstanceSpec, accounts_file: Path) -> Sequence[str]:
        """Return the command that streams *donor* to stdout.

        It reads the donor's files, so it runs on the donor's side. The
        controller account is in *accounts_file* (`engine_files.accounts_file`).
        """
        return (
            _need("mariadb-backup"),
            f"--defaults-file={accounts_file}",
            "--backup",
            "--stream=xbstream",
            f"--datadir={donor.home / 'data'}",
            f"--target-dir={donor.home / 'tmp'}",
            f"--tmpdir={donor.home / 'tmp'}",
            f"--socket={socket_path(donor)}",
            "--innodb-use-native-aio=0",
            "--innodb-log-file-size=8M",
            # Commits are blocked until the redo log is copied to its end, which
            # is looked for once an interval: 1 s by default, a stall users feel.
            "--log-copy-interval=20",
        )

    @override
    def copied_bytes(self, donor: InstanceSpec) -> int:
        """Add up the donor's files, without the logs a copy leaves behind."""
        sizes = []
        for path in (donor.home / "data").rglob("*"):
            if not path.name.startswith(_NOT_COPIED):
                with suppress(OSError):  # a table may be dropped meanwhile
                    found = path.stat()
                    sizes.append(found.st_size if stat.S_ISREG(found.st_mode) else 0)
        return sum(sizes)

    @override
    def unpack_argv(self, target: Path) -> Sequence[str]:
        return (_need("mbstream"), "-x", "-C", str(target))

    @override
    def prepare_argv(self, target: Path) -> Sequence[str]:
        return (
            _need("mariadb-backup"),
            "--no-defaults",
            "--prepare",
            f"--target-dir={target}",
            "--innodb-use-native-aio=0",
        )

    def _template(self, progress: Progress) -> Path:
        version = run_tool(
            [_need("mariadbd"), "--no-defaults", "--version"], timeout_s=20
        )
        words = version.split()
        number = words[words.index("Ver") + 1] if "Ver" in words else "unknown"

        def build(half: Path) -> None:
            progress("laying an empty MariaDB data directory as a template")
            # Its own last step is a rename, so the directory must be new.
            user = [f"--user={name}" for name in server_user().values()]
            run_tool(
                [
                    _need("mariadb-install-db"),
                    "--no-defaults",
                    f"--datadir={half / 'data'}",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--skip-name-resolve",
                    # Without it a host that cannot resolve its own name is refused.
                    "--force",
                    "--innodb-log-file-size=8M",
                    "--innodb-use-native-aio=0",
                    *user,
                ],
                timeout_s=120,
            )

        return ensure_built(self._cache / f"mariadb-{number}", build) / "data"

    def _bootstrap(self, data: Path, statements: str) -> None:
        user = [f"--user={name}" for name in server_user().values()]
        small = [f"--{key.replace('_', '-')}={value}" for key, value in _SMALL.items()]
        run_tool(
            [
                _need("mariadbd"),
                "--no-defaults",
                "--bootstrap",
                f"--datadir={data}",
                "--skip-name-resolve",
                *small,
                *user,
            ],
            timeout_s=60,
            stdin=statements,
        )


def position_in_backup(directory: Path) -> str:
    """Return the GTID position a MariaDB copy was taken at.

    The third field of the backup's binlog file; "" when the donor had none.

    Raises:
        LabError: The file is missing or has no GTID field: no usable copy.
    """
    for name in ("mariadb_backup_binlog_info", "xtrabackup_binlog_info"):
        path = directory / name
        if path.is_file():
            fields = path.read_text().rstrip("\n").split("\t")
            if len(fields) < 3:
                raise LabError(f"{path} names no GTID position")
            return fields[2].strip()
    raise LabError(f"{directory} holds no backup position; was the backup complete?")


def _find(binary: str) -> str | None:
    """Look also where an ordinary user's PATH does not."""
    return shutil.which(binary) or shutil.which(binary, path="/usr/sbin:/usr/bin")


def _need(binary: str) -> str:
    found = _find(binary)
    if found is None:
        raise LabError(f"{binary} is missing: apt-get install {_PACKAGES[binary]}")
    return found
