"""Planted bugs in what is to be left alone: windows, zones that come and go."""

from collections.abc import Mapping

from controller.model.commands import Proof
from controller.rehearsal.site import Settings
from tests.sim import plants_calm
from tests.sim.mutant import Mutant

UNEASY = """
provisioner off
freeze b
run-for 3
heal b
run-for 10
freeze b
run-for 3
heal b
run-for 10
kill a
run-for 8
"""

CALM: Mapping[str, Mutant] = {
    "window_forgotten_by_a_restart": Mutant(
        rule="a window outlives the controller: promise 5",
        plant=plants_calm.windows_in_memory_only,
        caught_by="no_move_in_maintenance",
        story="maintenance start a 600 new kernel\nrun-for 2\ncrash\nkill a\nrun-for 9",
    ),
    "successor_in_maintenance": Mutant(
        rule="a zone that people work in is promoted by itself",
        plant=plants_calm.windows_forgotten_after_the_next_record,
        caught_by="no_move_in_maintenance",
        story="maintenance start b 600 new disks\nrun-for 2\nkill a\nrun-for 9",
    ),
    "quarantine_not_kept": Mutant(
        rule="a zone that comes and goes is promoted by itself",
        plant=plants_calm.quarantine_not_kept,
        caught_by="no_move_to_a_quarantined_zone",
        settings=Settings(flips=2, proofs=(Proof.ACKS_REVOKED, Proof.SQL)),
        story=UNEASY,
    ),
}
