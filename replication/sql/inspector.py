"""Asks one SQL server every question of the doctor, on a connection of its own.

Statements that only read, over the admin port, as the controller. The server
ends each after two seconds, we give up a little later. One that is refused is
an answer too: the reason stands in the inspection, and the others are asked.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from typing_extensions import override

from controller.model.clock import Clock
from controller.model.ids import ServerId
from controller.model.outcomes import NotSeen
from replication.binlog_state import History
from replication.doctor.accounts import accounts_of
from replication.doctor.inspection import (
    DatabaseAccount,
    Inspection,
    NotInspected,
    Question,
    Setting,
)
from replication.doctor.words import Words
from replication.ports import Inspector
from replication.sql.session import (
    Endpoint,
    Row,
    SaidError,
    SqlError,
    SqlSession,
    caught,
    not_seen_of,
)
from replication.versions import UnsupportedError, era_of

T = TypeVar("T")

STATEMENT_S = 3.0
"""A little more than the two seconds after which the server ends it."""

INSPECTION_S_MAX = 15.0


class SqlInspector(Inspector):
    """One look at one MariaDB or MySQL server.

    thorough: also how large its tables are, and which transactions it has. The first
    opens every one of them, the second is comparable only among servers asked
    together, and both are for a person: not for who looks now and then.
    """

    def __init__(
        self,
        server: ServerId,
        endpoint: Endpoint,
        words: Words,
        clock: Clock,
        *,
        thorough: bool = True,
    ) -> None:
        self._server = server
        self._endpoint = endpoint
        self._words = words
        self._clock = clock
        self._thorough = thorough
        self._session = SqlSession(
            endpoint,
            setup=("SET SESSION lock_wait_timeout=1", words.bound_statements),
        )
        self._unanswered: dict[Question, str] = {}

    @override
    async def inspect(self) -> Inspection | NotInspected:
        """Return what it says; `NotInspected` when it cannot be talked to.

        Also when it goes silent between two questions: half an inspection
        would be taken for a whole one.
        """
        try:
            async with asyncio.timeout(INSPECTION_S_MAX):
                found = await caught(self._inspect())
        except TimeoutError:
            why = NotSeen("read", f"not done in {INSPECTION_S_MAX:g} s")
            return NotInspected(self._server, why)
        finally:
            self._session.close()
        if isinstance(found, SqlError):
            return NotInspected(self._server, not_seen_of(found))
        return found

    async def _inspect(self) -> Inspection:
        self._unanswered = {}
        await self._session.connect()
        with contextlib.suppress(UnsupportedError):  # then a check names it
            self._words = era_of(self._words.engine, self._session.version).words
        began_s, began_wall_s = self._clock.monotonic_s(), self._clock.wall_s()
        identity = (await self._rows(self._words.identity))[0]
        taken_s = self._clock.monotonic_s() - began_s
        return Inspection(
            server=self._server,
            words=self._words,
            admin_port=self._endpoint.port,
            whoami=str(identity["whoami"]),
            version=str(identity["version"]),
            uptime_s=float(identity["uptime"]),
            clock_offset_s=float(identity["clock"]) - began_wall_s - taken_s / 2,
            clock_error_s=taken_s / 2,
            settings=await self._asked(Question.SETTINGS, self._settings) or {},
            own=await self._asked(Question.OWN, self._own),
            accounts=await self._asked(Question.ACCOUNTS, self._accounts),
            data_bytes=await self._asked(Question.SIZE, self._size),
            history=await self._asked(Question.HISTORY, self._history),
            filters=await self._asked(Question.FILTERS, self._filters) or {},
            certificate_days=await self._asked(Question.CERTIFICATE, self._ends_in),
            unanswered=self._unanswered,
        )

    async def _asked(
        self, question: Question, ask: Callable[[], Awaitable[T]]
    ) -> T | None:
        """Return the answer; when the server refuses, note why and return None."""
        try:
            return await ask()
        except SaidError as said:
            self._unanswered[question] = said.reason
            return None

    async def _settings(self) -> Mapping[str, Setting]:
        words = self._words
        rows = await self._rows(words.read_settings)
        kept = await self._rows(words.persisted) if words.persisted else ()
        return settings_of(words, rows, kept)

    async def _own(self) -> frozenset[str]:
        rows = await self._rows(self._words.own)
        return frozenset(str(row["privilege"]).upper() for row in rows)

    async def _accounts(self) -> tuple[DatabaseAccount, ...]:
        words = self._words
        # The first is refused to who may not know; the second would just be short.
        accounts = await self._rows(words.accounts)
        privileges = await self._rows(words.privileges)
        return accounts_of(words, accounts, privileges, await self._rows(words.roles))

    async def _size(self) -> int | None:
        if not self._thorough:
            return None
        return int((await self._rows(self._words.size))[0]["size"])

    async def _history(self) -> History | None:
        if not self._thorough:
            return None
        row = (await self._rows(self._words.history))[0]
        return History(
            origin=str(row["origin"]),
            executed=str(row["executed"] or ""),
            binlog=str(row["binlog"] or ""),
        )

    async def _filters(self) -> Mapping[str, str]:
        rows = await self._rows(self._words.filters)
        return {str(row["name"]).lower(): str(row["value"]) for row in rows}

    async def _ends_in(self) -> int | None:
        rows = await self._rows(self._words.certificate)
        return int(rows[0]["days"]) if rows and rows[0]["days"] is not None else None

    async def _rows(self, statement: str) -> Sequence[Row]:
        (rows,) = await self._session.ask(statement, timeout_s=STATEMENT_S)
        return rows


def settings_of(
    words: Words, rows: Sequence[Row], persisted: Sequence[Row]
) -> Mapping[str, Setting]:
    """Return settings by our key, each with what the next boot would give."""
    said = {str(row["name"]).lower(): row for row in rows}
    kept = {str(row["name"]).lower(): str(row["value"]) for row in persisted}
    loads = said.get(words.settings.get("loads_persisted", ""))
    if loads is not None and loads["value"] == "OFF":
        kept = {}
    found = {}
    for key, name in words.settings.items():
        if name in said:
            value = str(said[name]["value"] or "")
            at_run_time = said[name]["origin"] == words.at_run_time
            at_boot = kept.get(name, None if at_run_time else value)
            found[key] = Setting(name, value, at_boot)
    return found
