"""The old primary's return, as decisions and as what the journal adds up to."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from controller.decide.codec import render_member
from controller.decide.decide import Decision, decide
from controller.decide.facts import CanaryFact, DoctorFact, Facts, ZoneFact
from controller.decide.ledger import Durability, Ending, Ledger
from controller.decide.old import PREEMPTED, STOPPED, Known, Laid, OldPrimary
from controller.decide.redundancy import find_spare
from controller.decide.rejoin import REJOIN, find_clean
from controller.decide.saga import End, Kind, Plan, Step
from controller.decide.standing import Serving
from controller.incident.record import RecordKind
from controller.model.commands import NO_BOOT, Acker, Member, Proof
from controller.model.ids import BootId, Epoch
from health.detector import Verdict
from replication.doctor.inspection import Finding, Severity
from replication.ports import Receiving, SourceSide
from tests.unit.test_ledger import FAILOVER_PLAN, Story
from tests.unit.test_saga_tables import reachable
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    A,
    B,
    C,
    a_server,
    a_wish,
    primary_gone,
    some_facts,
)

EXPOSED = Durability(protected=False, since_wall_s=1.0, why="test")


def with_old(known: Known = Known.NOTHING, saved: str = "", **changes: Any) -> Ledger:
    """Return the ledger of a primary a with acker b, and c an old primary."""
    old = OldPrimary(
        member=C,
        known=known,
        saved=saved,
        why="for a reason",
        against=changes.pop("against", A.server),
        at_mono_s=NOW_S - 60.0,
        left=Epoch(2),
    )
    found = replace(LEDGER, old=MappingProxyType({C.server: old}))
    return replace(found, **changes)


def ended(kind: Kind, age_s: float, end: End = End.ABANDONED) -> Ending:
    return Ending(
        kind=kind, about=C.server, end=end, at_mono_s=NOW_S - age_s, at_wall_s=0.0
    )


def begun(decision: Decision) -> tuple[Kind, Step]:
    assert decision.start is not None, decision
    return decision.start.plan.kind, decision.start.step


def acker_gone() -> Facts:
    """Return facts in which writes stall because b has died."""
    side = SourceSide(required=True, active=True, receivers=0, waiters=2)
    return some_facts(
        a_server(A, source_side=side),
        a_server(B, Verdict.DOWN, receiving=Receiving.STOPPED),
        canary=CanaryFact(durable_hung_s=1.0, durable_ok_age_s=1.0, local_ok_age_s=0.1),
    )


def test_an_old_primary_whose_zone_answers_is_compared() -> None:
    """Ended first; by proof (a) alone."""
    decision = decide(with_old(), some_facts(), POLICY)
    assert begun(decision) == (Kind.EXAMINE, Step.RETIRE)
    assert decision.start is not None
    plan = decision.start.plan
    assert (plan.lost, plan.target, plan.proofs) == (C, A, (Proof.PROCESS,))


@pytest.mark.parametrize(
    "ledger",
    [
        with_old(Known.CLEAN),
        with_old(Known.EXTRA, saved="here"),
        with_old(Known.UNKNOWN, endings=(ended(Kind.EXAMINE, 31.0),)),
        with_old(endings=(ended(Kind.EXAMINE, 29.0),)),
        with_old(suspects=(C,), endings=(ended(Kind.RETIRE, 1.0),)),
    ],
)
def test_it_is_not_looked_at_again_and_again(ledger: Ledger) -> None:
    """What is known is known; what could not be told waits; a suspect is ended first."""
    decision = decide(ledger, some_facts(), POLICY)
    assert decision.start is None or decision.start.plan.kind is not Kind.EXAMINE


def test_without_a_provisioner_nobody_can_look() -> None:
    """A person has to; that is said."""
    policy = replace(POLICY, examines=False)
    decision = decide(with_old(), some_facts(), policy)
    assert decision.start is None
    assert [v.name for v in decision.vetoes] == ["old_primary_unknown"]


def test_unknown_is_a_named_veto_that_nobody_waives() -> None:
    """Promise 7: also beside a site that is well."""
    ledger = with_old(Known.UNKNOWN, endings=(ended(Kind.EXAMINE, 1.0),))
    decision = decide(ledger, some_facts(), POLICY)
    (veto,) = decision.vetoes
    assert (veto.name, veto.overridable) == ("old_primary_unknown", False)
    assert "for a reason" in veto.reason


@pytest.mark.parametrize(
    ("ledger", "free"),
    [
        (with_old(), False),
        (with_old(Known.UNKNOWN), False),
        (with_old(Known.EXTRA), False),
        (with_old(Known.EXTRA, saved="here"), True),
        (with_old(Known.CLEAN), True),
    ],
)
def test_it_is_laid_anew_only_when_nothing_is_lost_with_it(
    ledger: Ledger, *, free: bool
) -> None:
    found = find_spare(ledger, some_facts(), POLICY, taken=(A.zone,))
    assert found == (C if free else None)


@pytest.mark.parametrize(("known", "saved"), [(Known.EXTRA, "here"), (Known.CLEAN, "")])
def test_what_was_compared_is_held_against_whoever_serves_as_it_is_now(
    known: Known, saved: str
) -> None:
    """It ran again since, or was compared with another: not laid, looked at anew."""
    runs = replace(a_server(C, Verdict.DOWN, receiving=Receiving.STOPPED), age_s=5.0)
    for ledger, facts in (
        (with_old(known, saved), some_facts(runs)),
        (with_old(known, saved, against=B.server), some_facts()),
    ):
        assert find_spare(ledger, facts, POLICY, taken=(A.zone,)) is None
        assert begun(decide(ledger, facts, POLICY)) == (Kind.EXAMINE, Step.RETIRE)
    before = replace(runs, age_s=61.0)
    found = find_spare(
        with_old(known, saved), some_facts(before), POLICY, taken=(A.zone,)
    )
    assert found == C


@pytest.mark.parametrize("protected", [True, False])
def test_a_failover_lays_what_was_compared_with_the_lost_primary_if_that_was_protected(
    *, protected: bool
) -> None:
    """Then the newest acker has all the lost one had; else nobody has looked."""
    ledger = with_old(Known.EXTRA, saved="here")
    if not protected:
        wish = a_wish("unprotected", "acker_unproven")
        ledger = replace(ledger, durability=EXPOSED, wish=wish)
    decision = decide(ledger, primary_gone(), POLICY)
    assert begun(decision) == (Kind.FAILOVER, Step.CONFIRM)
    assert decision.start is not None
    assert decision.start.plan.acks_revocable is protected
    assert decision.start.plan.spare == (C if protected else None)


@pytest.mark.parametrize(("laid", "clean"), [(None, C), (1, C), (2, None), (5, None)])
def test_who_was_left_before_the_primary_was_laid_gets_a_copy(
    laid: int | None, clean: Member | None
) -> None:
    """What it lacks came with the primary's own copy and is in none of its logs."""
    ledger = with_old(Known.CLEAN, durability=EXPOSED, ackers=())
    if laid is not None:
        found = {A.server: Laid(epoch=Epoch(laid))}
        ledger = replace(ledger, laid=MappingProxyType(found))
    facts = some_facts(a_server(B, Verdict.DOWN))
    assert find_clean(ledger, facts, POLICY) == clean
    kind = Kind.REJOIN if clean else Kind.RESTORE
    assert begun(decide(ledger, facts, POLICY))[0] is kind


def test_what_was_asked_of_the_primary_before_pauses_nothing() -> None:
    """Its successor is asked at once: redundancy waits for the answer."""
    ledger = with_old(endings=(ended(Kind.EXAMINE, 5.0, End.COMPLETED),))
    assert decide(ledger, some_facts(), POLICY).start is None
    for opened_ago_s, asked in ((10.0, False), (3.0, True)):
        serving = Serving(
            server=A.server,
            boot_id=BootId("boot-db-a"),
            at_mono_s=NOW_S - opened_ago_s,
        )
        found = decide(replace(ledger, serving=serving), some_facts(), POLICY)
        assert (found.start is not None) is asked


def test_a_clean_one_is_the_copy_that_is_wanted() -> None:
    """Instead of a new one; compared once more on the way."""
    ledger = with_old(Known.CLEAN, durability=EXPOSED, ackers=())
    facts = some_facts(a_server(B, Verdict.DOWN))
    assert begun(decide(ledger, facts, POLICY)) == (Kind.REJOIN, Step.RETIRE)
    stalled = decide(with_old(Known.CLEAN), acker_gone(), POLICY)
    assert begun(stalled) == (Kind.REJOIN, Step.DEGRADE)


def test_a_clean_one_whose_disk_may_lie_is_laid_anew() -> None:
    """A power cut may have taken out of its log what its tables have."""
    lies = Finding(
        server=C.server,
        name="not_on_disk",
        severity=Severity.WARNING,
        what="sync_binlog is 0",
        cost="x",
        mend="y",
    )
    ledger = with_old(Known.CLEAN, durability=EXPOSED, ackers=())
    facts = some_facts(
        a_server(B, Verdict.DOWN), doctor=DoctorFact(looks={}, findings=(lies,))
    )
    assert begun(decide(ledger, facts, POLICY)) == (Kind.RESTORE, Step.PROVISION)


def test_no_copy_has_the_comparison_done_first() -> None:
    """Nobody else is free: it is compared, because then it may be of use."""
    ledger = with_old(durability=EXPOSED, ackers=())
    facts = some_facts(a_server(B, Verdict.DOWN))
    facts = replace(facts, zones={**facts.zones, B.zone: dead(facts, B)})
    assert begun(decide(ledger, facts, POLICY)) == (Kind.EXAMINE, Step.RETIRE)


def dead(facts: Facts, member: Member) -> ZoneFact:
    return replace(facts.zones[member.zone], services={})


def test_it_rejoins_only_by_way_of_the_comparison_and_the_register() -> None:
    """The table: no way to ATTACH without both, and none from `not clean`."""
    for needed in (Step.RETIRE, Step.COMPARE, Step.REGISTER):
        assert Step.ATTACH not in reachable(REJOIN, Step.DEGRADE, without=needed)
    row = REJOIN[Step.COMPARE]
    for other in (row.refused, row.unknown):
        assert Step.RESUME not in reachable(REJOIN, other)


def test_one_that_cannot_follow_on_its_own_data_makes_room() -> None:
    """Its receiver stopped by itself; nobody ever relied on it."""
    tried = ended(Kind.REJOIN, 11.0, End.UNDER_REPLICATED)
    ackers = (Acker(server=C.server, zone=C.zone, boot_id=NO_BOOT),)
    ledger = replace(LEDGER, durability=EXPOSED, ackers=ackers, endings=(tried,))
    stopped = a_server(C, receiving=Receiving.STOPPED)
    facts = some_facts(a_server(B, Verdict.DOWN), stopped)
    facts = replace(facts, zones={**facts.zones, B.zone: dead(facts, B)})
    decision = decide(ledger, facts, POLICY)
    assert begun(decision) == (Kind.RETIRE, Step.RETIRE)
    assert decision.start is not None
    assert decision.start.plan.lost == C
    for later in (
        replace(ledger, endings=(tried, ended(Kind.RESTORE, 10.5))),
        replace(ledger, endings=(ended(Kind.REJOIN, 11.0, End.COMPLETED),)),
    ):
        assert begun(decide(later, facts, POLICY)) == (Kind.RESTORE, Step.REGISTER)


def test_an_old_primary_that_follows_by_hand_is_no_copy() -> None:
    """Promise 7: only who laid it anew knows what is in it."""
    ledger = with_old(Known.CLEAN, durability=EXPOSED, ackers=())
    facts = some_facts(a_server(C), a_server(B, Verdict.DOWN))
    decision = decide(ledger, facts, POLICY)
    assert "old_primary_follows" in {v.name for v in decision.vetoes}
    assert begun(decision) == (Kind.REJOIN, Step.RETIRE)


# ---- the fold ------------------------------------------------------------------

EXAMINE_PLAN = Plan(
    kind=Kind.EXAMINE, epoch=Epoch(3), lost=A, target=B, proofs=(Proof.PROCESS,)
)


@pytest.fixture
def moved() -> Story:
    """B was opened in place of a."""
    story = Story()
    story.put(RecordKind.ADOPTED, {"primary": render_member(A)}, epoch=0)
    story.start(FAILOVER_PLAN, Step.CONFIRM)
    story.both(Step.FENCE, proof="process")
    story.both(Step.OPEN)
    story.put(RecordKind.ENDED, {"end": "completed", "kind": "failover", "why": ""})
    story.start(EXAMINE_PLAN, Step.RETIRE)
    return story


def refuse(story: Story, outcome: str, reason: str) -> None:
    story.intent(Step.COMPARE)
    body = {"step": "compare", "attempt": 1, "outcome": outcome, "reason": reason}
    story.put(RecordKind.OUTCOME, body)


def test_who_was_left_is_an_old_primary(moved: Story) -> None:
    """Nothing is known of it yet."""
    assert moved.ledger.old == {
        A.server: OldPrimary(member=A, covered=True, left=Epoch(2))
    }
    assert not moved.ledger.old[A.server].may_be_laid_anew(B)


def test_clean_is_on_record_until_it_runs_again(moved: Story) -> None:
    moved.both(Step.COMPARE, told="all of it", against=B.server)
    found = moved.ledger.old[A.server]
    assert (found.known, found.why, found.against) == (
        Known.CLEAN,
        "all of it",
        B.server,
    )
    moved.intent(Step.RESUME)
    assert moved.ledger.old == {
        A.server: OldPrimary(member=A, covered=True, left=Epoch(2))
    }
    assert A.server not in moved.ledger.retired


def test_extra_may_be_laid_anew_once_it_is_saved(moved: Story) -> None:
    refuse(moved, "refused", "2 transactions")
    found = moved.ledger.old[A.server]
    assert (found.known, found.may_be_laid_anew(B)) == (Known.EXTRA, False)
    assert (found.covered, found.left) == (True, Epoch(2))
    moved.both(Step.SAVE, archive="there")
    assert moved.ledger.old[A.server].may_be_laid_anew(B)
    moved.both(Step.REPORT, report="there/report.json", transactions="2")
    found = moved.ledger.old[A.server]
    assert (found.saved, found.report, found.counts["transactions"]) == (
        "there",
        "there/report.json",
        "2",
    )


@pytest.mark.parametrize("protected", [True, False])
def test_what_was_compared_holds_for_the_next_if_the_last_was_left_protected(
    moved: Story, *, protected: bool
) -> None:
    """It was held against the one that is left now; what was kept stays on record."""
    refuse(moved, "refused", "2 transactions")
    moved.both(Step.SAVE, archive="there")
    moved.put(RecordKind.ENDED, {"end": "completed", "kind": "examine", "why": ""})
    plan = replace(FAILOVER_PLAN, lost=B, target=C, epoch=Epoch(4))
    moved.start(replace(plan, acks_revocable=protected), Step.CONFIRM)
    moved.both(Step.FENCE, proof="process")
    moved.both(Step.OPEN)
    found = moved.ledger.old[A.server]
    held = (Known.EXTRA, C.server) if protected else (Known.NOTHING, None)
    assert (found.known, found.against, found.saved) == (*held, "there")
    assert found.may_be_laid_anew(C) is protected


def test_who_is_laid_and_at_which_position_is_on_record(moved: Story) -> None:
    """From the intent on its data may be a copy."""
    assert C.server not in moved.ledger.laid
    moved.start(replace(FAILOVER_PLAN, spare=C, epoch=Epoch(4)), Step.PROVISION)
    moved.intent(Step.PROVISION)
    assert moved.ledger.laid[C.server] == Laid(epoch=Epoch(4))
    moved.outcome(Step.PROVISION, "done", position="0-1-7", bytes="9")
    assert moved.ledger.laid[C.server] == Laid(epoch=Epoch(4), position="0-1-7")
    assert moved.ledger.laid_at(C) == "0-1-7"


def test_what_was_compared_is_forgotten_once_it_answers(moved: Story) -> None:
    """Also when it is down again before anybody needs its zone."""
    moved.both(Step.COMPARE, told="all of it", against=B.server)
    for verdict, known in (("down", Known.CLEAN), ("ok", Known.NOTHING)):
        body = {"subject": f"database {A.server}", "verdict": verdict, "reason": ""}
        moved.put(RecordKind.VERDICT, body)
        assert moved.ledger.old[A.server].known is known


def test_what_nobody_waited_for_says_nothing(moved: Story) -> None:
    refuse(moved, "unknown", "binlog.000007: it is encrypted")
    assert moved.ledger.old[A.server].known is Known.UNKNOWN
    for reason in (STOPPED, f"{PREEMPTED}a zone is lost"):
        refuse(moved, "unknown", reason)
        assert moved.ledger.old[A.server].known is Known.NOTHING


def test_a_person_may_give_it_up(moved: Story) -> None:
    moved.put(RecordKind.GIVEN_UP, {"server": A.server, "why": "test"})
    assert not moved.ledger.old


def test_laid_anew_or_registered_it_is_no_old_primary(moved: Story) -> None:
    for step in (Step.PROVISION, Step.REGISTER):
        story = Story()
        for record in moved.journal.records():
            story.put(record.kind, record.body)
        story.put(RecordKind.ENDED, {"end": "completed", "kind": "examine", "why": ""})
        story.start(replace(EXAMINE_PLAN, kind=Kind.RESTORE, lost=None, spare=A), step)
        story.intent(step)
        assert not story.ledger.old
