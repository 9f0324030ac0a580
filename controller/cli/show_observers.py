"""What people read of the observers below the status: the count, and who is missing."""

from collections.abc import Mapping

LAG_WORTH_A_LINE_S = 0.1


def observer_lines(tree: object) -> list[str]:
    """Return one line of the count and one a vote; a lag of our own when it is long.

    An older daemon says nothing of them.
    """
    if not isinstance(tree, Mapping):
        return []
    lines = []
    if tree["lag_worst_s"] >= LAG_WORTH_A_LINE_S:
        lines.append(f"our own loop was {tree['lag_worst_s']:.2f} s late at worst")
    if tree["unknown"]:
        lines.append(f"observers: {tree['unknown']}")
    if tree["tally"]:
        lines.append(f"observers: {tree['tally']}")
    lines += [_ballot_line(ballot) for ballot in tree["ballots"]]
    if tree.get("refused"):
        last = tree["refusal"]
        lines.append(f"observers: {tree['refused']} votes refused; last: {last}")
    return lines


def _ballot_line(ballot: Mapping[str, object]) -> str:
    age_s, down, unsure = ballot["age_s"], ballot["down"], ballot["unsure"]
    assert isinstance(down, list)
    assert isinstance(unsure, list)
    says = [f"sees {', '.join(down)} down"] if down else []
    says += [f"cannot tell of {', '.join(unsure)}"] if unsure else []
    told = "; ".join(says) or ("sees all well" if age_s is not None else "says nothing")
    old = "" if age_s is None else f", {age_s} s old"
    counts = "" if ballot["counts"] else f" (not counted: {ballot['why']})"
    return f"  observer {ballot['observer']}{old}: {told}{counts}"
