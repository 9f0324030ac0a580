"""Rows as SQL text: exact, whatever the column is."""

import pytest

from replication.sql.dumping import Column, Table, narrowed, quoted_name, tables_of


@pytest.mark.parametrize(
    ("kind", "raw", "literal"),
    [
        ("int", None, "NULL"),
        ("bigint", b"18446744073709551615", "18446744073709551615"),
        ("double", b"-1e-300", "-1e-300"),
        ("enum", b"3", "3"),
        ("datetime", b"0000-00-00 00:00:00", "'0000-00-00 00:00:00'"),
        (
            "varchar",
            b"'; DROP TABLE t; --",
            "X'273b2044524f50205441424c4520743b202d2d'",
        ),
        ("longblob", b"", "X''"),
        ("json", b"{}", "CONVERT(X'7b7d' USING utf8mb4)"),
        ("a kind of tomorrow", b"\x00", "X'00'"),
    ],
)
def test_a_value_has_one_spelling(kind: str, raw: bytes | None, literal: str) -> None:
    assert Column("c", kind).literal(raw) == literal


def test_what_text_would_lose_is_read_by_another_form() -> None:
    assert Column("f", "float").selected() == "CAST(`f` AS DOUBLE)"
    assert Column("e", "enum").selected() == "`e`+0"
    assert Column("v", "varchar").selected() == "`v`"


def test_names_cannot_break_out() -> None:
    assert quoted_name("a`b") == "`a``b`"
    table = Table("s", "t`", (Column("c", "int"),))
    assert table.select() == "SELECT `c` FROM `s`.`t```"
    assert table.insert([(b"1",), (None,)], "REPLACE") == (
        "REPLACE INTO `s`.`t``` (`c`) VALUES (1),(NULL)"
    )


def test_tables_keep_the_order_of_their_columns() -> None:
    rows = [
        {"s": "s", "t": "t", "c": "b", "kind": "INT"},
        {"s": "s", "t": "t", "c": "a", "kind": "text"},
    ]
    found = tables_of(rows)["s", "t"]
    assert [c.name for c in found.columns] == ["b", "a"]
    less = Table("s", "t", (Column("a", "text"),))
    assert narrowed(found, less).columns == (Column("a", "text"),)
