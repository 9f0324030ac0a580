"""The superset question: every way it can be no, and the one way it is yes."""

from dataclasses import replace

import pytest

from controller.decide.verify import verify
from controller.model.commands import Acker, Verify
from controller.model.ids import BootId, Epoch, ServerId
from controller.model.outcomes import Done, NotSeen, Refused, Unknown
from replication.gtid import covers
from replication.ports import Receiving, ServerView
from tests.unit.world_facts import B, C, a_view

SOURCE = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
EARNED = (
    Acker(server=B.server, zone=B.zone, boot_id=BootId("boot-db-b")),
    Acker(server=C.server, zone=C.zone, boot_id=BootId("boot-db-c")),
)
ORDER = Verify(candidate=B.server, ackers=EARNED, epoch=Epoch(5))


def holds(whole: str, part: str) -> bool:
    return covers(whole, part, "mysql")


def frozen(member: object, received: str, executed: str) -> ServerView:
    assert member in {B, C}
    view = a_view(B if member is B else C, receiving=Receiving.STOPPED)
    return replace(view, received=received, executed=executed)


def views(
    b: ServerView | NotSeen, c: ServerView | NotSeen
) -> dict[ServerId, ServerView | NotSeen]:
    return {B.server: b, C.server: c}


def test_a_candidate_that_holds_everything_may_be_promoted() -> None:
    """What c received is in what b executed."""
    b = frozen(B, f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    c = frozen(C, f"{SOURCE}:1-7", f"{SOURCE}:1-5")
    outcome = verify(ORDER, views(b, c), holds)
    assert isinstance(outcome, Done)
    assert outcome.evidence["boot_id"] == "boot-db-b"


@pytest.mark.parametrize(
    ("received", "executed"),
    [
        (f"{SOURCE}:1-10", f"{SOURCE}:1-9"),  # it may have acknowledged 10
        (f"{SOURCE}:1-9", f"{SOURCE}:1-10"),
    ],
)
def test_what_any_acker_may_have_acknowledged_is_never_left_behind(
    received: str, executed: str
) -> None:
    """One more transaction on c than on b: no promotion of b."""
    b = frozen(B, f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    outcome = verify(ORDER, views(b, frozen(C, received, executed)), holds)
    assert isinstance(outcome, Refused)
    assert "lacks" in outcome.reason


def test_received_and_not_applied_is_not_held() -> None:
    """The candidate's own relay log must be drained."""
    b = frozen(B, f"{SOURCE}:1-9", f"{SOURCE}:1-8")
    c = frozen(C, f"{SOURCE}:1-8", f"{SOURCE}:1-8")
    assert isinstance(verify(ORDER, views(b, c), holds), Refused)


@pytest.mark.parametrize("receiving", [Receiving.YES, Receiving.CONNECTING])
def test_an_acker_that_receives_again_voids_the_question(receiving: Receiving) -> None:
    """Its set may grow while we compare."""
    b = frozen(B, f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    c = replace(b, server=C.server, boot_id=BootId("boot-db-c"), receiving=receiving)
    outcome = verify(ORDER, views(b, c), holds)
    assert isinstance(outcome, Refused)
    assert "receives again" in outcome.reason


def test_a_restarted_acker_may_have_forgotten() -> None:
    """Rule 4: another boot id is no evidence of what it had acknowledged."""
    b = frozen(B, f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    c = replace(frozen(C, "", f"{SOURCE}:1-9"), boot_id=BootId("later"))
    outcome = verify(ORDER, views(b, c), holds)
    assert isinstance(outcome, Refused)
    assert "restarted" in outcome.reason


def test_an_acker_that_does_not_answer_is_unknown_not_absent() -> None:
    """Ask again; never assume."""
    b = frozen(B, f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    silent = NotSeen("read", "no answer")
    assert isinstance(verify(ORDER, views(b, silent), holds), Unknown)


def test_what_an_acker_wrote_itself_need_not_be_held_and_nothing_else() -> None:
    """It was acknowledged by nobody; what was received from the primary was."""
    own = f"{SOURCE[:-1]}7:1"
    order = replace(ORDER, errant=((C.server, own),))
    b = frozen(B, f"{SOURCE}:1-9", f"{SOURCE}:1-9")
    c = frozen(C, f"{SOURCE}:1-9", f"{SOURCE}:1-9,{own}")
    assert isinstance(verify(ORDER, views(b, c), holds), Refused)
    assert isinstance(verify(order, views(b, c), holds), Done)
    ahead = frozen(C, f"{SOURCE}:1-10", f"{SOURCE}:1-10,{own}")
    assert isinstance(verify(order, views(b, ahead), holds), Refused)
