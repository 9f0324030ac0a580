"""The recipient's side of a logical copy: marked as half until it is whole.

The mark is a table, `sitedr.copying`: while it stands, what is beside it is half.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from replication.sql.dump_reader import DumpError, Program, Rows
from replication.sql.dumping import (
    COLUMNS,
    SYSTEM_TABLES,
    Table,
    quoted_name,
    tables_of,
)
from replication.sql.session import Endpoint, SaidError, SqlSession

STATEMENT_S_MAX = 120.0
_PACKET_BYTES = 1 << 30
_GRANT_TABLES = (
    *("user", "global_priv", "db", "tables_priv", "columns_priv", "procs_priv"),
    *("proxies_priv", "global_grants", "role_edges", "default_roles"),
    "roles_mapping",
)
_TRUST = "SHOW GLOBAL VARIABLES LIKE 'log_bin_trust_function_creators'"
_SETUP = (
    "SET SESSION sql_log_bin=0",
    "SET SESSION foreign_key_checks=0, unique_checks=0, time_zone='+00:00'",
    "SET SESSION sql_mode='NO_AUTO_VALUE_ON_ZERO'",
)


class DumpWriter:
    """One connection to the recipient; nothing of it reaches a binary log."""

    def __init__(self, at: Endpoint) -> None:
        self._session = SqlSession(at, setup=_SETUP)

    def close(self) -> None:
        """Drop the connection; the mark, if it stands, stays."""
        self._session.close()

    async def begin(self) -> None:
        """Mark the server, after clearing away an earlier half copy.

        Raises:
            DumpError: there are schemas and no mark: somebody's data.
        """
        await self._connect_for_long_rows()
        found = [
            str(r["name"])
            for r in await self.run(
                "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA"
                " WHERE SCHEMA_NAME NOT IN"
                " ('mysql', 'information_schema', 'performance_schema', 'sys')"
            )
        ]
        (marked,) = await self.run(
            "SELECT COUNT(*) AS half FROM information_schema.TABLES"
            " WHERE TABLE_SCHEMA='sitedr' AND TABLE_NAME='copying'"
        )
        if found and not marked["half"]:
            names = ", ".join(found)
            raise DumpError(f"it holds {names} and no mark of an unfinished copy")
        # The mark goes last.
        for name in sorted(found, key=lambda n: n == "sitedr"):
            await self.run(f"DROP DATABASE {quoted_name(name)}")
        await self.run("CREATE DATABASE sitedr")
        await self.run("CREATE TABLE sitedr.copying (since TIMESTAMP) ENGINE=InnoDB")

    async def finish(self) -> None:
        """Take the mark away: this server is whole."""
        await self.run("DROP TABLE sitedr.copying")

    async def run(self, statement: str) -> Sequence[Mapping[str, Any]]:
        """Run one statement and return its rows."""
        (rows,) = await self._session.ask(statement, timeout_s=STATEMENT_S_MAX)
        return rows

    async def use(self, schema: str) -> None:
        """Let names without a schema mean *schema*'s."""
        await self.run(f"USE {quoted_name(schema)}")

    async def grant_tables(self) -> Mapping[tuple[str, str], Table]:
        """Return the grant tables of this server, as it has them."""
        rows = await self.run(COLUMNS.format(where=SYSTEM_TABLES))
        tables = tables_of(rows)
        return {k: t for k, t in tables.items() if t.name in _GRANT_TABLES}

    async def accounts(self, found: Sequence[tuple[Table, Rows]]) -> None:
        """Have every account of the donor, with its grants and its password."""
        for table, rows in found:
            if rows:
                await self.run(table.insert(rows, "REPLACE"))
        await self.run("FLUSH PRIVILEGES")

    async def programs(self, found: Sequence[Program]) -> None:
        """Create *found*; a view may need another one, so those that fail wait.

        Raises:
            SaidError: those that are left cannot be created at all.
        """
        trusts = await self.run(_TRUST)
        if found and trusts and trusts[0]["Value"] == "OFF":
            # Without SUPER, and with a binary log, none may be created otherwise.
            await self.run("SET GLOBAL log_bin_trust_function_creators=1")
            try:
                await self._create_all(found)
            finally:
                await self.run("SET GLOBAL log_bin_trust_function_creators=0")
        else:
            await self._create_all(found)

    async def _create_all(self, found: Sequence[Program]) -> None:
        waiting = list(found)
        while waiting:
            failed: dict[Program, SaidError] = {}
            for program in waiting:
                try:
                    await self._create(program)
                except SaidError as said:
                    failed[program] = said
            if len(failed) == len(waiting):
                raise next(iter(failed.values()))
            waiting = list(failed)

    async def _create(self, program: Program) -> None:
        await self.use(program.schema)
        if program.settings:
            await self.run(f"SET SESSION {program.settings}")
        await self.run(program.statement)

    async def _connect_for_long_rows(self) -> None:
        """A session keeps the packet size that was in force when it connected."""
        await self._session.connect()
        (row,) = await self.run("SELECT @@GLOBAL.max_allowed_packet AS bytes")
        await self.run(f"SET GLOBAL max_allowed_packet={_PACKET_BYTES}")
        try:
            self._session.close()
            await self._session.connect()
        finally:
            await self.run(f"SET GLOBAL max_allowed_packet={int(row['bytes'])}")
