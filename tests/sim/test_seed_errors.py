"""Drawn errors of users: every promise holds, and some of them move a primary."""

from dataclasses import replace

from controller.rehearsal.run_seed import run_script
from controller.rehearsal.seed_errors import script_of, with_errors
from controller.rehearsal.seeds import script

SEEDS = [seed for seed in range(400) if with_errors(seed)]


def test_one_seed_in_ten_has_them_and_the_rest_is_as_it_was() -> None:
    assert 20 < len(SEEDS) < 60
    for seed in range(50):
        drawn, whole = script(seed), script_of(seed)
        assert whole.episodes == (*drawn.episodes, *with_errors(seed))
        assert whole.settings == drawn.settings


def test_every_promise_holds_and_primaries_are_left() -> None:
    """Alone, without what else a seed draws: then most of what is due is done."""
    moved = 0
    for seed in SEEDS:
        alone = replace(script(seed), episodes=with_errors(seed))
        verdict, site = run_script(alone)
        assert verdict.broken == {}, seed
        moved += any(
            "'unasked': True" in str(record.body)
            for record in site.journal.records()
            if record.kind.value == "started"
        )
    assert moved > 5
