"""Becoming somebody's replica: the half both engines share."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence

from typing_extensions import override

from controller.model.ids import Epoch, ServerId
from controller.model.outcomes import Done, Outcome, Refused
from replication.ports import Receiving
from replication.sql.orders import SqlOrders, evidence_of
from replication.sql.server import POLL_S, Address
from replication.sql.view import Sight

CONNECT_PATIENCE_S = 1.0
"""How long a receiver may connect before `connecting` is taken for an answer."""


class SqlFollowing(SqlOrders):
    """`ensure_following` and `ensure_frozen`."""

    @override
    async def ensure_frozen(self, epoch: Epoch) -> Outcome:
        return await self._ordered(epoch, self._freeze)

    @override
    async def ensure_following(self, source: ServerId, epoch: Epoch) -> Outcome:
        """Refused on a writable server, or with commits waiting on it.

        What was received from another source is applied before it is left.
        Its own source side of semi-sync is turned off: the applier would hang.
        """

        async def carry_out(sight: Sight) -> Outcome:
            return await self._follow(sight, source)

        return await self._ordered(epoch, carry_out, unfences=True)

    # ---- an engine's own --------------------------------------------------------

    @abstractmethod
    async def _stop_receiver(self, sight: Sight) -> None:
        """Stop the receiver, quickly also in a black hole; the applier goes on."""

    @abstractmethod
    async def _readmit_readers(self, sight: Sight) -> None:
        """Undo what `ensure_closed` did to accounts; the server is read-only."""

    # ---- inside -----------------------------------------------------------------

    async def _freeze(self, sight: Sight) -> Outcome:
        if sight.view.receiving in {Receiving.YES, Receiving.CONNECTING}:
            await self._stop_receiver(sight)
            sight = await self._sight()
        if sight.view.receiving in {Receiving.YES, Receiving.CONNECTING}:
            return Refused(f"the receiver still runs: {sight.view.receiving}")
        return Done(evidence_of(sight.view))

    async def _follow(self, sight: Sight, source: ServerId) -> Outcome:
        address = self._access.members.get(source)
        if address is None or source == self.server:
            return Refused(f"{source} is no member to follow")
        if sight.view.writable:
            return Refused("it accepts writes: close it first")
        if sight.view.source_side.waiters:
            return Refused("commits wait on it: end the process first (rule 7)")
        if sight.view.source_side.required:
            await self._do(self.dialect.acks_off)
        same = sight.by_gtid and sight.view.source == f"{address.host}:{address.port}"
        # A password or certificate of another day: told anew, with today's.
        same = same and not sight.distrusted
        if not same:
            left = await self._leave_source(sight)
            if not isinstance(left, Done):
                return left
            sight = await self._sight()
            await self._do(*self._source_statements(sight, address))
        if not (same and sight.view.applying and sight.view.receiving is Receiving.YES):
            await self._do(self.dialect.start_replica)
        await self._readmit_readers(sight)
        return await self._connected()

    def _source_statements(self, sight: Sight, source: Address) -> Sequence[str]:
        """Return what sets *source* on a stopped replica."""
        account, quoted = self._access.replication, self._order.quoted
        values = {
            "host": quoted(source.host),
            "port": str(source.port),
            "user": quoted(account.user),
            "password": quoted(account.newest()),
            "position": quoted(sight.view.executed),
            "tls": self._tls(),
        }
        return [text.format(**values) for text in self.dialect.follow]

    def _tls(self) -> str:
        """Return the clause that has the replica speak TLS, or plain text."""
        tls, quoted = self._access.replica_tls, self._order.quoted
        if tls is None:
            return self.dialect.tls_off
        on = self.dialect.tls_on.format(
            ca=quoted(tls.ca), verify="1" if tls.verify_name else "0"
        )
        if tls.certificate is None or tls.key is None:
            return on
        own = self.dialect.tls_certificate.format(
            certificate=quoted(tls.certificate), key=quoted(tls.key)
        )
        return f"{on}, {own}"

    async def _leave_source(self, sight: Sight) -> Outcome:
        """Apply what the old source sent, then stop both halves."""
        if sight.view.source is None:
            return Done()
        await self._stop_receiver(sight)
        sight = await self._sight()
        if sight.view.applying:
            applied = await self._applied(sight.view.received)
            if not isinstance(applied, Done):
                return applied
        await self._do(self.dialect.stop_replica)
        return Done()

    async def _connected(self) -> Outcome:
        """Wait a moment for the connection; an unreachable source is no failure."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + CONNECT_PATIENCE_S
        while True:
            sight = await self._sight()
            view = sight.view
            if view.receiving is Receiving.STOPPED or not view.applying:
                return Refused(f"replication stopped: {sight.error or 'no reason'}")
            if view.receiving is Receiving.YES or loop.time() > deadline:
                return Done({**evidence_of(view), "receiving": view.receiving.value})
            await asyncio.sleep(POLL_S)
