"""How large a gap may be, whatever the column's type."""

import pytest

from replication.sql.ids import GAP, gap_after


@pytest.mark.parametrize(
    ("kind", "first", "gap"),
    [
        ("bigint(20) unsigned", 101, GAP),
        ("int(11)", 101, GAP),
        ("int unsigned", 4_290_000_000, 496_729),
        ("smallint(6)", 1, 3276),
        ("tinyint", 100, 2),
        ("tinyint", 125, 0),
        ("decimal(10,0)", 1, 0),
    ],
)
def test_never_more_than_a_tenth_of_what_is_left(
    kind: str, first: int, gap: int
) -> None:
    """A counter at its end refuses every insert: worse than an id given twice."""
    assert gap_after(kind, first) == gap
