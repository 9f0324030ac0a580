"""Planted bugs of the ways of proof, each with its story and who must object."""

from collections.abc import Mapping
from dataclasses import replace

from controller.decide.facts import Mode
from controller.model.commands import Proof
from controller.rehearsal.site import Settings
from tests.sim import plants_fences
from tests.sim.mutant import Mutant

ISOLATED = "cut a\nrun-for 8\nheal a\nrun-for 4"
OUTSIDE = Settings(proofs=(Proof.EXTERNAL,), durability="none", interval_s=0.2)
ALONE = Settings(
    # (c) is accepted too, and never holds here: without it some of these would be
    # held by a veto before the bug could show.
    proofs=(Proof.SELF_FENCE, Proof.SQL),
    durability="none",
    interval_s=0.2,
    self_fence_s=6.0,
)

LOST_BUT_FOR_C = """
run-for 3
cut a
mend a c
mend c a
"""
"""Zone a is lost to all but zone c, whose agent goes on renewing it."""

ANSWERS_LOST = """
run-for 3
block a b
block b a
block a controller
run-for 20
mend a b
mend a controller
run-for 4
"""
"""Zone a hears the controller and zone c; nobody but c hears zone a."""

CONTROLLER_LOST = """
run-for 3
block a controller
block controller a
run-for 20
mend a controller
mend controller a
run-for 4
"""
PEERS_LOST = """
run-for 3
block a b
block b a
block a c
block c a
run-for 20
mend a b
mend b a
mend a c
mend c a
run-for 4
"""

FENCE_MUTANTS: Mapping[str, Mutant] = {
    "silent_command_counts": Mutant(
        rule="proof e: a fence command that did not end in time counts as one",
        plant=plants_fences.silence_is_done,
        caught_by="fenced_stays_fenced",
        settings=OUTSIDE,
        story=f"external off\n{ISOLATED}",
    ),
    "wait_from_the_loss": Mutant(
        rule="proof d: the wait is counted from the loss, not from the last oath",
        plant=plants_fences.waits_from_the_loss,
        caught_by="fenced_stays_fenced",
        settings=replace(ALONE, mode=Mode.APPROVE),
        story=f"{LOST_BUT_FOR_C}run-for 20\napprove\nrun-for 14\nheal a\nrun-for 4",
    ),
    "missing_oath_accepted": Mutant(
        rule="proof d: a renewer that did not answer counts as sworn",
        plant=plants_fences.silence_swears,
        caught_by="fenced_stays_fenced",
        settings=ALONE,
        story=f"{LOST_BUT_FOR_C}block c controller\nrun-for 20\nheal a\nrun-for 4",
    ),
    "unarmed_agent_accepted": Mutant(
        rule="proof d: an agent that is not on record as armed counts as armed",
        plant=plants_fences.all_are_armed,
        caught_by="fenced_stays_fenced",
        settings=ALONE,
        story="run-for 3\nagent a dies\nguard a dies\nrun-for 4\n"
        "cut a\nrun-for 20\nheal a\nrun-for 4",
    ),
    "renewed_by_the_fencing_epoch": Mutant(
        rule="proof d: the epoch of its own fence passes the oaths made for it",
        plant=plants_fences.asks_by_the_newest_epoch,
        caught_by="fenced_stays_fenced",
        settings=ALONE,
        story=ANSWERS_LOST,
    ),
    "alone_without_the_controller": Mutant(
        rule="self-fence: losing the controller alone ends a healthy primary",
        plant=plants_fences.peers_do_not_count,
        caught_by="only_the_lonely_are_ended",
        settings=ALONE,
        story=CONTROLLER_LOST,
    ),
    "alone_without_the_peers": Mutant(
        rule="self-fence: losing the peers alone ends a healthy primary",
        plant=plants_fences.the_controller_does_not_count,
        caught_by="only_the_lonely_are_ended",
        settings=ALONE,
        story=PEERS_LOST,
    ),
    "replica_ends_itself": Mutant(
        rule="self-fence: a replica that is alone is ended, too",
        plant=plants_fences.replicas_too,
        caught_by="no_replica_ends_itself",
        settings=ALONE,
        story="run-for 3\ncut b\nrun-for 20\nheal b\nrun-for 4",
    ),
}
