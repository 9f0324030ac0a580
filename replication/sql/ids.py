"""A gap in every table's counter, so that no id of a lost write is given again.

After a promotion that may have lost acknowledged writes, caches, links and other
systems may know ids that the new primary has never seen. Asked right after writes
opened, while users' writes still wait at the edges.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

from controller.model.outcomes import Done, Outcome, Refused
from replication.sql.session import Row, SaidError, SqlSession

GAP = 1_000_000
"""Ids left out; never more than a tenth of what the column's type has left."""

TOLD_MAX = 20
"""Tables named one by one in the journal; the rest is counted."""

SETUP: Mapping[str, tuple[str, ...]] = {
    "mysql": ("SET SESSION information_schema_stats_expiry=0, lock_wait_timeout=1",),
    "mariadb": ("SET SESSION lock_wait_timeout=1",),
}
"""MySQL tells counters from a cache that is a day old, unless told not to."""

_MARKS = """
    CREATE TABLE IF NOT EXISTS sitedr.skipped_ids (
    epoch BIGINT NOT NULL, db VARCHAR(64) NOT NULL, name VARCHAR(64) NOT NULL,
    first_id BIGINT UNSIGNED NOT NULL, next_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (epoch, db, name)) ENGINE=InnoDB"""
_STATE = """
    SELECT (SELECT MAX(epoch) FROM sitedr.epoch) AS epoch,
    @@GLOBAL.read_only AS closed"""
_MARKED = "SELECT db, name FROM sitedr.skipped_ids WHERE epoch = {epoch}"
_TOP = "SELECT COALESCE(MAX({id}), 0) + 1 AS next FROM {db}.{name}"
_MARK = """
    INSERT IGNORE INTO sitedr.skipped_ids (epoch, db, name, first_id, next_id)
    VALUES ({epoch}, {db}, {name}, {first}, {following})"""
_COUNTERS = """
    SELECT c.TABLE_SCHEMA AS db, c.TABLE_NAME AS name, c.COLUMN_NAME AS id,
    c.COLUMN_TYPE AS kind, COALESCE(t.AUTO_INCREMENT, 1) AS next
    FROM information_schema.COLUMNS c JOIN information_schema.TABLES t
    ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
    WHERE c.EXTRA LIKE '%auto_increment%' AND t.TABLE_TYPE = 'BASE TABLE'
    AND c.TABLE_SCHEMA NOT IN
    ('mysql', 'sys', 'information_schema', 'performance_schema', 'sitedr')
    ORDER BY db, name"""
_BITS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}


@dataclass(frozen=True, slots=True)
class Skipped:
    """One table's ids from *first* on are left out up to *following*, exclusive."""

    table: str
    first: int
    following: int

    @override
    def __str__(self) -> str:
        return f"{self.table} {self.first}..{self.following - 1}"


def gap_after(kind: str, first: int) -> int:
    """Return how many ids from *first* on a column of type *kind* can spare."""
    bits = _BITS.get(kind.split("(", maxsplit=1)[0].split(maxsplit=1)[0].lower(), 0)
    if not bits:
        return 0
    largest = 2 ** (bits if "unsigned" in kind.lower() else bits - 1) - 1
    return int(max(0, min(GAP, (largest - first) // 10)))


async def skip_ids(
    session: SqlSession, engine: str, epoch: int, *, timeout_s: float
) -> Outcome:
    """Raise every counter once an epoch and write down by how much.

    `Refused`, with nothing changed, unless the server is open under *epoch*. A
    table that cannot be changed is named and holds nothing up. Evidence: `ids`,
    and `ids_kept` for tables whose ids may be given again.
    """
    await session.connect()
    *_, state = await session.ask(*SETUP[engine], _STATE, timeout_s=timeout_s)
    if int(state[0]["epoch"] or 0) != epoch or state[0]["closed"]:
        return Refused(f"not open under epoch {epoch}: {dict(state[0])}")
    _, marks, counters = await session.ask(
        _MARKS,
        _MARKED.format(epoch=int(epoch)),
        _COUNTERS,
        timeout_s=timeout_s,
    )
    marked = {(m["db"], m["name"]) for m in marks}
    skipped: list[Skipped] = []
    kept: list[str] = []
    for row in counters:
        if (row["db"], row["name"]) in marked:
            continue
        try:
            found = await _skip(session, row, epoch, timeout_s)
        except SaidError as said:
            found = said.reason
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            kept.append(f"{row['db']}.{row['name']}: {found}")
    evidence = {"ids": _told([str(s) for s in skipped]) or "no counter to raise"}
    return Done(evidence | ({"ids_kept": _told(kept)} if kept else {}))


async def _skip(
    session: SqlSession, row: Row, epoch: int, timeout_s: float
) -> Skipped | str:
    db, name = _named(row["db"]), _named(row["name"])
    top = await session.one(
        _TOP.format(id=_named(row["id"]), db=db, name=name), timeout_s=timeout_s
    )
    first = max(int(row["next"]), int(top["next"]) if top is not None else 1)
    gap = gap_after(str(row["kind"]), first)
    if not gap:
        return f"no room in {row['kind']} after {first}"
    following = first + gap
    mark = _MARK.format(
        epoch=int(epoch),
        db=session.quoted(str(row["db"])),
        name=session.quoted(str(row["name"])),
        first=first,
        following=following,
    )
    alter = f"ALTER TABLE {db}.{name} AUTO_INCREMENT = {following}"
    await session.ask(alter, mark, timeout_s=timeout_s)
    return Skipped(f"{row['db']}.{row['name']}", first, following)


def _named(name: object) -> str:
    """Return *name* as an SQL identifier."""
    return "`" + str(name).replace("`", "``") + "`"


def _told(items: list[str]) -> str:
    rest = len(items) - TOLD_MAX
    more = [f"{rest} more in sitedr.skipped_ids"] if rest > 0 else []
    return ", ".join([*items[:TOLD_MAX], *more])
