"""Seeding by reading every row and writing it: slow, and possible between any two.

The fallback where a physical copy cannot be made. One snapshot on the donor with the
exact GTID position it stands at; the recipient's binary log sees nothing of it, and
the position is set last. A table of its own, `sitedr.copying`, stands on the
recipient from the first statement until then: whoever finds it begins anew, and
nobody follows from there.
"""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence

from typing_extensions import override

from controller.model.copying import CopyPhase, CopyProgress
from controller.model.ids import ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from replication.gtid import covers
from replication.ports import Receiving
from replication.sql.dump_reader import DumpError, DumpReader
from replication.sql.dump_writer import DumpWriter
from replication.sql.following import SqlFollowing
from replication.sql.server import Address
from replication.sql.session import Endpoint, Row, SqlError, SqlSession, outcome_of
from replication.sql.view import Sight

METHOD = "logical dump"
_HALF = (
    "SELECT COUNT(*) AS half FROM information_schema.TABLES"
    " WHERE TABLE_SCHEMA='sitedr' AND TABLE_NAME='copying'"
)


class LogicalSeeding(SqlFollowing):
    """`ensure_seeded` and `copying` by reading and writing rows."""

    _dumping: CopyProgress | None = None

    @override
    async def copying(self) -> CopyProgress | NotSeen | None:
        return self._dumping

    @override
    async def _follow(self, sight: Sight, source: ServerId) -> Outcome:
        if await self._is_half():
            return Refused("it holds half a copy: it is seeded anew first")
        return await super()._follow(sight, source)

    # ---- an engine's own --------------------------------------------------------

    @abstractmethod
    def _before_writing(self) -> Sequence[str]:
        """Return what lets the controller, and nobody else, write here."""

    @abstractmethod
    def _after_writing(self) -> Sequence[str]:
        """Return what makes it as read-only again as it boots."""

    @abstractmethod
    def _position_statements(self, position: str) -> Sequence[str]:
        """Return what makes *position* all that this server has executed."""

    # ---- inside -----------------------------------------------------------------

    async def _is_half(self) -> bool:
        (rows,) = await self._do(_HALF)
        return bool(rows[0]["half"])

    async def _seed_logically(
        self, sight: Sight, donor: ServerId, address: Address, why: str
    ) -> Outcome:
        """Copy *donor* row by row, for *why*; nothing is here, or half a copy."""
        view = sight.view
        if view.writable or view.receiving is not Receiving.NONE:
            return Refused("it accepts writes or knows a source: no place for a copy")
        if view.executed and not await self._is_half():
            return Refused(f"it has executed {view.executed}: no place for a copy")
        began_s = asyncio.get_running_loop().time()
        copied = await self._dumped(donor, address)
        if not isinstance(copied, Done):
            return copied
        position = copied.evidence["position"]
        after = (await self._sight()).view
        if not covers(after.executed, position, self.dialect.engine):
            return Refused(f"read back otherwise: {after.executed}")
        took_s = asyncio.get_running_loop().time() - began_s
        return Done(
            {
                "executed": after.executed,
                "bytes": await self._bytes(),
                "seconds": f"{took_s:.2f}",
                "method": f"{METHOD}: {why}",
            }
        )

    async def _dumped(self, donor: ServerId, address: Address) -> Outcome:
        """Carry all of it over and set the position, which is the evidence."""
        reader = DumpReader(self._endpoint_of(address), self.dialect.engine)
        writer = DumpWriter(self._endpoint)
        try:
            if opening := self._before_writing():
                await self._do(*opening)
            position = await self._transfer(donor, reader, writer)
            for statement in self._position_statements(position):
                await writer.run(statement)
            await writer.finish()
            await self._prove()  # idle for so long, the order session was closed
            if closing := self._after_writing():
                await self._do(*closing)
        except SqlError as error:
            return outcome_of(error)
        except DumpError as error:
            return Refused(str(error))
        finally:
            self._dumping = None
            reader.close()
            writer.close()
        return Done({"position": position})

    async def _asked(self, donor: Address, question: str) -> Row:
        session = SqlSession(self._endpoint_of(donor))
        try:
            await session.connect()
            row = await session.one(question, timeout_s=self._timeout_s)
        finally:
            session.close()
        assert row is not None
        return row

    def _endpoint_of(self, address: Address) -> Endpoint:
        return Endpoint(
            host=address.host,
            port=address.port,
            account=address.account or self._access.controller.for_another(),
            connect_timeout_s=self._access.connect_timeout_s,
            tls=self._access.tls,
        )

    async def _transfer(
        self, donor: ServerId, reader: DumpReader, writer: DumpWriter
    ) -> str:
        """Carry everything over; return the position it stands at."""
        position = await reader.begin()
        await writer.begin()
        total = await reader.size_bytes()
        self._told(donor, 0, total)
        for statement in await reader.schemas():
            await writer.run(statement)
        copied, pace = 0, _Pace(self._access.copy_mb_s * 1_000_000)
        for table in await reader.tables():
            await writer.use(table.schema)
            await writer.run(await reader.create(table))
            async for rows, size in reader.rows(table):
                await writer.run(table.insert(rows, "INSERT"))
                copied += size
                self._told(donor, copied, total)
                await pace.passed(size)
        await writer.accounts(await reader.accounts(await writer.grant_tables()))
        await writer.programs(await reader.programs())
        return position

    def _told(self, donor: ServerId, copied: int, total: int) -> None:
        self._dumping = CopyProgress(
            donor=donor,
            method=METHOD,
            phase=CopyPhase.COPYING,
            copied_bytes=copied,
            total_bytes=total,
        )


class _Pace:
    """Holds a copy to *rate_b_s* bytes a second; 0: no limit."""

    def __init__(self, rate_b_s: float) -> None:
        self._rate_b_s = rate_b_s
        self._due_s = 0.0

    async def passed(self, size: int) -> None:
        """Wait until *size* more bytes fit; time that was not used is not made up."""
        if not self._rate_b_s:
            return
        now_s = asyncio.get_running_loop().time()
        self._due_s = max(self._due_s, now_s) + size / self._rate_b_s
        await asyncio.sleep(max(self._due_s - now_s, 0.0))
