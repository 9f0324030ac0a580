"""`flapping` in a configuration: what holds without it, and what cannot be."""

from pathlib import Path

import pytest

from controller.config.load import parse_site
from controller.config.policy import decide_policy
from controller.decide.flaps import FLAPPING, KEPT
from controller.model.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "deploy" / "assets" / "example.yaml"
LINES = EXAMPLE.read_text().splitlines(keepends=True)
START = next(n for n, line in enumerate(LINES) if line.startswith("flapping:"))


def with_flapping(*lines: str) -> str:
    """Return the example with other lines, or none, for that key."""
    mine = [f"{line}\n" for line in lines]
    return "".join([*LINES[:START], *mine, *LINES[START + 6 :]])


@pytest.mark.parametrize("text", ["".join(LINES), with_flapping()])
def test_left_out_it_is_as_in_the_example(text: str) -> None:
    """A file from before flaps were counted gets the defaults."""
    assert decide_policy(parse_site(text, name="site.yaml")).flapping == FLAPPING


def test_it_can_be_switched_off() -> None:
    text = with_flapping("flapping: {flips: 0, moves: 0}")
    rule = decide_policy(parse_site(text, name="site.yaml")).flapping
    assert (rule.flips, rule.moves) == (0, 0)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"{{flips: {KEPT + 1}}}", "flapping.flips: "),  # so many are not remembered
        (f"{{moves: {KEPT + 1}}}", "flapping.moves: "),
        ("{flip: 3}", "flapping.flip: unknown key"),
        ("{quarantine_s: 0.5}", "flapping.quarantine_s: "),
        ("{quarantine_s: 7200}", "quarantine_max_s: below quarantine_s"),
    ],
)
def test_what_cannot_be_is_told(said: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_site(with_flapping(f"flapping: {said}"), name="site.yaml")
    assert told in "".join(caught.value.problems)
