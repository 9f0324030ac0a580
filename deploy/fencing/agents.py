"""Proof (a) by the zone's own agent, where no hypervisor can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

from controller.model.commands import EnsureFenced
from controller.model.ids import ZoneId
from controller.model.outcomes import Outcome, Refused
from deploy.agent.ports import ZoneAgent
from deploy.ports import FenceProof


@dataclass(frozen=True, slots=True)
class AgentFence(FenceProof):
    """Orders the lost zone's agent to end its database; it must still answer.

    A zone that is cut off or frozen cannot say so: this proof is for a lost
    database in a living zone, and for what comes back.
    """

    agents: Mapping[ZoneId, ZoneAgent]
    timeout_s: float = 3.2

    @override
    async def prove(self, order: EnsureFenced) -> Outcome:
        agent = self.agents.get(order.lost.zone)
        if agent is None:
            return Refused(f"zone {order.lost.zone} has no agent")
        return await agent.fence(order.lost.server, order.epoch)
