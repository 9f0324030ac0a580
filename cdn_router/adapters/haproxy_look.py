"""One look at an HAProxy edge: its maps and checks, and what they mean for a share."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cdn_router.adapters.haproxy_maps import (
    EPOCH,
    GATE,
    READ,
    WRITE,
    AdminSocket,
    EdgeError,
    entries_of,
)
from cdn_router.ports import Gate, Route, RouteTable
from cdn_router.shares import Share, Shares
from controller.model.ids import ZoneId

_GATES = frozenset(gate.value for gate in Gate)
WRITE_BACKEND = "bk_w_"
_CHECKS = "show stat -1 4 -1"
"""Of every proxy its servers' rows."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What an edge said at once: the maps as they are in force.

    ids: `base name → #id` of every map. stat: its checks as CSV; empty: not asked.
    """

    ids: Mapping[str, str]
    read: Mapping[str, str]
    write: Mapping[str, str]
    gate: Mapping[str, str]
    marks: Mapping[str, str]
    stat: str

    @cached_property
    def shares(self) -> Shares:
        """Return whose which slot is; a slot may have an entry in one map only."""
        return Shares(self.marks, frozenset((*self.read, *self.write, *self.gate)))

    @cached_property
    def rows(self) -> Sequence[Mapping[str, str]]:
        """Return the statistics, a row a server."""
        return list(csv.DictReader(io.StringIO(self.stat.removeprefix("# "))))

    @cached_property
    def zones_up(self) -> Mapping[ZoneId, bool]:
        """Read the zone's own row of every write backend (it is the checked one)."""
        return {
            ZoneId(row["svname"]): row["status"].startswith("UP")
            for row in self.rows
            if row["pxname"] == WRITE_BACKEND + row["svname"]
        }


async def look(socket: AdminSocket, *, zones: bool = True) -> Look:
    """Ask for everything on two connections; *zones*: for the checks, too."""
    ids = await socket.map_ids()
    if missing := {READ, WRITE, GATE, EPOCH} - ids.keys():
        raise EdgeError(f"this HAProxy has not loaded {sorted(missing)}")
    asked = [f"show map {ids[name]}" for name in (READ, WRITE, GATE, EPOCH)]
    answers = await socket.ask_all([*asked, _CHECKS] if zones else asked)
    read, write, gate, marks = (entries_of(lines) for lines in answers[:4])
    stat = "\n".join(answers[4]) if zones else ""
    return Look(ids=ids, read=read, write=write, gate=gate, marks=marks, stat=stat)


def table_of(seen: Look, share: Share | None, *, strict: bool = False) -> RouteTable:
    """Return the routes in force for *share*; all of them without one.

    strict: raise when the maps disagree or say what we never write (half of a
    change, a stranger's edit); otherwise leave those slots out, so that they can
    be repaired.
    """
    own = seen.shares.mine(share)
    read, write, gate = (
        {slot: entries[slot] for slot in own if slot in entries}
        for entries in (seen.read, seen.write, seen.gate)
    )
    if strict and share is None and (words := seen.shares.shared_words()):
        raise EdgeError(words)
    if strict and not read.keys() == write.keys() == gate.keys():
        raise EdgeError("the three maps do not name the same slots")
    routes = {
        slot: Route(
            read=ZoneId(read[slot]), write=ZoneId(write[slot]), gate=Gate(gate[slot])
        )
        for slot in read.keys() & write.keys() & gate.keys()
        if strict or gate[slot] in _GATES
    }
    return RouteTable(epoch=seen.shares.in_force(share), routes=routes)
