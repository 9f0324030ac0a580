"""What a server has that its own log does not say, as the journal adds up to it."""

from dataclasses import replace

from controller.decide.codec import render_member
from controller.decide.saga import Step
from controller.incident.record import RecordKind
from controller.model.ids import Epoch
from tests.unit.test_ledger import FAILOVER_PLAN, Story
from tests.unit.world_facts import A, B, C

EARNED = {"acker": C.server, "acker_boot_id": "boot-c"}


def test_who_earned_protected_has_what_the_primary_had() -> None:
    """Its copies included; laid anew it has what its next source has."""
    moved = Story()
    moved.put(RecordKind.ADOPTED, {"primary": render_member(A)}, epoch=0)
    moved.start(replace(FAILOVER_PLAN, spare=C, epoch=Epoch(4)), Step.REGISTER)
    moved.both(Step.REGISTER)
    moved.both(Step.PROTECT, **EARNED, logged="0-1-9,0-2-12")
    assert moved.ledger.had == {C.server: "0-1-9,0-2-12"}
    moved.both(Step.PROTECT, **EARNED, logged="0-2-15")
    assert moved.ledger.had == {C.server: "0-1-9,0-2-15"}
    moved.both(Step.PROTECT, **EARNED)
    assert moved.ledger.had == {C.server: "0-1-9,0-2-15"}
    assert B.server not in moved.ledger.had
    moved.intent(Step.PROVISION)
    assert moved.ledger.had == {}
