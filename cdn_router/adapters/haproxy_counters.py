"""What an HAProxy edge counted of each zone, from the rows of `show stat`.

As HAProxy 2.6 counts (tests/integration/test_edge_counters.py):

- a server's row shows a refused connection as `econ`, an answer that did not come in
  time as `eresp`, and neither as `hrsp_5xx`; a connection tried again is `wretr`;
- `stot` of a server's row counts attempts, so does `econ` + `wretr` + `eresp`;
- who gave up first is in `cli_abrt`, and among the attempts.

So attempts are set against failed attempts, server by server. What a retry hid from
the user counts: the zone failed all the same.
"""

from collections.abc import Iterable, Mapping

from cdn_router.ports import ZoneTraffic
from controller.model.ids import ZoneId

BACKENDS = ("bk_w_", "bk_rs_")
"""Whose server named like the zone is asked first: of writes, and of reads."""

_FAILED = ("econ", "eresp", "wretr", "hrsp_5xx")


def traffic_of(rows: Iterable[Mapping[str, str]]) -> Mapping[ZoneId, ZoneTraffic]:
    """Return every zone's counters, writes and reads together."""
    found: dict[ZoneId, list[int]] = {}
    for row in rows:
        zone = row["svname"]
        if row["pxname"] not in {backend + zone for backend in BACKENDS}:
            continue
        sums = found.setdefault(ZoneId(zone), [0, 0, 0])
        sums[0] += _number(row, "stot")
        sums[1] += sum(_number(row, name) for name in _FAILED)
        sums[2] += _number(row, "cli_abrt")
    return {
        zone: ZoneTraffic(requests=requests, failures=failures, aborts=aborts)
        for zone, (requests, failures, aborts) in found.items()
    }


def _number(row: Mapping[str, str], name: str) -> int:
    """Return one counter; a version that has none of that name counted nothing."""
    return int(row.get(name) or 0)
