"""The ledger of a primary that is opened again where it stands."""

from dataclasses import replace

import pytest

from controller.decide.codec import parse_plan, render_member, render_plan
from controller.decide.ledger import fold
from controller.decide.saga import End, Kind, Plan, Step
from controller.decide.standing import Serving
from controller.incident.record import RecordKind
from controller.model.ids import BootId
from controller.model.outcomes import Done, Outcome, Refused
from replication.ports import Session
from tests.unit.test_driver_resume import resumed
from tests.unit.test_ledger import FAILOVER_PLAN, RESTORE_PLAN, Story
from tests.unit.world_facts import A, B

REOPEN_PLAN = replace(
    FAILOVER_PLAN, kind=Kind.REOPEN, lost=None, target=A, boot_id=BootId("a2")
)
EARNED = {"acker": B.server, "acker_boot_id": "b1", "gtid": "u:2"}


@pytest.fixture
def protected() -> Story:
    """A cluster in which b earned `protected`, and a served in process a1."""
    story = Story()
    body = {"primary": render_member(A), "boot_id": "a1"}
    story.put(RecordKind.ADOPTED, body, epoch=0)
    story.start(RESTORE_PLAN, Step.REGISTER)
    story.both(Step.REGISTER)
    story.both(Step.PROTECT, acker=B.server, acker_boot_id="b1", gtid="u:1")
    story.put(RecordKind.ENDED, {"end": "completed", "kind": "restore", "why": ""})
    return story


def begin(story: Story, plan: Plan = REOPEN_PLAN) -> None:
    story.start(plan, Step.CONFIRM)
    for step in (Step.CONFIRM, Step.FOLLOW, Step.ENABLE):
        story.both(step)


def noted(story: Story, boot_id: str, *, writable: bool, waits: bool = True) -> None:
    body = {"server": A.server, "boot_id": boot_id, "writable": writable}
    story.put(RecordKind.SERVING, {**body, "waits": waits})


def test_the_process_is_on_record_from_the_first_start(protected: Story) -> None:
    assert protected.ledger.serving == Serving(server=A.server, boot_id=BootId("a1"))


def test_an_older_journal_does_not_say_which_process() -> None:
    story = Story()
    story.put(RecordKind.ADOPTED, {"primary": render_member(A)}, epoch=0)
    assert story.ledger.serving is None
    noted(story, "a1", writable=True)
    assert story.ledger.serving == Serving(server=A.server, boot_id=BootId("a1"))


def test_opening_again_ends_no_protection_and_suspects_nobody(protected: Story) -> None:
    """EARN came before: from the intent to the outcome commits wait for b."""
    begin(protected)
    protected.both(Step.EARN, **EARNED)
    protected.intent(Step.OPEN, Session(A.server, BootId("a2"), 5))
    assert protected.ledger.durability.protected
    assert protected.ledger.suspects == ()
    protected.outcome(Step.OPEN, "done", boot_id="a2")
    ledger = protected.ledger
    assert ledger.durability.protected
    assert (ledger.primary, ledger.suspects) == (A, ())
    assert [a.boot_id for a in ledger.ackers] == ["b1"]
    assert ledger.serving == Serving(server=A.server, boot_id=BootId("a2"))


def test_what_was_unprotected_is_covered_by_what_earn_earned(protected: Story) -> None:
    """The acker holds a row that was committed after everything before."""
    protected.start(RESTORE_PLAN, Step.DEGRADE)
    protected.both(Step.DEGRADE)
    protected.put(RecordKind.ENDED, {"end": "abandoned", "kind": "restore", "why": ""})
    assert not protected.ledger.durability.protected
    begin(protected)
    assert not protected.ledger.durability.protected
    protected.both(Step.EARN, **EARNED)
    assert protected.ledger.durability.protected


def test_with_durability_none_nothing_is_proven(protected: Story) -> None:
    """Nor is an order that may still arrive."""
    begin(protected, replace(REOPEN_PLAN, waits=False))
    protected.intent(Step.OPEN, Session(A.server, BootId("a2"), 5))
    protected.outcome(Step.OPEN, "unknown")
    protected.both(Step.EARN)
    assert len(protected.ledger.doubtful) == 1
    assert protected.ledger.earned_in == ""


def test_an_unanswered_open_stays_in_doubt(protected: Story) -> None:
    """Rule 5: a fence by SQL has to end that connection first."""
    begin(protected)
    protected.both(Step.EARN, **EARNED)
    sent = Session(A.server, BootId("a2"), 5)
    protected.intent(Step.OPEN, sent)
    protected.outcome(Step.OPEN, "unknown")
    assert protected.ledger.doubtful == (sent,)
    assert protected.ledger.durability.protected, "if it opened, its commits wait"


def test_confirming_that_it_lives_is_no_witness_of_its_loss(protected: Story) -> None:
    """Otherwise a failover right after would need no second vantage."""
    begin(protected)
    assert not protected.ledger.confirmed


@pytest.mark.parametrize("waits", [True, False])
def test_opened_by_hand_after_a_restart_is_unprotected(
    protected: Story, *, waits: bool
) -> None:
    """Semi-sync is off after a restart (rule 8), unless EARN switched it on there."""
    noted(protected, "a2", writable=True, waits=waits)
    assert protected.ledger.durability.protected is waits


def test_closed_stays_on_record_until_it_is_open(protected: Story) -> None:
    noted(protected, "a1", writable=False)
    assert protected.ledger.serving is not None
    assert protected.ledger.serving.closed
    noted(protected, "a1", writable=True)
    assert protected.ledger.serving == Serving(server=A.server, boot_id=BootId("a1"))


def test_an_approval_is_used_up_by_what_it_was_for(protected: Story) -> None:
    protected.put(RecordKind.APPROVED, {"what": "it", "by": "me"})
    assert protected.ledger.approved
    begin(protected)
    assert protected.ledger.approved == ""


def test_a_plan_names_its_process_in_the_journal_too() -> None:
    assert parse_plan(render_plan(REOPEN_PLAN)) == REOPEN_PLAN
    older = {k: v for k, v in render_plan(REOPEN_PLAN).items() if k != "boot_id"}
    assert parse_plan(older).boot_id == ""


@pytest.mark.parametrize("step", [Step.FOLLOW, Step.ENABLE, Step.EARN, Step.OPEN])
@pytest.mark.parametrize("answer", [Done(), Refused("meanwhile")])
def test_the_next_process_confirms_anew(
    protected: Story, step: Step, answer: Outcome
) -> None:
    """Under a new epoch, whatever the last one was about to do."""
    protected.start(REOPEN_PLAN, Step.CONFIRM)
    protected.intent(step)
    orders, end, book = resumed(protected, answer)
    assert orders[0] == "Confirm"
    assert book.ledger.epoch > REOPEN_PLAN.epoch
    assert end in {End.COMPLETED, End.ABANDONED}
    assert fold(book.journal.records()).run is None


def test_an_open_on_record_is_not_sent_again(protected: Story) -> None:
    protected.start(REOPEN_PLAN, Step.CONFIRM)
    protected.both(Step.OPEN, boot_id="a2")
    orders, end, _ = resumed(protected, Done())
    assert orders == ["CommitCanary", "VerifyEndToEnd"]
    assert end is End.COMPLETED
