"""Scenarios 20 to 39: doubt, returns, second controllers, what people do."""

from collections.abc import Sequence

from tests.integration.scenarios.scenario import FACTS, HERE, Scenario

DOUBTS: Sequence[Scenario] = (
    Scenario(
        number=20,
        about="a zone that comes and goes, ten times",
        simulated=(
            "flapping_zone",
            "flapping_replica",
            "restart_primary_flapping",
            "d13_errors_come_and_go",
        ),
        left="400 s of real time an engine, all but the first move (1) without a"
        " database that serves: virtual time is the place",
    ),
    Scenario(
        number=21,
        about="every zone errs at once",
        simulated=("d01_bad_deploy_everywhere", "d14_all_zones_lost"),
        left="told by what edges count and by all probes at once: virtual time",
    ),
    Scenario(
        number=22,
        about="one route errs, or there is hardly any traffic",
        simulated=(
            "d02_one_error_of_two",
            "unit/test_elevated.py::test_d2_one_error_of_two_says_nothing",
        ),
        left="sample sizes of error rates ask no database; one route is not counted",
    ),
    Scenario(
        number=23,
        about="clocks jump by an hour",
        both=(
            f"{HERE}/test_servers.py::test_23_a_nodes_clock_that_jumps_is_no_restart",
        ),
        simulated=(
            "clocks_jump",
            "unit/test_view_clock.py::test_a_clock_that_jumps_makes_no_other_boot_id",
        ),
        left="a node's by `SET timestamp`, the controller's in virtual time: no tool"
        " that fakes one process's clock is installed. An audit mark is not built",
    ),
    Scenario(
        number=24,
        about="the old primary returns with transactions of its own",
        mysql=(
            (
                f"{FACTS}/test_endings.py"
                "::test_mysql_sigkill_leaves_the_row_as_an_errant_gtid"
            ),
            (
                "integration/test_databases_under_fence.py"
                "::test_a_mysql_copy_replaces_an_ex_primary_with_a_ghost"
            ),
        ),
        mariadb=(
            (
                f"{FACTS}/test_endings.py"
                "::test_mariadb_sigkill_and_a_plain_restart_keep_the_row"
            ),
        ),
        both=("integration/test_old_primary.py::test_an_old_primary_returns",),
        simulated=("cut_primary", "old_primary_returns_with_extra_writes"),
    ),
    Scenario(
        number=25,
        about="the old primary returns clean",
        both=(
            "integration/test_switchover.py::test_there_and_back_under_traffic",
            "integration/test_old_primary.py::test_an_old_primary_returns",
        ),
        simulated=("old_primary_returns_clean",),
    ),
    Scenario(
        number=26,
        about="an un-acknowledged transaction after kill -9",
        mysql=(
            (
                f"{FACTS}/test_endings.py"
                "::test_mysql_sigkill_leaves_the_row_as_an_errant_gtid"
            ),
        ),
        mariadb=(
            (
                f"{FACTS}/test_endings.py"
                "::test_mariadb_sigkill_and_a_plain_restart_keep_the_row"
            ),
        ),
        both=("integration/test_old_primary.py::test_an_old_primary_returns",),
    ),
    Scenario(
        number=27,
        about="no fence can be verified",
        both=(
            (
                "integration/test_isolated_primary.py"
                "::test_an_isolated_primary_ends_itself_before_another_opens"
            ),
        ),
        simulated=(
            "no_fence_proof",
            "durability_none_without_fence",
            "agent_dead_no_self_fence_proof",
            "isolated_primary_ended_from_outside",
        ),
    ),
    Scenario(
        number=28,
        about="`read_only` is blocked by locks and long writes",
        both=(
            (
                f"{HERE}/test_servers.py"
                "::test_28_closing_ends_who_locked_tables_and_who_writes_for_long"
            ),
            (
                "contract/test_database_server_real.py"
                "::test_closing_under_traffic_works_while_an_acker_listens"
            ),
        ),
    ),
    Scenario(
        number=29,
        about="an edge's API fails in mid-reroute",
        simulated=("edge_comes_back_with_old_routes",),
        left="routes, no database: the edges' tests",
    ),
    Scenario(
        number=30,
        about="pools pinned to the old address",
        both=(
            (
                f"{HERE}/test_servers.py"
                "::test_30_a_pool_pinned_to_the_old_address_is_thrown_out"
            ),
        ),
    ),
    Scenario(
        number=31,
        about="a planned move and a long transaction",
        both=(
            "integration/test_switchover.py::test_there_and_back_under_traffic",
            (
                "contract/test_database_server_real.py"
                "::test_an_open_transaction_is_found_by_its_age"
            ),
        ),
        simulated=("switchover_long_transaction", "switchover_controller_dies_at_open"),
    ),
    Scenario(
        number=32,
        about="maintenance",
        simulated=("edge_off_its_route_while_paused",),
        left="`pause` holds; windows with owner and expiry are no database's",
    ),
    Scenario(
        number=33,
        about="two controllers without a shared state",
        both=(
            (
                f"{HERE}/test_held.py"
                "::test_33_a_second_controller_without_a_shared_state_is_kept_out"
            ),
            (
                "contract/test_database_server_real.py"
                "::test_the_lock_excludes_a_second_controller"
            ),
            (
                "contract/test_database_server_real.py"
                "::test_an_older_epoch_is_refused_and_changes_nothing"
            ),
        ),
    ),
    Scenario(
        number=34,
        about="the password is refused in every zone",
        both=(
            (
                f"{HERE}/test_held.py"
                "::test_34_a_password_that_is_refused_everywhere_is_no_death"
            ),
            "integration/dialect/test_passwords.py::test_either_side_may_be_first",
        ),
        left="a certificate that expires while the daemon runs",
    ),
    Scenario(
        number=35,
        about="DNS fails at the controller",
        both=(
            f"{HERE}/test_names.py::test_35_a_name_that_does_not_resolve_is_blindness",
        ),
    ),
    Scenario(
        number=36,
        about="the controller is lost with the primary's zone",
        both=(
            (
                f"{HERE}/test_moves.py::test_36_and_18_losing_the_controller_with_the_zone"
                "_and_then_its_successor"
            ),
        ),
        simulated=("controller_and_primary_lost_together",),
        left="one daemon a site, started again; there is no quorum to elect another",
    ),
    Scenario(
        number=37,
        about="the controller is down for ten minutes",
        left="unknown time in the report: service levels, no database",
    ),
    Scenario(
        number=38,
        about="ids of lost writes are given again while caches know them",
        both=(
            f"{HERE}/test_ids.py::test_38_ids_of_lost_writes_are_not_given_again",
            (
                "contract/test_database_server_real.py"
                "::test_ids_are_skipped_only_where_writes_opened"
            ),
        ),
        simulated=("durability_none", "halted_open_in_doubt"),
        left="caches are invalidated before OPEN in every table (1)",
    ),
    Scenario(
        number=39,
        about="Redis and search are cold",
        both=("integration/test_demo.py::test_the_primarys_zone_is_killed",),
        left="warm-up limits are no database's",
    ),
)
