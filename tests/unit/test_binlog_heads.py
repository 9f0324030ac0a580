"""What the head of a MariaDB log proves of the data its server was laid with.

Heads as a real server writes them: laid by mariadb-backup, filled row by row or made
from nothing, the first file begins with an empty list of states.
"""

import struct
from dataclasses import replace
from itertools import accumulate

import pytest

from replication.binlog.compare import merged
from replication.binlog.survey import History, Likeness
from tests.unit.test_binlog import surveyed

Number = tuple[int, int, int]
DESCRIPTION, XID, GTID, GTID_LIST = 15, 16, 162, 163


def body_of(
    kind: int, *, at: Number = (0, 0, 0), states: tuple[Number, ...] = ()
) -> bytes:
    domain, _, number = at
    return {
        DESCRIPTION: struct.pack("<H50sIB61s", 4, b"11.4", 0, 19, b"") + bytes(4),
        GTID_LIST: struct.pack("<I", len(states))
        + b"".join(struct.pack("<IIQ", *s) for s in states),
        GTID: struct.pack("<QIB6x", number, domain, 0),
        XID: struct.pack("<Q", number),
    }[kind]


def a_log(*gtids: Number, states: tuple[Number, ...] = ()) -> bytes:
    """Return a file that begins with *states* and holds *gtids*, without checksums."""
    parts = [(DESCRIPTION, 1, body_of(DESCRIPTION))]
    parts.append((GTID_LIST, 1, body_of(GTID_LIST, states=states)))
    for gtid in gtids:
        parts += [(kind, gtid[1], body_of(kind, at=gtid)) for kind in (GTID, XID)]
    sizes = [19 + len(body) for _, _, body in parts]
    ends = accumulate(sizes, initial=4)
    next(ends)
    return b"\xfebin" + b"".join(
        struct.pack("<IBIIIH", 1, kind, server, size, end, 0) + body
        for (kind, server, body), size, end in zip(parts, sizes, ends, strict=True)
    )


BEHIND = History(state="0-1-900", position="0-1-900")


@pytest.mark.parametrize(
    ("log", "laid", "likeness"),
    [
        (a_log(), "", Likeness.UNKNOWN),
        (a_log(), "0-1-1000", Likeness.UNKNOWN),
        (a_log(), "0-1-900", Likeness.CLEAN),
        (a_log((0, 2, 901)), "", Likeness.UNKNOWN),
        (a_log((0, 2, 901)), "0-1-900", Likeness.EXTRA),
        (a_log((0, 1, 899), (0, 2, 901)), "", Likeness.EXTRA),
        (a_log((0, 1, 899), (0, 1, 900)), "", Likeness.CLEAN),
        (a_log((0, 1, 899)), "0-1-898,7-7-7", Likeness.UNKNOWN),
        (a_log(states=((0, 1, 900),)), "", Likeness.CLEAN),
    ],
)
def test_an_empty_list_proves_nothing_of_what_came_with_the_copy(
    log: bytes, laid: str, likeness: Likeness
) -> None:
    """Only the position on record does, or a transaction both have."""
    assert surveyed("mariadb", BEHIND, log, laid=laid).likeness is likeness


def test_a_list_of_another_domain_proves_nothing_of_this_one() -> None:
    """Nor of a domain that was quiet ever since the copy, without a record."""
    history = History(state="0-1-900,3-1-50", position="0-1-900,3-1-50")
    log = a_log((3, 1, 50), states=((3, 1, 49),))
    assert surveyed("mariadb", history, log).likeness is Likeness.UNKNOWN
    for laid, likeness in (
        ("0-1-900,3-1-40", Likeness.CLEAN),
        ("0-1-901,3-1-40", Likeness.UNKNOWN),
    ):
        assert surveyed("mariadb", history, log, laid=laid).likeness is likeness


def test_a_server_made_from_nothing_had_nothing_before_number_one() -> None:
    lost = surveyed("mariadb", History(state="0-2-9"), a_log((0, 1, 1)))
    assert (lost.likeness, tuple(lost.extra)) == (Likeness.EXTRA, ("0-1-1",))


COPIED = History(state="0-1-950", position="0-1-950", laid="0-1-900", by_log=True)
"""A successor laid beyond where server 2 was primary: it has no log of that time."""


@pytest.mark.parametrize(
    ("log", "likeness"),
    [
        # Of before the copy: it came with it, or it did not, and nobody can tell.
        (a_log((0, 2, 700), (0, 2, 701)), Likeness.UNKNOWN),
        (a_log((0, 2, 701), states=((0, 1, 699), (0, 2, 700))), Likeness.UNKNOWN),
        # What both have proves all before it.
        (a_log((0, 2, 701), (0, 1, 702), (0, 1, 930)), Likeness.CLEAN),
        (a_log((0, 1, 930), states=((0, 2, 701), (0, 1, 702))), Likeness.CLEAN),
        # Beyond the copy its own log says it.
        (a_log((0, 1, 930), (0, 2, 951)), Likeness.EXTRA),
        (a_log((0, 1, 930), (0, 2, 940)), Likeness.EXTRA),
    ],
)
def test_what_came_with_the_successors_own_copy_is_never_called_lost(
    log: bytes, likeness: Likeness
) -> None:
    """Seen in a series of failovers: 305 transactions that everybody had were."""
    found = surveyed("mariadb", COPIED, log, laid="0-1-1")
    assert found.likeness is likeness
    if likeness is Likeness.UNKNOWN:
        assert "is a copy of beyond 0-2-70" in found.why


@pytest.mark.parametrize(
    ("log", "likeness"),
    [
        (a_log((0, 2, 700), (0, 2, 701)), Likeness.CLEAN),
        (a_log((0, 2, 701), (0, 2, 702)), Likeness.EXTRA),
        (a_log((0, 1, 930)), Likeness.CLEAN),
    ],
)
def test_what_it_had_when_it_caught_up_is_on_record(
    log: bytes, likeness: Likeness
) -> None:
    """Then nothing is open: what is in neither is nowhere."""
    had = replace(COPIED, had="0-2-701,0-1-940")
    assert surveyed("mariadb", had, log, laid="0-1-1").likeness is likeness


def test_what_is_handed_on_is_the_newest_of_every_origin() -> None:
    """Whoever is laid from a copy has what the copied one had from its own copy."""
    assert merged("0-2-701,0-1-940", "", "0-1-950,3-1-7") == "0-1-950,0-2-701,3-1-7"
    handed = replace(COPIED, had="0-2-701").logged
    assert merged(handed) == "0-1-950,0-2-701"
    assert History(state="uuid:1-7").logged == ""
