"""Fencing orders carried out: freeze the ackers, end the primary, with proof."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.act.asking import gather
from controller.act.combine import combine
from controller.act.fences import accepted_fences
from controller.act.ports import Ports
from controller.act.within import within
from controller.model.commands import (
    EnsureFenced,
    EnsureFrozen,
    EnsureUnfrozen,
)
from controller.model.ids import ServerId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.ports import FenceProof
from replication.ports import DatabaseServer, Session


@dataclass(frozen=True, slots=True)
class FencingExecutor:
    """Speaks to ackers and asks for proofs of fence; decides nothing."""

    ports: Ports

    def _database(self, server: ServerId) -> DatabaseServer:
        return self.ports.databases[server].database

    async def frozen(
        self, order: EnsureFrozen, doubtful: tuple[Session, ...]
    ) -> Outcome:
        """Prove old orders gone, then stop every acker's receiver."""
        # In the plan's order, not a set's: a run is to be told the same every time.
        servers = tuple(a.server for a in order.ackers)
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
        fences = accepted_fences(self.ports, doubtful)
        for proof in order.proofs:
            outcome = await _asked(fences.get(proof), order)
            if isinstance(outcome, Done):
                return Done(
                    {"proof": proof.value, **outcome.evidence, **_unanswered(failed)}
                )
            failed[proof.value] = outcome
        return combine(failed) if failed else Refused("no fence proof is accepted")


async def _asked(fence: FenceProof | None, order: EnsureFenced) -> Outcome:
    if fence is None:
        return Refused("nothing is configured that could prove it")
    try:
        return await within(fence.timeout_s, fence.prove(order))
    except TimeoutError:
        return Unknown(f"no answer within {fence.timeout_s:g} s")


def _unanswered(failed: Mapping[str, Outcome]) -> dict[str, str]:
    """Name the proofs that may have ended the server although nobody said so."""
    names = [name for name, o in failed.items() if isinstance(o, Unknown)]
    return {"unanswered": ", ".join(names)} if names else {}
