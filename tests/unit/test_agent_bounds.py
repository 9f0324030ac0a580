"""How long a lonely primary may live at most, and that the agent says so."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from controller.agent_main import check_agent
from controller.config.agent import load_agent
from controller.decide.agents import agents_tree
from controller.decide.ledger_state import Armed
from controller.model.outcomes import Done, Unknown
from deploy.agent.hands import CommandHand
from deploy.agent.ports import MARGIN_S, SLACK_S, SLIP_S, gone_after_s
from tests.unit.agent_stage import TTL_S, Stage, play
from tests.unit.test_agents import ARMED, BOOT, with_agents
from tests.unit.world_facts import A, some_facts

TOO_LONG_S = "30"


@pytest.fixture
def database() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def hand_for(process: subprocess.Popen[bytes], **changes: Any) -> CommandHand:
    hand = CommandHand(
        inhibit=["true"],
        kill_argv=["sh", "-c", f"kill -9 {process.pid}"],  # /bin/kill is procps'
        dead=["true"],
        release_argv=["true"],
        inhibited=["true"],
        bound_s=2.0,
    )
    return replace(hand, **changes)


def test_no_slow_inhibition_keeps_a_lonely_primary_alive(
    database: subprocess.Popen[bytes],
) -> None:
    """Proof (d) is counted while it waits for a service manager that hangs."""
    hand = hand_for(database, inhibit=["sleep", TOO_LONG_S])

    async def story() -> float:
        began_s = time.monotonic()
        killing = asyncio.create_task(hand.kill(None, "alone"))
        await asyncio.to_thread(database.wait, 10)
        died_s = time.monotonic() - began_s
        assert isinstance(await killing, Unknown), "its restart may not be inhibited"
        return died_s

    assert asyncio.run(story()) < 1.0


def test_what_came_up_before_the_inhibition_is_killed_again(
    database: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    log = tmp_path / "order"
    note = "sleep {0}; echo {1} >>" + str(log)
    hand = hand_for(
        database,
        inhibit=["sh", "-c", note.format("0.3", "inhibited")],
        kill_argv=["sh", "-c", note.format("0", "killed")],
    )
    assert isinstance(asyncio.run(hand.kill(None, "alone")), Done)
    assert log.read_text().split() == ["killed", "inhibited", "killed"]


@pytest.mark.parametrize(("kill_s", "armed_s"), [(1.0, TTL_S), (10.0, TTL_S + 9.0)])
def test_a_slow_hand_is_in_what_the_agent_says_of_itself(
    kill_s: float, armed_s: float
) -> None:
    stage = Stage()
    stage.hand.kill_s = kill_s
    stage.serves()
    stage.says(known_ttl_s=armed_s)
    play(stage, 1.0)
    assert stage.agent.state().armed_s == armed_s
    assert stage.agent.ttl_s == TTL_S, "it comes on top of its own patience"
    assert armed_s + MARGIN_S >= TTL_S + SLACK_S + kill_s + SLIP_S


def test_what_was_promised_of_a_faster_hand_is_kept() -> None:
    """Configured slower while the record is the old one: it begins sooner."""
    stage = Stage()
    stage.hand.kill_s = 5.0
    stage.serves()
    play(stage, 1.0)
    assert gone_after_s(stage.agent.ttl_s, 5.0) <= TTL_S + MARGIN_S


def test_an_agent_too_slow_for_the_wait_is_not_shown_as_armed() -> None:
    slow = replace(ARMED, armed={A.zone: Armed(ttl_s=19.0, boot=BOOT)})
    shown = agents_tree(slow, with_agents(some_facts()), 14.0)[A.zone]
    assert isinstance(shown, dict)
    assert shown["armed_s"] == 0
    assert "may need 22 s" in shown["trouble"]
    fits = agents_tree(slow, with_agents(some_facts()), 22.0)[A.zone]
    assert isinstance(fits, dict)
    assert fits["armed_s"] == 19.0


def test_the_check_says_what_the_daemon_must_wait(tmp_path: Path) -> None:
    example = (
        Path("deploy/assets/agent.yaml")
        .read_text()
        .replace("timeout_s: 1 ", "timeout_s: 10 ")
    )
    config = tmp_path / "agent.yaml"
    config.write_text(example)
    (tmp_path / "secrets").mkdir(mode=0o700)
    for name in ("agent", "controller"):
        secret = tmp_path / "secrets" / name
        secret.write_text("x" * 32)
        secret.chmod(0o600)
    found = asyncio.run(check_agent(load_agent(config), config))
    (told,) = [name for name, _ in found if name.startswith("self-fence")]
    assert "gone 22 s" in told
    assert "timeout_s 10 is slow" in told
