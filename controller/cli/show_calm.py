"""What `sitedr status` says of windows where no veto says it already."""

from collections.abc import Mapping


def calm_lines(tree: Mapping[str, object]) -> list[str]:
    """Return a line for each window of the status *tree*, unless a veto names it."""
    windows, vetoes = tree.get("maintenance", []), tree["vetoes"]
    assert isinstance(windows, list)
    assert isinstance(vetoes, list)
    named = any(v["name"] == "maintenance" for v in vetoes)
    return [] if named else [str(w["words"]) for w in windows]
