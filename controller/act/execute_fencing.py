"""Fencing orders carried out: freeze the ackers, end the primary, with proof."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.act.asking import gather, orders_ended
from controller.act.combine import combine
from controller.act.ports import Ports
from controller.act.within import within
from controller.model.commands import (
    EnsureFenced,
    EnsureFrozen,
    EnsureUnfrozen,
    Proof,
)
from controller.model.ids import ServerId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from replication.ports import DatabaseServer, Session

PROOF_TIMEOUT_S = 1.2


@dataclass(frozen=True, slots=True)
class FencingExecutor:
    """Speaks to ackers, the lost primary and the provisioner; decides nothing."""

    ports: Ports

    def _database(self, server: ServerId) -> DatabaseServer:
        return self.ports.databases[server].database

    async def frozen(
        self, order: EnsureFrozen, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Prove old orders gone, then stop every acker's receiver."""
        servers = {a.server for a in order.ackers}
        ended = await gather(
            {
                f"{s.server}#{s.connection_id}": self._database(s.server).session_ended(
                    s
                )
                for s in doubtful
                if s.server in servers
            }
        )
        if ended and not isinstance(answer := combine(ended), Done):
            return answer
        return combine(
            await gather(
                {s: self._database(s).ensure_frozen(order.epoch) for s in servers}
            )
        )

    async def unfrozen(self, order: EnsureUnfrozen) -> Outcome:
        """Let every acker follow *source* again; the silent ones stay frozen."""
        answers = await gather(
            {
                a.server: self._database(a.server).ensure_following(
                    order.source, order.epoch
                )
                for a in order.ackers
                if a.server not in order.silent
            }
        )
        for server in order.silent:
            answers[server] = Refused("not sent, the connection is silent")
        return combine(answers)

    async def fenced(
        self, order: EnsureFenced, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Return the first accepted proof that holds, in the order given."""
        failed: dict[str, Outcome] = {}
        for proof in order.proofs:
            outcome = await self._proof(proof, order, doubtful)
            if isinstance(outcome, Done):
                return Done(
                    {"proof": proof.value, **outcome.evidence, **_unanswered(failed)}
                )
            failed[proof.value] = outcome
        return combine(failed) if failed else Refused("no fence proof is accepted")

    async def _proof(
        self, proof: Proof, order: EnsureFenced, doubtful: tuple[Session, ...]
    ) -> Outcome:
        if proof is Proof.ACKS_REVOKED:
            if order.acks_revoked:
                return Done({"acks": "every registered acker is frozen"})
            return Refused("acks are not revoked: not protected")
        try:
            asked = self._answered_proof(proof, order, doubtful)
            return await within(PROOF_TIMEOUT_S, asked)
        except TimeoutError:
            return Unknown(f"no answer within {PROOF_TIMEOUT_S:g} s")

    async def _answered_proof(
        self, proof: Proof, order: EnsureFenced, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Ask for proof (a) or (c); what may still open the server ends before (c)."""
        lost = order.lost
        if proof is Proof.SQL:
            ended = await orders_ended(self.ports, lost.server, doubtful)
            if not isinstance(ended, Done):
                return ended
            return await self._database(lost.server).ensure_closed(order.epoch)
        if self.ports.provisioner is None:
            return Refused("no provisioner is configured")
        return await self.ports.provisioner.ensure_stopped(
            lost.zone, lost.server, order.epoch
        )


def _unanswered(failed: Mapping[str, Outcome]) -> dict[str, str]:
    """Name the proofs that may have ended the server although nobody said so."""
    names = [name for name, o in failed.items() if isinstance(o, Unknown)]
    return {"unanswered": ", ".join(names)} if names else {}
