"""MySQL's binary JSON, as MySQL 9.7 wrote it and as it may be damaged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replication.binlog.json_binary import json_text

WRITTEN = "00010016000b000100020c006102000a00050100040000"


def test_what_the_server_wrote() -> None:
    assert json.loads(json_text(bytes.fromhex(WRITTEN))) == {"a": [1, None]}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("", "null"),
        ("0401", "true"),
        ("05ffff", "-1"),
        ("0affffffffffffffff", "18446744073709551615"),
        ("0b000000000000f83f", "1.5"),
        ("0c03c3a461", '"äa"'),
        ("0200000400", "[]"),
    ],
)
def test_scalars_and_the_empty_array(raw: str, text: str) -> None:
    assert json_text(bytes.fromhex(raw)) == text


@pytest.mark.parametrize("raw", ["0f00", "04ff", "0200ff0400", "0cffffffffff", "05"])
def test_what_makes_no_sense_is_said_to(raw: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        json_text(bytes.fromhex(raw))


@given(st.binary(max_size=64))
def test_nothing_worse_than_a_value_error(raw: bytes) -> None:
    try:
        json.loads(json_text(raw))
    except ValueError:
        return
