"""Every checker sees its own planted violation, and none objects to a good story."""

from functools import partial

import pytest

from controller.rehearsal.checkers import SAFETY, broken_promises
from controller.rehearsal.liveness import (
    calm_brings_an_end,
    no_silence,
    writes_come_back,
)
from controller.rehearsal.reading import Case
from controller.rehearsal.routes import edges_on_the_route
from tests.sim.histories import history

GOOD = """
fact opened a epoch=1
able a
outcome protect done 1 acker=b
ack one a
fact killed a
able
started failover 2 a a
outcome confirm done 2
intent freeze 2
fact not_receiving b
outcome freeze done 2
intent fence 2
outcome fence done 2 proof=process
outcome drain done 2
intent open 2
fact opened b epoch=2
able b
outcome open done 2
intent reroute 2
fact routed pop1 epoch=2 write=b
outcome reroute done 2
intent release 2
fact routed pop1 epoch=2 write=b
ack two b
fact started a
fact seeded a
intent register 2
fact receiving a source=b
fact acks_required b receivers=1
outcome protect done 2 acker=a
ack three b
ended completed 2
"""

ROWS = {"b": frozenset({"one", "two", "three"})}


REPAIR = """
fact opened b epoch=2
started reconcile 3 pop2
intent reroute 3
fact routed pop2 epoch=3 write=b
ended completed 3
"""


IN_PLACE = """
fact opened b epoch=2
started reopen 3 a
outcome confirm done 3
outcome follow done 3
outcome enable done 3
outcome earn done 3 acker=a
intent open 3
fact opened b epoch=3 required=True
outcome open done 3
ended completed 3
"""


def without(line: str, text: str = GOOD) -> str:
    """Return *text* minus *line*."""
    assert line in text
    return text.replace(line + "\n", "", 1)


def after(line: str, added: str, text: str = GOOD) -> str:
    """Return *text* with *added* right after *line*."""
    assert line in text
    return text.replace(line + "\n", f"{line}\n{added}\n", 1)


PLANTED = {
    "one_acknowledger": after("able b", "able a b"),
    "nothing_lost_while_protected": after("ack one a", "ack gone a"),
    "old_primary_stays_silent": after("able b", "ack gone a"),
    "fence_before_open": without("outcome fence done 2 proof=process"),
    "fenced_stays_fenced": after("outcome fence done 2 proof=process", "able a\nable"),
    "recorded_first": without("intent open 2"),
    "sessions_recorded": GOOD.replace("intent open 2", "intent open 2 no-session"),
    "epochs_only_grow": after("ended completed 2", "started restore 2 a"),
    "only_where_the_errors_are": """
        fact opened a epoch=1
        fact traffic a good=0 bad=100
        fact traffic b good=0 bad=20
        able a
        able a
        started unasked 2 a b
    """,
    "abandoned_means_undone": """
        fact opened a epoch=1
        started failover 2 a
        fact not_receiving b
        ended abandoned 2
    """,
    "rerouted_after_open": after("intent fence 2", "intent reroute 2"),
    "unknown_open_is_never_undone": """
        started failover 2 a
        intent open 2
        outcome open unknown 2
        intent unfreeze 2
        outcome unfreeze done 2
    """,
    "no_needless_failover": without("fact killed a"),
    "ex_primary_is_seeded_first": without("fact seeded a"),
    "nobody_rejoins_with_more": GOOD.replace(
        "fact seeded a\nintent register 2\nfact receiving a source=b",
        "outcome compare done 2\nfact started a\nintent register 2\n"
        "fact receiving a source=b only_here=x",
    ),
    "compared_when_dead": "fact examined a process=up",
    "saved_before_laid_anew": GOOD.replace(
        "fact seeded a", "fact laid a only_here=x\nfact seeded a"
    ),
    "lost_writes_are_told_truly": """
        ack one a 7
        fact saved a extra=7 acknowledged=nobody
    """,
    "unknown_is_not_clean": """
        fact examined a process=dead garbled=1
        outcome compare done 2
    """,
    "refused_means_undone": GOOD.replace(
        "outcome open done 2", "outcome open refused 2"
    ),
    "proof_is_fresh": without("outcome confirm done 2"),
    "lossy_ids_are_told": GOOD.replace("failover 2 a a", "failover 2 a a lossy"),
    "registered_first": without("intent register 2"),
    "no_needless_degrade": """
        fact opened a epoch=1
        started restore 2 c
        intent degrade 2
    """,
    "source_side_needs_a_receiver": after(
        "outcome open done 2", "fact acks_required b receivers=0"
    ),
    "reconciled_to_the_primary": REPAIR.replace("write=b", "write=a"),
    "reconcile_touches_one_edge": REPAIR.replace("routed pop2", "routed pop1"),
    "old_epoch_changes_no_edge": REPAIR.replace(
        "routed pop2 epoch=3", "routed pop2 epoch=1"
    ),
    "only_the_holder_reconciles": REPAIR.replace("write=b", "write=b usurped=1"),
    "reopened_whole": IN_PLACE.replace("required=True", "required=True ahead=a"),
    "reopened_after_an_ack": without("outcome earn done 3 acker=a", IN_PLACE),
    "closed_by_hand_stays_closed": after(
        "fact opened b epoch=2", "fact closed_by_hand b", IN_PLACE
    ),
    "no_failover_while_unfit": after(
        "ack one a", "fact granted a privilege=x\nfact inspected a"
    ),
    "only_the_closed_process_reopens": """
        fact closed a
        fact started a
        fact reopened a epoch=2
    """,
    "only_the_lonely_are_ended": "fact self_fenced a alone_s=1.0 ttl_s=6 follows=0",
    "no_replica_ends_itself": "fact self_fenced b alone_s=9.0 ttl_s=6 follows=1",
    "no_move_against_the_topology": after("ack one a", "fact follows_also b source=x"),
    "no_move_in_maintenance": after("ack one a", "maintenance start a 60"),
    "no_move_to_a_quarantined_zone": after("ack one a", "quarantine begin b"),
    "no_errant_promoted": after("ack one a", "fact written_by_hand b"),
    "only_the_holder_acts": after("intent fence 2", "fact trespass b order=freeze"),
}


def case(text: str) -> Case:
    """Return a finished story whose servers ended as `ROWS` says."""
    return Case(history=history(text), rows=ROWS, writable=("b",))


def test_a_good_story_breaks_no_promise() -> None:
    assert broken_promises(case(GOOD)) == {}
    assert broken_promises(case(GOOD + REPAIR)) == {}
    assert broken_promises(case(GOOD + IN_PLACE)) == {}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_named(name: str) -> None:
    """The checker of that promise, and not only its neighbour, objects."""
    assert name in broken_promises(case(PLANTED[name]))


def test_two_writable_servers_at_the_end_are_named() -> None:
    both = Case(history=history(GOOD), rows=ROWS, writable=("a", "b"))
    assert set(broken_promises(both)) == {"one_writable_at_the_end"}


def test_every_safety_checker_has_its_violation() -> None:
    assert set(PLANTED) | {"one_writable_at_the_end"} == set(SAFETY)


@pytest.mark.parametrize(
    "extra",
    [
        "fact closed a",
        "outcome fence done 2 proof=process",
        "fact opened b epoch=2",
    ],
)
def test_abandoned_leaves_nothing_behind(extra: str) -> None:
    """A closed, killed or promoted server is more than nothing."""
    text = f"fact opened a epoch=1\nstarted failover 2 a\n{extra}\nended abandoned 2"
    assert SAFETY["abandoned_means_undone"](case(text))


def test_what_could_not_be_undone_is_excused() -> None:
    """An acker that died after the freeze cannot be told to follow again."""
    text = """
    started failover 2 a
    fact not_receiving b
    fact killed b
    ended abandoned 2
    """
    assert not SAFETY["abandoned_means_undone"](case(text))


@pytest.mark.parametrize(
    "known",
    [
        "fact inspected a\nfact granted a privilege=x",
        "fact granted a privilege=x\nfact inspected a\nfact revoked a",
        "fact granted c privilege=x\nfact inspected c",
    ],
)
def test_what_nobody_was_told_or_is_mended_or_elsewhere_holds_nothing(
    known: str,
) -> None:
    text = after("ack one a", known)
    assert not SAFETY["no_failover_while_unfit"](case(text))


@pytest.mark.parametrize("step", ["unfreeze", "unfreeze_fenced"])
def test_a_proof_is_void_once_unfreezing_is_recorded(step: str) -> None:
    """Rule 1: frozen, unfrozen, and yet opened."""
    text = after("outcome fence done 2 proof=process", f"intent {step} 2")
    assert "fence_before_open" in broken_promises(case(text))


@pytest.mark.parametrize("name", ["unknown_open_is_never_undone", "sessions_recorded"])
def test_going_back_after_a_fence_is_going_back(name: str) -> None:
    """Both rows that let the ackers follow again count as un-fencing."""
    text = """
    started failover 2 a
    intent open 2
    outcome open unknown 2
    intent unfreeze_fenced 2 no-session
    outcome unfreeze_fenced done 2
    """
    assert name in broken_promises(case(text))


@pytest.mark.parametrize("step", ["confirm", "freeze", "fence", "drain"])
def test_every_part_of_the_proof_is_made_anew(step: str) -> None:
    """Rule 1: none of them may be older than the controller's own start."""
    line = next(x for x in GOOD.splitlines() if x.startswith(f"outcome {step} done"))
    assert "proof_is_fresh" in broken_promises(case(without(line)))


def test_losses_without_protection_are_no_broken_promise() -> None:
    """Promise 2 speaks of `protected`; degraded writes may be lost, on record."""
    text = after("ack one a", "intent degrade 1\nack gone a")
    assert "nothing_lost_while_protected" not in broken_promises(case(text))


def test_silence_is_heard() -> None:
    """Trouble, time passes, and neither an act nor a veto."""
    quiet = "fact opened a epoch=1\nfact killed a\n" + "ack x b\n" * 20
    check = partial(no_silence, within_s=10)
    assert check(case(quiet))
    assert not check(case(quiet.replace("ack x b", "veto no_proof", 1)))
    assert not check(case(quiet.replace("ack x b", "fact started a", 1)))
    assert not no_silence(case(quiet), within_s=100)


def test_calm_brings_an_end() -> None:
    """A run that goes on long after the last fault is stuck."""
    stuck = without("ended completed 2")
    assert calm_brings_an_end(case(stuck), calm_at_s=8, bound_s=60)
    assert calm_brings_an_end(case(GOOD), calm_at_s=8, bound_s=3)
    assert not calm_brings_an_end(case(GOOD), calm_at_s=8, bound_s=60)


def test_writes_come_back_or_somebody_says_why() -> None:
    """Nobody open, no operator called, no veto: that is not an end."""
    check = partial(writes_come_back, calm_at_s=5, bound_s=10)
    dead = Case(history=history("fact killed a"))
    assert check(dead)
    assert not check(Case(history=history("fact killed a\nveto no_proof")))
    assert not check(Case(history=history("fact killed a\nended halted 2")))
    assert not check(case(GOOD))


def test_an_edge_off_the_route_is_named_when_nobody_says_why() -> None:
    """In calm every edge that answers sends users to the primary."""
    there, away = "reads b, writes b, open", "reads a, writes a, open"

    def found(text: str, route: str) -> list[str]:
        routes = {"pop1": there, "pop2": route}
        told = Case(history=history(text), writable=("b",), routes=routes)
        return edges_on_the_route(told)

    assert not found(GOOD, there)
    for route in (away, there.replace("open", "hold"), ""):
        assert len(found(GOOD, route)) == 1
    assert found(f"{GOOD}veto edge_unreachable", away)
    for why in ("veto paused", "ended halted 3", "started restore 4 b c"):
        assert not found(GOOD + why, away)


@pytest.mark.parametrize(
    "said",
    [
        "maintenance start a 1",
        "maintenance start c 60",
        "maintenance start a 60\nmaintenance end a 0",
        "maintenance start a 60\nwish to b",
    ],
)
def test_a_window_that_is_over_or_elsewhere_or_waived_holds_nothing(said: str) -> None:
    text = after("ack one a", said)
    assert not SAFETY["no_move_in_maintenance"](case(text))


def test_a_wish_into_a_window_is_no_override_of_it() -> None:
    """Out of one it is; who moves into one names it."""
    text = after("ack one a", "maintenance start b 60\nwish to b")
    assert SAFETY["no_move_in_maintenance"](case(text))


@pytest.mark.parametrize(
    "said",
    [
        "quarantine begin c",
        "quarantine begin b\nquarantine over b",
        "quarantine begin a",
    ],
)
def test_a_quarantine_that_is_over_or_elsewhere_holds_nothing(said: str) -> None:
    text = after("ack one a", said)
    assert not SAFETY["no_move_to_a_quarantined_zone"](case(text))
