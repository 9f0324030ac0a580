"""Planted bugs of moves for users' errors, each with its story and who must object."""

from collections.abc import Mapping

from tests.sim import plants_errors
from tests.sim.mutant import Mutant

ERROR_MUTANTS: Mapping[str, Mutant] = {
    "errors_of_all_zones_move_one": Mutant(
        rule="a bad deploy everywhere is taken for one zone's trouble",
        plant=plants_errors.judged_alone,
        caught_by="only_where_the_errors_are",
        story="traffic a bad=100\ntraffic b bad=20\ntraffic c bad=20\nrun-for 20",
    ),
    "a_few_errors_move": Mutant(
        rule="a rate that is not surely above the floor is acted on",
        plant=plants_errors.one_bad_answer_is_enough,
        caught_by="only_where_the_errors_are",
        story="traffic a good=98 bad=2\ntraffic b good=20\nrun-for 20",
    ),
}
