"""Stay in touch with the zones' agents: one word there, one state back, for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.decide.agents import contact_for
from controller.decide.facts import AgentFact
from controller.decide.ledger import Ledger
from controller.model.clock import Clock
from controller.model.commands import Member
from controller.model.ids import ServerId, ZoneId
from controller.model.outcomes import NotSeen
from deploy.agent.ports import AgentState, ZoneAgent

CONTACT_S = 0.5
"""Between two contacts; a zone alone for less than a few of them is not alone."""


@dataclass(slots=True)
class AgentWatch:
    """The agents' latest answers. servers: whose database each zone has."""

    agents: Mapping[ZoneId, ZoneAgent]
    servers: Mapping[ZoneId, ServerId]
    clock: Clock
    _states: dict[ZoneId, AgentState] = field(default_factory=dict)
    _seen_s: dict[ZoneId, float] = field(default_factory=dict)
    _why: dict[ZoneId, str] = field(default_factory=dict)

    async def ask(self, zone: ZoneId, ledger: Ledger, *, lease_held: bool) -> None:
        """Say the controller's word to one agent and keep what it answers."""
        known = self._states.get(zone)
        said = contact_for(
            ledger,
            Member(server=self.servers[zone], zone=zone),
            nonce=known.nonce if known is not None else "",
            lease_held=lease_held,
        )
        answer = await self.agents[zone].contact(said)
        if isinstance(answer, NotSeen):
            self._why[zone] = answer.reason
            return
        self._states[zone], self._why[zone] = answer, ""
        self._seen_s[zone] = self.clock.monotonic_s()

    def facts(self, now_s: float) -> Mapping[ZoneId, AgentFact]:
        """Return one fact an agent; its age is infinite before it answered."""
        return {
            zone: AgentFact(
                state=self._states.get(zone),
                age_s=now_s - self._seen_s.get(zone, float("-inf")),
                why=self._why.get(zone, "never asked"),
            )
            for zone in self.agents
        }
