"""The end of a run: read everything back from the databases themselves.

Plain SQL, and nothing of the daemon's: who checks must not be who is checked.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pymysql
from pymysql.cursors import DictCursor

from controller.model.ids import ZoneId
from deploy.lab.engine import Account
from deploy.lab.poll import poll
from deploy.lab.secret_files import read_accounts
from deploy.lab.spec import ZONES, LabSpec

_ANSWER_S = 5.0
_CONNECT_S = 1.0
_SYNC_S = 5.0
_FAILURES = (pymysql.MySQLError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the databases say at the end of a run.

    writable: zones whose database accepts writes. present: ids in the one
    writable database. in_sync: the healthy zone whose replica has just
    received a write; *why_not* when there is none.
    """

    writable: tuple[ZoneId, ...]
    present: frozenset[str] = field(default_factory=frozenset)
    in_sync: ZoneId | None = None
    why_not: str = ""


class Databases:
    """The three databases of a lab, asked directly."""

    def __init__(self, spec: LabSpec) -> None:
        self._spec = spec
        accounts = read_accounts(spec.directory / "secrets")
        self._controller = accounts.controller
        self._application = accounts.application

    def findings(self, lost: ZoneId | None) -> Findings:
        """Return what is so now; blocking, bounded to some seconds.

        Args:
            lost: the zone that does not count as healthy.
        """
        writable = tuple(z for z in ZONES if self.is_writable(z))
        if len(writable) != 1:
            return Findings(writable=writable, why_not="no single primary to ask")
        primary = writable[0]
        in_sync, why_not = self._replica_in_sync(primary, lost)
        try:
            present = self._ids(primary)
        except _FAILURES as error:
            return Findings(writable=writable, in_sync=in_sync, why_not=str(error))
        return Findings(
            writable=writable, present=present, in_sync=in_sync, why_not=why_not
        )

    def is_writable(self, zone: ZoneId) -> bool:
        """Tell whether the zone's database answers and accepts writes."""
        try:
            rows = self._query(zone, "SELECT @@global.read_only AS closed")
        except _FAILURES:
            return False
        return not int(rows[0]["closed"])

    def _ids(self, zone: ZoneId) -> frozenset[str]:
        rows = self._query(zone, "SELECT id FROM cms.writes")
        return frozenset(str(row["id"]) for row in rows)

    def _replica_in_sync(
        self, primary: ZoneId, lost: ZoneId | None
    ) -> tuple[ZoneId | None, str]:
        """Write once as the site does, and see who has it within seconds."""
        others = [z for z in ZONES if z not in {primary, lost}]
        receiving = [z for z in others if self._receives(z)]
        if not receiving:
            return None, "no replica in a healthy zone receives and applies"
        mark = f"check-{time.monotonic_ns()}"
        try:
            self._write(primary, mark)
        except _FAILURES as error:
            return None, f"the primary in zone {primary} takes no write: {error}"
        arrived: list[ZoneId] = []

        def has_arrived() -> bool:
            arrived.extend(z for z in receiving if self._has(z, mark))
            return bool(arrived)

        if poll(has_arrived, _SYNC_S):
            return arrived[0], ""
        return None, f"a write did not arrive within {_SYNC_S:g} s"

    def _receives(self, zone: ZoneId) -> bool:
        try:
            rows = self._query(zone, "SHOW REPLICA STATUS")
        except _FAILURES:
            return False
        return any(_runs(row, "IO") and _runs(row, "SQL") for row in rows)

    def _has(self, zone: ZoneId, write_id: str) -> bool:
        sql = "SELECT id FROM cms.writes WHERE id = %s"
        try:
            return bool(self._query(zone, sql, write_id))
        except _FAILURES:
            return False

    def _write(self, zone: ZoneId, write_id: str) -> None:
        where = self._spec.instance(zone)
        with (
            closing(_connect(where.host, where.port, self._application)) as line,
            line.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO cms.writes (id, zone) VALUES (%s, %s)", (write_id, zone)
            )

    def _query(self, zone: ZoneId, sql: str, *args: str) -> Sequence[dict[str, Any]]:
        where = self._spec.instance(zone)
        with (
            closing(_connect(where.host, where.admin_port, self._controller)) as line,
            line.cursor() as cursor,
        ):
            cursor.execute(sql, args or None)
            return list(cursor.fetchall())


def _connect(host: str, port: int, account: Account) -> Any:  # noqa: ANN401  untyped
    return pymysql.connect(
        host=host,
        port=port,
        user=account.user,
        password=account.password,
        connect_timeout=_CONNECT_S,
        read_timeout=_ANSWER_S,
        write_timeout=_ANSWER_S,
        autocommit=True,
        cursorclass=DictCursor,
    )


def _runs(row: dict[str, Any], thread: str) -> bool:
    """Tell whether a replication thread runs; the engines name the column apart."""
    names = (f"Replica_{thread}_Running", f"Slave_{thread}_Running")
    return any(row.get(name) == "Yes" for name in names)
