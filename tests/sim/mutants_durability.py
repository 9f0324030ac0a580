"""Planted bugs of k of n, each with its story and who must object."""

from collections.abc import Mapping
from dataclasses import replace

from controller.rehearsal.site import Settings
from replication.adapters.memory import Engine
from tests.sim import plants, plants_durability, plants_servers
from tests.sim.mutant import Mutant
from tests.sim.plants import ACKS_ONLY

TWO_OF_TWO = Settings(engine=Engine.MYSQL, replicas=2, acks=2)

# Two ackers from the beginning; a is cut off, and c could still listen to it.
ONE_LEFT_OUT = """
run-for 5
on verify effect mend a c
cut a
run-for 6
heal a
run-for 8
"""

# Commits come back by c alone, for a moment; then a and c are gone at once.
ONLY_ONE_HOLDS = """
run-for 5
block a b
run-for 0.3
kill a
kill c
run-for 8
"""

# A person lets commits wait for one, and that one is lost with the primary.
TOLD_TO_WAIT_FOR_ONE = """
run-for 5
tell a 1
block a b
run-for 2
freeze a
freeze c
crash
run-for 8
"""

DURABILITY: Mapping[str, Mutant] = {
    "freezes_too_few": Mutant(
        rule="rule 2: one of two ackers is left out, though either is enough",
        plant=plants.freeze_candidate_only,
        caught_by="fenced_stays_fenced",
        settings=replace(ACKS_ONLY, replicas=2),
        story=ONE_LEFT_OUT,
    ),
    "believed_to_wait_for_two": Mutant(
        rule="promise 2: who holds each write is counted without reading it back",
        plant=plants_durability.believed_to_wait_for_two,
        caught_by="nothing_lost_while_protected",
        settings=TWO_OF_TWO,
        story=ONLY_ONE_HOLDS,
    ),
    "lowered_acks_forgotten": Mutant(
        rule="promise 2: a restarted controller forgets that commits wait for fewer",
        plant=plants_durability.lowered_acks_forgotten,
        caught_by="nothing_lost_while_protected",
        settings=TWO_OF_TWO,
        story=TOLD_TO_WAIT_FOR_ONE,
    ),
    "second_source_unseen": Mutant(
        rule="a replica that follows two is promoted as if it followed one",
        plant=plants_durability.second_source_unseen,
        caught_by="no_move_against_the_topology",
        story="also b db-c:3306\nrun-for 2\nkill a\nrun-for 6",
    ),
    "less_advanced_promoted": Mutant(
        rule="promise 2: a rule is put before what the other replica holds",
        plant=plants_durability.less_advanced_promoted,
        caught_by="nothing_lost_while_protected",
        settings=Settings(replicas=2, promotion={"c": "prefer"}),
        story="run-for 5\nblock a c\nrun-for 0.4\nkill a\nmend a c\nrun-for 8",
    ),
    "errant_unseen": Mutant(
        rule="a replica somebody wrote on is promoted, and its rows become history",
        plant=plants_durability.errant_unseen,
        caught_by="no_errant_promoted",
        story="errant b\nrun-for 2\nkill a\nrun-for 6",
    ),
    "restarted_acker_counts": Mutant(
        rule="rule 4: of two ackers the one that acknowledged restarted, and counts",
        plant=plants_servers.boot_id_never_changes,
        caught_by="nothing_lost_while_protected",
        settings=Settings(replicas=2),
        story="run-for 5\nlag c\nblock a b\nrun-for 0.5\nrestart c\nkill a\nrun-for 8",
    ),
}
