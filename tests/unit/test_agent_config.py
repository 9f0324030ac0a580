"""The agent's file: what we hand out works, and what would not be safe is refused."""

from pathlib import Path

import pytest

from controller.agent_main import hand_tree
from controller.config.agent import load_agent
from controller.model.errors import ConfigError
from deploy.agent.hands import CommandHand, hand_of

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "agent.yaml"


def problems(tmp_path: Path, old: str, new: str) -> str:
    text = EXAMPLE.read_text()
    assert old in text, old
    path = tmp_path / "agent.yaml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_agent(path)
    return "\n".join(caught.value.problems)


def test_the_example_loads_and_every_key_has_a_reason_beside_it() -> None:
    file = load_agent(EXAMPLE)
    hand = hand_of(hand_tree(file, EXAMPLE.parent))
    assert isinstance(hand, CommandHand)
    assert hand.kill_argv[-2:] == ["--signal=KILL", "mariadb.service"]
    tops = [line for line in EXAMPLE.read_text().splitlines() if line[:1].isalpha()]
    assert not [t for t in tops if "#" not in t and not t.endswith(":")]


def test_alone_needs_somebody_to_be_alone_from(tmp_path: Path) -> None:
    """Without peers losing the controller alone would stop a healthy primary."""
    text = EXAMPLE.read_text()
    line = next(x for x in text.splitlines() if x.startswith("peers:"))
    assert "without peers" in problems(tmp_path, line, "peers: {}")
    assert "own witness" in problems(tmp_path, "peers: {b:", "peers: {a:")


def test_a_slow_network_is_no_isolation(tmp_path: Path) -> None:
    said = problems(tmp_path, "self_fence_after_s: 10 ", "self_fence_after_s: 1 ")
    assert "below 3 s" in said


def test_commands_have_no_shell_to_look_for_them(tmp_path: Path) -> None:
    said = problems(tmp_path, "[/usr/bin/test,", "[test,")
    assert "absolute path" in said


def test_an_unknown_key_has_a_line(tmp_path: Path) -> None:
    said = problems(tmp_path, "on_term:", "on_terms:")
    assert "agent.yaml:" in said
    assert "unknown key" in said
