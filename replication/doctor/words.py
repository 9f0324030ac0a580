"""The two dialects of an inspection: what is asked, and how a mend is written.

Seen on MariaDB 10.11.19 and MySQL 9.7.4, where the server wins over its manual:

- MariaDB has no variable for `skip_slave_start`, and after any `SET GLOBAL` it
  calls a value's origin `SQL` and forgets what its files said (also when it is
  set back). `GLOBAL_VALUE_PATH` is empty under `--defaults-file`.
- MySQL calls it `DYNAMIC`, but `persisted_variables` still shows what the next
  boot would read last, unless `persisted_globals_load` is off.
- Both list only one's own rows in `USER_PRIVILEGES` to an account that may not
  read the `mysql` schema, without a word; reading its tables is refused aloud.
- MariaDB lists no roles in `USER_PRIVILEGES`: theirs are bits of `$.access`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from replication.grants import Role, needed_everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One engine's statements, names and privileges.

    settings: our key for a variable to the server's name for it.
    plugins: what brings the variable of a key, as `INSTALL PLUGIN` takes it.
    at_run_time: origins after which a value says nothing about the files.
    bypass, unfence, risky: privileges no application may have: to write in
        spite of read-only; to end the fence or the wait for acknowledgements;
        to go around the binary log or end the server in an orderly way.
    role_bits: privileges a role's number stands for, by bit (MariaDB).
    needed: privilege to what the controller cannot do without it, of its own and,
        on MySQL, to be copied; each tried with an account that had all the others.
        super_serves: those for which SUPER will do.
    All privileges as the server spells them in `USER_PRIVILEGES`.
    persists: a SET can outlive a restart.
    """

    engine: str
    option_group: str
    persists: bool
    settings: Mapping[str, str]
    plugins: Mapping[str, str]
    at_run_time: str
    bound_statements: str
    identity: str
    read_settings: str
    persisted: str | None
    own: str
    accounts: str
    privileges: str
    roles: str
    size: str
    history: str
    filters: str
    certificate: str
    bypass: frozenset[str]
    unfence: frozenset[str]
    risky: frozenset[str]
    role_bits: Mapping[int, str]
    needed: Mapping[str, str]
    super_serves: frozenset[str]

    def name_of(self, key: str) -> str:
        """Return the server's name of a setting."""
        return self.settings[key]

    def set_live(self, key: str, value: str) -> str:
        """Return how to set a variable now and for every boot."""
        name = self.settings[key]
        if self.persists:
            return f"SET PERSIST {name}={value}"
        return f"SET GLOBAL {name}={value}; and {self.in_file(f'{name}={value}')}"

    def set_boot(self, key: str, value: str) -> str:
        """Return how to set a variable for the next boot and leave this one."""
        name = self.settings[key]
        if self.persists:
            return f"SET PERSIST_ONLY {name}={value}"
        return self.in_file(f"{name}={value}")

    def in_file(self, line: str) -> str:
        """Return the words for a line of the option file."""
        return f"`{line}` under [{self.option_group}] in the option file"


_OWN = """
    SELECT PRIVILEGE_TYPE AS privilege FROM information_schema.USER_PRIVILEGES
    WHERE GRANTEE = CONCAT('''', SUBSTRING(CURRENT_USER(), 1,
    LENGTH(CURRENT_USER()) - LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1),
    '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')"""

_SIZE = """
    SELECT CAST(COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) AS CHAR) AS size
    FROM information_schema.TABLES"""

# The server judges by its own clock, which is the one its replicas go by.
_CERTIFICATE = """
    SELECT TIMESTAMPDIFF(DAY, UTC_TIMESTAMP(), STR_TO_DATE(
    REPLACE(VARIABLE_VALUE, '  ', ' '), '%b %e %H:%i:%s %Y GMT')) AS days
    FROM {schema}.global_status WHERE VARIABLE_NAME = 'Ssl_server_not_after'
    AND VARIABLE_VALUE <> ''"""

_BOTH: Mapping[str, str] = {
    name: name for name in ("server_id", "port", "log_bin", "sync_binlog", "datadir")
} | {"flush_log": "innodb_flush_log_at_trx_commit"}


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(set(names.values())))


_MARIADB_SETTINGS = {
    **_BOTH,
    "closed": "read_only",
    "acks_required": "rpl_semi_sync_master_enabled",
    "ack_point": "rpl_semi_sync_master_wait_point",
    "ack_timeout": "rpl_semi_sync_master_timeout",
    "gtid": "gtid_strict_mode",
    "relayed_in_binlog": "log_slave_updates",
    "admin_port": "extra_port",
}

MARIADB = Words(
    engine="mariadb",
    option_group="mariadbd",
    persists=False,
    settings=_MARIADB_SETTINGS,
    plugins={},
    at_run_time="SQL",
    bound_statements="SET SESSION max_statement_time=2",
    identity="""
        SELECT VERSION() AS version, CURRENT_USER() AS whoami,
        UNIX_TIMESTAMP(SYSDATE(6)) AS clock, VARIABLE_VALUE AS uptime
        FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME'""",
    read_settings=f"""
        SELECT LOWER(VARIABLE_NAME) AS name, GLOBAL_VALUE AS value,
        GLOBAL_VALUE_ORIGIN AS origin FROM information_schema.SYSTEM_VARIABLES
        WHERE VARIABLE_NAME IN ({_listed(_MARIADB_SETTINGS)})""",  # noqa: S608  our own names
    persisted=None,
    own=_OWN,
    accounts="""
        SELECT User AS user, Host AS host, JSON_VALUE(Priv, '$.access') AS bits,
        COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0) AS locked,
        COALESCE(JSON_VALUE(Priv, '$.is_role'), 0) AS is_role
        FROM mysql.global_priv""",
    privileges="""
        SELECT GRANTEE AS grantee, PRIVILEGE_TYPE AS privilege
        FROM information_schema.USER_PRIVILEGES""",
    roles="""
        SELECT User AS user, Host AS host, Role AS role, '' AS role_host
        FROM mysql.roles_mapping""",
    size=_SIZE,
    history="""
        SELECT @@GLOBAL.server_id AS origin, @@GLOBAL.gtid_current_pos AS executed,
        @@GLOBAL.gtid_binlog_state AS binlog""",
    filters="""
        SELECT LOWER(VARIABLE_NAME) AS name, GLOBAL_VALUE AS value
        FROM information_schema.SYSTEM_VARIABLES
        WHERE GLOBAL_VALUE <> '' AND VARIABLE_NAME IN ('REPLICATE_DO_DB',
        'REPLICATE_IGNORE_DB', 'REPLICATE_DO_TABLE', 'REPLICATE_IGNORE_TABLE',
        'REPLICATE_WILD_DO_TABLE', 'REPLICATE_WILD_IGNORE_TABLE',
        'BINLOG_DO_DB', 'BINLOG_IGNORE_DB')""",
    certificate=_CERTIFICATE.format(schema="information_schema"),
    # SUPER alone writes nothing under read_only and cannot end it (1290, 1227),
    # but ends the wait for acknowledgements; from a server before 10.11 an
    # upgraded account's SUPER counts as READ_ONLY ADMIN too, and is listed so.
    bypass=frozenset({"READ_ONLY ADMIN"}),
    unfence=frozenset({"SUPER", "REPLICATION MASTER ADMIN"}),
    risky=frozenset({"BINLOG ADMIN", "CONNECTION ADMIN", "SHUTDOWN"}),
    role_bits={
        6: "RELOAD",
        7: "SHUTDOWN",
        8: "PROCESS",
        15: "SUPER",
        25: "CREATE USER",
        32: "CONNECTION ADMIN",
        33: "READ_ONLY ADMIN",
        34: "REPLICATION SLAVE ADMIN",
        35: "REPLICATION MASTER ADMIN",
        36: "BINLOG ADMIN",
        38: "SLAVE MONITOR",
    },
    needed=needed_everywhere("mariadb", Role.CONTROLLER),
    super_serves=frozenset(
        {
            "BINLOG ADMIN",
            "REPLICATION MASTER ADMIN",
            "REPLICATION SLAVE ADMIN",
            "SLAVE MONITOR",
        }
    ),
)

_MYSQL_SETTINGS = {
    **_BOTH,
    "closed": "super_read_only",
    "skip_start": "skip_replica_start",
    "acks_required": "rpl_semi_sync_source_enabled",
    "ack_point": "rpl_semi_sync_source_wait_point",
    "ack_timeout": "rpl_semi_sync_source_timeout",
    "acks_alone": "rpl_semi_sync_source_wait_no_replica",
    "ack_sender": "rpl_semi_sync_replica_enabled",
    "gtid": "gtid_mode",
    "gtid_consistent": "enforce_gtid_consistency",
    "relay_log_recovery": "relay_log_recovery",
    "relayed_in_binlog": "log_replica_updates",
    "admin_port": "admin_port",
    "admin_address": "admin_address",
    "server_uuid": "server_uuid",
    "mandatory_roles": "mandatory_roles",
    "loads_persisted": "persisted_globals_load",
    "clone": "clone_enable_compression",
}

MYSQL = Words(
    engine="mysql",
    option_group="mysqld",
    persists=True,
    settings=_MYSQL_SETTINGS,
    plugins={
        "acks_required": "rpl_semi_sync_source SONAME 'semisync_source.so'",
        "ack_sender": "rpl_semi_sync_replica SONAME 'semisync_replica.so'",
    },
    at_run_time="DYNAMIC",
    bound_statements="SET SESSION max_execution_time=2000",
    identity="""
        SELECT VERSION() AS version, CURRENT_USER() AS whoami,
        UNIX_TIMESTAMP(SYSDATE(6)) AS clock, VARIABLE_VALUE AS uptime
        FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Uptime'""",
    read_settings=f"""
        SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS value,
        VARIABLE_SOURCE AS origin FROM performance_schema.variables_info
        JOIN performance_schema.global_variables USING (VARIABLE_NAME)
        WHERE VARIABLE_NAME IN ({_listed(_MYSQL_SETTINGS)})""",  # noqa: S608  our own names
    persisted="""
        SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS value
        FROM performance_schema.persisted_variables""",
    own=_OWN,
    accounts="""
        SELECT User AS user, Host AS host, NULL AS bits,
        account_locked = 'Y' AS locked, 0 AS is_role FROM mysql.user""",
    privileges="""
        SELECT CONCAT('''', User, '''@''', Host, '''') AS grantee,
        'SUPER' AS privilege FROM mysql.user WHERE Super_priv = 'Y'
        UNION ALL SELECT CONCAT('''', User, '''@''', Host, ''''),
        'SHUTDOWN' FROM mysql.user WHERE Shutdown_priv = 'Y'
        UNION ALL SELECT CONCAT('''', User, '''@''', Host, ''''),
        'REPLICATION SLAVE' FROM mysql.user WHERE Repl_slave_priv = 'Y'
        UNION ALL SELECT CONCAT('''', User, '''@''', Host, ''''),
        'REPLICATION CLIENT' FROM mysql.user WHERE Repl_client_priv = 'Y'
        UNION ALL SELECT CONCAT('''', USER, '''@''', HOST, ''''),
        PRIV FROM mysql.global_grants""",
    roles="""
        SELECT TO_USER AS user, TO_HOST AS host, FROM_USER AS role,
        FROM_HOST AS role_host FROM mysql.role_edges""",
    size=_SIZE,
    history="""
        SELECT @@GLOBAL.server_uuid AS origin, @@GLOBAL.gtid_executed AS executed,
        '' AS binlog""",
    filters="""
        SELECT FILTER_NAME AS name, FILTER_RULE AS value
        FROM performance_schema.replication_applier_filters UNION
        SELECT FILTER_NAME, FILTER_RULE
        FROM performance_schema.replication_applier_global_filters""",
    certificate=_CERTIFICATE.format(schema="performance_schema"),
    # Both write under read_only and come in under offline_mode; super_read_only
    # holds them, which SUPER may switch off.
    bypass=frozenset({"SUPER", "CONNECTION_ADMIN"}),
    unfence=frozenset({"SYSTEM_VARIABLES_ADMIN"}),
    risky=frozenset({"SESSION_VARIABLES_ADMIN", "SHUTDOWN"}),
    role_bits={},
    needed=needed_everywhere("mysql", Role.CONTROLLER)
    | needed_everywhere("mysql", Role.CLONE),
    super_serves=frozenset({"REPLICATION CLIENT", "REPLICATION_SLAVE_ADMIN"}),
)

WORDS: Mapping[str, Words] = {words.engine: words for words in (MARIADB, MYSQL)}
