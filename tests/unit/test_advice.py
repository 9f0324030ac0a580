"""What a person is told to do after a halt."""

from controller.act.notify import line_for
from controller.decide.advice import after_halt
from controller.decide.decide import decide
from controller.decide.saga import Step
from controller.incident.record import RecordKind
from tests.unit.test_ledger import FAILOVER_PLAN, RESTORE_PLAN, Story
from tests.unit.test_notify import ACTING, a_record
from tests.unit.world_facts import POLICY, A, primary_gone


def test_without_a_fence_proof_a_person_is_told_to_make_one() -> None:
    """The command is written out; the fence itself is never waived."""
    told = after_halt(FAILOVER_PLAN, Step.FENCE, Step.UNHOLD_FENCED)
    assert "nothing proves that db-a" in told
    assert "`sitedr resume`" in told
    assert "`sitedr failover --to b --why REASON --override cooldown`" in told


def test_after_an_unanswered_open_nobody_is_told_to_try_again() -> None:
    """Rule 5: that server counts as a primary."""
    told = after_halt(FAILOVER_PLAN, Step.OPEN, Step.OPEN)
    assert "db-b may accept writes" in told
    assert "failover --to" not in told
    refused = after_halt(FAILOVER_PLAN, Step.OPEN, Step.UNHOLD_FENCED)
    assert "db-b was not opened" in refused


def test_every_halt_says_how_to_end_it() -> None:
    for plan in (FAILOVER_PLAN, RESTORE_PLAN):
        for step in Step:
            assert "`sitedr resume`" in after_halt(plan, step, step), step


def test_the_veto_and_the_notice_say_the_same() -> None:
    """Promise 4, with what to do about it."""
    body = {
        "end": "halted",
        "kind": "failover",
        "why": "fence: no answer",
        "advice": "end it, then `sitedr resume`",
    }
    story = Story()
    story.put(
        RecordKind.ADOPTED, {"primary": {"server": A.server, "zone": A.zone}}, epoch=0
    )
    story.start(FAILOVER_PLAN, Step.CONFIRM)
    story.put(RecordKind.ENDED, body)
    (veto,) = decide(story.ledger, primary_gone(), POLICY).vetoes
    assert veto.reason == "fence: no answer; end it, then `sitedr resume`"
    notice = line_for(a_record(RecordKind.ENDED, body), ACTING)
    assert notice == "HALT: fence: no answer: end it, then `sitedr resume`"
