"""Whom a new replica is copied from: never the last acker's disk without a limit."""

from dataclasses import replace
from typing import Any

from controller.decide.choice import plan_failover
from controller.decide.codec import parse_plan, render_plan
from controller.decide.donor import choose_donor
from controller.decide.facts import Facts
from controller.decide.ledger import Ending
from controller.decide.restore import SUFFIX
from controller.decide.saga import End, Kind, Step
from controller.model.commands import Acker, EnsureInstance, EnsureSeeded, Member
from controller.model.ids import BootId, ServerId, ZoneId
from replication.ports import Receiving
from tests.unit.world_facts import LEDGER, POLICY, A, B, C, a_server, some_facts

D = Member(server=ServerId("db-d"), zone=ZoneId("d"))
ACKERS = tuple(
    Acker(server=m.server, zone=m.zone, boot_id=BootId(f"boot-{m.server}"))
    for m in (B, C)
)
ONE, TWO = replace(LEDGER, ackers=ACKERS[:1]), replace(LEDGER, ackers=ACKERS)
THROTTLED = replace(POLICY, copy_throttled=True)


def seen(**views: object) -> Facts:
    """Return facts in which b and c follow a; *views* changes c's view."""
    told: dict[str, Any] = {"source": "db-a:3306", "receiving": Receiving.YES}
    return some_facts(a_server(C, **(told | views)))


def test_with_another_acker_a_replica_is_the_donor() -> None:
    assert choose_donor(TWO, seen(), POLICY, target=A, spare=D) == B


def test_the_last_acker_is_no_donor_unless_the_copy_is_throttled() -> None:
    assert choose_donor(ONE, seen(), POLICY, target=A, spare=D) is None
    assert choose_donor(ONE, seen(), THROTTLED, target=A, spare=D) == B


def test_an_acker_that_does_not_receive_spares_nobody() -> None:
    deaf = seen(receiving=Receiving.STOPPED)
    assert choose_donor(TWO, deaf, POLICY, target=A, spare=D) is None
    assert choose_donor(TWO, deaf, THROTTLED, target=A, spare=D) == B


def test_with_durability_none_nobody_waits_for_a_replica() -> None:
    free = replace(POLICY, required_acks=False)
    assert choose_donor(ONE, seen(), free, target=A, spare=D) == B


def test_unfit_replicas_are_no_donors() -> None:
    only_c = replace(LEDGER, ackers=ACKERS[1:])
    for changes in (
        {"applying": False},
        {"writable": True},
        {"boot_id": BootId("another")},
        {"source": "db-x:3306"},
    ):
        found = choose_donor(only_c, seen(**changes), THROTTLED, target=A, spare=D)
        assert found is None, changes
    suspect = replace(only_c, suspects=(C,))
    assert choose_donor(suspect, seen(), THROTTLED, target=A, spare=D) is None
    assert choose_donor(only_c, seen(), THROTTLED, target=A, spare=C) is None


def test_after_a_copy_that_came_to_nothing_the_primary_is_asked() -> None:
    ending = Ending(
        kind=Kind.RESTORE,
        about=D.server,
        end=End.UNDER_REPLICATED,
        at_mono_s=0.0,
        at_wall_s=0.0,
    )
    tried = replace(TWO, endings=(ending,))
    assert choose_donor(tried, seen(), POLICY, target=A, spare=D) is None


def test_a_failover_copies_from_a_survivor_never_from_the_lost_or_the_target() -> None:
    assert choose_donor(TWO, seen(), THROTTLED, target=B, spare=D) == C
    assert choose_donor(TWO, seen(), POLICY, target=B, spare=D) is None  # c alone acks


def test_the_plan_names_the_donor_and_the_orders_go_to_it() -> None:
    plan = replace(plan_failover(TWO, seen(), POLICY, B), spare=D, donor=C)
    assert parse_plan(render_plan(plan)) == plan
    laid, seeded = SUFFIX[Step.PROVISION].order(plan), SUFFIX[Step.SEED].order(plan)
    assert isinstance(laid, EnsureInstance)
    assert isinstance(seeded, EnsureSeeded)
    assert (laid.donor, seeded.donor) == (C.server, C.server)
    old = dict(render_plan(plan))
    del old["donor"]  # as an earlier version wrote it
    assert parse_plan(old).donor is None
