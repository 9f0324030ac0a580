"""The ledger: every doubt falls on the unsafe side, replay equals the live fold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from controller.decide.codec import render_member, render_plan, render_session
from controller.decide.ledger import Ledger, fold
from controller.decide.saga import End, Kind, Plan, Step
from controller.incident.journal import MemoryJournal
from controller.incident.record import RecordKind
from controller.model.commands import Acker, Member, Proof
from controller.model.ids import BootId, Epoch, IncidentId
from replication.ports import Session
from tests.unit.world_facts import A, B, C

DONE: Mapping[str, object] = {"outcome": "done", "evidence": {}}
SESSION = Session(B.server, BootId("b1"), 17)


@dataclass
class Ticks:
    """A clock that moves by one at each reading."""

    now_s: float = 0.0

    def monotonic_s(self) -> float:
        self.now_s += 1.0
        return self.now_s

    def wall_s(self) -> float:
        return self.monotonic_s()


FAILOVER_PLAN = Plan(
    kind=Kind.FAILOVER,
    epoch=Epoch(2),
    lost=A,
    target=B,
    ackers=(Acker(server=B.server, zone=B.zone, boot_id=BootId("b1")),),
    spare=C,
    acks_revocable=True,
    proofs=(Proof.PROCESS,),
    why="a is lost",
)
RESTORE_PLAN = replace(FAILOVER_PLAN, kind=Kind.RESTORE, lost=None, target=A, spare=B)


class Story:
    """Writes records as the driver does and folds them."""

    def __init__(self) -> None:
        self.journal = MemoryJournal(Ticks())

    def put(self, kind: RecordKind, body: Mapping[str, object], epoch: int = 2) -> None:
        self.journal.append(kind, body, incident=IncidentId("i1"), epoch=Epoch(epoch))

    def start(self, plan: Plan, step: Step) -> None:
        self.put(RecordKind.STARTED, {"plan": render_plan(plan), "step": step.value})

    def intent(self, step: Step, *sessions: Session) -> None:
        body = {"step": step.value, "attempt": 1, "why": f"why {step.value}"}
        told = [render_session(s) for s in sessions]
        self.put(RecordKind.INTENT, {**body, "sessions": told})

    def outcome(self, step: Step, outcome: str, **evidence: str) -> None:
        body = {"step": step.value, "attempt": 1, "outcome": outcome}
        self.put(RecordKind.OUTCOME, {**body, "evidence": evidence})

    def both(self, step: Step, outcome: str = "done", **evidence: str) -> None:
        self.intent(step)
        self.outcome(step, outcome, **evidence)

    @property
    def ledger(self) -> Ledger:
        return fold(self.journal.records())


@pytest.fixture
def protected() -> Story:
    """A cluster in which b earned `protected` as the acker of a."""
    story = Story()
    story.put(RecordKind.ADOPTED, {"primary": render_member(A)}, epoch=0)
    story.start(RESTORE_PLAN, Step.REGISTER)
    story.both(Step.REGISTER)
    story.both(Step.PROTECT, acker=B.server, acker_boot_id="b1", gtid="u:1")
    story.put(RecordKind.ENDED, {"end": "completed", "kind": "restore", "why": ""})
    return story


def test_protected_is_earned_by_an_outcome_with_an_acker(protected: Story) -> None:
    """Rule 4: boot id of the acker stored with it."""
    ledger = protected.ledger
    assert ledger.durability.protected
    assert ledger.ackers == (Acker(server=B.server, zone=B.zone, boot_id=BootId("b1")),)
    assert ledger.run is None


def test_a_protect_without_a_receiving_acker_earns_nothing() -> None:
    """`_status = ON` alone proves nothing."""
    story = Story()
    story.put(RecordKind.ADOPTED, {"primary": render_member(A)}, epoch=0)
    story.start(RESTORE_PLAN, Step.REGISTER)
    story.both(Step.REGISTER)
    story.both(Step.PROTECT, gtid="u:1")
    assert not story.ledger.durability.protected


def test_the_intent_to_degrade_is_unprotected_already(protected: Story) -> None:
    """Recorded first: whatever becomes of the order, proof (b) is gone."""
    protected.start(RESTORE_PLAN, Step.DEGRADE)
    protected.intent(Step.DEGRADE, SESSION)
    ledger = protected.ledger
    assert not ledger.durability.protected
    assert ledger.durability.since_wall_s > 0


@pytest.mark.parametrize(
    ("outcome", "protected_after"),
    [("refused", True), ("unknown", False), ("done", False)],
)
def test_only_a_certain_refusal_takes_the_degrade_back(
    protected: Story, outcome: str, *, protected_after: bool
) -> None:
    """Not sent is not degraded; an unanswered order counts as carried out."""
    protected.start(RESTORE_PLAN, Step.DEGRADE)
    protected.intent(Step.DEGRADE, SESSION)
    protected.outcome(Step.DEGRADE, outcome)
    assert protected.ledger.durability.protected is protected_after


def test_a_refusal_after_an_unanswered_degrade_takes_nothing_back(
    protected: Story,
) -> None:
    """The first attempt may still be executed."""
    protected.start(RESTORE_PLAN, Step.DEGRADE)
    protected.intent(Step.DEGRADE, SESSION)
    protected.outcome(Step.DEGRADE, "unknown")
    body = {"step": "degrade", "attempt": 2, "doubt": True, "why": "again"}
    protected.put(RecordKind.INTENT, {**body, "sessions": []})
    protected.outcome(Step.DEGRADE, "refused")
    assert not protected.ledger.durability.protected


def test_registration_is_the_intent_not_the_outcome() -> None:
    """Rule 2: in the journal before the server may connect."""
    story = Story()
    story.put(RecordKind.ADOPTED, {"primary": render_member(A)}, epoch=0)
    story.start(RESTORE_PLAN, Step.REGISTER)
    story.intent(Step.REGISTER)
    assert [a.server for a in story.ledger.ackers] == [B.server]


def test_the_intent_to_open_makes_a_suspect_and_ends_protection(
    protected: Story,
) -> None:
    """Rule 5: after an unknown OPEN that server counts as a primary."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.both(Step.UNPROTECT)
    assert protected.ledger.durability.protected, "the old primary still waits"
    protected.intent(Step.OPEN, SESSION)
    protected.outcome(Step.OPEN, "unknown")
    ledger = protected.ledger
    assert B in ledger.suspects
    assert not ledger.durability.protected
    assert ledger.primary == A
    assert ledger.doubtful == (SESSION,)


def test_an_open_certainly_refused_leaves_no_suspect(protected: Story) -> None:
    """Refused means certainly not in place."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.both(Step.OPEN, "refused")
    assert B not in protected.ledger.suspects
    assert protected.ledger.durability.protected, "the old primary's acks still count"


def test_an_open_refused_in_doubt_leaves_everything_in_doubt(protected: Story) -> None:
    """An attempt before it went unanswered and may be in place."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.both(Step.OPEN, "unknown")
    body = {"step": "open", "attempt": 2, "doubt": True, "why": "again"}
    protected.put(RecordKind.INTENT, {**body, "sessions": []})
    protected.outcome(Step.OPEN, "refused")
    assert B in protected.ledger.suspects
    assert not protected.ledger.durability.protected


@pytest.mark.parametrize("step", [Step.FENCE, Step.OPEN])
def test_doubt_outlives_the_controller(protected: Story, step: Step) -> None:
    """Answered with unknown, then kill -9: a later refusal takes nothing back."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.both(step, "unknown")
    assert protected.ledger.run is not None
    assert protected.ledger.run.doubt


def test_after_open_the_lost_primary_is_a_suspect_unless_proven_dead(
    protected: Story,
) -> None:
    """Proof (b) fences acknowledgements, it does not end the process."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.both(Step.FENCE, proof="acks_revoked")
    protected.both(Step.OPEN)
    ledger = protected.ledger
    assert ledger.primary == B
    assert ledger.suspects == (A,)
    assert ledger.ackers == ()


def test_a_lost_primary_proven_dead_is_retired(protected: Story) -> None:
    """Proof (a) ends its membership."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.both(Step.FENCE, proof="process")
    protected.both(Step.OPEN)
    ledger = protected.ledger
    assert ledger.suspects == ()
    assert ledger.retired == {A.server: "process"}


def test_a_doubtful_unfreeze_is_settled_only_by_a_later_freeze(
    protected: Story,
) -> None:
    """FREEZE proves the old connections gone before it is done."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.intent(Step.UNFREEZE, SESSION)
    protected.outcome(Step.UNFREEZE, "unknown")
    protected.both(Step.UNHOLD)
    assert list(protected.ledger.doubtful) == [SESSION]
    protected.both(Step.FREEZE)
    assert list(protected.ledger.doubtful) == []


def test_a_halt_stays_until_somebody_resumes(protected: Story) -> None:
    """Automation stops; `resume` is a person's word."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.put(
        RecordKind.ENDED, {"end": End.HALTED.value, "kind": "failover", "why": "open"}
    )
    assert protected.ledger.halted == "open; look, then `sitedr resume`"
    protected.put(RecordKind.RESUMED, {})
    assert protected.ledger.halted == ""


def test_epochs_only_grow(protected: Story) -> None:
    """A late record of an older epoch does not take the epoch back."""
    protected.put(RecordKind.NOTIFIED, {}, epoch=9)
    protected.put(RecordKind.NOTIFIED, {}, epoch=3)
    assert protected.ledger.epoch == 9


def test_replay_in_two_halves_is_replay_as_a_whole(protected: Story) -> None:
    """Promise 5: any crash point folds to the same state."""
    protected.start(FAILOVER_PLAN, Step.CONFIRM)
    protected.both(Step.FENCE, proof="acks_revoked")
    protected.intent(Step.OPEN, SESSION)
    records = protected.journal.records()
    whole = fold(records)
    for cut in range(len(records) + 1):
        assert fold(records[cut:], fold(records[:cut])) == whole


@pytest.mark.parametrize(("subject", "stands"), [(A, False), (B, True)])
def test_an_approval_ends_with_the_trouble_it_was_for(
    protected: Story, subject: Member, *, stands: bool
) -> None:
    """A yes of this morning is none for another loss this evening."""
    protected.put(RecordKind.APPROVED, {"what": "primary db-a is lost"})
    told = {"subject": f"database {subject.server}", "verdict": "ok", "reason": ""}
    protected.put(RecordKind.VERDICT, told)
    assert bool(protected.ledger.approved) is stands


def test_an_approval_ends_with_the_daemon_it_was_given_to(protected: Story) -> None:
    """The primary may have been back, and lost again, while nobody looked."""
    protected.put(RecordKind.APPROVED, {"what": "a is lost", "by": "me"})
    assert protected.ledger.approved
    protected.put(RecordKind.DAEMON_STARTED, {"mode": "approve"})
    assert not protected.ledger.approved
