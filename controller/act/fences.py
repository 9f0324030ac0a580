"""Proofs (b) and (c) behind the port of all proofs: they need no hand outside.

What is asked from outside the database (a process ended, a command run) is an
adapter of `deploy`, handed in through `Ports.fences`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

from controller.act.asking import orders_ended
from controller.act.ports import Ports
from controller.model.commands import EnsureFenced, Proof
from controller.model.outcomes import Done, Outcome, Refused
from deploy.ports import FenceProof
from replication.ports import Session

SQL_TIMEOUT_S = 1.2


@dataclass(frozen=True, slots=True)
class RevokedAcks(FenceProof):
    """Proof (b): the ledger says so; FREEZE was done before it is asked."""

    timeout_s: float = SQL_TIMEOUT_S

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        if order.acks_revoked:
            return Done({"acks": "every registered acker is frozen"})
        return Refused("acks are not revoked: not protected")


@dataclass(frozen=True, slots=True)
class ClosedBySql(FenceProof):
    """Proof (c): the server itself says that it is closed.

    doubtful: what may still open it is proven gone first (rule 5).
    """

    ports: Ports
    doubtful: tuple[Session, ...] = ()
    timeout_s: float = SQL_TIMEOUT_S

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        server = order.lost.server
        ended = await orders_ended(self.ports, server, self.doubtful)
        if not isinstance(ended, Done):
            return ended
        return await self.ports.databases[server].database.ensure_closed(order.epoch)


def accepted_fences(
    ports: Ports, doubtful: tuple[Session, ...]
) -> Mapping[Proof, FenceProof]:
    """Return every way of proof there is on this site."""
    return {
        Proof.ACKS_REVOKED: RevokedAcks(),
        Proof.SQL: ClosedBySql(ports, doubtful),
        **ports.fences,
    }
