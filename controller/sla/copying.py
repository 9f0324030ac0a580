"""A copy's progress as one line for people; pure."""

from collections.abc import Mapping

MB = 1_000_000
STILL_S = 5.0
"""So long without a byte is worth a word; MySQL counts only once a second."""


def copy_line(tree: Mapping[str, object]) -> str:
    """Return one line about the copy *tree* (see `decide.copying.copy_tree`)."""
    copied, total = _number(tree["copied_bytes"]), _number(tree["total_bytes"])
    size = f"{copied / MB:.1f} MB"
    if total:
        share = min(copied / total, 1.0)
        size = f"{copied / MB:.1f} of about {total / MB:.1f} MB ({share:.0%})"
    way = f"copy {tree['donor']} -> {tree['spare']} by {tree['method']}"
    told = [f"{way}: {tree['phase']}, {size}"]
    if tree["phase"] == "copying":
        told += _pace(tree, known=bool(total))
    return f"{', '.join(told)}; {_number(tree['elapsed_s']):.0f} s so far"


def _pace(tree: Mapping[str, object], *, known: bool) -> list[str]:
    still_s = _number(tree["still_s"])
    if still_s >= STILL_S:
        return [f"no byte for {still_s:.0f} s"]
    rate_b_s, left_s = tree["rate_b_s"], tree["left_s"]
    told = []
    if rate_b_s is not None:
        told.append(f"{_number(rate_b_s) / MB:.1f} MB/s")
    if left_s is not None:
        told.append(f"about {_number(left_s):.0f} s left")
    elif not known:
        told.append("the donor could not say how much there is")
    return told


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)
