"""What the rules of proof rest on: each fact about a waiting commit as a test.

One primary, one replica, AFTER_SYNC, a time-out that never comes; "waiter" is a
client whose commit waits for the acknowledgement. Every test begins on a fresh
pair and first has the primary itself say that the waiter waits. Where an engine
differs it has a test of its own; a test without an engine in its name holds for
both. Rules, proofs and promises are those of the design.

What happens on the isolated primary:

I/O of the replica stopped       test_stopping_the_replica_leaves_the_waiter_unacknowledged
replica killed                   test_killing_the_replica_leaves_the_waiter_unacknowledged
`_enabled=0` (degrade)           test_degrading_acknowledges_the_waiter
`wait_no_replica/slave=0`        test_mysql_clearing_wait_no_replica_acknowledges_the_waiter
                                 test_mariadb_clearing_wait_no_slave_acknowledges_nobody
timeout lowered                  test_lowering_the_timeout_acknowledges_nobody
`KILL QUERY` of a waiter         test_mysql_kill_query_leaves_the_waiter_waiting
                                 test_mariadb_kill_query_acknowledges_the_waiter
`KILL` of a waiter               test_mysql_killing_the_waiter_tells_it_an_error
                                 test_mariadb_killing_the_waiter_shows_its_row
`SIGTERM`, `SHUTDOWN`            test_mysql_orderly_shutdown_acknowledges_the_waiter
                                 test_mariadb_orderly_shutdown_tells_the_waiter_an_error
`SIGKILL`, then restart          test_mysql_sigkill_leaves_the_row_as_an_errant_gtid
                                 test_mariadb_sigkill_and_a_plain_restart_keep_the_row
                                 test_mariadb_restarted_as_a_semi_sync_slave_cuts_the_row_off
`(super_)read_only=1`            test_mysql_super_read_only_hangs_behind_a_waiter_also_offline
                                 test_mariadb_read_only_hangs_until_the_waiter_is_killed
`offline_mode=1`                 test_mysql_offline_mode_ends_the_waiter_with_an_error
                                 test_mariadb_has_no_offline_mode
accounts locked, clients killed  test_mariadb_closes_once_accounts_are_locked_and_clients_killed
                                 test_mysql_stays_open_though_accounts_are_locked_and_clients_killed

More of the same kind:

thawed: buffered degrade         test_a_thawed_primary_carries_out_the_degrade_its_sender_gave_up
enabled while I/O is stopped     test_status_is_on_at_once_though_the_last_write_is_nowhere_else
replica killed, unapplied rows   test_mysql_relay_log_recovery_throws_acknowledged_rows_away
  MariaDB, always (elsewhere)    test_mariadb_restart_loses_what_was_acknowledged
  MySQL, OFF (elsewhere)         test_mysql_restart_keeps_what_was_acknowledged
restarted without skip-start     test_a_replica_that_starts_by_itself_ends_the_freeze
  with it (elsewhere)            test_a_frozen_replica_stays_frozen_over_a_restart
`CLONE`, a replica as donor      test_mysql_clone_of_a_replica_becomes_a_second_acker
                                 test_mysql_clone_of_a_replica_stays_silent_with_the_labs_options
`gtid_subtract`, un-acked        test_mysql_an_unacknowledged_transaction_is_not_in_gtid_executed
source side on, no receiver      test_promoting_with_the_source_side_on_hangs_the_canary
                                 test_a_replica_with_its_source_side_on_hangs_its_applier
50 attempts behind a commit      test_commits_behind_a_blocked_one_lock_administrators_out
                                 test_wait_sessions_counts_one_of_nine_hanging_commits
canary with `sql_log_bin=0`      test_a_canary_without_binary_log_commits_beside_a_waiter
thawed: writes had arrived       test_a_thawed_primary_acknowledges_what_had_reached_the_replica
black hole: freezing             test_freezing_in_a_black_hole_is_quick_only_in_the_right_order
  our adapters (elsewhere)       test_freezing_in_a_real_black_hole
"""
