"""Planted bugs in what is done beside a failover: reopening, edges, the doctor."""

from collections.abc import Mapping

from controller.model.commands import Proof
from controller.model.ids import ZoneId
from controller.rehearsal.site import Settings
from tests.sim import (
    plants_closing,
    plants_doctor,
    plants_reopen,
    plants_routes,
    plants_writing,
)
from tests.sim.mutant import Mutant

EDGE_BACK = """
edge pop2 unreachable
kill a
run-for 8
edge pop2 none
run-for 4
"""

# Opened again in place, without an answer; lost; fenced by its own word; then late.
LATE_OPEN = """
order a open late
on open effect cut a
on fence intent mend a controller
on fence effect late a
restart a
run-for 9
"""

# OPEN took effect unanswered, a halt followed, and the old primary is back.
OPENED_IN_DOUBT = """
freeze a
order b open lost-after
on open effect block controller b
run-for 8
heal a
run-for 3
mend controller b
run-for 3
resume
run-for 8
"""

UPKEEP: Mapping[str, Mutant] = {
    "lost_ids_given_again": Mutant(
        rule="promise 2: ids of writes that may be lost are given to new ones",
        plant=plants_writing.lost_ids_are_given_again,
        caught_by="lossy_ids_are_told",
        settings=Settings(durability="none"),
        story="kill a\nrun-for 8",
    ),
    "write_dead_by_our_word_alone": Mutant(
        rule="promise 3: a primary is left though its replica receives what it writes",
        plant=plants_writing.a_hung_canary_is_enough,
        caught_by="no_needless_failover",
        settings=Settings(write_dead="failover"),
        story="run-for 20",
    ),
    "reopened_before_an_ack": Mutant(
        rule="rule 8: a primary that restarted in place opens, and waits for nobody",
        plant=plants_reopen.open_before_an_ack,
        caught_by="reopened_after_an_ack",
        story="restart a\nrun-for 6",
    ),
    "reopened_without_recheck": Mutant(
        rule="rule 10: another controller takes over before a primary is opened again",
        plant=plants_reopen.open_without_recheck,
        caught_by="only_the_holder_acts",
        story="on earn effect usurp\nrestart a\nrun-for 6",
    ),
    "reopened_on_old_evidence": Mutant(
        rule="rule 8: a restarted controller trusts what was read before",
        plant=plants_reopen.old_evidence_will_do,
        caught_by="proof_is_fresh",
        story="on earn effect crash\nrestart a\nrun-for 9",
    ),
    "reopened_though_an_acker_is_ahead": Mutant(
        rule="promise 2: a primary that lost what its acker holds is opened again",
        plant=plants_reopen.ackers_hold_no_more,
        caught_by="reopened_whole",
        settings=Settings(durability="none"),
        story="restart a losing\nrun-for 6",
    ),
    "reopened_though_closed_by_hand": Mutant(
        rule="what a person closed on purpose is opened again",
        plant=plants_reopen.closed_is_restarted,
        caught_by="closed_by_hand_stays_closed",
        story="close a\nrun-for 4\nrestart a\nrun-for 6",
    ),
    "late_reopening_outlives_the_fence": Mutant(
        rule="rule 5: an unanswered OPEN opens the old primary after it was fenced",
        plant=plants_reopen.late_open_outlives_the_fence,
        caught_by="one_acknowledger",
        settings=Settings(durability="none", proofs=(Proof.SQL,)),
        story=LATE_OPEN,
    ),
    "acts_though_unfit": Mutant(
        rule="a blocker of the doctor holds every failover nobody named it to",
        plant=plants_doctor.acts_though_unfit,
        caught_by="no_failover_while_unfit",
        settings=Settings(granted=(ZoneId("b"),)),
        story="run-for 2\nkill a\nrun-for 6",
    ),
    "findings_forgotten": Mutant(
        rule="promise 5: the next controller knows what the last one found",
        plant=plants_doctor.findings_forgotten,
        caught_by="no_failover_while_unfit",
        settings=Settings(granted=(ZoneId("a"),)),
        story="run-for 2\nkill a\nrun-for 2\ncrash\nrun-for 6",
    ),
    "reconcile_to_the_old_zone": Mutant(
        rule="an edge that comes back is sent to whoever was primary first",
        plant=plants_routes.reconcile_to_the_old_zone,
        caught_by="reconciled_to_the_primary",
        story=EDGE_BACK,
    ),
    "reconcile_lowers_the_epoch": Mutant(
        rule="promise 6: a repaired edge obeys a controller that is gone",
        plant=plants_routes.reconcile_lowers_the_epoch,
        caught_by="old_epoch_changes_no_edge",
        story=EDGE_BACK,
    ),
    "reconcile_without_recheck": Mutant(
        rule="rule 10: another controller takes over while an edge is repaired",
        plant=plants_routes.reconcile_without_recheck,
        caught_by="only_the_holder_reconciles",
        story="edge pop2 wiped\non reroute effect usurp\nrun-for 4",
    ),
    "reconcile_holds_every_edge": Mutant(
        rule="to repair one edge, writes are held at all of them",
        plant=plants_routes.reconcile_holds_every_edge,
        caught_by="reconcile_touches_one_edge",
        story=EDGE_BACK,
    ),
    "halted_beside_an_open_old_primary": Mutant(
        rule="promise 1: a halt after OPEN leaves the old primary taking writes",
        plant=plants_closing.a_halt_leaves_it_open,
        caught_by="one_writable_at_the_end",
        settings=Settings(proofs=(Proof.ACKS_REVOKED,)),
        story=(
            "freeze a\non open effect edge pop1 unreachable\n"
            "on open effect edge pop2 unreachable\nrun-for 8\nheal a\nrun-for 4"
        ),
    ),
    "degraded_beside_another_primary": Mutant(
        rule="promise 1: writes are let go though an acker was opened by hand",
        plant=plants_closing.degrades_beside_another,
        caught_by="one_acknowledger",
        story="block a b\nrun-for 0.1\nopen b\nrun-for 5\nclose b\nmend a b\nrun-for 3",
    ),
    "goes_back_after_an_unanswered_open": Mutant(
        rule="promise 7: what an unanswered OPEN opened is ended, the old one serves",
        plant=plants_closing.the_successor_is_ended,
        caught_by="fenced_stays_fenced",
        settings=Settings(proofs=(Proof.ACKS_REVOKED, Proof.SQL)),
        story=OPENED_IN_DOUBT,
    ),
}
