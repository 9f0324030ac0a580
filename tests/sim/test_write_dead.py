"""What a hung canary of ours proves by itself: nothing."""

from controller.incident.record import RecordKind
from tests.sim import plants_writing
from tests.sim.mutants import MUTANTS, play


def test_a_canary_that_hangs_alone_moves_nothing() -> None:
    """The planted bug's own story, with the replica asked: held, and named."""
    mutant = MUTANTS["write_dead_by_our_word_alone"]
    found, site = play(mutant, plants_writing.our_canary_alone_hangs)
    assert found == {}
    records = site.journal.kept
    begun = [str(r.body["plan"]) for r in records if r.kind is RecordKind.STARTED]
    assert not [plan for plan in begun if "failover" in plan]
    told = [str(r.body) for r in records if r.kind is RecordKind.VETO]
    assert any("still_receiving" in text for text in told)
