"""Planted bugs of the ways of proof, each with its story and who must object."""

from collections.abc import Mapping

from controller.model.commands import Proof
from controller.rehearsal.site import Settings
from tests.sim import plants_fences
from tests.sim.mutant import Mutant

ISOLATED = "cut a\nrun-for 8\nheal a\nrun-for 4"
OUTSIDE = Settings(proofs=(Proof.EXTERNAL,), durability="none", interval_s=0.2)

FENCE_MUTANTS: Mapping[str, Mutant] = {
    "silent_command_counts": Mutant(
        rule="proof e: a fence command that did not end in time counts as one",
        plant=plants_fences.silence_is_done,
        caught_by="fenced_stays_fenced",
        settings=OUTSIDE,
        story=f"external off\n{ISOLATED}",
    ),
}
