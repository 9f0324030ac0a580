"""The zone agent: what it does on order, by itself, and what it never does."""

from dataclasses import replace

import pytest

from controller.model.ids import BootId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Refused, Unknown
from deploy.agent.boots import OPENED_S
from deploy.agent.memo import Held
from deploy.agent.ports import LocalView
from tests.unit.agent_stage import (
    BOOT,
    SAYS,
    TTL_S,
    A,
    B,
    C,
    Stage,
    lives,
    play,
    run,
)


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.serves()
    return made


def test_alone_for_the_whole_time_it_ends_the_primary_in_order(stage: Stage) -> None:
    """Clients first, then SIGKILL, and it does not come up again."""
    play(stage, 2)
    assert stage.agent.state().armed_s == TTL_S
    stage.cut()
    play(stage, TTL_S - 1)
    assert lives(stage)
    play(stage, 2)
    assert not lives(stage)
    assert stage.hand.inhibited
    assert stage.database.orders == ["end_clients"]
    assert stage.agent.memo.held is Held.SELF_FENCED


@pytest.mark.parametrize(("controller", "peers"), [(True, False), (False, True)])
def test_losing_one_side_alone_stops_nothing(
    stage: Stage, *, controller: bool, peers: bool
) -> None:
    play(stage, 2)
    stage.cut(controller=controller, peers=peers)
    play(stage, 10 * TTL_S)
    assert lives(stage)
    assert not stage.database.orders


def test_one_of_two_peers_is_enough_to_live(stage: Stage) -> None:
    play(stage, 2)
    stage.cut()
    stage.peers[C].reachable = True
    play(stage, 3 * TTL_S)
    assert lives(stage)


def test_peers_that_swore_not_to_renew_are_no_witnesses(stage: Stage) -> None:
    play(stage, 2)
    stage.cut(peers=False)
    for peer in stage.peers.values():
        peer.grants = False
    play(stage, TTL_S + 1)
    assert not lives(stage)


def test_a_replica_is_never_ended_by_itself(stage: Stage) -> None:
    stage.serves(writable=False)
    play(stage, 2)
    assert stage.agent.state().armed_s == 0
    stage.cut()
    play(stage, 5 * TTL_S)
    assert lives(stage)


def test_a_thaw_fences_before_it_asks_anybody(stage: Stage) -> None:
    """The peers would renew it at once: by then another may be primary."""
    play(stage, 2)
    stage.now_s += 3 * TTL_S
    run(stage.agent.tick())
    assert not lives(stage)


def test_an_old_nonce_renews_from_when_it_was_given(stage: Stage) -> None:
    """A contact that a black hole kept says nothing about now."""
    play(stage, 2)
    stage.cut()
    play(stage, TTL_S - 1)
    stage.contact()
    stage.contact(nonce="never given")
    play(stage, 2)
    assert not lives(stage)


def test_an_agent_that_was_away_goes_on_counting(stage: Stage) -> None:
    """A restart of the agent gives the database no new time."""
    play(stage, 2)
    stage.cut()
    play(stage, TTL_S - 2)
    stage.begin()
    play(stage, 3)
    assert not lives(stage)


def test_another_boot_of_the_machine_is_another_clock(stage: Stage) -> None:
    play(stage, 2)
    stage.kernel, stage.now_s = "kernel-2", 5.0
    stage.begin()
    stage.cut()
    play(stage, 1)
    assert stage.agent.state().armed_s == 0, "never renewed since: it proves nothing"
    assert lives(stage)


def test_the_controller_lifts_a_self_fence_and_nobody_else_does(stage: Stage) -> None:
    """It boots read-only; opening it is the controller's own step."""
    play(stage, 2)
    stage.cut()
    play(stage, TTL_S + 1)
    stage.cut(controller=True, peers=False)
    play(stage, 5)
    assert not lives(stage)
    stage.says(renews=False)
    stage.cut(controller=False, peers=False)
    play(stage, 5)
    assert not lives(stage)
    stage.said = SAYS
    play(stage, 2)
    assert lives(stage)
    assert stage.agent.memo.held is Held.NOT


def test_a_fence_on_order_stays_one_while_it_is_alone(stage: Stage) -> None:
    """Otherwise the controller's next word would lift it."""
    play(stage, 2)
    stage.hand.stuck = True
    assert isinstance(run(stage.fence(Epoch(4))), Unknown)
    stage.cut()
    play(stage, TTL_S + 2)
    stage.hand.stuck = False
    play(stage, 1)
    assert not lives(stage)
    stage.cut(controller=False, peers=False)
    play(stage, 3)
    assert not lives(stage)
    assert stage.agent.memo.held is Held.FENCED


def test_who_is_late_kills_at_once(stage: Stage) -> None:
    """While clients are ended in order they could still be told OK."""
    play(stage, 2)
    stage.now_s += 3 * TTL_S
    run(stage.agent.fence_if_alone())
    assert not lives(stage)
    assert stage.database.orders == []


def test_a_contact_from_before_the_fence_lifts_nothing(stage: Stage) -> None:
    """It waited in the socket of a frozen zone; by then another is primary."""
    play(stage, 2)
    nonce = stage.nonce
    stage.cut()
    stage.now_s += 3 * TTL_S
    run(stage.agent.tick())
    stage.contact(nonce=nonce)
    play(stage, 2)
    assert not lives(stage)


def test_a_fence_order_is_durable_and_an_older_one_refused(stage: Stage) -> None:
    assert isinstance(run(stage.fence(Epoch(7))), Done)
    assert (lives(stage), stage.hand.inhibited) == (False, True)
    stage.begin()
    assert isinstance(run(stage.fence(Epoch(6))), Refused)
    assert isinstance(run(stage.fence(Epoch(7))), Done)
    assert isinstance(run(stage.fence(Epoch(9), ServerId("db-b"))), Refused)
    assert isinstance(stage.contact(replace(SAYS, epoch=Epoch(6))), Refused)


def test_a_fence_on_order_is_lifted_by_no_contact(stage: Stage) -> None:
    run(stage.fence(Epoch(4)))
    play(stage, 5)
    assert not lives(stage)
    assert isinstance(run(stage.agent.start_database(fenced=False)), Refused)
    assert isinstance(run(stage.agent.start_database(fenced=True)), Done)


def test_a_promise_is_durable_and_only_grows() -> None:
    stage = Stage()
    assert stage.agent.renew(B, Epoch(4)).granted
    assert isinstance(stage.agent.promise(B, Epoch(5)), Done)
    stage.begin()
    assert not stage.agent.renew(B, Epoch(4)).granted
    assert stage.agent.renew(B, Epoch(5)).granted
    assert isinstance(stage.agent.promise(B, Epoch(4)), Refused)
    assert isinstance(stage.agent.promise(A, Epoch(9)), Refused)
    assert isinstance(stage.agent.promise(ZoneId("x"), Epoch(9)), Refused)


def test_what_the_controller_relies_on_is_kept_until_it_heard_otherwise() -> None:
    """A longer setting must not outlive what proof (d) waits for."""
    stage = Stage()
    stage.serves()
    play(stage, 2)
    stage.ttl_s = 60.0
    stage.says(known_ttl_s=TTL_S)
    stage.begin()
    assert stage.agent.ttl_s == TTL_S
    play(stage, 1)
    stage.contact(replace(SAYS, known_ttl_s=60.0))
    assert stage.agent.ttl_s == 60.0


def test_what_comes_up_writable_by_itself_is_closed(stage: Stage) -> None:
    play(stage, 2)
    stage.serves(boot=BootId("boot-2"))
    stage.says(opened=BOOT)
    play(stage, OPENED_S - 1)
    assert not stage.database.orders
    play(stage, 2)
    assert "end_clients" in stage.database.orders
    assert "writable by itself" in stage.agent.trouble


def test_what_the_controller_opened_is_left_open(stage: Stage) -> None:
    """Both when it was seen closed first, and when the controller says so."""
    play(stage, 2)
    stage.says(opened=BootId("boot-2"))
    stage.serves(boot=BootId("boot-2"))
    play(stage, 6)
    stage.said = SAYS
    stage.serves(boot=BootId("boot-3"), writable=False)
    stage.database.view = LocalView(
        boot_id=BootId("boot-3"), writable=False, receives=False
    )
    play(stage, 1)
    stage.serves(boot=BootId("boot-3"))
    play(stage, 6)
    assert not stage.database.orders


def test_what_comes_up_receiving_is_stopped_unless_it_is_to_follow(
    stage: Stage,
) -> None:
    play(stage, 2)
    stage.serves(boot=BootId("boot-2"), writable=False)
    stage.says(follows=True)
    play(stage, 6)
    assert not stage.database.orders
    stage.serves(boot=BootId("boot-3"), writable=False)
    stage.says(follows=False)
    play(stage, 6)
    assert "stop_receiving" in stage.database.orders


def test_a_reboot_of_the_machine_is_judged_like_any_boot(stage: Stage) -> None:
    """Agent and database come up together, and nobody is there to ask."""
    play(stage, 2)
    stage.cut()
    stage.kernel, stage.now_s = "kernel-2", 5.0
    stage.serves(boot=BootId("boot-2"))
    stage.begin()
    play(stage, OPENED_S + 1)
    assert "end_clients" in stage.database.orders


def test_a_stopped_database_is_ended_in_order_and_starts_by_hand(
    stage: Stage,
) -> None:
    play(stage, 1)
    assert isinstance(run(stage.agent.stop_database("work")), Done)
    assert stage.database.orders == ["end_clients"]
    play(stage, 5)
    assert not lives(stage)
    assert isinstance(run(stage.agent.start_database(fenced=False)), Done)
    assert lives(stage)


def test_what_went_down_with_the_machine_comes_up_with_the_agent(
    stage: Stage,
) -> None:
    play(stage, 1)
    run(stage.agent.stop_database("shut down", Held.SHUT_DOWN))
    stage.begin()
    run(stage.agent.began())
    assert lives(stage)


def test_without_a_guard_it_is_never_armed(stage: Stage) -> None:
    """Nobody would notice its own death."""
    stage.agent.guarded = lambda: False
    play(stage, 2)
    assert stage.agent.state().armed_s == 0
