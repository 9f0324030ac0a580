"""What an HAProxy edge counted of each zone, from the rows of `show stat`.

As HAProxy 2.6 counts (tests/integration/test_edge_counters.py):

- `stot` of a server's row counts attempts; who gave up first is in `cli_abrt` too;
- an answer that did not come in time is `eresp`, one with a server error `hrsp_5xx`,
  and never both;
- a connection that failed is `econ` where nothing is tried after it, and where another
  server is, only `wredis`: the write was refused to its user all the same;
- an answer that HAProxy asks for again (425, "not sent") is `wretr` and `wredis`. The
  zone chose to refuse it: it is no failure, and taken out of the attempts.

So attempts are set against failed attempts, server by server. What a retry hid from
the user counts: the zone failed all the same.
"""

from collections.abc import Iterable, Mapping

from cdn_router.ports import ZoneTraffic
from controller.model.ids import ZoneId

BACKENDS = ("bk_w_", "bk_rs_")
"""Whose server named like the zone is asked first: of writes, and of reads."""

_FAILED = ("econ", "eresp", "hrsp_5xx")


def traffic_of(rows: Iterable[Mapping[str, str]]) -> Mapping[ZoneId, ZoneTraffic]:
    """Return every zone's counters, writes and reads together."""
    found: dict[ZoneId, list[int]] = {}
    for row in rows:
        zone = row["svname"]
        if row["pxname"] not in {backend + zone for backend in BACKENDS}:
            continue
        sums = found.setdefault(ZoneId(zone), [0, 0, 0])
        again = _number(row, "wretr")
        sums[0] += _number(row, "stot") - again
        sums[1] += sum(_number(row, name) for name in _FAILED)
        sums[1] += max(0, _number(row, "wredis") - again)
        sums[2] += _number(row, "cli_abrt")
    return {
        zone: ZoneTraffic(requests=requests, failures=failures, aborts=aborts)
        for zone, (requests, failures, aborts) in found.items()
    }


def _number(row: Mapping[str, str], name: str) -> int:
    """Return one counter; a version that has none of that name counted nothing."""
    return int(row.get(name) or 0)
