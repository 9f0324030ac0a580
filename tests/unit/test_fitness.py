"""What the doctor found as decisions see it: what counts, what holds, who is next."""

from dataclasses import replace

import pytest

from controller.decide.decide import decide
from controller.decide.facts import (
    NO_BOOT,
    DoctorFact,
    Facts,
    LookFact,
    Mode,
)
from controller.decide.fitness import (
    age_s,
    blockers,
    finding_notes,
    look_at,
    standing_findings,
)
from controller.decide.ledger import Durability, Ending, Ledger
from controller.decide.outlook import outlook_tree
from controller.decide.saga import End, Kind, Run, Step
from controller.decide.standing import Found
from controller.decide.status import sentence, status_tree
from controller.model.commands import Member
from controller.model.ids import BootId, ServerId
from health.detector import Verdict
from replication.doctor.inspection import Finding, Severity
from tests.unit.test_ledger import FAILOVER_PLAN
from tests.unit.world_facts import (
    LEDGER,
    NOW_S,
    POLICY,
    WALL_S,
    A,
    B,
    C,
    a_server,
    a_wish,
    primary_gone,
    some_facts,
)

FRESH = LookFact(asked_s=5.0, answered_s=5.0, boot_id=BootId("boot-db-a"))
LOOKS = {
    m.server: replace(FRESH, boot_id=BootId(f"boot-{m.server}")) for m in (A, B)
} | {C.server: LookFact()}


def a_finding(member: Member = B, severity: Severity = Severity.BLOCKER) -> Finding:
    return Finding(
        server=member.server,
        name="bypasses_read_only",
        severity=severity,
        what="'wp'@'%' has SUPER",
        cost="two primaries",
        mend="REVOKE SUPER ON *.* FROM 'wp'@'%'",
    )


def a_clash(*members: Member) -> Finding:
    among = tuple(m.server for m in members)
    return replace(a_finding(), server=None, name="same_server_id", among=among)


def told(*findings: Finding, facts: Facts | None = None, **looks: LookFact) -> Facts:
    """Return facts in which the doctor was told *findings*."""
    known = LOOKS | {ServerId(f"db-{zone}"): look for zone, look in looks.items()}
    doctor = DoctorFact(looks=known, findings=findings)
    return replace(facts or some_facts(), doctor=doctor)


def on_record(*findings: Finding, since_wall_s: float = WALL_S - 60) -> Ledger:
    return replace(LEDGER, findings=tuple(Found(f, since_wall_s) for f in findings))


def servers_of(trees: object) -> list[str]:
    assert isinstance(trees, list)
    return [tree["server"] for tree in trees]


def names(ledger: Ledger, facts: Facts) -> set[str]:
    return {v.name for v in decide(ledger, facts, POLICY).vetoes}


def test_a_blocker_holds_a_failover_and_names_server_finding_and_mend() -> None:
    decision = decide(LEDGER, told(a_finding(), facts=primary_gone()), POLICY)
    assert decision.start is None
    (veto,) = decision.vetoes
    assert veto.name == "doctor_blocker"
    assert veto.overridable
    for word in ("db-b", "bypasses_read_only", "'wp'@'%' has SUPER", "REVOKE SUPER"):
        assert word in veto.reason
    assert "(seen 5 s ago)" in veto.reason


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.UNKNOWN])
def test_nothing_lighter_holds(severity: Severity) -> None:
    found = a_finding(severity=severity)
    assert decide(LEDGER, told(found, facts=primary_gone()), POLICY).start is not None


def test_a_server_nobody_looked_at_holds_nothing_and_is_named_in_the_status() -> None:
    """Unknown is no blocker, and no fitness either."""
    facts = told(facts=primary_gone(), a=LookFact(), b=LookFact())
    assert decide(LEDGER, facts, POLICY).start is not None
    servers = status_tree(LEDGER, facts, POLICY, decide(LEDGER, facts, POLICY))
    doctor = servers["doctor"]
    assert isinstance(doctor, dict)
    assert doctor["servers"]["db-b"] == {"inspected_s": None, "why": "not asked yet"}
    assert doctor["servers"]["db-c"]["why"] == "not asked: test"


def test_a_person_overrides_it_by_its_own_name_alone() -> None:
    facts = told(a_finding(), facts=primary_gone())
    for overrides, held in ((("cooldown",), True), (("doctor_blocker",), False)):
        ledger = replace(LEDGER, wish=a_wish(*overrides))
        assert (decide(ledger, facts, POLICY).start is None) is held


def test_the_configuration_may_have_it_only_shown() -> None:
    policy = replace(POLICY, doctor_holds=False)
    facts = told(a_finding(), facts=primary_gone())
    decision = decide(LEDGER, facts, policy)
    assert decision.start is not None
    tree = status_tree(LEDGER, facts, policy, decision)["doctor"]
    assert isinstance(tree, dict)
    assert tree["counts"]["blocker"] == 1
    assert [f["holds"] for f in tree["findings"]] == [False]


@pytest.mark.parametrize("mode", list(Mode))
def test_it_is_said_before_there_is_need_of_a_failover(mode: Mode) -> None:
    """Without trouble no veto holds anything yet: the sentence says what would be."""
    policy = replace(POLICY, mode=mode)
    decision = decide(LEDGER, told(a_finding()), policy)
    assert [v.name for v in decision.vetoes] == ["doctor_blocker"]
    assert not decision.trouble
    said = sentence(LEDGER, decision)
    assert said == (
        "db-a serves, every write in two zones;"
        " no failover would begin by itself: doctor_blocker"
    )


def test_the_dry_run_shows_that_it_holds() -> None:
    tree = outlook_tree(LEDGER, told(a_finding()), POLICY, A.zone)
    assert tree["would_act"] is False
    vetoes = tree["vetoes"]
    assert isinstance(vetoes, list)
    (held,) = [v for v in vetoes if not v["explained_by_the_loss"]]
    assert held["name"] == "doctor_blocker"


def test_a_stall_is_ended_and_a_copy_made_in_spite_of_it() -> None:
    """Neither moves a primary."""
    stalled = replace(
        some_facts(a_server(B, Verdict.DOWN)),
        canary=replace(some_facts().canary, durable_hung_s=3.0, local_ok_age_s=0.1),
    )
    view = stalled.servers[A.server].view
    assert view is not None
    waiting = replace(view, source_side=replace(view.source_side, waiters=1))
    servers = {
        **stalled.servers,
        A.server: replace(stalled.servers[A.server], view=waiting),
    }
    facts = told(a_finding(A), facts=replace(stalled, servers=servers))
    start = decide(LEDGER, facts, POLICY).start
    assert start is not None
    assert start.step is Step.DEGRADE
    bare = Durability(protected=False, since_wall_s=1.0, why="degraded")
    ledger = replace(LEDGER, durability=bare, ackers=())
    start = decide(ledger, told(a_finding(A)), POLICY).start
    assert start is not None
    assert start.plan.kind is Kind.RESTORE


def test_who_has_no_role_holds_nothing() -> None:
    """A spare is laid anew before it gets one; what was retired is no member."""
    assert blockers(LEDGER, told(a_finding(C))) == ()
    suspect = replace(LEDGER, suspects=(C,))
    assert blockers(suspect, told(a_finding(C))) == (a_finding(C),)


def test_a_clash_needs_two_who_have_a_role() -> None:
    assert blockers(LEDGER, told(a_clash(A, C))) == ()
    assert len(blockers(LEDGER, told(a_clash(A, B)))) == 1
    assert len(blockers(LEDGER, told(a_clash(A, B, C)))) == 1


def test_what_is_on_record_counts_until_the_server_is_asked_again() -> None:
    """A restart of ours, and a server that is gone, mend nothing."""
    ledger = on_record(a_finding(A))
    lost = told(facts=primary_gone(), a=LookFact())
    assert names(ledger, lost) == {"doctor_blocker"}
    assert age_s(a_finding(A), ledger, lost) == pytest.approx(60.0)
    assert decide(ledger, told(facts=primary_gone()), POLICY).start is not None


def test_a_server_that_left_the_configuration_is_found_nothing_of() -> None:
    gone = Member(server=ServerId("db-x"), zone=C.zone)
    assert standing_findings(on_record(a_finding(gone)), told()) == ()


def test_a_clash_on_record_stands_until_all_of_it_was_asked() -> None:
    found = a_clash(A, B)
    ledger = on_record(found)
    assert standing_findings(ledger, told(b=LookFact())) == (found,)
    assert standing_findings(ledger, told()) == ()


def test_what_nothing_proves_any_more_is_still_a_blocker() -> None:
    """A SET at run time hides the files' value; the files are as they were."""
    ledger = on_record(a_finding())
    hidden = told(a_finding(severity=Severity.UNKNOWN), facts=primary_gone())
    assert standing_findings(ledger, hidden) == (a_finding(),)
    assert names(ledger, hidden) == {"doctor_blocker"}
    assert finding_notes(ledger, hidden) == []
    assert names(LEDGER, hidden) == set()


def test_a_server_that_will_not_say_has_mended_nothing() -> None:
    """The accounts were read once, and now the question is refused or times out."""
    open_question = replace(
        a_finding(severity=Severity.UNKNOWN), name="accounts_not_answered", mend="GRANT"
    )
    ledger = on_record(a_finding())
    assert names(ledger, told(open_question, facts=primary_gone())) == {
        "doctor_blocker"
    }
    elsewhere = replace(open_question, server=A.server)
    assert names(ledger, told(elsewhere, facts=primary_gone())) == set()


def test_the_journal_is_told_of_changes_only() -> None:
    """Other words of the same finding are no change; what cannot be proven is none."""
    found, unproven = a_finding(), a_finding(A, severity=Severity.UNKNOWN)
    (note,) = finding_notes(LEDGER, told(found, unproven))
    assert (servers_of(note["began"]), note["over"]) == (["db-b"], [])
    assert finding_notes(on_record(found), told(replace(found, what="longer"))) == []
    (note,) = finding_notes(on_record(found), told())
    assert (note["began"], servers_of(note["over"])) == ([], ["db-b"])


def test_whoever_answers_is_looked_at_at_once_and_then_now_and_then() -> None:
    never = LookFact()
    assert set(look_at(LEDGER, told(a=never, b=never), POLICY)) == {"db-a", "db-b"}
    assert look_at(LEDGER, told(), POLICY) == {}
    old = replace(LOOKS[A.server], asked_s=POLICY.inspect_s)
    assert look_at(LEDGER, told(a=old), POLICY) == {"db-a": BootId("boot-db-a")}


def test_a_new_process_is_looked_at_at_once() -> None:
    """A replica that was just provisioned, or whoever restarted with other files."""
    other = replace(LOOKS[B.server], boot_id=BootId("before"))
    assert set(look_at(LEDGER, told(b=other), POLICY)) == {"db-b"}
    assert set(look_at(LEDGER, told(b=replace(other, boot_id=NO_BOOT)), POLICY)) == {
        "db-b"
    }


@pytest.mark.parametrize(
    ("kind", "seen"),
    [(Kind.FAILOVER, 2), (Kind.RESTORE, 2), (Kind.RECONCILE, 0), (Kind.RETIRE, 0)],
)
def test_everybody_is_looked_at_after_roles_changed(kind: Kind, seen: int) -> None:
    ending = Ending(
        kind=kind,
        about=B.server,
        end=End.COMPLETED,
        at_mono_s=NOW_S - 1,
        at_wall_s=WALL_S - 1,
    )
    assert len(look_at(replace(LEDGER, endings=(ending,)), told(), POLICY)) == seen


def test_it_looks_again_sooner_while_something_is_to_be_mended() -> None:
    soon = replace(LOOKS[B.server], asked_s=POLICY.reinspect_s)
    assert look_at(LEDGER, told(b=soon), POLICY) == {}
    assert set(look_at(LEDGER, told(a_finding(), b=soon), POLICY)) == {"db-b"}
    failed = replace(soon, why="read: timed out")
    assert set(look_at(LEDGER, told(b=failed), POLICY)) == {"db-b"}


def test_nobody_is_looked_at_during_a_run_or_while_silent() -> None:
    running = replace(LEDGER, run=Run(plan=FAILOVER_PLAN, step=Step.PROVISION))
    never = told(a=LookFact(), b=LookFact())
    assert look_at(running, never, POLICY) == {}
    gone = told(facts=primary_gone(), a=LookFact(), b=LookFact())
    assert set(look_at(LEDGER, gone, POLICY)) == {"db-b"}
