"""The README shows what is true: its diagram is made from the table."""

from pathlib import Path

from controller.decide.diagram import diagram
from controller.decide.saga import Step

README = Path(__file__).parents[2] / "README.md"


def test_the_diagram_in_the_readme_is_the_table() -> None:
    """Print `controller.decide.diagram.diagram()` into it when the table changes."""
    assert f"```mermaid\n{diagram()}\n```" in README.read_text()


def test_every_step_of_the_failover_is_in_the_diagram() -> None:
    """Nothing the procedure can do is left out."""
    text = diagram()
    for step in (Step.FENCE, Step.OPEN, Step.UNFREEZE_FENCED, Step.WITHDRAW):
        assert f"    {step.value} --> " in text
