"""A maintenance window: what it holds, what it lets through, and when it is over."""

from dataclasses import replace

import pytest

from controller.cli.show_calm import calm_lines
from controller.decide.confirm import judged
from controller.decide.decide import Decision, decide
from controller.decide.declared import EVERYWHERE, WINDOW_MAX_S, Window, left_s
from controller.decide.ledger import Ledger, apply
from controller.decide.maintenance import expiry_notes, maintenance_tree
from controller.decide.outlook import outlook_tree
from controller.decide.saga import Kind, Run, Step
from controller.incident.record import Record, RecordKind
from controller.model.commands import Acker
from controller.model.ids import BootId, Epoch, IncidentId, ZoneId
from controller.model.outcomes import Done
from replication.ports import Receiving
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


def window(zone: ZoneId, *, for_s: float = 60.0, owner: str = "ann") -> Window:
    """Return a window that began a moment ago."""
    return Window(
        zone=zone,
        owner=owner,
        reason="new kernel",
        for_s=for_s,
        at_mono_s=NOW_S - 1,
        at_wall_s=WALL_S - 1,
    )


def in_window(*windows: Window, ledger: Ledger = LEDGER) -> Ledger:
    return replace(ledger, windows=windows)


def names(decision: Decision) -> list[str]:
    return [v.name for v in decision.vetoes]


def a_record(*, mono_s: float, wall_s: float, **body: object) -> Record:
    """Return a record of the window's own kind; without a body, of a daemon's start."""
    return Record(
        seq=1,
        at_wall_s=wall_s,
        at_mono_s=mono_s,
        incident=IncidentId(""),
        epoch=Epoch(0),
        kind=RecordKind.MAINTENANCE if body else RecordKind.DAEMON_STARTED,
        body=body,
    )


def begun(zone: str = "a", owner: str = "ann", for_s: float = 60.0) -> Record:
    said = {"act": "start", "zone": zone, "owner": owner, "reason": "r", "for_s": for_s}
    return a_record(mono_s=NOW_S, wall_s=WALL_S, **said)


@pytest.mark.parametrize("zone", [A.zone, EVERYWHERE])
def test_nobody_is_moved_away_by_itself(zone: ZoneId) -> None:
    """The loss is seen and named; the veto says whose window it is, and until when."""
    found = decide(in_window(window(zone)), primary_gone(), POLICY)
    assert found.start is None
    assert "db-a in zone a is lost" in found.trouble
    veto = next(v for v in found.vetoes if v.name == "maintenance")
    assert "ann: new kernel" in veto.reason
    assert "until 1970-01-01 01:24 UTC" in veto.reason
    assert veto.overridable


def test_a_zone_in_maintenance_is_no_successor() -> None:
    found = decide(in_window(window(B.zone)), primary_gone(), POLICY)
    assert (found.start, names(found)) == (None, ["maintenance"])


def test_another_candidate_is_preferred() -> None:
    """With two ackers the one outside the window is promoted."""
    two = replace(
        LEDGER,
        ackers=(
            *LEDGER.ackers,
            Acker(server=C.server, zone=C.zone, boot_id=BootId("boot-db-c")),
        ),
    )
    facts = primary_gone()
    third = a_server(C, receiving=Receiving.CONNECTING, silent_s=2.0)
    facts = replace(facts, servers={**facts.servers, C.server: third})
    policy = replace(POLICY, replicas_wanted=2)
    free, held = (
        decide(x, facts, policy) for x in (two, in_window(window(B.zone), ledger=two))
    )
    assert free.start is not None
    assert held.start is not None
    assert (free.start.plan.target, held.start.plan.target) == (B, C)


def test_an_idle_zone_in_maintenance_holds_no_failover() -> None:
    found = decide(in_window(window(C.zone)), primary_gone(), POLICY)
    assert found.start is not None


def test_no_copy_is_laid_where_people_work() -> None:
    """The failover goes on without a spare; the copy waits for the end of the window."""
    found = decide(in_window(window(C.zone)), primary_gone(), POLICY)
    assert found.start is not None
    assert found.start.plan.spare is None


@pytest.mark.parametrize("zone", [A.zone, EVERYWHERE])
def test_a_person_moves_out_of_a_window(zone: ZoneId) -> None:
    ledger = replace(in_window(window(zone)), wish=a_wish())
    assert decide(ledger, primary_gone(), POLICY).start is not None


def test_a_person_moves_into_a_window_by_its_name_only() -> None:
    """Somebody else may be about to take that zone down."""
    ledger = in_window(window(B.zone))
    held = decide(replace(ledger, wish=a_wish()), primary_gone(), POLICY)
    named = decide(replace(ledger, wish=a_wish("maintenance")), primary_gone(), POLICY)
    assert names(held) == ["maintenance"]
    assert named.start is not None


@pytest.mark.parametrize(("zone", "moves"), [(A.zone, True), (B.zone, False)])
def test_a_planned_move_leaves_a_window_and_enters_none(
    zone: ZoneId, *, moves: bool
) -> None:
    wish = replace(a_wish(), planned=True)
    facts = replace(some_facts(), transactions=())
    found = decide(replace(in_window(window(zone)), wish=wish), facts, POLICY)
    assert (found.start is not None) is moves
    assert ("maintenance" in names(found)) is not moves


def test_a_planned_move_that_meets_its_loss_goes_on_as_a_failover() -> None:
    """Somebody is leaving the zone just now: that it dies meanwhile is no news."""
    wish = replace(a_wish(), planned=True)
    facts = replace(some_facts(), transactions=())
    moving = decide(replace(in_window(window(A.zone)), wish=wish), facts, POLICY).start
    assert moving is not None
    run = Run(plan=moving.plan, step=Step.CATCH_UP)
    found = decide(replace(in_window(window(A.zone)), run=run), primary_gone(), POLICY)
    assert found.start is not None
    assert found.start.plan.kind is Kind.FAILOVER


@pytest.mark.parametrize("zone", [A.zone, B.zone, EVERYWHERE])
def test_a_failover_under_way_is_not_stopped(zone: ZoneId) -> None:
    """CONFIRM is asked again after a restart of the controller, in mid-failover."""
    start = decide(LEDGER, primary_gone(), POLICY).start
    assert start is not None
    running = replace(
        in_window(window(zone)), run=Run(plan=start.plan, step=start.step)
    )
    assert isinstance(judged(running, primary_gone(), POLICY, start.plan), Done)


def test_it_is_shown_while_all_is_well() -> None:
    found = decide(in_window(window(C.zone), window(A.zone)), some_facts(), POLICY)
    assert (found.trouble, names(found)) == ("", ["maintenance", "maintenance"])


def test_over_is_over() -> None:
    """An expired window holds nothing, noted or not."""
    ledger = in_window(window(A.zone, for_s=1.0))
    assert decide(ledger, primary_gone(), POLICY).start is not None
    (body,) = expiry_notes(ledger, some_facts())
    assert (body["act"], body["zone"], body["owner"]) == ("expire", "a", "ann")
    assert expiry_notes(in_window(window(A.zone)), some_facts()) == ()


@pytest.mark.parametrize(
    ("now_s", "wall_s", "left"),
    [
        (NOW_S + 20, WALL_S + 20, 40.0),
        (NOW_S + 20, WALL_S - 3600, 40.0),  # the wall clock was set back
        (NOW_S + 20, WALL_S + 3600, 0.0),  # and forward: rather over too early
        (30.0, WALL_S + 20, 30.0),  # the machine restarted, and is up for 30 s
        (30.0, WALL_S - 3600, 30.0),  # the same, and its clock is wrong
        (NOW_S + 20, WALL_S + 50, 10.0),  # suspended, or restarted long ago
    ],
)
def test_no_clock_makes_it_longer(now_s: float, wall_s: float, left: float) -> None:
    """Whatever a clock does, the one that says more counts."""
    opened = Window(
        zone=A.zone,
        owner="ann",
        reason="r",
        for_s=60.0,
        at_mono_s=NOW_S,
        at_wall_s=WALL_S,
    )
    assert left_s(opened, now_s, wall_s) == pytest.approx(left)


def test_what_was_spent_before_a_restart_stays_spent() -> None:
    """A wall clock that is set back after a restart brings nothing back."""
    ledger = apply(Ledger(), begun())
    ledger = apply(ledger, a_record(mono_s=NOW_S + 40, wall_s=WALL_S + 40))
    (kept,) = ledger.windows
    assert left_s(kept, 5.0, WALL_S - 3600) == pytest.approx(15.0)


def test_nobody_can_say_more_than_three_days() -> None:
    """Not even a journal that was written by hand."""
    (kept,) = apply(Ledger(), begun(for_s=10 * WINDOW_MAX_S)).windows
    assert left_s(kept, NOW_S, WALL_S) == WINDOW_MAX_S


def test_windows_of_two_people_stand_side_by_side() -> None:
    """Saying it again is a new time for one's own; ending is by owner, or of all."""
    ledger = Ledger()
    for record in (begun(), begun(owner="bob"), begun(for_s=90.0)):
        ledger = apply(ledger, record)
    assert {(w.owner, w.for_s) for w in ledger.windows} == {
        ("ann", 90.0),
        ("bob", 60.0),
    }
    end = {"act": "end", "zone": "a", "owner": "bob"}
    ledger = apply(ledger, a_record(mono_s=NOW_S, wall_s=WALL_S, **end))
    assert [w.owner for w in ledger.windows] == ["ann"]


def test_the_journal_is_no_place_to_collect_them() -> None:
    """What is over goes when the next one is said."""
    ledger = apply(Ledger(), begun(for_s=1.0))
    later = replace(begun(owner="bob"), at_mono_s=NOW_S + 5, at_wall_s=WALL_S + 5)
    assert [w.owner for w in apply(ledger, later).windows] == ["bob"]


def test_the_outlook_says_it_too() -> None:
    """`sitedr plan --lose a`: it would not act, and why."""
    tree = outlook_tree(in_window(window(A.zone)), some_facts(), POLICY, A.zone)
    assert not tree["would_act"]
    told = tree["vetoes"]
    assert isinstance(told, list)
    assert "maintenance" in [v["name"] for v in told]


@pytest.mark.parametrize(("veto", "lines"), [("maintenance", 0), ("halted", 1)])
def test_a_window_is_in_the_table_once(veto: str, lines: int) -> None:
    """By its veto, or, where none is shown, as a line of its own."""
    ledger = in_window(window(A.zone))
    tree = {
        "maintenance": maintenance_tree(ledger, some_facts()),
        "vetoes": [{"name": veto, "reason": "x", "overridable": True}],
    }
    assert len(calm_lines(tree)) == lines
