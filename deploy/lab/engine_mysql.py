"""One MySQL 9 instance of the lab, from the relocatable bundle.

Owns the option file and the argument lists. The rules behind the options are
DESIGN §6: a server boots read-only, starts no replication by itself and has
the source side of semi-sync off until the controller says otherwise.
"""

from collections.abc import Mapping, Sequence
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
from deploy.lab.mysql_bundle import MySqlBundle, ensure_bundle

RESTART_CODE = 16
"""mysqld's exit code when it wants to be started again (RESTART, CLONE)."""

_PLUGINS = (
    "rpl_semi_sync_source=semisync_source.so",
    "rpl_semi_sync_replica=semisync_replica.so",
    "clone=mysql_clone.so",
)

_SMALL: Mapping[str, object] = {
    "innodb_buffer_pool_size": "32M",
    "innodb_redo_log_capacity": "8M",
    "innodb_log_buffer_size": "1M",
    "innodb_read_io_threads": 1,
    "innodb_write_io_threads": 1,
    "innodb_purge_threads": 1,
    "innodb_page_cleaners": 1,
    "innodb_log_writer_threads": "OFF",
    "innodb_use_native_aio": "OFF",
    "innodb_adaptive_hash_index": "OFF",
    "innodb_buffer_pool_load_at_startup": "OFF",
    "innodb_buffer_pool_dump_at_shutdown": "OFF",
    "binlog_transaction_dependency_history_size": 25000,
    "replica_parallel_workers": 1,
    "temptable_max_ram": "2M",
    "tmp_table_size": "1M",
    "thread_cache_size": 4,
    "table_open_cache": 128,
    "table_open_cache_instances": 1,
    "table_definition_cache": 400,
}
"""About 110 MB per instance. The doublewrite buffer stays on: SIGKILL can
tear a page as well as a power cut can."""

_UNMEASURED = (
    "accounts_size digests_size error_size hosts_size users_size"
    " events_stages_history_long_size events_stages_history_size"
    " events_statements_history_long_size events_statements_history_size"
    " events_transactions_history_long_size events_transactions_history_size"
    " events_waits_history_long_size events_waits_history_size"
    " max_cond_classes max_cond_instances max_file_classes max_file_instances"
    " max_index_stat max_memory_classes max_metadata_locks max_mutex_classes"
    " max_mutex_instances max_prepared_statements_instances max_program_instances"
    " max_rwlock_classes max_rwlock_instances max_socket_classes"
    " max_socket_instances max_stage_classes max_statement_classes"
    " max_table_handles max_table_instances max_table_lock_stat"
    " max_thread_instances session_connect_attrs_size setup_actors_size"
)
_COUNTERS: Mapping[str, object] = {
    # Its replication tables hold the only heartbeat counter MySQL has. With
    # nothing instrumented and every buffer at zero it costs 4 MB, not 150.
    "performance_schema": "ON",
    "performance_schema_instrument": "'%=OFF'",
    **{f"performance_schema_{name}": 0 for name in _UNMEASURED.split()},
}

_SAFE: Mapping[str, object] = {
    # Boots read-only and silent: an old primary that comes back is no primary.
    "super_read_only": "ON",
    "skip_replica_start": "ON",
    # A transaction that was acknowledged is on disk, here and on the replica.
    "log_bin": "binlog",
    "sync_binlog": 1,
    # A report of lost writes names the columns, not only their numbers.
    "binlog_row_metadata": "FULL",
    "innodb_flush_log_at_trx_commit": 1,
    "gtid_mode": "ON",
    "enforce_gtid_consistency": "ON",
    "log_replica_updates": "ON",
    "relay_log": "relay",
    "sync_relay_log": 1,
    # OFF on purpose: ON throws away what was acknowledged and not yet applied
    # when a replica restarts, and nothing shows afterwards that it was there.
    # With GTIDs a torn last event is dropped and fetched again either way.
    "relay_log_recovery": "OFF",
    # Only the replica's half; the source's half is the controller's to enable.
    "rpl_semi_sync_replica_enabled": "ON",
    "rpl_semi_sync_source_wait_point": "AFTER_SYNC",
    "rpl_semi_sync_source_timeout": 4294967295,
    "replica_net_timeout": 5,
}

_CONTROLLER_GRANTS = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, RELOAD, PROCESS,"
    " SHOW DATABASES, CREATE USER, REPLICATION SLAVE, REPLICATION CLIENT,"
    " SYSTEM_VARIABLES_ADMIN, SESSION_VARIABLES_ADMIN, PERSIST_RO_VARIABLES_ADMIN,"
    " CONNECTION_ADMIN, SERVICE_CONNECTION_ADMIN, REPLICATION_SLAVE_ADMIN,"
    " BACKUP_ADMIN, CLONE_ADMIN,"
    # For a copy row by row: to see and to make again whatever the site has.
    " REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER, EVENT, CREATE ROUTINE,"
    " ALTER ROUTINE, SHOW_ROUTINE, SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER"
)


def render_accounts(accounts: Accounts, database: str) -> str:
    """Render statements, repeatable, that make *accounts* the only ones.

    Nothing is written to a binary log, so the GTID state stays empty. One
    statement a line, as the server's init file demands.
    """
    statements = [
        "SET SESSION sql_log_bin=0",
        "DROP USER IF EXISTS 'root'@'localhost'",
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
        f"CREATE USER IF NOT EXISTS {name} IDENTIFIED BY {sql_text(account.password)}",
        f"GRANT {grant} TO {name}",
    )


class MySqlEngine(Engine):
    """MySQL 9 from Debian's unstable suite, as an unprivileged bundle."""

    def __init__(self, cache: Path, *, application_database: str = "cms") -> None:
        """Keep the bundle and an empty data directory under *cache*.

        Args:
            cache: A directory that outlives labs; made when missing.
            application_database: What the application account may write.
        """
        self._cache = cache
        self._application_database = application_database

    @property
    @override
    def name(self) -> str:
        return "mysql"

    @property
    @override
    def restart_codes(self) -> frozenset[int]:
        return frozenset({RESTART_CODE})

    @property
    @override
    def has_clone(self) -> bool:
        return True

    @override
    def ensure_installed(self, progress: Progress) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        self._template(ensure_bundle(self._cache, progress), progress)

    @override
    def create_empty(self, instance: InstanceSpec, accounts: Accounts) -> None:
        """Lay an empty data directory; the accounts appear at the first start.

        They wait in `accounts.sql` (readable by its owner only), which the
        server runs, without binary logging, before it accepts a connection:
        laying them in beforehand would cost a start and a stop, 1.5 s.
        """
        template = self._template(self._bundle(), lambda _line: None)
        lay_data(instance.home, lambda data: copy_tree(template, data))
        write_private(
            instance.home / "accounts.sql",
            render_accounts(accounts, self._application_database),
        )

    @override
    def write_options(self, instance: InstanceSpec) -> None:
        """Write `my.cnf`; call before every start.

        What a killed server left behind (socket, its lock, pid) is removed on
        the way: a lock naming a living process keeps MySQL from starting.
        """
        drop_stale_socket(instance)
        home = instance.home
        (home / "tmp").mkdir(parents=True, exist_ok=True)
        root = self._bundle().root
        place: dict[str, object] = {
            **server_user(),
            "basedir": root,
            "lc_messages_dir": root / "share",
            "character_sets_dir": root / "share" / "charsets",
            "plugin_dir": root / "plugin",
            "plugin_load": ";".join(_PLUGINS),
            "mysqlx": "OFF",
            "secure_file_priv": "NULL",
            "datadir": home / "data",
            "tmpdir": home / "tmp",
            "socket": socket_path(instance),
            "pid_file": home / "db.pid",
            "init_file": home / "accounts.sql",
            "bind_address": instance.host,
            "port": instance.port,
            "admin_address": instance.host,
            "admin_port": instance.admin_port,
            # The admin port answers also while the ordinary listener is busy.
            "create_admin_listener_thread": "ON",
            "max_connections": 60,
            "server_id": instance.server_id,
            "report_host": instance.host,
            "report_port": instance.port,
            "skip_name_resolve": "ON",
        }
        sections = {"mysqld": {**place, **_SAFE, **_SMALL, **_COUNTERS}}
        write_private(home / "my.cnf", render_options(sections))

    @override
    def argv(self, instance: InstanceSpec) -> Sequence[str]:
        return (
            *self._bundle().command(),
            f"--defaults-file={instance.home / 'my.cnf'}",
        )

    @override
    def environment(self, supervisor_pid: int) -> Mapping[str, str]:
        # With it, RESTART and CLONE end in exit code 16 instead of an error.
        return {"MYSQLD_PARENT_PID": str(supervisor_pid)}

    @override
    def can_copy_files(self) -> bool:
        return False

    @override
    def backup_argv(self, donor: InstanceSpec, accounts_file: Path) -> Sequence[str]:
        raise _cloned()

    @override
    def copied_bytes(self, donor: InstanceSpec) -> int:
        raise _cloned()

    @override
    def unpack_argv(self, target: Path) -> Sequence[str]:
        raise _cloned()

    @override
    def prepare_argv(self, target: Path) -> Sequence[str]:
        raise _cloned()

    def _bundle(self) -> MySqlBundle:
        root = self._cache / "mysql-bundle"
        if not root.is_dir():
            raise LabError(f"{root} is missing: set the lab up first (make setup)")
        return MySqlBundle(root)

    def _template(self, bundle: MySqlBundle, progress: Progress) -> Path:
        def build(half: Path) -> None:
            progress("laying an empty MySQL data directory as a template")
            # It holds the key pair the server made for itself.
            half.chmod(0o700)
            user = [f"--user={name}" for name in server_user().values()]
            run_tool(
                [
                    *bundle.command(),
                    "--no-defaults",
                    "--initialize-insecure",
                    f"--basedir={bundle.root}",
                    f"--datadir={half / 'data'}",
                    f"--lc-messages-dir={bundle.root / 'share'}",
                    f"--character-sets-dir={bundle.root / 'share' / 'charsets'}",
                    "--innodb-redo-log-capacity=8M",
                    "--innodb-use-native-aio=OFF",
                    *user,
                ],
                timeout_s=120,
            )
            # Two servers with one UUID never connect to each other.
            (half / "data" / "auto.cnf").unlink(missing_ok=True)

        target = self._cache / f"mysql-{bundle.version}-empty"
        return ensure_built(target, build) / "data"


def _cloned() -> LabError:
    return LabError(
        "a MySQL instance is seeded over the network by CLONE, not by files"
    )
