"""Scenarios 1 to 19: what may be lost, before, in and after a failover."""

from collections.abc import Sequence

from tests.integration.scenarios.scenario import FACTS, HERE, Scenario

DEMO = "integration/test_demo.py"

LOSSES: Sequence[Scenario] = (
    Scenario(
        number=1,
        about="the primary is killed",
        both=("integration/test_demo.py::test_the_primarys_zone_is_killed",),
        simulated=("kill_primary",),
    ),
    Scenario(
        number=2,
        about="the primary's zone is isolated and the primary lives",
        both=(
            "integration/test_demo.py::test_the_primarys_zone_is_lost",
            (
                "integration/test_isolated_primary.py"
                "::test_an_isolated_primary_ends_itself_before_another_opens"
            ),
        ),
        simulated=("cut_primary", "isolated_primary_self_fence"),
    ),
    Scenario(
        number=3,
        about="only the controller is cut off",
        both=(f"{HERE}/test_held.py::test_03_only_the_controller_is_cut_off",),
        simulated=("only_the_controller_is_cut_off",),
    ),
    Scenario(
        number=4,
        about="only the edges are cut off",
        left="moves routes and no database: the edges' tests",
    ),
    Scenario(
        number=5,
        about="the primary is slow",
        both=(f"{HERE}/test_held.py::test_05_a_slow_primary_keeps_its_role",),
        left="error rates and their thresholds are the detection's",
    ),
    Scenario(
        number=6,
        about="the primary hangs (SIGSTOP)",
        both=(
            "integration/test_demo.py::test_the_primarys_zone_is_lost",
            (
                f"{FACTS}/test_frozen_primaries.py"
                "::test_a_thawed_primary_acknowledges_what_had_reached_the_replica"
            ),
        ),
        simulated=("freeze_primary_without_process_proof",),
    ),
    Scenario(
        number=7,
        about="the primary's disk is full",
        both=(
            f"{HERE}/test_small_disk.py::test_07_a_full_disk_is_held_or_left_by_policy",
        ),
        simulated=(
            "disk_full_is_held",
            "disk_full_by_hand",
            "disk_full_is_left",
            "disk_full_is_left_without_process_proof",
            "disk_full_and_freed_before_it_is_left",
        ),
        left="a server that crashes for want of space is a killed one (1)",
    ),
    Scenario(
        number=8,
        about="too many connections",
        both=(
            f"{HERE}/test_held.py::test_08_too_many_connections_are_an_overload",
            (
                f"{FACTS}/test_crowds.py"
                "::test_commits_behind_a_blocked_one_lock_administrators_out"
            ),
        ),
    ),
    Scenario(
        number=9,
        about="the replica lags and the primary is dead",
        both=(
            (
                "contract/test_database_server_real.py"
                "::test_draining_applies_everything_received"
            ),
        ),
        simulated=(
            "lagging_candidate",
            "unit/test_candidates.py::test_one_that_has_much_to_apply_is_passed_over",
        ),
        left="what holds is a number beside a limit: the same on either engine",
    ),
    Scenario(
        number=10,
        about="the applier was stopped when the primary died",
        both=(
            (
                f"{HERE}/test_servers.py"
                "::test_10_a_stopped_applier_is_started_and_applies_all_it_received"
            ),
        ),
        mariadb=(
            (
                "integration/test_databases_under_fence.py"
                "::test_mariadb_drain_never_starts_an_applier_that_would_forget"
            ),
        ),
        left="both halves stopped: MySQL keeps its relay log, so nothing is refused",
    ),
    Scenario(
        number=11,
        about="the replica has an errant transaction",
        simulated=(
            "errant_replica",
            "errant_replica_passed_over",
            "unit/test_candidates.py::test_errant_is_told_of_sets_and_of_positions",
        ),
        left="both engines' GTIDs are compared by text: no server is asked for more",
    ),
    Scenario(
        number=12,
        about="two candidates, neither a superset",
        simulated=(
            "unit/test_candidates.py::test_neither_holds_all_and_both_sets_are_told",
            (
                "unit/test_decide_doubts.py"
                "::test_of_two_ackers_the_one_that_received_more_is_promoted"
            ),
        ),
        left="as 11",
    ),
    Scenario(
        number=13,
        about="every replica is unreachable",
        simulated=("every_replica_lost", "two_ackers_one_lost", "one_silent_acker"),
        left="nothing is sent to any server: virtual time is the place",
    ),
    Scenario(
        number=14,
        about="no replica in an allowed zone",
        simulated=("promotion_never", "promotion_rules"),
        left="as 13",
    ),
    Scenario(
        number=15,
        about="the controller dies after the fence",
        mariadb=(f"{DEMO}::test_the_daemon_is_killed_in_the_middle_of_a_step",),
        mysql=(f"{DEMO}::test_the_daemon_is_killed_in_mid_step_on_mysql",),
        simulated=(
            "restart_between_freeze_and_open",
            "sim/test_site.py::test_a_controller_killed_at_any_step_loses_nothing",
        ),
    ),
    Scenario(
        number=16,
        about="the controller dies after the promotion",
        mariadb=(f"{DEMO}::test_the_daemon_is_killed_in_the_middle_of_a_step",),
        mysql=(f"{DEMO}::test_the_daemon_is_killed_in_mid_step_on_mysql",),
        simulated=(
            "sim/test_site.py::test_a_controller_killed_at_any_step_loses_nothing",
        ),
    ),
    Scenario(
        number=17,
        about="the controller was stopped while another took over",
        both=(
            (
                f"{HERE}/test_moves.py"
                "::test_17_a_controller_that_was_stopped_while_another_took_over"
            ),
        ),
        simulated=("sim/test_mutants.py::test_a_planted_bug_is_caught_by_name",),
        left="the second has the first one's journal; a shared store is not built",
    ),
    Scenario(
        number=18,
        about="the new primary dies in the cool-down",
        both=(
            (
                f"{HERE}/test_moves.py::test_36_and_18_losing_the_controller_with_the_zone"
                "_and_then_its_successor"
            ),
        ),
        simulated=("new_primary_lost_in_cooldown", "second_failure_while_provisioning"),
    ),
    Scenario(
        number=19,
        about="the donor or the new zone fails in mid-copy",
        mariadb=(
            (
                "integration/test_lab_faults.py"
                "::test_a_copy_broken_off_is_never_started_and_the_next_try_works"
            ),
        ),
        mysql=(
            "integration/test_clone_copies.py::test_a_donor_killed_in_the_middle_is_given_up",
            (
                "integration/test_clone_copies.py"
                "::test_a_recipient_killed_in_the_middle_is_never_joined_half"
            ),
        ),
        simulated=("copy_restarts_before_protect",),
    ),
)
