"""The failover table as a Mermaid diagram, so that a picture never goes stale."""

from controller.decide.failover import FAILOVER
from controller.decide.saga import End, Step


def diagram() -> str:
    """Return the state diagram of the failover table, as Mermaid text.

    Solid arrows are `done`; the others name the answers that take them.
    """
    lines = ["stateDiagram-v2", "    [*] --> confirm"]
    for step, row in FAILOVER.items():
        answers: dict[Step | End, list[str]] = {}
        for name in ("done", "refused", "unknown"):
            answers.setdefault(getattr(row, name), []).append(name)
        for target, names in answers.items():
            label = "" if names == ["done"] else f": {', '.join(names)}"
            lines.append(f"    {step.value} --> {target.value}{label}")
    lines += [f"    {end.value} --> [*]" for end in End]
    return "\n".join(lines)
