"""The two SQL dialects, side by side, in their newest words; data, no behaviour.

Every difference of *words* is here; what older versions call otherwise is in
`replication.versions`. A difference of *order* (what must come before what) is in
the engine's adapter. Sources: MySQL 9.7 and MariaDB 10.11 as they run, and the
notes of replication.md 2.13 and 2.14.
"""

from dataclasses import dataclass

ACK_TIMEOUT_MS = 4294967295
"""The largest either server takes: a commit waits for its ack without limit."""

HEARTBEAT_S = 0.2
NET_TIMEOUT_S = 5

LOCK_NAME = "sitedr.controller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Statements and column names of one engine.

    variables: one row of settings. status: rows of name, value and the server's
        clock, read by the one statement so that clock minus uptime is exact.
        Apart, because MariaDB shows `@@GLOBAL.read_only` as 0 in a query
        with several aggregates.
    follow: what sets a source on a stopped replica; {host}, {port}, {user},
        {password}, {position} and {tls} are filled in, quoted. {tls} is tls_off, or
        tls_on and perhaps tls_certificate (the replica's own).
    """

    engine: str
    variables: str
    status: str
    acks_active: str
    acks_receivers: str
    acks_waiters: str
    replica: str
    channel: str  # column of *replica*: '' is the one the controller set up
    stop_receiver: str
    start_receiver: str
    start_applier: str
    stop_replica: str
    forget_source: str
    acks_on: tuple[str, ...]
    acks_off: str
    acks_required: str
    acks_wanted: str  # of {acks}; "": the engine waits for one, whatever is asked
    gtid_of_canary: str
    history: str

    source_host: str
    source_port: str
    receiver_running: str
    applier_running: str
    received: str
    read_position: str
    source_file: str
    by_gtid: str
    by_gtid_value: str

    follow: tuple[str, ...]
    start_replica: str
    tls_off: str
    tls_on: str
    tls_certificate: str
    binary_log_status: str
    reset_binary_logs: str


EPOCH = "SELECT MAX(epoch) AS epoch FROM sitedr.epoch"
"""Last in a batch: it fails on a server that has no schema yet."""

OPEN_TRANSACTIONS = """
    SELECT trx_mysql_thread_id AS id,
    TIMESTAMPDIFF(MICROSECOND, trx_started, SYSDATE(6)) / 1e6 AS age_s
    FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id > 0
    ORDER BY trx_started"""
"""Never `trx_query`: it holds people's data. Both engines' own words."""

MARIADB = Dialect(
    engine="mariadb",
    variables="""
        SELECT @@server_id AS who, VERSION() AS version,
        @@GLOBAL.max_connections AS connections_max,
        @@GLOBAL.read_only AS read_only, 0 AS offline,
        @@GLOBAL.rpl_semi_sync_master_enabled AS required, 1 AS acks,
        @@GLOBAL.gtid_current_pos AS executed""",
    status="""
        SELECT UPPER(VARIABLE_NAME) AS name, VARIABLE_VALUE AS value,
        UNIX_TIMESTAMP() AS now FROM information_schema.GLOBAL_STATUS
        WHERE VARIABLE_NAME IN ('UPTIME', 'RPL_SEMI_SYNC_MASTER_STATUS',
        'RPL_SEMI_SYNC_MASTER_CLIENTS', 'RPL_SEMI_SYNC_MASTER_WAIT_SESSIONS',
        'SLAVE_RECEIVED_HEARTBEATS', 'THREADS_CONNECTED')""",
    acks_active="RPL_SEMI_SYNC_MASTER_STATUS",
    acks_receivers="RPL_SEMI_SYNC_MASTER_CLIENTS",
    acks_waiters="RPL_SEMI_SYNC_MASTER_WAIT_SESSIONS",
    replica="SHOW ALL SLAVES STATUS",
    channel="Connection_name",
    stop_receiver="STOP SLAVE IO_THREAD",
    start_receiver="START SLAVE IO_THREAD",
    start_applier="START SLAVE SQL_THREAD",
    stop_replica="STOP SLAVE",
    forget_source="RESET SLAVE ALL",
    acks_on=(
        "SET GLOBAL rpl_semi_sync_master_wait_point=AFTER_SYNC",
        f"SET GLOBAL rpl_semi_sync_master_timeout={ACK_TIMEOUT_MS}",
        "SET GLOBAL rpl_semi_sync_master_enabled=1",
    ),
    acks_off="SET GLOBAL rpl_semi_sync_master_enabled=0",
    acks_required="@@GLOBAL.rpl_semi_sync_master_enabled",
    acks_wanted="",
    gtid_of_canary="SELECT @@last_gtid AS gtid",
    history="""
        SELECT @@GLOBAL.gtid_binlog_state AS state, @@GLOBAL.gtid_slave_pos AS position,
        @@GLOBAL.gtid_strict_mode AS strict, 1 AS by_log""",
    source_host="Master_Host",
    source_port="Master_Port",
    receiver_running="Slave_IO_Running",
    applier_running="Slave_SQL_Running",
    received="Gtid_IO_Pos",
    read_position="Read_Master_Log_Pos",
    source_file="Master_Log_File",
    by_gtid="Using_Gtid",
    by_gtid_value="Slave_Pos",
    follow=(
        f"SET GLOBAL slave_net_timeout={NET_TIMEOUT_S}",
        "SET GLOBAL rpl_semi_sync_slave_enabled=1",
        # From everything executed here, also what was written here: an old
        # primary's `gtid_slave_pos` dates from its time as a replica.
        "SET GLOBAL gtid_slave_pos={position}",
        (
            "CHANGE MASTER TO MASTER_HOST={host}, MASTER_PORT={port},"
            " MASTER_USER={user}, MASTER_PASSWORD={password},"
            " MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1,"
            f" MASTER_HEARTBEAT_PERIOD={HEARTBEAT_S}, {{tls}}"
        ),
    ),
    start_replica="START SLAVE",
    tls_off="MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0",
    tls_on="MASTER_SSL=1, MASTER_SSL_CA={ca}, MASTER_SSL_VERIFY_SERVER_CERT={verify}",
    tls_certificate="MASTER_SSL_CERT={certificate}, MASTER_SSL_KEY={key}",
    binary_log_status="SHOW MASTER STATUS",
    reset_binary_logs="RESET MASTER",
)

MYSQL = Dialect(
    engine="mysql",
    variables="""
        SELECT @@server_uuid AS who, VERSION() AS version,
        @@GLOBAL.read_only AS read_only,
        @@GLOBAL.offline_mode AS offline,
        @@GLOBAL.rpl_semi_sync_source_enabled AS required,
        @@GLOBAL.max_connections AS connections_max,
        @@GLOBAL.rpl_semi_sync_source_wait_for_replica_count AS acks,
        @@GLOBAL.gtid_executed AS executed""",
    status="""
        SELECT UPPER(VARIABLE_NAME) AS name, VARIABLE_VALUE AS value,
        UNIX_TIMESTAMP() AS now FROM performance_schema.global_status
        WHERE VARIABLE_NAME IN ('Uptime', 'Rpl_semi_sync_source_status',
        'Rpl_semi_sync_source_clients', 'Rpl_semi_sync_source_wait_sessions',
        'Threads_connected')
        UNION ALL SELECT 'SLAVE_RECEIVED_HEARTBEATS', COUNT_RECEIVED_HEARTBEATS, 0
        FROM performance_schema.replication_connection_status
        WHERE CHANNEL_NAME = ''""",
    acks_active="RPL_SEMI_SYNC_SOURCE_STATUS",
    acks_receivers="RPL_SEMI_SYNC_SOURCE_CLIENTS",
    acks_waiters="RPL_SEMI_SYNC_SOURCE_WAIT_SESSIONS",
    replica="SHOW REPLICA STATUS",
    channel="Channel_Name",
    stop_receiver="STOP REPLICA IO_THREAD",
    start_receiver="START REPLICA IO_THREAD",
    start_applier="START REPLICA SQL_THREAD",
    stop_replica="STOP REPLICA",
    forget_source="RESET REPLICA ALL",
    acks_on=(
        "SET GLOBAL rpl_semi_sync_source_wait_point='AFTER_SYNC'",
        f"SET GLOBAL rpl_semi_sync_source_timeout={ACK_TIMEOUT_MS}",
        "SET GLOBAL rpl_semi_sync_source_wait_no_replica=1",
        "SET GLOBAL rpl_semi_sync_source_enabled=1",
    ),
    acks_off="SET GLOBAL rpl_semi_sync_source_enabled=0",
    acks_required="@@GLOBAL.rpl_semi_sync_source_enabled",
    acks_wanted="SET GLOBAL rpl_semi_sync_source_wait_for_replica_count={acks}",
    gtid_of_canary="SELECT @@GLOBAL.gtid_executed AS gtid",
    history="SELECT @@GLOBAL.gtid_executed AS state, '' AS position, 1 AS strict,"
    " 0 AS by_log",
    source_host="Source_Host",
    source_port="Source_Port",
    receiver_running="Replica_IO_Running",
    applier_running="Replica_SQL_Running",
    received="Retrieved_Gtid_Set",
    read_position="Read_Source_Log_Pos",
    source_file="Source_Log_File",
    by_gtid="Auto_Position",
    by_gtid_value="1",
    follow=(
        f"SET GLOBAL replica_net_timeout={NET_TIMEOUT_S}",
        "SET GLOBAL rpl_semi_sync_replica_enabled=1",
        (
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST={host}, SOURCE_PORT={port},"
            " SOURCE_USER={user}, SOURCE_PASSWORD={password}, SOURCE_AUTO_POSITION=1,"
            " GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1,"
            f" SOURCE_RETRY_COUNT=100000, SOURCE_HEARTBEAT_PERIOD={HEARTBEAT_S},"
            " {tls}"
        ),
    ),
    start_replica="START REPLICA",
    tls_off="SOURCE_SSL=0",
    tls_on="SOURCE_SSL=1, SOURCE_SSL_CA={ca}, SOURCE_SSL_VERIFY_SERVER_CERT={verify}",
    tls_certificate="SOURCE_SSL_CERT={certificate}, SOURCE_SSL_KEY={key}",
    binary_log_status="SHOW BINARY LOG STATUS",
    reset_binary_logs="RESET BINARY LOGS AND GTIDS",
)
