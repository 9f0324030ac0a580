"""Planted bugs of a planned move, each with its story and who must object."""

from collections.abc import Mapping

from tests.sim import plants_planned
from tests.sim.mutant import Mutant

PLANNED = "switchover b drill\nrun-for 8"

PLANNED_MUTANTS: Mapping[str, Mutant] = {
    "planned_opens_before_closed": Mutant(
        rule="a planned move opens its target while the old primary is open",
        plant=plants_planned.opens_before_closed,
        caught_by="fence_before_open",
        story=PLANNED,
    ),
    "planned_undoes_an_open_in_doubt": Mutant(
        rule="rule 5: after an unanswered OPEN the old primary takes writes again",
        plant=plants_planned.undoes_an_open_in_doubt,
        caught_by="unknown_open_is_never_undone",
        story=f"order b open lost-after\n{PLANNED}",
    ),
    "planned_skips_catch_up": Mutant(
        rule="promise 2: a planned move opens a target that lags",
        plant=plants_planned.skips_catch_up,
        caught_by="nothing_lost_while_protected",
        story=f"lag b\nrun-for 1\n{PLANNED}",
    ),
    "planned_goes_on_after_a_restart": Mutant(
        rule="rule 1: a restarted controller finishes a planned move on old proof",
        plant=plants_planned.restart_goes_on,
        caught_by="proof_is_fresh",
        story=f"on freeze effect crash\n{PLANNED}",
    ),
    "planned_reopens_a_restarted_primary": Mutant(
        rule="rule 8: an old primary that restarted is reopened without semi-sync",
        plant=plants_planned.reopens_a_restarted_primary,
        caught_by="only_the_closed_process_reopens",
        story=f"on catch_up intent restart a\n{PLANNED}",
    ),
    "planned_ex_primary_follows_at_once": Mutant(
        rule="rule 7: a running ex-primary becomes a replica of the one it left to",
        plant=plants_planned.old_primary_follows_at_once,
        caught_by="ex_primary_is_seeded_first",
        story=PLANNED,
    ),
    "planned_old_primary_is_overwritten": Mutant(
        rule="promise 2: a copy is laid over what was written past read-only",
        plant=plants_planned.old_primary_is_overwritten,
        caught_by="saved_before_laid_anew",
        story=f"on release effect errant a\n{PLANNED}",
    ),
}
