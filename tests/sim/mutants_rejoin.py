"""Planted bugs of the old primary's return, each with its story and its checker."""

from collections.abc import Mapping

from controller.model.commands import Proof
from controller.rehearsal.site import Settings
from tests.sim import plants_rejoin
from tests.sim.mutant import Mutant
from tests.sim.plants import ACKS_ONLY

# Writes wait on a while it is cut off; then only its zone is free for a copy.
EXTRA = "cut a\nrun-for 8\nheal a\nrun-for 8\nkill c\nrun-for 10"

# What it held is saved; then a person starts it and writes there.
RUNS_AGAIN = (
    "cut a\nrun-for 8\nheal a\nrun-for 12\nstart a\nerrant a\nrun-for 4\nkill c\n"
    "run-for 20"
)

REJOIN_MUTANTS: Mapping[str, Mutant] = {
    "rejoins_with_extra_writes": Mutant(
        rule="promise 7: an old primary with transactions of its own rejoins",
        plant=plants_rejoin.extra_is_clean,
        caught_by="nobody_rejoins_with_more",
        story=EXTRA,
    ),
    "compared_while_it_runs": Mutant(
        rule="rule 7: an old primary is compared before its process is proven dead",
        plant=plants_rejoin.compares_the_living,
        caught_by="compared_when_dead",
        settings=ACKS_ONLY,
        story="freeze a\nrun-for 8\nheal a\nrun-for 12",
    ),
    "laid_anew_before_it_is_saved": Mutant(
        rule="promise 2: an old primary is laid anew, its own writes are not kept",
        plant=plants_rejoin.says_saved,
        caught_by="saved_before_laid_anew",
        story=EXTRA,
    ),
    "compared_once_for_all": Mutant(
        rule="promise 2: an old primary that ran again is laid anew as it was compared",
        plant=plants_rejoin.compared_once_for_all,
        caught_by="saved_before_laid_anew",
        story=RUNS_AGAIN,
    ),
    "acknowledged_ones_called_unheard": Mutant(
        rule="promise 2: of lost writes that were acknowledged it is said that none was",
        plant=plants_rejoin.told_as_covered,
        caught_by="lost_writes_are_told_truly",
        settings=Settings(durability="none", proofs=(Proof.PROCESS,)),
        story="block a b\nrun-for 3\nkill a\nrun-for 8\nheal a\nrun-for 10",
    ),
    "unknown_is_called_clean": Mutant(
        rule="promise 7: an old primary that cannot be compared is called clean",
        plant=plants_rejoin.unknown_is_clean,
        caught_by="unknown_is_not_clean",
        story="kill a\nrun-for 8\ngarble a\nheal a\nrun-for 8",
    ),
}
