"""Between which servers MySQL clones; elsewhere rows are copied."""

import pytest

from replication.sql.clone_fits import why_no_clone
from replication.sql.session import Row


def server(version: str, *, platform: str = "Linux x86_64", clone: int = 1) -> Row:
    return {"version": version, "platform": platform, "clone": clone}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("8.0.30", "8.0.30"),
        ("8.0.36-28", "8.0.36"),
        ("8.0.37", "8.0.46"),
        ("8.0.46", "8.0.37"),
        ("8.4.0", "8.4.10"),
        ("9.7.4-2", "9.7.0"),
    ],
)
def test_a_clone_is_made_where_the_server_makes_one(ours: str, theirs: str) -> None:
    assert why_no_clone(server(ours), server(theirs)) == ""


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("8.0.30", "8.0.36"),
        ("8.0.36", "8.0.37"),
        ("8.0.46", "8.0.36"),
        ("8.0.46", "8.4.10"),
        ("8.4.10", "9.7.4"),
        ("odd", "odder"),
    ],
)
def test_point_releases_that_do_not_clone_each_other_are_copied_row_by_row(
    ours: str, theirs: str
) -> None:
    """The server would refuse each attempt, and nothing else would be tried."""
    assert theirs in why_no_clone(server(ours), server(theirs))


def test_platform_and_plugin_are_needed_as_well() -> None:
    mine = server("9.7.4")
    assert "arm" in why_no_clone(mine, server("9.7.4", platform="Linux arm"))
    assert "plugin" in why_no_clone(mine, server("9.7.4", clone=0))
    assert "plugin" in why_no_clone(server("9.7.4", clone=0), mine)
